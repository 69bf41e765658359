// A slip: dispensed, returned or written off. One form for the three; what differs hangs on its kind.
(function (store) {
  const { make } = window.tandem;
  const REASONS = ["expired", "damaged", "missing", "other"];

  const reasonPart = function (form) {
    const choose = (value) => { form.draft.reason = value; form.edited(); form.drawTop(); };
    const note = store.field(store.t("store.note"), make("input", { type: "text", maxlength: 150, class: "wide", autocomplete: "off" }));
    note.input.value = form.draft.note;
    note.input.addEventListener("input", () => { form.draft.note = note.input.value; form.edited(); });
    form.noteField = note;
    return [make("div", { class: "store-people" }, make("b", {}, store.t("store.why_written_off")),
      store.choices(store.t("store.why_written_off"), REASONS.map((each) => ({ value: each, text: store.t(`store.cause_${each}`) })), form.draft.reason, choose)), note.element];
  };

  const topPart = function (form) {
    if (form.kind === "write_off") return reasonPart(form);
    const choose = (person) => { form.draft.recipient = person; form.edited(); form.drawTop(); form.list.search.focus(); };
    return [store.peopleRow(form.desk, store.t(`store.who_${form.kind}`), form.draft.recipient, choose)];
  };

  const problemsSaid = function (form, slip) {
    const keys = Object.values(slip.problems);
    const wrong = slip.lines.filter((line) => Object.keys(line.problems).length);
    if (wrong.length) keys.push("store.lines_wrong");
    return keys.map((key) => store.t(key)).join(" ");
  };

  const focusFirstProblem = function (form, slip) {
    const wrong = slip.lines.find((line) => Object.keys(line.problems).length);
    if (slip.problems.recipient || slip.problems.reason) (form.top.querySelector("button") || form.go).focus();
    else if (wrong) { form.list.show(wrong.item); form.parts.get(wrong.item)[wrong.problems.given ? "input" : "asked"].focus(); }
    else if (slip.problems.note) form.noteField.input.focus();
    else if (!slip.lines.length) form.list.search.focus();
  };

  const doubtSaid = (form, doubt) => store.t(doubt.key === "below" && doubt.line.before <= 0 ? "store.doubt_none" : `store.doubt_${doubt.key}`, {
    item: form.desk.item(doubt.line.item).name, packs: store.packs(doubt.packs === undefined ? doubt.line.packs : doubt.packs),
    at: doubt.at ? store.clock(doubt.at) : "", person: form.draft.recipient ? form.draft.recipient.name : "",
    balance: store.number(doubt.line.before), usual: store.number(doubt.usual),
  });

  const surely = async function (form, slip) {
    const doubts = store.doubts(slip, form.draft, form.desk.entries);
    if (!doubts.length) return true;
    return store.dialog(store.t("store.doubt_title"), make("ul", { class: "store-doubts" }, doubts.map((each) => make("li", {}, doubtSaid(form, each)))), [
      { text: store.t("store.doubt_back"), value: false, primary: true }, { text: store.t("store.doubt_go_on"), value: true },
    ]);
  };

  const kept = async function (form, slip, by) {
    const { desk, draft } = form;
    const number = `${(await store.device()).slice(0, 4).toUpperCase()}-${Date.now().toString(36).toUpperCase()}`;
    const person = store.recipientSent(desk, draft.recipient);
    const movements = store.movementsOf(slip, { ...draft, recipient: person }, { unit: desk.unit.id, by, document: number });
    const words = slip.lines.map((line) => ({ item: desk.item(line.item).name, recipient: draft.recipient ? store.personSaid(draft.recipient) : "" }));
    // The words of who collects stay with the entry, so that the device knows them before the server does.
    if (draft.recipient) movements.forEach((each) => { each.recipient = { ...person }; });
    const entries = await (desk.keepEntries || store.keepEntries)(movements, { user: desk.who.username, slip: number, words });
    store.gaveNow();
    return { number, entries, slip, by, recipient: draft.recipient, kind: form.kind, at: slip.at };
  };

  const confirming = async function (form) {
    if (form.busy || !form.desk.writes) return;
    form.busy = true;
    try {
      const slip = form.read();
      form.mark(slip, true);
      if (!slip.ready) { focusFirstProblem(form, slip); return; }
      if (!(await surely(form, slip))) return;
      const by = await store.giverForSlip(form.desk);
      if (!by) return;
      const done = await kept(form, slip, by);
      await form.clear();
      store.slipDone(form.desk, done);
      store.sendSoon(store.UNDO_MS + 100);
    } finally {
      form.busy = false;
    }
  };

  // Build the form for a kind into a place.
  store.slipForm = function (desk, kind, place, draft) {
    const form = { desk, kind, draft: { ...store.emptySlip(), ...draft }, parts: new Map(), top: make("div", { class: "store-top" }),
      above: make("p", { class: "store-problem", hidden: "" }) };
    const known = (line) => Boolean(desk.item(line.item));
    form.draft.lines = form.draft.lines.filter(known);
    form.read = () => store.readSlip(form.draft, kind, desk.balance);
    form.mark = function (slip, strict) {
      slip.lines.forEach((line) => store.markLine(form.parts.get(line.item), line, strict));
      store.fillFoot(form, form.foot, slip);
      const words = strict ? problemsSaid(form, slip) : "";
      form.foot.problem.textContent = words;
      form.foot.problem.hidden = !words;
      // On a telephone the foot is out of sight when one is led back to who collects, or why.
      const above = strict && (slip.problems.recipient || slip.problems.reason);
      form.above.textContent = above ? store.t(above) : "";
      form.above.hidden = !above;
    };
    form.edited = function () { form.mark(form.read(), false); desk.keepDraft(kind, form.draft); };
    form.explain = function (id) {
      if (kind !== "dispense") return;
      const [lead, rest] = store.adviceSaid(desk.item(id), desk.balance(id), desk.advice(desk.item(id), desk.balance(id)), desk.reference);
      form.parts.forEach((parts, each) => {
        parts.why.hidden = each !== id;
        if (each === id) parts.why.replaceChildren(make("b", {}, lead), ` ${rest}`);
      });
    };
    form.pick = function (item) {
      let line = form.draft.lines.find((each) => each.item === item.id);
      if (!line) {
        line = { item: item.id, given: "", asked: "", lot: "", expiry: "" };
        form.draft.lines.push(line);
        form.parts.set(item.id, store.drawLineOf(form, line));
      }
      form.list.show(item.id);
      form.edited();
      const { input } = form.parts.get(item.id);
      input.focus();
      form.list.rows.get(item.id).element.scrollIntoView({ block: "nearest" });
      return line;
    };
    form.drop = function (id) {
      form.draft.lines = form.draft.lines.filter((each) => each.item !== id);
      form.parts.delete(id);
      store.clearLineOf(form, id);
      form.edited();
      form.list.search.focus();
    };
    form.keys = function (event) {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      form.list.search.focus();
    };
    form.changeGiver = async () => { if (await store.chooseGiver(desk)) form.edited(); };
    form.confirm = () => confirming(form);
    form.drawTop = function () { form.top.replaceChildren(...topPart(form)); };
    form.clear = async function () {
      const ids = form.draft.lines.map((each) => each.item);
      form.draft = store.emptySlip();
      await desk.dropDraft(kind);
      await desk.load();
      ids.forEach((id) => store.clearLineOf(form, id));
      form.parts.clear();
      form.drawWhen(false);
      form.mark(form.read(), false);
      form.drawTop();
      (form.top.querySelector("button") || form.list.search).focus();
    };
    // Who was served last comes first; the button that has the focus keeps it, and a note that is being typed its field.
    const redrawPeople = function () {
      const { key } = form.top.contains(document.activeElement) ? document.activeElement.dataset : {};
      form.drawTop();
      const same = key && form.top.querySelector(`[data-key="${key}"]`);
      if (same) same.focus();
    };
    form.refresh = function () {
      form.list.refresh();
      if (kind !== "write_off") redrawPeople();
      form.mark(form.read(), false);
    };
    form.list = store.itemList(desk, { label: store.t("store.items"), advice: kind === "dispense", pick: form.pick, idle: () => form.foot.go.focus() });
    form.foot = store.slipFoot(form);
    form.list.rows.forEach((row, id) => store.clearLineOf(form, id));
    form.draft.lines.forEach((line) => form.parts.set(line.item, store.drawLineOf(form, line)));
    form.drawTop();
    place.replaceChildren(form.top, form.above, form.list.element, form.foot.element);
    form.mark(form.read(), false);
    return form;
  };
})(window.tandem.store);
