// What stores ask of each other: what waits for an answer here, what became of one's own, what the district approves.
(function (store) {
  const { make } = window.tandem;
  const DAYS_SHOWN = 14;
  const OPEN = ["waiting", "asked"];

  const isNew = (row) => OPEN.includes(row.state) || Date.now() - Date.parse(row.answered_at || row.asked_at) < DAYS_SHOWN * 86400000;
  const arrived = (row) => row.state === "granted" && row.sent && row.sent <= row.received + row.lost;

  const stateSaid = function (row) {
    if (row.state !== "granted") return store.t(`store.ask_${row.state}`);
    if (arrived(row)) return store.t("store.ask_arrived", { packs: store.packs(row.received) });
    return row.sent ? store.t("store.ask_sent", { packs: store.packs(row.sent) }) : store.t("store.ask_granted", { packs: store.packs(row.granted) });
  };

  const decide = (form, row, said) => form.tell(() => store.post(`/api/v1/store/requests/${row.id}?lang=${document.documentElement.lang}`, said));

  // The packs leave these shelves: the sending is kept on the device like every movement.
  const recordSending = async function (form, row, packs, by) {
    const { desk } = form;
    const number = await store.slipNumber();
    const movement = { id: row.transfer, kind: "transfer_send", unit: desk.unit.id, partner: row.asker, item: row.item, packs, given_by: by, document: number, occurred_at: store.withOffset(Date.now()) };
    await store.keepSheet(desk, [movement], { kind: "transfer_send", number, by, at: Date.now() });
  };

  const grant = async function (form, row) {
    const { desk } = form;
    const balance = desk.balance(row.item);
    const input = store.quantityInput(store.t("store.ask_send_of", { item: row.item_name }), String(row.packs), () => {});
    const field = store.field(store.t("store.ask_send_how_many", { place: row.asker_name }), input, store.t("store.ask_you_have", { balance: store.number(balance) }));
    const read = function () {
      const typed = store.readQuantity(input.value);
      field.wrong(typed.problem || (typed.blank ? "store.quantity_missing" : typed.value === 0 ? "store.quantity_zero" : null));
      return typed.value || undefined;
    };
    const packs = await store.dialog(store.t("store.ask_send_title", { item: row.item_name, place: row.asker_name }), field.element,
      [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.ask_send"), value: read, primary: true }]);
    const by = packs && (await store.giverForSlip(desk));
    if (!by) return;
    const transfer = store.newId();
    await form.tell(async () => {
      await store.post(`/api/v1/store/requests/${row.id}?lang=${document.documentElement.lang}`, { action: "grant", packs, transfer });
      await recordSending(form, { ...row, transfer }, packs, by);
    });
  };

  const refuse = async function (form, row) {
    const note = store.field(store.t("store.ask_refuse_why"), make("input", { type: "text", maxlength: 150, autocomplete: "off", class: "wide" }));
    const reason = await store.dialog(store.t("store.ask_refuse_title", { place: row.asker_name }), note.element,
      [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.ask_refuse"), value: () => note.input.value.trim(), primary: true }]);
    if (reason !== null) await decide(form, row, { action: "refuse", reason });
  };

  const sendNow = async function (form, row) {
    const by = await store.giverForSlip(form.desk);
    if (by) { await recordSending(form, row, row.granted, by); await store.drawRequests(form); }
  };

  const buttonsOf = function (form, row) {
    const here = form.desk.unit.id;
    const kept = form.desk.entries.some((entry) => entry.id === row.transfer && entry.state !== "undone");
    const made = {
      approve: () => store.button(store.t("store.ask_approve"), () => decide(form, row, { action: "approve" }), { class: "primary" }),
      grant: () => (row.giver === here ? store.button(store.t("store.ask_send"), () => grant(form, row), { class: "primary" }) : ""),
      refuse: () => store.button(store.t("store.ask_refuse"), () => refuse(form, row)),
      withdraw: () => (row.asker === here ? store.button(store.t("store.ask_withdraw"), () => decide(form, row, { action: "withdraw" })) : ""),
    };
    const late = row.state === "granted" && row.giver === here && !row.sent && !kept && form.desk.writes;
    return [...row.actions.map((action) => made[action]()), late ? store.button(store.t("store.ask_send_late"), () => sendNow(form, row), { class: "primary" }) : ""];
  };

  const rowOf = function (form, row) {
    const here = form.desk.unit.id;
    const values = { asker: row.asker_name, giver: row.giver_name, packs: store.packs(row.packs), item: row.item_name };
    const key = row.giver === here ? "store.ask_of_you" : row.asker === here ? "store.ask_yours" : "store.ask_others";
    const more = [store.moment(row.asked_at), row.note, row.reason].filter(Boolean).join(" · ");
    return make("li", { class: "store-entry", "data-request": row.id }, make("div", {}, make("b", {}, store.t(key, values)), make("small", {}, more)),
      make("div", {}, stateSaid(row)), make("div", { class: "store-choices" }, buttonsOf(form, row)));
  };

  // The list of requests; what waits for somebody here comes first.
  store.drawRequests = async function (form) {
    const path = form.desk.writes ? { unit: form.desk.unit.id } : {};
    const answer = await store.remembered(form.desk, "requests", `/api/v1/store/requests?${new URLSearchParams({ lang: document.documentElement.lang, ...path })}`);
    await form.desk.load();
    if (form.closed) return;
    const rows = answer.told ? answer.told.requests.filter(isNew) : [];
    const urgent = (row) => Number(row.actions.some((each) => each !== "withdraw"));
    rows.sort((one, other) => urgent(other) - urgent(one));
    const stale = store.staleSaid(answer);
    form.requests.replaceChildren(stale ? make("p", { class: "notice warning" }, stale) : "",
      rows.length ? make("section", { class: "panel store-card", "aria-label": store.t("store.ask_title") }, make("h2", {}, store.t("store.ask_title")),
        make("ul", { class: "store-entries" }, rows.map((row) => rowOf(form, row)))) : "");
  };
})(window.tandem.store);
