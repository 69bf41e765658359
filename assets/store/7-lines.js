// The lines of a slip within the list of items: given, asked, lot and expiry, each with its own errors.
(function (store) {
  const { make } = window.tandem;

  const step = (input, by) => {
    const read = store.readQuantity(input.value);
    if (read.problem) return; // what cannot be read is not counted on from
    const next = (read.value || 0) + by;
    if (next < 0) return;
    input.value = String(next);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const lotPart = function (form, line) {
    const lot = store.field(store.t("store.lot"), make("input", { type: "text", maxlength: 20, autocomplete: "off" }));
    const expiry = store.field(store.t("store.expiry"), make("input", { type: "date" }));
    lot.input.value = line.lot || "";
    expiry.input.value = line.expiry || "";
    lot.input.addEventListener("input", () => { line.lot = lot.input.value.trim(); form.edited(); });
    expiry.input.addEventListener("input", () => { line.expiry = expiry.input.value; form.edited(); });
    return make("details", { class: "fold store-lot", open: line.lot || line.expiry ? "" : null },
      make("summary", {}, store.t("store.lot_and_expiry")), make("div", { class: "store-more" }, lot.element, expiry.element));
  };

  const askedPart = function (form, line, parts) {
    if (form.kind !== "dispense") return null;
    const item = form.desk.item(line.item);
    const input = store.quantityInput(store.t("store.asked_of", { item: item.name }), line.asked, (typed) => { line.asked = typed; form.edited(); });
    parts.asked = store.field(store.t("store.asked"), input);
    parts.asked.element.classList.add("store-asked");
    input.placeholder = store.t("store.asked_same");
    input.addEventListener("keydown", form.keys);
    return parts.asked.element;
  };

  // Draw a line in the row of its item; gives the parts that errors are shown at.
  store.drawLineOf = function (form, line) {
    const row = form.list.rows.get(line.item);
    const item = form.desk.item(line.item);
    const parts = { row };
    const input = store.quantityInput(store.t(`store.packs_of_${form.kind}`, { item: item.name }), line.given,
      (typed) => { line.given = typed; form.edited(); });
    input.addEventListener("keydown", form.keys);
    input.addEventListener("focus", () => form.explain(line.item));
    const problem = make("p", { class: "store-problem", id: `${input.id}-problem`, hidden: "" });
    input.setAttribute("aria-describedby", problem.id);
    const named = (sign, key, by) => store.button(sign, () => { step(input, by); form.explain(line.item); },
      { class: "step", "aria-label": store.t(key, { item: item.name }) });
    row.end.replaceChildren(make("div", { class: "store-packs" }, named("−", "store.one_less", -1), input, named("+", "store.one_more", 1)),
      store.button("✕", () => form.drop(line.item), { class: "step quiet", "aria-label": store.t("store.take_off", { item: item.name }) }));
    const change = make("p", { class: "store-change", role: "status" });
    parts.why = make("p", { class: "store-why", hidden: "" });
    row.below.replaceChildren(problem, make("div", { class: "store-more" }, askedPart(form, line, parts), lotPart(form, line), change), parts.why);
    row.below.hidden = false;
    row.element.classList.add("chosen");
    return { ...parts, input, problem, change };
  };

  store.clearLineOf = function (form, id) {
    const row = form.list.rows.get(id);
    if (!row) return;
    const item = form.desk.item(id);
    row.end.replaceChildren(store.button(store.t(`store.do_${form.kind}`), () => form.pick(item), { class: "add", "aria-label": store.t(`store.do_${form.kind}_item`, { item: item.name }) }));
    row.below.replaceChildren();
    row.below.hidden = true;
    row.element.querySelectorAll(".store-code").forEach((each) => each.remove());
    row.element.classList.remove("chosen");
  };

  // What is wrong and what the balance becomes, beside each line. Blank fields are not wrong before one confirms.
  store.markLine = function (parts, read, strict) {
    const shown = (field, key) => (key && (strict || !/_missing$/.test(key)) ? key : null);
    store.wrong(parts.input, parts.problem, shown("given", read.problems.given));
    if (parts.asked) parts.asked.wrong(shown("asked", read.problems.asked));
    const words = read.after === null ? "" : store.t("store.before_after", { before: store.number(read.before), after: store.number(read.after) });
    parts.change.textContent = read.below ? `${words} ${store.t("store.below_zero")}` : words;
    parts.change.classList.toggle("below", Boolean(read.below));
    parts.row.element.classList.toggle("wrong", Boolean(shown("given", read.problems.given)));
  };
})(window.tandem.store);
