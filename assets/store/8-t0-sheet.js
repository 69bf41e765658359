// What the forms over many items have in common: small labelled fields in a row, the foot with its one button, keeping.
(function (store) {
  const { make } = window.tandem;

  // A quantity with its caption above, for rows that hold several.
  store.captioned = function (caption, input) {
    return make("label", { class: "store-captioned" }, make("small", {}, caption), input);
  };

  // The captions once above all rows, where there is room for that.
  store.headOf = (keys) => make("div", { class: "store-head", "aria-hidden": "true" }, keys.map((key) => make("small", {}, store.t(key))));

  // A select of codes, each in the words that `said` gives it.
  store.codes = function (codes, said, chosen, heard) {
    const select = make("select", { id: store.fresh("codes") }, make("option", { value: "" }, store.t("store.choose")),
      codes.map((code) => make("option", { value: code, selected: code === chosen ? "" : null }, said(code))));
    select.addEventListener("change", () => heard(select.value));
    return select;
  };

  // Enter leads from one quantity to the next that is in sight.
  store.onward = function (holder, selector) {
    holder.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches(selector)) return;
      event.preventDefault();
      const all = [...holder.querySelectorAll(selector)].filter((each) => each.checkVisibility());
      const next = all[all.indexOf(event.target) + 1];
      if (next) { next.focus(); next.select(); }
    });
  };

  // The foot: what is said of the whole, who and when, what is wrong, the one button.
  store.sheetFoot = function (act) {
    const foot = { said: make("ul", {}), meta: make("div", { class: "store-meta muted" }), problem: make("p", { class: "store-problem", role: "alert", hidden: "" }) };
    foot.go = store.button("", store.once(act), { class: "primary go", "aria-keyshortcuts": "Control+Enter" });
    foot.element = make("div", { class: "store-slip" }, foot.said, make("div", { class: "store-meta-side" }, foot.meta), make("div", { class: "store-go" }, foot.problem, foot.go));
    foot.wrong = (words) => { foot.problem.textContent = words; foot.problem.hidden = !words; };
    return foot;
  };

  // Who enters it, with the way to change that.
  store.givenBy = (desk, changed) => make("span", {}, store.t("store.entered_by", { name: store.giver(desk) || store.t("store.pin_needed") }), " ",
    store.button(store.t("store.change"), async () => { if (await store.chooseGiver(desk)) changed(); }, { class: "link", "aria-label": store.t("store.who_gives") }));

  // When it happened: now, or as typed from paper.
  store.whenField = function (draft, edited) {
    const input = make("input", { type: "datetime-local", step: 60 });
    input.value = draft.when || "";
    input.addEventListener("input", () => { draft.when = input.value; edited(); });
    return store.field(store.t("store.when"), input, store.t("store.when_blank"));
  };

  // The number by which a sheet is found again.
  store.slipNumber = async () => `${(await store.device()).slice(0, 4).toUpperCase()}-${Date.now().toString(36).toUpperCase()}`;

  // Keep movements as one sheet on the device; `done.kind` and `done.number` name it, the rest is for its paper.
  store.keepSheet = async function (desk, movements, done) {
    const words = movements.map((each) => ({ item: (desk.item(each.item) || {}).name || each.item, recipient: "" }));
    const entries = await (desk.keepEntries || store.keepEntries)(movements, { user: desk.who.username, slip: done.number, words });
    store.gaveNow();
    const lines = movements.map((each) => ({ item: each.item, packs: each.packs, wanted: null, lot: each.lot, expiry: each.expiry }));
    store.slipDone(desk, { ...done, entries, slip: { lines }, recipient: null });
    if (!desk.practice) store.sendSoon(store.UNDO_MS + 100);
    return entries;
  };

  // Have something printed alone on its paper.
  store.printPaper = function (...content) {
    document.getElementById("store-print").replaceChildren(make("section", { class: "store-paper" }, ...content));
    document.body.classList.add("printing-slip");
    window.addEventListener("afterprint", () => document.body.classList.remove("printing-slip"), { once: true });
    window.print();
  };

  // A table for paper or page: heads by their words, cells as texts; columns from `numeric` on are numbers.
  store.sheetTable = (label, heads, rows, numeric) => make("table", { class: "table", "aria-label": label },
    make("thead", {}, make("tr", {}, heads.map((head, index) => make("th", { scope: "col", class: index >= numeric ? "num" : "" }, head)))),
    make("tbody", {}, rows.map((row) => make("tr", {}, row.map((cell, index) => make("td", { class: index >= numeric ? "num" : "" }, cell))))));
})(window.tandem.store);
