// What waits on this device and what was refused: shown in words, dealt with, taken out to a file, brought in.
(function (store) {
  const { make } = window.tandem;
  const { db } = store;
  const FORMAT = "tandem-desk-entries";

  const stateOf = function (entry) {
    if (entry.state === "open" && entry.answer) return store.t("store.state_stuck");
    if (entry.state === "open" && entry.tried) return store.t("store.state_tried");
    return store.t(`store.state_${entry.state}`);
  };

  const problemOf = function (entry) {
    const problem = (entry.answer || {}).problem;
    if (!problem) return entry.state === "conflict" ? store.t("store.conflict_remedy") : "";
    return typeof problem === "string" ? problem : [problem.what || problem.detail, problem.remedy].filter(Boolean).join(" ");
  };

  store.movementSaid = (movement, words) => store.t("store.entry_said", {
    kind: store.t(`store.kind_${movement.kind}`), packs: store.packs(movement.packs), item: (words || {}).item || movement.item,
  });

  const rowOf = (entry, act) => make("li", { class: `store-entry ${entry.state}` },
    make("div", {}, make("b", {}, store.movementSaid(entry.movement, entry.words)),
      make("small", {}, [store.moment(Date.parse(entry.movement.occurred_at) || entry.kept_at), (entry.words || {}).recipient, entry.user].filter(Boolean).join(" · "))),
    make("div", {}, stateOf(entry), problemOf(entry) ? make("p", { class: "store-problem" }, problemOf(entry)) : null), act || null);

  const dealtWith = (entry) => db.put("entries", { ...entry, dealt_at: Date.now() }).then(() => store.changed("entries"));

  // Everything of every user that the server has not taken, as a file that another device can bring in.
  store.exportEntries = async function () {
    const entries = (await db.all("entries")).filter((each) => each.state === "open");
    const content = { format: FORMAT, version: 1, device: await store.device(), written_at: store.withOffset(Date.now()),
      entries: entries.map(({ user, movement, words }) => ({ user, movement, words })) };
    const link = make("a", {
      href: URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" })),
      download: `tandem-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.json`,
    });
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    return entries.length;
  };

  // Send a file's entries under whoever is signed in here; the server knows those that have come already.
  store.importEntries = async function (file) {
    let content = null;
    try { content = JSON.parse(await file.text()); } catch (broken) { /* said below */ }
    if (!content || content.format !== FORMAT || !Array.isArray(content.entries) || !content.entries.every((each) => each && each.movement)) throw new store.Trouble("failed", 0, store.t("store.import_broken"));
    const results = [];
    for (let start = 0; start < content.entries.length; start += 100) {
      const movements = content.entries.slice(start, start + 100).map((each) => each.movement);
      const told = await store.post("/api/v1/movements", { device: content.device, device_now: store.withOffset(Date.now()), movements });
      results.push(...told.results);
    }
    return content.entries.map((entry, index) => ({ ...entry, state: results[index].status, answer: results[index] }));
  };

  const importing = function (place) {
    const input = make("input", { type: "file", accept: "application/json,.json", class: "visually-hidden", id: "store-import", tabindex: "-1" });
    input.addEventListener("change", async () => {
      if (!input.files.length) return;
      try {
        const done = await store.importEntries(input.files[0]);
        const taken = done.filter((each) => ["accepted", "duplicate"].includes(each.state)).length;
        place.replaceChildren(make("p", { class: "notice good" }, store.tn("store.imported", taken, { of: store.number(done.length) })),
          make("ul", { class: "store-entries" }, done.filter((each) => !["accepted", "duplicate"].includes(each.state)).map((each) => rowOf(each))));
      } catch (trouble) {
        if (!(trouble instanceof store.Trouble)) throw trouble;
        place.replaceChildren(make("p", { class: "notice warning" }, trouble.detail || store.t(`store.trouble_${trouble.kind}`)));
      }
      input.value = ""; // the same file may be chosen again
      store.send(true);
    });
    return [input, store.button(store.t("store.import"), () => input.click())];
  };

  // The list over the page.
  store.showEntries = async function (desk) {
    const entries = (await db.all("entries")).sort((one, other) => one.seq - other.seq);
    const shown = entries.filter((each) => each.state === "open" || (["rejected", "conflict"].includes(each.state) && !each.dealt_at));
    const list = make("ul", { class: "store-entries", tabindex: "0", "aria-label": store.t("store.entries_title") }, shown.map((entry) => {
      if (entry.user !== desk.who.username) return rowOf(entry);
      const act = entry.state === "open"
        ? store.button(store.t("store.take_back"), async (event) => { await store.undo([entry.id], desk.who); event.target.closest("li").remove(); store.send(); })
        : store.button(store.t("store.dealt_with"), async (event) => { await dealtWith(entry); event.target.closest("li").remove(); });
      return rowOf(entry, act);
    }));
    const place = make("div", { role: "status" });
    const tools = make("div", { class: "store-actions" },
      store.button(store.t("store.send_now"), () => store.send(true)),
      store.button(store.t("store.export"), () => store.exportEntries()), ...importing(place));
    const body = [make("p", { class: "muted" }, store.t("store.entries_lead")), shown.length ? list : make("p", {}, store.t("store.nothing_waits")), place, tools];
    await store.dialog(store.t("store.entries_title"), body, [{ text: store.t("store.close"), value: true, primary: true }]);
  };
})(window.tandem.store);
