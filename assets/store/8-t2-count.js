// Count: along the shelves, blind if wished; a difference is explained, a large one counted twice; zero is a count.
(function (store) {
  const { make } = window.tandem;
  const TAB = "count";

  const said = function (form, read) {
    const open = !form.draft.blind || form.checked;
    return [make("li", {}, make("b", {}, store.tn("store.count_done", read.lines.length)), ` ${store.t("store.count_of_all", { all: store.number(form.order.length) })}`),
      ...(open && read.differing.length ? [make("li", {}, store.tn("store.count_differing", read.differing.length))] : [])];
  };

  const mark = function (form, strict) {
    const read = store.readCount(form.draft, form.desk.balance);
    const byItem = new Map(read.lines.map((line) => [line.item, line]));
    form.rows.forEach((row, id) => store.markCounted(form, row, byItem.get(id), strict));
    form.foot.said.replaceChildren(...said(form, read));
    form.foot.meta.replaceChildren(store.givenBy(form.desk, () => form.edited()));
    const check = form.draft.blind && !form.checked;
    form.foot.go.textContent = check ? store.t("store.count_check") : read.lines.length ? store.tn("store.count_go", read.lines.length) : store.t("store.count_go_none");
    form.foot.go.disabled = !form.desk.writes;
    return read;
  };

  const firstWrong = function (form, line) {
    const row = form.rows.get(line.item);
    const name = Object.keys(line.problems)[0];
    row.element.scrollIntoView({ block: "center" });
    row[name].input.focus();
  };

  // What is wrong in words, and the first place of it in sight.
  const complain = function (form, read) {
    if (!read.lines.length) { form.foot.wrong(store.t("store.count_lines_missing")); return; }
    const wrong = read.lines.filter((line) => !line.ready);
    form.foot.wrong(store.tn("store.lines_wrong_count", wrong.length));
    firstWrong(form, wrong[0]);
  };

  const keep = async function (form, read) {
    const by = await store.giverForSlip(form.desk);
    if (!by) return;
    const number = await store.slipNumber();
    const movements = store.countsOf(read, form.draft, { unit: form.desk.unit.id, by, document: number });
    await store.keepSheet(form.desk, movements, { kind: TAB, number, by, at: Date.now() });
    await form.desk.dropDraft(TAB);
    form.draft = { ...store.emptyCount(), blind: form.draft.blind };
    form.checked = false;
    await form.desk.load();
    form.draw();
  };

  const confirming = async function (form) {
    if (form.busy || !form.desk.writes) return;
    form.busy = true;
    try {
      form.foot.wrong("");
      const read = mark(form, !form.draft.blind || form.checked);
      const unreadable = read.lines.some((line) => line.problems.first);
      if (form.draft.blind && !form.checked && read.lines.length && !unreadable) {
        form.checked = true;
        if (!mark(form, true).ready) { complain(form, read); return; }
      } else if (!read.ready) { complain(form, read); return; }
      await keep(form, store.readCount(form.draft, form.desk.balance));
    } finally {
      form.busy = false;
    }
  };

  // The empty sheet to count on by hand: in the order of the shelves, with or without what the book says.
  const printSheet = function (form) {
    const heads = ["store.item", "store.pack", ...(form.draft.blind ? [] : ["store.count_book"]), "store.count_counted", "store.lot_and_expiry", "store.note"].map((key) => store.t(key));
    const rows = form.order.map((item) => [item.name, item.pack || "", ...(form.draft.blind ? [] : [store.number(form.desk.balance(item.id))]), "", "", ""]);
    store.printPaper(make("h1", {}, store.t("store.count_sheet")), make("p", {}, `${form.desk.unit.name} · ${store.day(Date.now())}, ${store.clock(Date.now())}`),
      make("p", {}, store.t("store.count_sheet_help")), store.sheetTable(store.t("store.count_sheet"), heads, rows, 9),
      make("p", { class: "store-signs" }, make("span", {}, store.t("store.count_sign_counted")), make("span", {}, store.t("store.count_sign_checked"))));
  };

  const toggle = (text, on, act, id) => store.button(text, act, { "aria-pressed": String(on), class: on ? "on" : "", id });

  const topPart = function (form) {
    const blind = () => { form.draft.blind = !form.draft.blind; form.checked = false; form.edited(); form.top.replaceChildren(...topPart(form)); };
    const arrange = () => { form.arranging = !form.arranging; form.rows.forEach((row) => store.endCountRow(form, row)); form.top.replaceChildren(...topPart(form)); };
    return [make("p", { class: "muted" }, store.t("store.count_lead")),
      make("div", { class: "store-choices" }, toggle(store.t("store.count_blind"), form.draft.blind, blind, "count-blind"),
        toggle(store.t("store.count_arrange"), form.arranging, arrange, "count-arrange"), store.button(store.t("store.count_print"), () => printSheet(form), { id: "count-print" })),
      form.arranging ? make("p", { class: "muted" }, store.t("store.count_arrange_help")) : ""];
  };

  const moving = async function (form, id, by) {
    const from = form.order.findIndex((item) => item.id === id);
    const to = from + by;
    if (to < 0 || to >= form.order.length) return;
    const focused = document.activeElement;
    form.order.splice(to, 0, form.order.splice(from, 1)[0]);
    form.list.replaceChildren(...form.order.map((item) => form.rows.get(item.id).element));
    if (focused && form.list.contains(focused)) focused.focus();
    store.say(store.t("store.count_moved", { item: form.order[to].name, place: store.number(to + 1) }));
    await store.keepShelfOrder(form.desk, form.order);
  };

  const build = async function (desk, place, draft) {
    const form = { desk, draft: { ...store.emptyCount(), ...draft }, order: await store.shelfOrder(desk), rows: new Map(), top: make("div", { class: "store-top" }), checked: false, arranging: false };
    form.lineOf = (id) => (form.draft.lines[id] = form.draft.lines[id] || { first: "", second: "", reason: "", note: "" });
    form.edited = () => { form.foot.wrong(""); mark(form, form.checked); desk.keepDraft(TAB, form.draft); };
    form.move = (id, by) => moving(form, id, by);
    form.list = make("ul", { class: "store-items panel", "aria-label": store.t("store.items") });
    form.list.classList.add("store-tight");
    form.foot = store.sheetFoot(() => confirming(form));
    form.losses = make("div", {});
    form.draw = function () {
      form.rows = new Map(form.order.map((item) => [item.id, store.countRow(form, item)]));
      form.list.replaceChildren(...form.order.map((item) => form.rows.get(item.id).element));
      form.top.replaceChildren(...topPart(form));
      mark(form, false);
    };
    store.onward(form.list, ".store-counted");
    form.draw();
    place.replaceChildren(form.top, make("div", {}, store.headOf(["store.count_counted"]), form.list), form.losses, form.foot.element);
    return form;
  };

  store.tabs.push({
    name: TAB,
    title: "store.tab_count",
    open: async function (desk, place) {
      const form = await build(desk, place, await desk.draft(TAB));
      if (!desk.practice) store.showLosses(desk, form.losses);
      return {
        refresh: () => mark(form, form.checked),
        confirm: () => confirming(form),
        scanned: (item) => { const row = form.rows.get(item.id); if (row) { row.element.scrollIntoView({ block: "center" }); row.first.input.focus(); } },
      };
    },
  });
})(window.tandem.store);
