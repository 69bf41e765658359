// The foot of a slip: its lines before → after, for whom, by whom, when, and the one button that confirms it.
(function (store) {
  const { make } = window.tandem;

  const lineSaid = function (desk, line) {
    const item = desk.item(line.item);
    const packs = line.packs === null ? "…" : store.packs(line.packs);
    const change = line.after === null ? "" : store.t("store.before_after", { before: store.number(line.before), after: store.number(line.after) });
    const asked = line.wanted !== null && line.wanted !== line.packs ? store.t("store.asked_count", { count: store.number(line.wanted) }) : "";
    return make("li", {}, make("b", {}, packs), ` ${item ? item.name : line.item} `, make("span", { class: "muted" }, [change, asked].filter(Boolean).join(" · ")));
  };
  store.lineSaid = lineSaid;

  const momentField = function (form) {
    const input = make("input", { type: "datetime-local", step: 60 });
    input.value = form.draft.when;
    const field = store.field(store.t("store.when"), input, store.t("store.when_help"));
    input.addEventListener("input", () => { form.draft.when = input.value; form.edited(); });
    const now = store.button(store.t("store.now"), () => { form.draft.when = ""; form.edited(); form.drawWhen(false); }, { class: "quiet" });
    field.element.append(now);
    return field;
  };

  // The element with its parts; `form.redrawFoot(slip)` fills it.
  store.slipFoot = function (form) {
    const foot = { lines: make("ul", {}), meta: make("div", { class: "store-meta muted" }), when: make("div", { class: "store-when" }), problem: make("p", { class: "store-problem", role: "alert", hidden: "" }) };
    foot.go = store.button("", store.once(() => form.confirm()), { class: "primary go", "aria-keyshortcuts": "Control+Enter" });
    foot.element = make("div", { class: "store-slip" }, foot.lines, make("div", { class: "store-meta-side" }, foot.meta, foot.when), make("div", { class: "store-go" }, foot.problem, foot.go));
    form.drawWhen = function (open) {
      const shown = open || Boolean(form.draft.when);
      foot.field = shown ? momentField(form) : null;
      foot.when.replaceChildren(...(foot.field ? [foot.field.element] : []));
      if (open) foot.field.input.focus();
    };
    form.drawWhen(false);
    return foot;
  };

  const quiet = (text, act, more) => store.button(text, act, { class: "link", ...more });

  store.fillFoot = function (form, foot, slip) {
    const { draft, desk } = form;
    foot.lines.replaceChildren(...(slip.lines.length ? slip.lines.map((line) => lineSaid(desk, line)) : [make("li", { class: "muted" }, store.t("store.slip_empty"))]));
    const giver = store.giver(desk);
    const moment = slip.problem ? "" : store.moment(slip.at);
    foot.meta.replaceChildren(
      draft.recipient && form.kind !== "write_off" ? make("span", {}, store.t(`store.for_${form.kind}`, { person: store.personSaid(draft.recipient) })) : "",
      make("span", {}, store.t("store.given_by", { name: giver || store.t("store.pin_needed") }), " ", quiet(store.t("store.change"), form.changeGiver, { "aria-label": store.t("store.who_gives") })),
      make("span", {}, draft.when ? moment : store.t("store.now_moment", { moment }), " ", draft.when ? "" : quiet(store.t("store.from_paper"), () => form.drawWhen(true))));
    foot.go.textContent = slip.lines.length ? store.tn(`store.go_${form.kind}`, slip.lines.length) : store.t(`store.go_${form.kind}_none`);
    foot.go.disabled = !desk.writes;
    if (foot.field) foot.field.wrong(slip.problem || null);
  };
})(window.tandem.store);
