// The sheet for an inspector, in one click: stock today, this month's movements, stock-outs of the year, discrepancies.
(function (store) {
  const { make } = window.tandem;
  const SHOWN = 12; // of stock-outs and discrepancies: the sheet stays within two pages

  const on = (day) => store.day(`${day}T12:00`);

  const stockPart = function (desk) {
    const rows = [...desk.items()].sort((one, other) => store.collator.compare(one.name, other.name)).map((item) => {
      const balance = desk.balance(item.id);
      return [item.name, item.pack || "", `${store.STATUSES[desk.statusOf(item, balance)]} ${store.t(`store.status_${desk.statusOf(item, balance)}`)}`, store.number(balance)];
    });
    const heads = ["store.item", "store.pack", "store.review_state", "store.here"].map((key) => store.t(key));
    return [make("h2", {}, store.t("store.review_stock")), store.sheetTable(store.t("store.review_stock"), heads, rows, 3)];
  };

  const monthPart = function (told) {
    const names = ["received", "consumed", "lost", "transferred", "differences", "closing"];
    const heads = [store.t("store.item"), ...names.map((name) => store.t(`store.review_${name}`))];
    return [make("h2", {}, store.t("store.review_month", { month: store.monthSaid(told.today.slice(0, 7)) })),
      store.sheetTable(store.t("store.tab_history"), heads, told.month.map((row) => [row.name, ...names.map((name) => store.number(row[name]))]), 1)];
  };

  const cut = (rows) => (rows.length > SHOWN ? make("p", {}, store.tn("store.review_further", rows.length - SHOWN)) : "");

  const stockoutPart = (told) => [make("h2", {}, store.t("store.review_stockouts")),
    told.book_begins ? make("p", {}, store.t("store.review_begins", { day: on(told.book_begins) })) : "",
    told.stockouts.length ? store.sheetTable(store.t("store.review_stockouts"), ["store.item", "store.history_from", "store.history_to", "store.review_days"].map((key) => store.t(key)),
      told.stockouts.slice(0, SHOWN).map((row) => [row.name, on(row.from), row.to ? on(row.to) : store.t("store.review_lasts"), store.number(row.days)]), 3) : make("p", {}, store.t("store.review_no_stockouts")), cut(told.stockouts)];

  const discrepancyPart = (told) => [make("h2", {}, store.t("store.review_discrepancies")),
    told.discrepancies.length ? store.sheetTable(store.t("store.review_discrepancies"), ["store.item", "store.review_day", "store.count_why", "store.count_counted", "store.review_difference"].map((key) => store.t(key)),
      told.discrepancies.slice(0, SHOWN).map((row) => [row.name, on(row.day), store.reasonSaid({ kind: "count", reason: row.reason }), store.number(row.counted), store.signed(row.difference)]), 3) : make("p", {}, store.t("store.review_no_discrepancies")), cut(told.discrepancies)];

  // Print what the server says now, else what it said last, with its time; stock is what this device knows.
  store.printReview = async function (form) {
    const answer = await store.remembered(form.desk, "review", store.pathOf(form.desk, "/review", {}));
    const stale = store.staleSaid(answer);
    const parts = answer.told ? [monthPart(answer.told), stockoutPart(answer.told), discrepancyPart(answer.told)] : [];
    store.printPaper(make("h1", {}, store.t("store.review_title", { store: form.desk.unit.name })), make("p", {}, `${store.day(Date.now())}, ${store.clock(Date.now())} · ${form.desk.who.name}`),
      stale ? make("p", {}, stale) : "", stockPart(form.desk), parts,
      make("p", { class: "store-signs" }, make("span", {}, store.t("store.review_sign_store")), make("span", {}, store.t("store.review_sign_inspector"))));
  };
})(window.tandem.store);
