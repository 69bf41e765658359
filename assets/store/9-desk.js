// The desk: who is here, which store, which tab; everything from the device first, then what the server says.
(function (store) {
  const { make } = window.tandem;
  const { db } = store;
  let shown = null; // what the open tab answers with

  const statusOf = function (item, balance, day) {
    if (balance === null || balance === undefined) return "unknown";
    if (item.carried === false && !balance) return "none";
    if (balance <= 0) return "out";
    const advice = store.advice(item, balance, day);
    if (!advice.known) return "unknown";
    return advice.safe > 0 ? "enough" : "low"; // low where nothing can go without risk: the words beside say so
  };

  const adviceDay = (reference) => {
    const told = reference.told_at ? new Date(reference.told_at) : new Date();
    const day = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
    return Math.max(0, Math.round((day(new Date()) - day(told)) / 86400000)); // a clock may have been set back
  };

  // What tabs work with: the store's facts, the person, and how entries and drafts are kept.
  const deskOf = function (who, unit) {
    const desk = { who, unit, writes: unit.writes !== false, reference: {}, entries: [] };
    desk.items = () => desk.reference.items || [];
    desk.item = (id) => desk.items().find((each) => each.id === id) || null;
    desk.balance = (id) => { const item = desk.item(id); return item ? store.balanceWith(item.balance, desk.entries, id) : null; };
    desk.advice = (item, balance) => store.advice(item, balance, adviceDay(desk.reference));
    desk.statusOf = (item, balance) => statusOf(item, balance, adviceDay(desk.reference));
    desk.place = (tab) => store.place(who, unit.id, tab);
    desk.draft = async (tab) => ((await db.get("drafts", desk.place(tab))) || {}).draft || {};
    // A draft that the device cannot keep still stands on the page; what matters is said when it is confirmed.
    desk.keepDraft = (tab, draft) => store.ifKept(db.put("drafts", { place: desk.place(tab), draft, kept_at: Date.now() }));
    desk.dropDraft = (tab) => db.remove("drafts", desk.place(tab));
    desk.load = async function () {
      [desk.reference, desk.entries] = [(await store.known(who, unit.id)) || {}, await store.entriesOf(who, unit.id)];
    };
    return desk;
  };

  const tabFromAddress = () => new URLSearchParams(window.location.search).get("tab");

  const address = function (changes) {
    const target = new URL(window.location.href);
    Object.entries(changes).forEach(([name, value]) => target.searchParams.set(name, value));
    // Back leads to the tab before, not off the desk.
    const another = changes.tab && tabFromAddress() && tabFromAddress() !== changes.tab;
    window.history[another ? "pushState" : "replaceState"]({}, "", target.href);
  };

  const openTab = async function (desk, tab) {
    address({ tab: tab.name });
    document.querySelectorAll("#store-tabs button").forEach((button) => {
      const on = button.dataset.tab === tab.name;
      button.classList.toggle("on", on);
      if (on) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    });
    const place = document.getElementById("store-tab");
    place.replaceChildren();
    store.closeDone();
    if (shown && shown.close) shown.close();
    shown = desk.items().length || tab.bare ? await tab.open(desk, place) : null;
    if (!shown) { // on its way, unless there is no network
      const comes = window.navigator.onLine;
      place.append(make("p", { class: comes ? "notice" : "notice warning" }, store.t(comes ? "store.being_loaded" : "store.nothing_known")));
    }
    place.setAttribute("aria-label", store.t(tab.title));
  };

  const placePicker = function (desk, stores) {
    const place = document.getElementById("store-place");
    const days = make("span", { class: "chip", id: "store-delivery" });
    if (stores.length < 2) { place.replaceChildren(make("b", {}, desk.unit.name), days); return; }
    const select = make("select", { "aria-label": store.t("store.which_store") }, stores.map((each) =>
      make("option", { value: each.id, selected: each.id === desk.unit.id ? "" : null }, each.name)));
    select.addEventListener("change", async () => {
      await store.keepUnit(desk.who, select.value);
      address({ unit: select.value });
      window.location.reload();
    });
    place.replaceChildren(select, days);
  };

  const drawFrame = function (desk, stores) {
    document.getElementById("person").textContent = desk.who.name;
    document.getElementById("store-title").textContent = store.t("store.title", { store: desk.unit.name });
    placePicker(desk, stores);
    const tabs = make("nav", { id: "store-tabs", class: "store-tabs", "aria-label": store.t("store.tabs") },
      store.tabs.map((tab) => store.button(store.t(tab.title), () => openTab(desk, tab), { "data-tab": tab.name })), store.cameraButton(heardBy(desk)), store.installButton());
    const looks = [desk.writes ? "" : make("p", { class: "notice" }, store.t("store.only_looking")),
      make("p", { class: "notice warning", id: "store-opening", role: "status", hidden: "" })];
    const holder = document.getElementById("store");
    holder.replaceChildren(tabs, ...looks, make("div", { id: "store-tab", class: "store-tab", role: "region" }));
    holder.removeAttribute("aria-busy");
    const here = document.querySelector(".rail [aria-current]");
    if (here) here.scrollIntoView({ block: "nearest", inline: "center" }); // the row of pages is wider than a telephone
  };

  // A store's first balances come from DHIS2; until they do, and where they cannot, it is said.
  const drawOpening = function (opening) {
    const place = document.getElementById("store-opening");
    place.hidden = !opening || Boolean(opening.opened_at);
    if (!place.hidden) place.textContent = [store.t("store.opening_waits"), opening.problem, opening.remedy].filter(Boolean).join(" ");
  };

  const redraw = async function (desk) {
    const [had, spoken] = [desk.items().length, desk.reference.language];
    await desk.load();
    // What was kept in another language is named anew once it came; what was entered is there as a draft.
    const renamed = had && spoken !== desk.reference.language;
    drawOpening(desk.reference.opening);
    store.shareCodes(desk);
    document.getElementById("store-delivery").textContent = desk.items().length
      ? store.untilDelivery(desk.reference.next_delivery).replace(/\.$/, "") : "";
    if (renamed || (!had && desk.items().length)) await openTab(desk, store.tabs.find((tab) => tab.name === tabFromAddress()) || store.tabs[0]);
    else if (shown && shown.refresh) shown.refresh();
    store.drawLine(desk);
  };

  // Changes come in bursts; one drawing after each burst, and one after the other.
  const redrawing = function (desk) {
    let waiting = false;
    let drawing = Promise.resolve();
    return (what) => {
      if (what === "link") { store.drawLine(desk); return; }
      if (what === "person") { introduced().then((told) => { if (told && told.person.username !== desk.who.username) window.location.reload(); }); return; }
      if (waiting) return;
      waiting = true;
      drawing = drawing.then(() => { waiting = false; return redraw(desk); });
    };
  };

  const keys = function () {
    document.addEventListener("keydown", (event) => {
      if (!shown || document.querySelector("dialog[open]")) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && shown.confirm) { event.preventDefault(); shown.confirm(); return; }
      if (!/^[1-8]$/.test(event.key) || event.target.closest("input, textarea, select") || !shown.choose || event.ctrlKey || event.altKey) return;
      window.setTimeout(() => { if (store.typedAlone()) shown.choose(Number(event.key)); }, store.SINGLE_KEY_MS);
    });
  };

  const backAndForth = (desk) => window.addEventListener("popstate", () => {
    const tab = store.tabs.find((each) => each.name === tabFromAddress());
    if (tab) openTab(desk, tab);
  });

  // What becomes of a code, whether a scanner typed it or the camera read it.
  const heardBy = (desk) => async function (code) {
    if (!shown || !shown.scanned) return;
    const read = store.readCode(code);
    if (read.problem) { store.say(store.t(read.problem)); await store.dialog(store.t("store.scan_failed"), make("p", {}, store.t(read.problem)), [{ text: store.t("store.close"), value: true, primary: true }]); return; }
    const item = (await store.itemScanned(desk, read)) || (shown.practice ? null : await store.linkCode(desk, read));
    if (!item) return;
    shown.scanned(item, read);
    if (!shown.practice) store.showCode(desk, shown, item, read);
  };

  // Whoever is known on this device, or asked of the server; null where neither knows anybody.
  const introduced = async function () {
    const known = await store.me();
    try {
      return await store.introduce();
    } catch (trouble) {
      if (!(trouble instanceof store.Trouble)) throw trouble;
      if (!known && trouble.kind === "ended") window.location.assign(`/login?next=${encodeURIComponent("/store")}`);
      if (!known && trouble.detail) nobody(null, trouble.detail);
      return known ? { person: known, stores: await store.stores() } : null;
    }
  };

  const nobody = (key, words) => {
    const holder = document.getElementById("store");
    if (!words && holder.querySelector(".notice")) return;
    holder.replaceChildren(make("p", { class: "notice warning" }, words || store.t(key)));
    holder.removeAttribute("aria-busy");
  };

  const begin = async function () {
    db.keep("language", document.documentElement.lang);
    store.installWorker();
    store.guardLeaving();
    const known = await store.me();
    const told = known ? { person: known, stores: await store.stores() } : await introduced();
    if (!told) { nobody("store.nobody_known"); return; }
    const unit = await store.chooseUnit(told.person, told.stores);
    if (!unit) { nobody("store.no_store"); return; }
    const desk = deskOf(told.person, unit);
    await store.keepUnit(told.person, unit.id);
    await desk.load();
    drawFrame(desk, told.stores);
    await openTab(desk, store.tabs.find((tab) => tab.name === tabFromAddress()) || store.tabs[0]);
    await redraw(desk);
    store.onChange(redrawing(desk));
    keys();
    backAndForth(desk);
    store.listenToScanner(heardBy(desk));
    store.tidy();
    await store.startSending(told.person, unit.id);
    if (known) checkWho(known, told.stores);
  };

  // Somebody else may have signed in since, or the person's stores may have changed: the desk begins anew.
  const checkWho = async function (known, stores) {
    const told = await introduced();
    if (!told) return;
    const ids = (rows) => rows.map((each) => `${each.id} ${each.writes}`).join();
    if (told.person.username !== known.username || ids(told.stores) !== ids(stores)) window.location.reload();
  };

  begin().catch((reason) => {
    if (!(reason instanceof store.Unkept)) throw reason;
    nobody("store.unkept_other");
  });
})(window.tandem.store);
