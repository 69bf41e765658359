// Neighbours: for what is out or will be before the delivery, who nearby could help; requests asked, answered, sent.
(function (store) {
  const { make } = window.tandem;
  const TAB = "neighbours";

  // Whether the book is long enough to say that an item may run out: with less of it, that would be said of everything.
  const BOOK_DAYS = 28;
  const atRisk = (desk, item, balance) => ((item.rests_on || {}).days || 0) >= BOOK_DAYS && desk.statusOf(item, balance) === "low";

  // The items that need help: out, gone before the delivery, or likely to be; the most urgent first.
  store.shortItems = function (desk) {
    const due = desk.reference.next_delivery || null;
    const rows = desk.items().filter((item) => item.carried !== false).map((item) => {
      const balance = desk.balance(item.id);
      const out = balance !== null && balance !== undefined && balance <= 0;
      const ends = out ? "" : item.run_out || null;
      return { item, balance, out, ends: ends !== null && (out || (due && ends < due)) ? ends : null, risk: !out && atRisk(desk, item, balance) };
    });
    const urgency = (row) => (row.ends === null ? "~" : row.ends);
    return rows.filter((row) => row.ends !== null || row.risk)
      .sort((one, other) => urgency(one).localeCompare(urgency(other)) || store.collator.compare(one.item.name, other.item.name));
  };

  const whySaid = function (row) {
    if (row.out) return store.t("store.near_out");
    return row.ends ? store.t("store.near_ends", { day: store.day(`${row.ends}T12:00`) }) : store.t("store.near_risk");
  };

  const askFor = async function (form, item, near) {
    const packs = store.quantityInput(store.t("store.near_packs_of", { item: item.name }), "", () => {});
    const asked = store.field(store.t("store.near_packs", { place: near.name }), packs, near.spare ? store.tn("store.near_spare_said", near.spare) : "");
    const note = store.field(store.t("store.near_note"), make("input", { type: "text", maxlength: 150, autocomplete: "off", class: "wide" }));
    const read = function () {
      const typed = store.readQuantity(packs.value);
      asked.wrong(typed.problem || (typed.blank ? "store.quantity_missing" : typed.value === 0 ? "store.quantity_zero" : null));
      return typed.value ? { packs: typed.value, note: note.input.value.trim() } : undefined;
    };
    const given = await store.dialog(store.t("store.near_ask_title", { item: item.name, place: near.name }), [asked.element, note.element],
      [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.near_ask"), value: read, primary: true }]);
    if (!given) return;
    await form.tell(() => store.post(store.pathOf(form.desk, "/requests", {}), { id: store.newId(), to: near.unit, item: item.id, ...given }));
  };

  // Whom to call: a number that a tablet with a telephone dials, and whom to ask for.
  const callPart = function (near) {
    if (!near.telephone) return make("span", { class: "muted" }, store.t("store.near_no_telephone"));
    const number = make("a", { class: "button", href: `tel:${near.telephone.replace(/[^+0-9]/g, "")}`, "aria-label": store.t("store.near_call", { place: near.name, telephone: near.telephone }) }, `☎ ${near.telephone}`);
    return make("div", { class: "store-call" }, number, near.contact ? make("small", {}, near.contact) : "");
  };

  const nearRow = function (form, item, near) {
    const facts = [
      near.km === null ? null : store.t("store.near_km", { km: store.number(near.km, near.km < 10 ? 1 : 0) }),
      near.months_of_stock === null ? null : store.tn("store.near_months", near.months_of_stock, { count: store.number(near.months_of_stock, 1) }),
      near.of_form ? store.t("store.near_of_form", { day: store.day(near.as_of) }) : store.t("store.near_as_of", { moment: store.moment(near.as_of) }),
      near.same_parent ? null : store.t("store.near_further"),
    ].filter(Boolean).join(" · ");
    return make("li", { class: "store-near", "data-unit": near.unit },
      make("div", { class: "store-name" }, make("b", {}, near.name), make("small", {}, facts)),
      make("div", { class: "store-balance" }, make("b", {}, near.spare === null ? "–" : store.number(near.spare)), make("small", {}, store.t("store.near_spare"))),
      make("div", { class: "store-balance" }, make("b", {}, store.number(near.balance)), make("small", {}, store.t("store.near_has"))),
      callPart(near),
      form.desk.writes ? store.button(store.t("store.near_ask"), () => askFor(form, item, near), { class: "add", "aria-label": store.t("store.near_ask_of", { place: near.name, item: item.name }) }) : "");
  };

  const SHOWN = 5;

  const fillCard = async function (form, item, place) {
    const answer = await store.remembered(form.desk, `near ${item.id}`, store.pathOf(form.desk, "/neighbours", { item: item.id }));
    const stale = store.staleSaid(answer);
    if (stale) form.stale = form.desk.reference.told_at || 0;
    const rows = answer.told ? answer.told.neighbours.filter((near) => near.spare === null || near.spare > 0).slice(0, SHOWN) : [];
    place.replaceChildren(stale ? make("p", { class: "notice warning" }, stale) : "",
      rows.length ? make("ul", { class: "store-nears" }, rows.map((near) => nearRow(form, item, near))) : answer.told ? make("p", { class: "muted" }, store.t("store.near_nobody")) : "");
  };

  const cardOf = function (form, row) {
    const place = make("div", { "aria-busy": "true" }, make("p", { class: "muted" }, store.t("store.near_asking")));
    const card = make("section", { class: "panel store-card", "data-item": row.item.id },
      make("h2", {}, row.item.name, " ", store.statusChip(row.out ? "out" : form.desk.statusOf(row.item, row.balance)), " ", make("small", { class: "muted" }, row.why || whySaid(row))), place);
    fillCard(form, row.item, place).finally(() => place.removeAttribute("aria-busy"));
    return card;
  };

  const drawShort = function (form) {
    form.stale = null;
    const rows = store.shortItems(form.desk);
    const unknown = form.desk.items().every((item) => (item.expected_daily ?? null) === null) && !rows.length;
    form.short.replaceChildren(make("h2", {}, store.t("store.near_title")),
      ...(rows.length ? rows.map((row) => cardOf(form, row)) : [make("p", { class: "notice" }, store.t(unknown ? "store.near_unknown" : "store.near_enough"))]));
    form.drawn = rows.map((row) => row.item.id).join();
  };

  const otherPart = function (form) {
    const select = make("select", { class: "wide", id: "near-item" }, make("option", { value: "" }, store.t("store.choose")),
      [...form.desk.items()].sort((one, other) => store.collator.compare(one.name, other.name)).map((item) => make("option", { value: item.id }, item.name)));
    const place = make("div", {});
    select.addEventListener("change", () => {
      const item = form.desk.item(select.value);
      place.replaceChildren(...(item ? [cardOf(form, { item, balance: form.desk.balance(item.id), out: false, why: " " })] : []));
    });
    return [store.field(store.t("store.near_other"), select).element, place];
  };

  store.tabs.push({
    name: TAB,
    title: "store.tab_neighbours",
    open: async function (desk, place) {
      const form = { desk, requests: make("div", {}), short: make("div", { class: "store-cards" }), said: make("p", { class: "notice warning", role: "alert", hidden: "" }) };
      // Do something that needs the server; what goes wrong is said, and the list is asked for anew.
      form.tell = async function (act) {
        form.said.hidden = true;
        try {
          await act();
        } catch (trouble) {
          if (!(trouble instanceof store.Trouble)) throw trouble;
          form.said.textContent = `${store.t("store.near_not_sent")} ${trouble.detail && trouble.kind === "failed" ? trouble.detail : store.t(`store.trouble_${trouble.kind}`)}`;
          form.said.hidden = false;
        }
        await store.drawRequests(form);
      };
      place.replaceChildren(form.said, form.requests, form.short, make("div", { class: "panel store-card" }, otherPart(form)));
      drawShort(form);
      await store.drawRequests(form);
      return {
        refresh: function () {
          const answers = form.stale !== null && desk.reference.told_at > form.stale; // the server does again
          if (answers) store.drawRequests(form);
          if (answers || store.shortItems(desk).map((row) => row.item.id).join() !== form.drawn) drawShort(form);
        },
        close: () => { form.closed = true; },
      };
    },
  });
})(window.tandem.store);
