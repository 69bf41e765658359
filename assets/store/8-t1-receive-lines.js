// The lines of a delivery within the list of items: on the note, arrived, damaged, lots.
(function (store) {
  const { make } = window.tandem;

  const lotFields = function (lot, edited) {
    const [number, expiry] = [store.field(store.t("store.lot"), make("input", { type: "text", maxlength: 20, autocomplete: "off" })),
      store.field(store.t("store.expiry"), make("input", { type: "date" }))];
    number.input.value = lot.lot || "";
    expiry.input.value = lot.expiry || "";
    number.input.addEventListener("input", () => { lot.lot = number.input.value.trim(); edited(); });
    expiry.input.addEventListener("input", () => { lot.expiry = expiry.input.value; edited(); });
    return [number.element, expiry.element];
  };

  const problemBy = (input) => {
    const problem = make("p", { class: "store-problem", id: `${input.id}-problem`, hidden: "" });
    input.setAttribute("aria-describedby", problem.id);
    return { problem, wrong: (key) => store.wrong(input, problem, key || null) };
  };

  const furtherLot = function (form, line, item, lot) {
    const input = store.quantityInput(store.t("store.receive_lot_packs", { item: item.name }), lot.came, (typed) => { lot.came = typed; form.edited(); });
    const said = problemBy(input);
    const drop = store.button("✕", () => { line.rest = line.rest.filter((each) => each !== lot); form.redraw(line); }, { class: "step quiet", "aria-label": store.t("store.receive_drop_lot", { item: item.name }) });
    return { input, ...said, element: make("div", { class: "store-more" }, store.captioned(store.t("store.receive_came"), input), lotFields(lot, form.edited), drop, said.problem) };
  };

  const detailsOf = function (form, line, item, parts) {
    const damaged = store.quantityInput(store.t("store.receive_damaged_of", { item: item.name }), line.damaged, (typed) => { line.damaged = typed; form.edited(); });
    parts.damaged = { input: damaged, ...problemBy(damaged) };
    parts.rest = line.rest.map((lot) => furtherLot(form, line, item, lot));
    const more = store.button(store.t("store.receive_more_lots"), () => { line.rest.push({ came: "", lot: "", expiry: "" }); form.redraw(line); }, { class: "quiet" });
    return [make("div", { class: "store-more" }, lotFields(line, form.edited), store.captioned(store.t("store.receive_damaged"), damaged), more), parts.damaged.problem, parts.rest.map((each) => each.element)];
  };

  const listedPart = function (form, line, item, parts) {
    const input = store.quantityInput(store.t("store.receive_listed_of", { item: item.name }), line.listed, (typed) => { line.listed = typed; form.edited(); });
    input.readOnly = Boolean(form.draft.source);
    parts.listed = { input, ...problemBy(input) };
    return store.captioned(store.t("store.receive_listed"), input);
  };

  // Draw a line into the row of its item; gives the parts that errors are shown at.
  store.drawArrival = function (form, line, row) {
    const item = form.desk.item(line.item);
    const parts = { row };
    const came = store.quantityInput(store.t("store.receive_came_of", { item: item.name }), line.came, (typed) => { line.came = typed; form.edited(); });
    came.classList.add("store-came");
    parts.came = { input: came, ...problemBy(came) };
    const open = line.open || line.lot || line.expiry || line.damaged || line.rest.length;
    const more = store.button("…", () => { line.open = !open; form.redraw(line); }, { class: "step", "aria-expanded": String(Boolean(open)), "aria-label": store.t("store.receive_details", { item: item.name }) });
    row.end.replaceChildren(listedPart(form, line, item, parts), store.captioned(store.t("store.receive_came"), came), more);
    parts.change = make("p", { class: "store-change" });
    parts.whyField = store.field(store.t("store.receive_why"), store.codes(
      form.draft.source ? ["on_the_way", "lost"] : store.SHORT_REASONS, (code) => store.t(`store.receive_why_${code}`), line.why, (code) => { line.why = code; form.edited(); }));
    parts.whyField.element.hidden = true;
    row.below.replaceChildren(parts.listed.problem, parts.came.problem, open ? make("div", {}, detailsOf(form, line, item, parts)) : "", make("div", { class: "store-more" }, parts.whyField.element, parts.change));
    return parts;
  };

  // What is wrong, what is short and what the balance becomes, beside a line.
  store.markArrival = function (form, parts, read, strict) {
    const shown = (key) => (key && (strict || !/_missing$/.test(key)) ? key : null);
    parts.listed.wrong(shown(read.problems.listed));
    parts.came.wrong(shown(read.problems.came));
    if (parts.damaged) parts.damaged.wrong(shown(read.problems.damaged));
    (parts.rest || []).forEach((each, index) => each.wrong(shown(read.problems[`came${index + 1}`])));
    parts.whyField.element.hidden = !read.short;
    parts.whyField.wrong(shown(read.problems.why));
    const before = form.desk.balance(read.item);
    const change = read.came === null || before === null || before === undefined ? ""
      : store.t("store.before_after", { before: store.number(before), after: store.number(before + read.came - read.damaged) });
    const differs = [read.short ? store.tn("store.receive_short_by", read.short) : "", read.over ? store.tn("store.receive_over_by", read.over) : "", read.damaged ? store.tn("store.receive_damaged_said", read.damaged) : ""];
    parts.change.textContent = [...differs, change].filter(Boolean).join(" · ");
    const wrong = Object.keys(read.problems).some((name) => shown(read.problems[name]));
    parts.row.element.classList.toggle("wrong", wrong);
    parts.row.element.classList.toggle("chosen", read.touched);
    parts.row.below.hidden = !(parts.change.textContent || wrong || parts.damaged);
  };
})(window.tandem.store);
