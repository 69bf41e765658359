// Order: the month's form with what the ledger says, a quantity to order with its sum, sent and completed by a person.
(function (store) {
  const { make } = window.tandem;
  const TAB = "order";
  const MONTH_DAYS = 30.4375;
  const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);

  // What to order of an item so that it lasts from today until the delivery after the next: expected use and what is
  // kept in case more is asked, less what is here. Null where use or balance is not known.
  store.orderSuggested = function (item, balance, daysToDelivery) {
    if (!known(item.expected_daily) || !known(balance) || daysToDelivery === null) return null;
    const days = Math.round(Math.max(0, daysToDelivery) + MONTH_DAYS);
    const first = (series) => (Array.isArray(series) && series.length ? series[0] : null);
    const [reserve, needed] = [first(item.reserve), first(item.needed)];
    const spare = known(reserve) && known(needed) ? Math.max(0, Math.round(reserve - needed)) : 0;
    const use = Math.ceil(item.expected_daily * days);
    return { days, use, spare, balance, packs: Math.max(0, use + spare - Math.max(0, balance)) };
  };

  const sumSaid = (sum) => (sum ? store.t("store.order_sum", { days: store.number(sum.days), use: store.number(sum.use), spare: store.number(sum.spare), here: store.number(Math.max(0, sum.balance)), packs: store.number(sum.packs) })
    : store.t("store.order_no_sum"));

  const figure = (value, key) => make("div", { class: "store-balance" }, make("b", {}, store.number(value)), make("small", {}, store.t(key)));

  const rowOf = function (form, line) {
    const { desk, draft } = form;
    const item = desk.item(line.item) || { id: line.item, name: line.name, pack: "" };
    const sum = store.orderSuggested(item, desk.balance(line.item), form.days);
    const typed = draft.ordered[line.item];
    const input = store.quantityInput(store.t("store.order_of", { item: item.name }), typed === undefined ? (known(line.ordered) ? String(line.ordered) : "") : typed, (text) => { draft.ordered[line.item] = text; form.edited(); });
    input.classList.add("store-ordered");
    const problem = make("p", { class: "store-problem", id: `${input.id}-problem`, hidden: "" });
    input.setAttribute("aria-describedby", problem.id);
    const take = sum ? store.button(store.t("store.order_take", { packs: store.number(sum.packs) }), () => { input.value = String(sum.packs); input.dispatchEvent(new Event("input")); }, { class: "quiet", "aria-label": store.t("store.order_take_of", { packs: store.number(sum.packs), item: item.name }) }) : "";
    const element = make("li", { class: "store-item", "data-item": line.item }, make("div", { class: "store-line-of-item" },
      make("div", { class: "store-name" }, make("b", {}, item.name), make("small", {}, item.pack || "")), figure(line.consumed, "store.order_consumed"), figure(line.closing, "store.order_closing"),
      make("div", { class: "store-end" }, take, store.captioned(store.t("store.order_ordered"), input))), make("div", { class: "store-below" }, problem, make("small", { class: "muted" }, sumSaid(sum))));
    return { id: line.item, element, input, problem, sum };
  };

  const read = function (form) {
    const lines = form.rows.map((row) => ({ row, ...store.readQuantity(row.input.value) }));
    lines.forEach(({ row, problem }) => store.wrong(row.input, row.problem, problem || null));
    return { lines, wrong: lines.filter((line) => line.problem), ordered: Object.fromEntries(lines.filter((line) => line.value !== null && line.value !== undefined).map((line) => [line.row.id, line.value])) };
  };

  const foot = function (form) {
    const found = read(form);
    form.foot.said.replaceChildren(make("li", {}, make("b", {}, store.tn("store.order_lines", Object.keys(found.ordered).length)), ` · ${store.t("store.order_blank")}`),
      form.told && form.told.asked_at ? make("li", {}, store.t(form.told.completed_at ? "store.order_completed" : "store.order_asked", { moment: store.moment(form.told.completed_at || form.told.asked_at) })) : "");
    form.foot.go.textContent = store.t("store.order_send");
    form.foot.go.disabled = !form.desk.writes;
    form.complete.disabled = !form.desk.writes;
  };

  const send = async function (form, complete) {
    if (form.busy) return;
    const found = read(form);
    if (found.wrong.length) { form.foot.wrong(store.tn("store.lines_wrong_count", found.wrong.length)); found.wrong[0].row.input.focus(); return; }
    if (!complete && !Object.keys(found.ordered).length) { form.foot.wrong(store.t("store.order_nothing")); return; }
    if (complete && !(await store.dialog(store.t("store.order_complete_title", { month: store.monthSaid(form.draft.month) }), make("p", {}, store.t("store.order_complete_lead")),
      [{ text: store.t("store.doubt_back"), value: false }, { text: store.t("store.order_complete"), value: true, primary: true }]))) return;
    form.busy = true;
    try {
      await store.send(); // what waits is part of the month
      const told = await store.post(store.pathOf(form.desk, "/order", {}), { month: form.draft.month, ordered: found.ordered, complete });
      await form.desk.dropDraft(TAB);
      form.draft.ordered = {};
      form.foot.wrong("");
      form.said.replaceChildren(make("p", { class: "notice good", role: "status" }, store.t(complete ? "store.order_sent_complete" : "store.order_sent")));
      draw(form, { told, fresh: true });
    } catch (trouble) {
      if (!(trouble instanceof store.Trouble)) throw trouble;
      form.foot.wrong(`${store.t("store.order_not_sent")} ${trouble.detail && trouble.kind === "failed" ? trouble.detail : store.t(`store.trouble_${trouble.kind}`)}`);
    } finally {
      form.busy = false;
    }
  };

  const draw = function (form, answer) {
    form.told = answer.told;
    form.days = form.desk.reference.next_delivery ? store.daysTo(form.desk.reference.next_delivery) : null;
    const stale = store.staleSaid(answer);
    if (stale) form.said.replaceChildren(make("p", { class: "notice warning" }, stale));
    const lines = answer.told ? answer.told.lines : form.desk.items().map((item) => ({ item: item.id, name: item.name, consumed: null, closing: null, ordered: null }));
    form.rows = lines.map((line) => rowOf(form, line));
    form.list.replaceChildren(...form.rows.map((row) => row.element));
    foot(form);
  };

  const load = async (form) => draw(form, await store.remembered(form.desk, `order ${form.draft.month}`, store.pathOf(form.desk, "/order", { month: form.draft.month })));

  const monthPart = function (form) {
    const now = store.monthOf(new Date());
    const rows = [now, store.monthBefore(now)].map((month) => ({ value: month, text: store.monthSaid(month) }));
    const choose = (month) => { form.draft = { month, ordered: {} }; form.said.replaceChildren(); form.top.replaceChildren(...monthPart(form)); form.edited(); load(form); };
    const all = () => { form.rows.filter((row) => row.sum && row.input.value === "").forEach((row) => { row.input.value = String(row.sum.packs); form.draft.ordered[row.id] = row.input.value; }); form.edited(); };
    return [make("div", { class: "store-people" }, make("b", {}, store.t("store.order_month")), store.choices(store.t("store.order_month"), rows, form.draft.month, choose),
      store.button(store.t("store.order_all"), all, { id: "order-all" }))];
  };

  store.tabs.push({
    name: TAB,
    title: "store.tab_order",
    open: async function (desk, place) {
      const kept = await desk.draft(TAB);
      const form = { desk, draft: { month: store.monthOf(new Date()), ordered: {}, ...kept }, rows: [], top: make("div", { class: "store-top" }), said: make("div", {}), differences: make("div", {}), list: make("ul", { class: "store-items panel store-tight", "aria-label": store.t("store.items") }) };
      form.edited = () => { form.foot.wrong(""); foot(form); desk.keepDraft(TAB, form.draft); };
      form.foot = store.sheetFoot(() => send(form, false));
      form.complete = store.button(store.t("store.order_complete"), () => send(form, true), { id: "order-complete" });
      form.foot.go.before(form.complete);
      form.top.replaceChildren(...monthPart(form));
      store.onward(form.list, ".store-ordered");
      place.replaceChildren(form.top, form.said, form.differences, make("div", {}, store.headOf(["store.order_ordered"]), form.list), form.foot.element);
      await load(form);
      store.drawDifferences(desk, form.differences);
      return { refresh: () => foot(form), confirm: () => send(form, false), close: () => {} };
    },
  });
})(window.tandem.store);
