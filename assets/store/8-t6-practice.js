// Practice: the same forms on made-up stock that lives in this page alone. Nothing of it is kept, queued or sent.
(function (store) {
  const { make } = window.tandem;
  const ITEMS = [["oxytocin", 34, "store.practice_ampoules"], ["ors", 71, "store.practice_sachets"], ["zinc", 12, "store.practice_tablets"], ["amoxicillin", 40, "store.practice_tablets"]];

  const made = (kind, item, packs, more) => (entries) => entries.some((each) => each.state !== "undone" && each.movement.kind === kind && each.movement.item === item && (packs === null || each.movement.packs === packs) && (!more || more(each.movement)));

  // The five tasks: which form, what to do, and when it is done.
  const TASKS = [
    { name: "dispense", tab: "dispense", done: made("dispense", "oxytocin", 2) },
    { name: "undo", tab: "dispense", done: (entries) => entries.some((each) => each.state === "undone") },
    { name: "receive", tab: "receive", done: made("receive", "zinc", 30) },
    { name: "count", tab: "count", done: made("count", "ors", 70, (movement) => Boolean(movement.reason)) },
    { name: "write_off", tab: "write_off", done: made("write_off", "amoxicillin", 3) },
  ];

  const itemsMade = () => ITEMS.map(([id, balance, pack]) => ({ id, code: id, name: store.t(`store.practice_${id}`), pack: store.t(pack), programme: null, balance, carried: true, lots: [], expected_daily: 1, run_out: null }));

  // A desk like the real one, whose every keeping is in memory.
  const practiceDesk = function (real, changed) {
    const entries = [];
    const desk = { ...real, practice: true, writes: true, unit: { id: "practice", name: store.t("store.practice_store"), writes: true },
      reference: { items: itemsMade(), recipients: [{ id: "sister", name: "A. Kouassi", department: "maternity", used_at: "2026-01-01T08:00:00Z" }], departments: [{ id: "maternity", name: store.t("store.practice_maternity") }], open_transfers: [], next_delivery: null }, entries };
    const drafts = new Map();
    Object.assign(desk, {
      items: () => desk.reference.items,
      item: (id) => desk.reference.items.find((each) => each.id === id) || null,
      balance: (id) => store.balanceWith(desk.item(id).balance, entries, id),
      advice: () => ({ known: false }),
      statusOf: (_, balance) => (balance > 0 ? "enough" : "out"),
      draft: async (tab) => drafts.get(tab) || {},
      keepDraft: async (tab, draft) => { drafts.set(tab, draft); },
      dropDraft: async (tab) => { drafts.delete(tab); },
      load: async () => {},
      keepEntries: async function (movements, given) {
        const kept = movements.map((movement, index) => ({ id: movement.id || store.newId(), seq: entries.length + index + 1, state: "open", tried: 0, kept_at: Date.now(), effect: store.effect(movement), words: (given.words || [])[index], movement, user: "", unit: "practice" }));
        entries.push(...kept);
        changed();
        return kept;
      },
      undo: async function (ids) {
        const undone = entries.filter((each) => ids.includes(each.id) && each.state === "open");
        undone.forEach((each) => { each.state = "undone"; });
        changed();
        return { undone, reversed: [] };
      },
    });
    return desk;
  };

  const taskRow = (form, task, index) => {
    const done = form.finished.has(task.name);
    return make("li", { class: done ? "done" : "", "data-task": task.name }, make("span", {}, make("b", {}, done ? "✓ " : `${index + 1}. `), store.t(`store.practice_task_${task.name}`), done ? make("b", {}, ` ${store.t("store.practice_done")}`) : ""),
      done ? "" : store.button(store.t(`store.tab_${task.tab}`), () => form.open(task.tab, true), { class: "add" }));
  };

  const drawTasks = function (form) {
    TASKS.filter((task) => task.done(form.desk.entries)).forEach((task) => form.finished.add(task.name));
    form.tasks.replaceChildren(...TASKS.map((task, index) => taskRow(form, task, index)));
    form.all.hidden = form.finished.size < TASKS.length;
  };

  store.tabs.push({
    name: "practice",
    title: "store.tab_practice",
    bare: true,
    open: async function (real, place) {
      const form = { finished: new Set(), tasks: make("ol", { class: "store-tasks" }), inner: make("div", { class: "store-practice-form" }), all: make("p", { class: "notice good", role: "status", hidden: "" }, store.t("store.practice_all")), shown: null };
      form.desk = practiceDesk(real, () => { drawTasks(form); if (form.shown && form.shown.refresh) form.shown.refresh(); });
      form.open = async function (name, pressed) {
        if (form.shown && form.shown.close) form.shown.close();
        form.shown = await store.tabs.find((each) => each.name === name).open(form.desk, form.inner);
        if (pressed) form.inner.scrollIntoView({ block: "start" });
      };
      drawTasks(form);
      place.replaceChildren(make("div", { class: "store-practice" }, make("p", { class: "notice warning", id: "practice-mark" }, make("b", {}, store.t("store.practice_mark")), " ", store.t("store.practice_lead")),
        form.all, form.tasks, form.inner));
      await form.open("dispense");
      return { practice: true, refresh: () => {}, confirm: () => form.shown && form.shown.confirm && form.shown.confirm(), scanned: (item, read) => form.shown && form.shown.scanned && form.desk.item(item.id) && form.shown.scanned(item, read) };
    },
  });
})(window.tandem.store);
