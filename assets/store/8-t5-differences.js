// Where DHIS2 holds something else than the ledger: both figures, who wrote the other, and what a person may choose.
(function (store) {
  const { make } = window.tandem;

  const choose = async function (desk, place, row, choice) {
    try {
      await store.post(`/api/v1/store/differences/${row.id}?lang=${document.documentElement.lang}`, { choice });
    } catch (trouble) {
      if (!(trouble instanceof store.Trouble)) throw trouble;
      place.prepend(make("p", { class: "notice warning", role: "alert" }, trouble.detail || store.t(`store.trouble_${trouble.kind}`)));
      return;
    }
    await store.drawDifferences(desk, place);
  };

  const rowOf = function (desk, place, row) {
    const values = { item: row.item_name, measure: store.t(`store.differs_measure_${row.measure || "closing"}`), month: row.month ? store.monthSaid(monthText(row.month)) : "" };
    const both = row.many ? "" : row.kind === "changed" || row.kind === "below_zero" || row.kind === "zero"
      ? store.t("store.differs_both", { ours: store.number(row.ours), theirs: store.number(row.theirs) }) : "";
    const more = [both, row.stored_by ? store.t("store.differs_by", { name: row.stored_by }) : "", row.changed_at ? store.moment(row.changed_at) : "", row.said || ""].filter(Boolean).join(" · ");
    const chosen = row.choice ? make("div", {}, store.t("store.differs_chosen", { choice: store.t(`store.differs_${row.choice}`) })) : "";
    return make("li", { class: "store-entry", "data-difference": row.id }, make("div", {}, make("b", {}, store.t(`store.differs_kind_${row.kind}`, values)), make("small", {}, [row.elsewhere || "", values.item, values.measure, values.month].filter(Boolean).join(" · ")), make("small", {}, more)),
      chosen, make("div", { class: "store-choices" }, (desk.mayDecide(row.unit) ? row.choices || [] : []).map((choice) => store.button(store.t(`store.differs_${choice}`), () => choose(desk, place, row, choice)))));
  };

  const monthText = (month) => (String(month).includes("-") ? String(month) : `${String(month).slice(0, 4)}-${String(month).slice(4)}`);

  // What nobody here can decide is said once for all items that it concerns.
  const together = function (rows) {
    const found = new Map();
    rows.forEach((row) => {
      const key = (row.choices || []).length ? row.id : [row.unit, row.kind, row.measure, row.month].join();
      const known = found.get(key);
      found.set(key, known ? { ...known, item_name: `${known.item_name}, ${row.item_name}`, many: true } : row);
    });
    return [...found.values()];
  };

  // One's own store first; whoever looks after several sees where the others differ as well.
  const sorted = function (desk, rows) {
    const named = rows.map((row) => (row.unit === desk.unit.id ? row : { ...row, elsewhere: row.unit_name }));
    return named.sort((one, other) => Number(Boolean(one.elsewhere)) - Number(Boolean(other.elsewhere)) || store.collator.compare(one.elsewhere || "", other.elsewhere || ""));
  };

  const SETTLED_MS = 6000; // after a change of DHIS2 what waited goes out within seconds

  store.drawDifferences = async function (desk, place, said) {
    const stores = await store.stores();
    const writable = new Set(stores.filter((each) => each.writes).map((each) => each.id));
    const lookedAt = { ...desk, mayDecide: (unit) => writable.has(unit) };
    const asked = { lang: document.documentElement.lang, ...(stores.length > 1 ? {} : { unit: desk.unit.id }) };
    const answer = await store.remembered(desk, "differences", `/api/v1/store/differences?${new URLSearchParams(asked)}`);
    const rows = answer.told ? sorted(desk, answer.told.differences) : [];
    const fixes = answer.told ? answer.told.fixes || [] : [];
    const again = (text) => {
      window.setTimeout(() => place.isConnected && store.drawDifferences(desk, place, text), SETTLED_MS);
      return store.drawDifferences(desk, place, text);
    };
    place.replaceChildren(said ? make("p", { class: "notice good", role: "status" }, said) : "", rows.length ? make("details", { class: "fold panel store-panel", open: fixes.length || rows.some((row) => !row.elsewhere && (row.choices || []).length) ? "" : null, "aria-label": store.t("store.differs_title") }, make("summary", {}, store.tn("store.differs_count", rows.length)),
      make("p", { class: "muted" }, store.t("store.differs_lead")), store.fixesPart(fixes, again), make("ul", { class: "store-entries" }, together(rows).map((row) => rowOf(lookedAt, place, row)))) : "");
  };
})(window.tandem.store);
