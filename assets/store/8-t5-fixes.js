// What keeps DHIS2 from holding what stores record, and is the administrator's to change: shown first, then done.
(function (store) {
  const { make } = window.tandem;
  const EVERY_MS = 400;
  const TRIES = 150; // a minute: the worker asks DHIS2, and changes object by object
  const SHOWN = 8;
  const PATH = "/api/v1/store/fixes";

  const rest = (milliseconds) => new Promise((done) => { window.setTimeout(done, milliseconds); });
  const inLanguage = (path) => `${path}?lang=${document.documentElement.lang}`;

  // Have the worker look, or do it, and wait for what it says.
  const worked = async function (fix, apply) {
    let told = await store.post(inLanguage(PATH), { fix, apply });
    for (let tries = 0; tries < TRIES && ["queued", "running"].includes(told.status); tries += 1) {
      await rest(EVERY_MS);
      told = await store.ask(inLanguage(`${PATH}/${told.id}`));
    }
    if (told.status === "done") return told;
    throw new store.Trouble("failed", 0, [told.problem, told.remedy].filter(Boolean).join(" ") || store.t("store.fix_waits"));
  };

  const value = (what) => (typeof what === "boolean" ? store.t(what ? "store.fix_yes" : "store.fix_no") : String(what));
  const changeSaid = (change) => make("li", {}, make("b", {}, change.name), " · ",
    store.t("store.fix_change", { property: store.t(`store.fix_property_${change.property}`), before: value(change.before), after: value(change.after) }));

  const shown = function (changes) {
    const more = changes.length - SHOWN;
    const list = (rows) => make("ul", { class: "store-changes" }, rows.map(changeSaid));
    return [make("p", {}, store.tn("store.fix_changes", changes.length)), list(changes.slice(0, SHOWN)),
      more > 0 ? make("details", {}, make("summary", {}, store.tn("store.fix_more", more)), list(changes.slice(SHOWN))) : ""];
  };

  const run = async function (fix, place, again) {
    const say = (kind, text) => place.replaceChildren(make("p", { class: `notice ${kind}`, role: kind === "warning" ? "alert" : "status" }, text));
    try {
      say("", store.t("store.fix_looking"));
      const { changes } = await worked(fix, false);
      if (!changes.length) { say("good", store.t("store.fix_nothing")); return; }
      place.replaceChildren();
      const sure = await store.dialog(store.t(`store.fix_${fix}`), shown(changes),
        [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.fix_do"), value: true, primary: true }]);
      if (!sure) return;
      say("", store.t("store.fix_doing"));
      const done = await worked(fix, true);
      again(store.tn("store.fix_done", done.changes.length));
    } catch (trouble) {
      if (!(trouble instanceof store.Trouble)) throw trouble;
      say("warning", trouble.detail || store.t(`store.trouble_${trouble.kind}`));
    }
  };

  // The buttons of the fixes that the server offers to this person; `again` is told what one came to.
  store.fixesPart = function (fixes, again) {
    if (!fixes.length) return "";
    const place = make("div", { id: "store-fix-said" });
    return make("div", { class: "store-fixes" }, make("p", {}, store.t("store.fix_lead")),
      make("div", { class: "store-choices" }, fixes.map((fix) => store.button(store.t(`store.fix_${fix}`), () => run(fix, place, again), { "data-fix": fix }))), place);
  };
})(window.tandem.store);
