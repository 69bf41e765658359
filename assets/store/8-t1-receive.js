// Receive: a whole delivery note on one screen, from the depot or from a store nearby; only differences are typed.
(function (store) {
  const { make } = window.tandem;
  const TAB = "receive";

  // The newest order that is known, of this month or the two before: {month, ordered: {item: packs}} or null.
  const lastOrder = async function (desk) {
    const now = store.monthOf(new Date());
    for (const month of [now, store.monthBefore(now), store.monthBefore(now, 2)]) {
      const answer = await store.remembered(desk, `order ${month}`, store.pathOf(desk, "/order", { month }));
      const ordered = Object.entries((answer.told || {}).ordered || {}).filter(([, packs]) => packs > 0);
      if (ordered.length) return { month, ordered: Object.fromEntries(ordered) };
    }
    return null;
  };

  const arriving = (desk) => (desk.reference.open_transfers || []).filter((each) => each.destination === desk.unit.id && each.open > 0
    && !desk.entries.some((entry) => entry.state === "open" && entry.movement.transfer === each.id));

  const sourcesOf = function (desk) {
    const from = new Map();
    arriving(desk).forEach((each) => from.set(each.origin, [...(from.get(each.origin) || []), each]));
    return from;
  };

  const blank = (draft) => draft.lines.every((line) => !line.came && !line.lot && !line.damaged && !line.rest.length);

  const linesOf = function (form) {
    const { draft, desk } = form;
    if (draft.source) {
      const sent = sourcesOf(desk).get(draft.source) || [];
      // A second transfer of the same item is received after the first: each is settled by itself.
      const first = sent.filter((each, index) => desk.item(each.item) && sent.findIndex((other) => other.item === each.item) === index);
      return first.map((each) => ({
        ...store.emptyArrival(each.item), listed: String(each.open), transfer: each.id, origin: each.origin }));
    }
    return desk.items().map((item) => ({ ...store.emptyArrival(item.id), listed: String(((form.order || {}).ordered || {})[item.id] || "") }));
  };

  const topPart = function (form) {
    const { desk, draft } = form;
    const from = sourcesOf(desk);
    const rows = [{ value: "", text: store.t("store.receive_depot"), small: form.order ? store.t("store.receive_ordered", { month: store.monthSaid(form.order.month) }) : store.t("store.receive_no_order") },
      ...[...from.values()].map((sent) => ({ value: sent[0].origin, text: sent[0].origin_name || sent[0].origin, small: store.tn("store.receive_on_the_way", sent.length) }))];
    const choose = (value) => { draft.source = value; draft.lines = linesOf(form); form.draw(); form.edited(); };
    const number = store.field(store.t("store.receive_document"), make("input", { type: "text", maxlength: 40, autocomplete: "off", id: "receive-document" }));
    number.input.value = draft.document;
    number.input.addEventListener("input", () => { draft.document = number.input.value; form.edited(); });
    form.when = store.whenField(draft, () => form.edited());
    return [make("div", { class: "store-people" }, make("b", {}, store.t("store.receive_from")), store.choices(store.t("store.receive_from"), rows, draft.source, choose)),
      make("div", { class: "store-more" }, number.element, form.when.element, store.button(store.t("store.receive_all"), () => form.all(), { id: "receive-all" }))];
  };

  const mark = function (form, strict) {
    const read = store.readDelivery(form.draft);
    read.all.forEach((line) => { const parts = form.parts.get(line.item); if (parts) store.markArrival(form, parts, line, strict); });
    const packs = read.lines.reduce((sum, line) => sum + (line.came || 0), 0);
    form.foot.said.replaceChildren(make("li", {}, make("b", {}, store.tn("store.receive_lines", read.lines.length)), ` · ${store.packs(packs)}`),
      ...(read.left ? [make("li", { class: "muted" }, store.tn("store.receive_left", read.left))] : []),
      ...read.lines.filter((line) => line.short || line.over || line.damaged).map((line) => make("li", {}, store.t("store.history_row", { what: form.desk.item(line.item).name, item: form.parts.get(line.item).change.textContent }))));
    form.foot.meta.replaceChildren(store.givenBy(form.desk, () => form.edited()));
    form.foot.go.textContent = read.lines.length ? store.tn("store.receive_go", read.lines.length) : store.t("store.receive_go_none");
    form.foot.go.disabled = !form.desk.writes;
    if (form.when) form.when.wrong(read.problems.when || null);
    const wrong = read.lines.filter((line) => Object.keys(line.problems).length).length;
    form.foot.wrong(strict ? [...Object.values(read.problems).map((key) => store.t(key)), wrong ? store.tn("store.lines_wrong_count", wrong) : ""].filter(Boolean).join(" ") : "");
    return read;
  };

  const firstWrong = function (form, read) {
    const line = read.lines.find((each) => Object.keys(each.problems).length);
    if (!line) return;
    const parts = form.parts.get(line.item);
    const name = Object.keys(line.problems)[0];
    form.list.show(line.item);
    (name === "why" ? parts.whyField.input : (parts[name] || parts.came).input).focus();
  };

  const surely = function (form, read) {
    if (!read.left) return true;
    return store.dialog(store.t("store.receive_left_title"), make("p", {}, store.tn("store.receive_left_asked", read.left)), [
      { text: store.t("store.doubt_back"), value: false, primary: true }, { text: store.t("store.receive_left_go_on"), value: true }]);
  };

  const confirming = async function (form) {
    if (form.busy || !form.desk.writes) return;
    form.busy = true;
    try {
      const read = mark(form, true);
      if (!read.ready) { firstWrong(form, read); return; }
      if (!(await surely(form, read))) return;
      const by = await store.giverForSlip(form.desk);
      if (!by) return;
      const number = await store.slipNumber();
      const movements = store.arrivalsOf(read, form.draft, { unit: form.desk.unit.id, by, document: number });
      await store.keepSheet(form.desk, movements, { kind: TAB, number: form.draft.document.trim() || number, by, at: read.at });
      await form.desk.dropDraft(TAB);
      form.order = null;
      form.draft = store.emptyDelivery();
      await form.desk.load();
      form.draft.lines = linesOf(form);
      form.draw();
    } finally {
      form.busy = false;
    }
  };

  const build = function (desk, place, draft) {
    const form = { desk, parts: new Map(), order: null, draft: { ...store.emptyDelivery(), ...draft }, top: make("div", { class: "store-top" }) };
    form.edited = () => { mark(form, false); desk.keepDraft(TAB, form.draft); };
    form.lineOf = (id) => form.draft.lines.find((line) => line.item === id);
    form.redraw = function (line) { form.parts.set(line.item, store.drawArrival(form, line, form.list.rows.get(line.item))); form.edited(); };
    form.all = function () {
      form.draft.lines.forEach((line) => { if (!line.came && !line.rest.length && store.readQuantity(line.listed).value !== null) { line.came = line.listed; form.parts.get(line.item).came.input.value = line.listed; } });
      form.edited();
      store.say(store.tn("store.receive_lines", store.readDelivery(form.draft).lines.length));
    };
    form.draw = function () {
      form.parts.clear();
      const shown = new Set(form.draft.lines.map((line) => line.item));
      form.list = store.itemList({ ...desk, items: () => desk.items().filter((each) => shown.has(each.id)) }, {
        label: store.t("store.items"), advice: false, idle: () => form.foot.go.focus(),
        pick: (item) => { form.list.show(item.id); form.parts.get(item.id).came.input.focus(); } });
      form.draft.lines.forEach((line) => form.parts.set(line.item, store.drawArrival(form, line, form.list.rows.get(line.item))));
      form.list.body.classList.add("store-tight");
      form.list.body.before(store.headOf(["store.receive_listed", "store.receive_came"]));
      store.onward(form.list.element, ".store-came");
      form.top.replaceChildren(...topPart(form));
      place.replaceChildren(form.top, form.list.element, form.foot.element);
      mark(form, false);
    };
    form.foot = store.sheetFoot(() => confirming(form));
    return form;
  };

  // Prefilled once it is known what was ordered, as long as nothing was typed. The lines stay the same ones: who is
  // in a field already types into them.
  const prefill = async function (form) {
    form.order = await lastOrder(form.desk);
    if (form.order && !form.draft.source && blank(form.draft)) {
      linesOf(form).filter((ordered) => ordered.listed).forEach(({ item, listed }) => {
        const line = form.lineOf(item);
        if (!line || line.listed) return;
        line.listed = listed;
        form.parts.get(item).listed.input.value = listed;
      });
    }
    if (form.order && !document.activeElement.closest("#store-tab input")) form.draw();
  };

  store.tabs.push({
    name: TAB,
    title: "store.tab_receive",
    open: async function (desk, place) {
      const form = build(desk, place, await desk.draft(TAB));
      form.draft.lines = form.draft.lines.filter((line) => desk.item(line.item));
      if (!form.draft.source) linesOf(form).filter((line) => !form.lineOf(line.item)).forEach((line) => form.draft.lines.push(line));
      form.draw();
      if (!desk.practice) prefill(form);
      return {
        refresh: function () { form.list.refresh(); form.list.rows.forEach((row) => row.status.replaceChildren(store.statusChip(desk.statusOf(row.item, desk.balance(row.item.id))))); mark(form, false); },
        confirm: () => confirming(form),
        unscanned: function (item, read) {
          const line = form.lineOf(item.id);
          if (!line) return;
          if (line.lot === read.lot) line.lot = "";
          if (line.expiry === read.expiry) line.expiry = "";
          form.redraw(line);
        },
        scanned: function (item, read) {
          const line = form.lineOf(item.id);
          if (!line) return;
          line.lot = line.lot || read.lot || "";
          line.expiry = line.expiry || read.expiry || "";
          form.list.show(item.id);
          form.redraw(line);
          form.parts.get(item.id).came.input.focus();
        },
      };
    },
  });
})(window.tandem.store);
