// History: every movement with filters; one is corrected by a reversal with its reason, never changed.
(function (store) {
  const { make } = window.tandem;
  const PAGE = 50;
  const KINDS = ["dispense", "return", "receive", "write_off", "count", "transfer_send", "transfer_receive", "reverse", "revision", "opening"];
  const FINAL = ["reverse", "revision", "opening"]; // what nobody takes back

  const dated = (value, heard) => {
    const input = make("input", { type: "date" });
    input.value = value || "";
    input.addEventListener("change", () => heard(input.value));
    return input;
  };

  const picked = function (rows, chosen, heard) {
    const select = make("select", {}, make("option", { value: "" }, store.t("store.history_all")), rows.map(([value, text]) => make("option", { value, selected: value === chosen ? "" : null }, text)));
    select.addEventListener("change", () => heard(select.value));
    return select;
  };

  const filters = function (form) {
    const set = (name) => (value) => { form.wanted[name] = value; form.load(); };
    const words = make("input", { type: "search", autocomplete: "off", maxlength: 80 });
    let soon = null;
    words.addEventListener("input", () => { window.clearTimeout(soon); soon = window.setTimeout(() => set("text")(words.value.trim()), 350); });
    const items = [...form.desk.items()].sort((one, other) => store.collator.compare(one.name, other.name)).map((item) => [item.id, item.name]);
    const people = store.people(form.desk).filter((each) => each.known).map((each) => [each.id, store.personSaid(each)]).sort(([, one], [, other]) => store.collator.compare(one, other));
    return make("div", { class: "store-more store-filter" },
      store.field(store.t("store.item"), picked(items, form.wanted.item, set("item"))).element,
      store.field(store.t("store.history_kind"), picked(KINDS.map((kind) => [kind, store.t(`store.history_kind_${kind}`)]), form.wanted.kind, set("kind"))).element,
      people.length ? store.field(store.t("store.history_person"), picked(people, form.wanted.recipient, set("recipient"))).element : "",
      store.field(store.t("store.history_from"), dated(form.wanted.from, set("from"))).element,
      store.field(store.t("store.history_to"), dated(form.wanted.to, set("to"))).element,
      store.field(store.t("store.history_text"), words).element);
  };

  const correct = async function (form, row) {
    const why = store.field(store.t("store.history_why"), make("input", { type: "text", maxlength: 150, autocomplete: "off", class: "wide" }));
    const read = function () {
      const typed = why.input.value.trim();
      why.wrong(typed ? null : "store.history_why_missing");
      return typed || undefined;
    };
    const lead = make("p", {}, store.t("store.history_correct_lead", { what: store.t(`store.history_kind_${row.kind}`), packs: store.packs(row.packs), item: row.item_name }));
    const reason = await store.dialog(store.t("store.history_correct_title"), [lead, why.element], [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.history_correct"), value: read, primary: true }]);
    const by = reason && (await store.giverForSlip(form.desk));
    if (!by) return;
    const movement = { kind: "reverse", unit: form.desk.unit.id, item: row.item, packs: row.packs, reverses: row.id, reason, given_by: by, occurred_at: store.withOffset(Date.now()) };
    await store.keepEntries([movement], { user: form.desk.who.username, slip: await store.slipNumber(), words: [{ item: row.item_name, recipient: "" }], hold: 0, effect: -row.delta });
    await form.desk.load();
    await store.send();
    form.load();
  };

  const waitsReversed = (form, row) => form.desk.entries.some((entry) => entry.movement.reverses === row.id && ["open", "accepted"].includes(entry.state));

  const endOf = function (form, row) {
    if (row.reversed_by) return make("span", { class: "muted" }, store.t("store.history_reversed"));
    if (FINAL.includes(row.kind) || !form.desk.writes) return "";
    if (waitsReversed(form, row)) return make("span", { class: "muted" }, store.t("store.history_reversed_here"));
    return store.button(store.t("store.history_correct"), () => correct(form, row), { "aria-label": store.t("store.history_correct_of", { item: row.item_name, moment: store.moment(row.occurred_at) }) });
  };

  const rowOf = function (form, row) {
    const facts = [row.recipient ? [row.recipient, row.department].filter(Boolean).join(", ") : "", row.asked !== null && row.asked !== row.packs ? store.t("store.asked_count", { count: store.number(row.asked) }) : "",
      [row.lot, row.expiry].filter(Boolean).join(" "), store.reasonSaid(row), row.document, row.given_by].filter(Boolean).join(" · ");
    return make("li", { class: `store-entry ${row.reversed_by ? "reversed" : ""}`, "data-movement": row.id },
      make("div", {}, make("b", {}, store.t("store.history_row", { what: store.t(`store.history_kind_${row.kind}`), item: row.item_name })), make("small", {}, [store.moment(row.occurred_at), facts].filter(Boolean).join(" · "))),
      make("b", { class: "num store-delta" }, row.kind === "count" ? store.t("store.history_counted", { packs: store.number(row.packs), by: store.signed(row.delta) }) : store.signed(row.delta)), endOf(form, row));
  };

  // A reason as people say it: codes in words, a person's own words as they are.
  store.reasonSaid = function (row) {
    const short = /^short (\d+) of (\d+): (\w+)$/.exec(row.reason || "");
    if (short) return store.t("store.history_short", { missing: store.number(Number(short[1])), listed: store.number(Number(short[2])), why: store.has(`store.receive_why_${short[3]}`) ? store.t(`store.receive_why_${short[3]}`) : short[3] });
    const over = /^more (\d+) than (\d+)$/.exec(row.reason || "");
    if (over) return store.t("store.history_over", { more: store.number(Number(over[1])), listed: store.number(Number(over[2])) });
    const [code, ...rest] = String(row.reason || "").split(": ");
    const key = row.kind === "count" || row.kind === "revision" ? `store.count_reason_${code}` : `store.cause_${code}`;
    return store.has(key) ? [store.t(key), ...rest].join(": ") : row.reason || "";
  };

  // Without a server: what this device itself has entered, as far as it fits.
  const ownRows = (form) => form.desk.entries.filter((entry) => ["open", "accepted"].includes(entry.state)
    && (!form.wanted.recipient || (entry.movement.recipient || {}).id === form.wanted.recipient)
    && (!form.wanted.item || entry.movement.item === form.wanted.item) && (!form.wanted.kind || entry.movement.kind === form.wanted.kind))
    .map((entry) => ({ ...entry.movement, item_name: (entry.words || {}).item || "", delta: entry.effect, recipient: (entry.words || {}).recipient, reversed_by: null, asked: null }))
    .sort((one, other) => Date.parse(other.occurred_at) - Date.parse(one.occurred_at));

  const load = async function (form, more) {
    const asked = Object.fromEntries(Object.entries(form.wanted).filter(([, value]) => value));
    form.asked = (form.asked || 0) + 1;
    const mine = form.asked;
    try {
      const told = await store.ask(store.pathOf(form.desk, "/movements", { ...asked, limit: PAGE, ...(more ? { before: more } : {}) }));
      if (mine !== form.asked) return; // asked otherwise meanwhile
      form.said.hidden = true;
      form.list.replaceChildren(...(more ? [...form.list.children] : []), ...told.movements.map((row) => rowOf(form, row)));
      form.more.replaceChildren(told.next ? store.button(store.t("store.history_more"), () => load(form, told.next)) : "");
    } catch (trouble) {
      if (!(trouble instanceof store.Trouble)) throw trouble;
      form.said.textContent = `${trouble.detail && trouble.kind === "failed" ? trouble.detail : store.t(`store.trouble_${trouble.kind}`)} ${store.t("store.history_own")}`;
      form.said.hidden = false;
      form.list.replaceChildren(...ownRows(form).map((row) => rowOf({ ...form, desk: { ...form.desk, writes: false } }, row)));
      form.more.replaceChildren();
    }
    form.none.hidden = form.list.children.length > 0;
    store.drawBalanceOf(form);
  };

  store.tabs.push({
    name: "history",
    title: "store.tab_history",
    open: async function (desk, place) {
      const form = { desk, wanted: { item: "", kind: "", recipient: "", from: "", to: "", text: "" }, list: make("ul", { class: "store-entries store-history panel", "aria-label": store.t("store.tab_history") }),
        more: make("div", {}), said: make("p", { class: "notice warning", role: "status", hidden: "" }), none: make("p", { class: "muted", hidden: "" }, store.t("store.history_none")), chart: make("div", {}), shown: {} };
      form.load = () => load(form);
      place.replaceChildren(make("div", { class: "store-choices" }, store.button(store.t("store.review_print"), () => store.printReview(form), { id: "review-print", class: "primary" })),
        filters(form), form.said, form.chart, form.list, form.none, form.more, store.codesPart(desk));
      await form.load();
      return {
        // What was not known yet when an item was chosen is drawn once it is.
        refresh: () => { if (form.wanted.item && !form.chart.children.length) store.drawBalanceOf(form); },
        scanned: (item) => { form.wanted.item = item.id; form.load(); },
      };
    },
  });
})(window.tandem.store);
