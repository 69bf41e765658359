// The lines of a count, in the order of the shelves: what was counted, what the book says, why they differ.
(function (store) {
  const { make } = window.tandem;

  const problemBy = function (input) {
    const problem = make("p", { class: "store-problem", id: `${input.id}-problem`, hidden: "" });
    input.setAttribute("aria-describedby", problem.id);
    return { input, problem, wrong: (key) => store.wrong(input, problem, key || null) };
  };

  const mover = (form, item, by, sign, key) => store.button(sign, () => form.move(item.id, by), { class: "step quiet", "aria-label": store.t(key, { item: item.name }) });

  // A row with the parts that are filled in while one counts.
  store.countRow = function (form, item) {
    const line = form.lineOf(item.id);
    const quantity = (field, key) => problemBy(store.quantityInput(store.t(key, { item: item.name }), line[field], (typed) => { form.lineOf(item.id)[field] = typed; form.edited(); }));
    const row = { item, first: quantity("first", "store.count_of"), second: quantity("second", "store.count_second_of"),
      book: make("div", { class: "store-balance" }), change: make("p", { class: "store-change" }) };
    row.first.input.classList.add("store-counted");
    row.reason = store.field(store.t("store.count_why"), store.codes(store.COUNT_REASONS,
      (code) => store.t(`store.count_reason_${code}`), line.reason, (code) => { form.lineOf(item.id).reason = code; form.edited(); }));
    const note = make("input", { type: "text", maxlength: 150, autocomplete: "off" });
    note.value = line.note || "";
    note.addEventListener("input", () => { form.lineOf(item.id).note = note.value; form.edited(); });
    row.note = store.field(store.t("store.note"), note);
    row.again = make("div", { class: "store-more" }, make("p", {}, store.t("store.count_again")), store.captioned(store.t("store.count_second"), row.second.input), row.second.problem);
    row.below = make("div", { class: "store-below", hidden: "" }, row.first.problem, row.again, make("div", { class: "store-more" }, row.reason.element, row.note.element, row.change));
    row.end = make("div", { class: "store-end" });
    row.element = make("li", { class: "store-item", "data-item": item.id }, make("div", { class: "store-line-of-item" },
      make("div", { class: "store-name" }, make("b", {}, item.name), make("small", {}, item.pack || "")), make("span"), row.book, row.end), row.below);
    row.element.addEventListener("keydown", (event) => {
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      form.move(item.id, event.key === "ArrowUp" ? -1 : 1);
    });
    store.endCountRow(form, row);
    return row;
  };

  // Either the field to count in, or the buttons that move the row along the shelf.
  store.endCountRow = (form, row) => row.end.replaceChildren(...(form.arranging
    ? [mover(form, row.item, -1, "↑", "store.count_up"), mover(form, row.item, 1, "↓", "store.count_down")]
    : [store.captioned(store.t("store.count_counted"), row.first.input)]));

  // What a row says of a line as it is read now. In a blind count nothing of the book shows before one checks.
  store.markCounted = function (form, row, read, strict) {
    const open = !form.draft.blind || form.checked;
    row.book.replaceChildren(make("b", {}, open ? store.number(form.desk.balance(row.item.id)) : "•••"), make("small", {}, store.t("store.count_book")));
    const shown = (key) => (key && (strict || !/_missing$/.test(key)) ? key : null);
    const known = read || { problems: {}, difference: null, large: false };
    row.first.wrong(known.problems.first);
    row.second.wrong(shown(known.problems.second));
    row.reason.wrong(shown(known.problems.reason));
    row.note.wrong(shown(known.problems.note));
    row.again.hidden = !(open && known.large);
    row.reason.element.hidden = !(open && known.difference);
    row.note.element.hidden = !(open && known.difference && (form.lineOf(row.item.id).reason === "other"));
    row.change.textContent = open && known.difference ? store.t("store.count_differs", { book: store.number(known.book), counted: store.number(known.counted), by: store.signed(known.difference) }) : "";
    row.below.hidden = !(known.problems.first || (open && known.difference) || (open && known.large));
    row.element.classList.toggle("chosen", Boolean(read));
    row.element.classList.toggle("wrong", Boolean(read && Object.values(known.problems).some(shown)));
  };

  store.signed = (number) => (number > 0 ? `+${store.number(number)}` : store.number(number));
})(window.tandem.store);
