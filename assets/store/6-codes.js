// Which item a product's code means: said by a person, said anew when it was wrong, known to all devices of the store.
(function (store) {
  const { make } = window.tandem;
  const BETTER = "better codes"; // links that turned out wrong, and what is right: {code: {item, instead: version}}

  const keyOf = (read) => read.gtin || read.code;
  const ownCodes = async () => (await store.db.meta("codes")) || {};
  const betterCodes = async () => (await store.db.meta(BETTER)) || {};
  const toldOf = (desk, key) => (desk.reference.codes || []).find((each) => each.id === key);
  const holds = (told, better) => told && better && better.instead === told.version;

  // The item that a scanned code means: said on whatever device of the store, or named by its own code.
  store.itemScanned = async function (desk, read) {
    const key = keyOf(read);
    const [told, better] = [toldOf(desk, key), (await betterCodes())[key]];
    const said = holds(told, better) ? better.item : (told || {}).item || (await ownCodes())[key];
    return desk.item(said) || desk.items().find((each) => each.code && store.plain(each.code) === store.plain(key)) || null;
  };

  // Kept on this device until the server has it for all devices of the store.
  const learnCode = async function (desk, read, item) {
    const [key, told] = [keyOf(read), toldOf(desk, keyOf(read))];
    if (told) await store.db.keep(BETTER, { ...(await betterCodes()), [key]: { item: item.id, instead: told.version } });
    else await store.db.keep("codes", { ...(await ownCodes()), [key]: item.id });
    await store.shareCodes(desk);
  };

  const refused = new Set(); // what the server does not take is not offered again before the page is loaded anew
  let sharing = false;

  // What waits here for the server: {codes: {code: item}, instead: {code: version of the link that is wrong}}.
  const waiting = async function (desk) {
    const [own, better] = [Object.entries(await ownCodes()), Object.entries(await betterCodes())];
    const right = better.filter(([key, each]) => holds(toldOf(desk, key), each));
    const fresh = own.filter(([key]) => !toldOf(desk, key));
    const rows = [...fresh, ...right.map(([key, each]) => [key, each.item])].filter(([key, item]) => !refused.has(key) && desk.item(item));
    return { codes: Object.fromEntries(rows), instead: Object.fromEntries(right.map(([key, each]) => [key, each.instead])) };
  };

  // Of a link that was put right, or put right elsewhere meanwhile, nothing stays behind.
  const drop = async function (desk) {
    const better = Object.entries(await betterCodes());
    const left = better.filter(([key, each]) => !toldOf(desk, key) || holds(toldOf(desk, key), each));
    if (left.length < better.length) await store.db.keep(BETTER, Object.fromEntries(left));
  };

  // What was put right while the first word was on its way puts that one aside.
  const saidMeanwhile = async function (sent, links) {
    const [own, better] = [await ownCodes(), await betterCodes()];
    const now = (code) => (better[code] || {}).item || own[code];
    const anew = links.filter((link) => link.item === sent[link.id] && now(link.id) !== link.item);
    if (anew.length) await store.db.keep(BETTER, { ...better, ...Object.fromEntries(anew.map((link) => [link.id, { item: now(link.id), instead: link.version }])) });
  };

  // Tell the server what codes mean that were linked here.
  store.shareCodes = async function (desk) {
    if (sharing || !desk.writes) return;
    sharing = true;
    let sent = null;
    try {
      await drop(desk);
      sent = await waiting(desk);
      if (!Object.keys(sent.codes).length) return;
      const told = await store.post(store.pathOf(desk, "/codes", {}), sent);
      await saidMeanwhile(sent.codes, told.codes);
      await store.refresh(desk.who, desk.unit.id); // a link can be put right only by naming its version
      await desk.load();
    } catch (trouble) {
      if (!(trouble instanceof store.Trouble)) throw trouble;
      if (trouble.kind === "failed") Object.keys(sent.codes).forEach((code) => refused.add(code));
    } finally {
      sharing = false;
    }
  };

  // Who linked a code, and when: asked of the server, and left out while it does not answer.
  const linkedBy = async function (desk, key, place) {
    const answer = await store.remembered(desk, "codes", store.pathOf(desk, "/codes", {}));
    const link = ((answer.told || {}).codes || []).find((each) => each.id === key && each.holds);
    if (link) place.textContent = store.t("store.code_linked", { item: link.item_name, by: link.linked_by, at: store.moment(link.linked_at) });
  };

  const leadOf = function (desk, key, wrong) {
    if (!wrong) return [make("p", {}, store.t("store.scan_link"))];
    const said = make("p", { class: "muted" });
    linkedBy(desk, key, said);
    return [make("p", {}, store.t("store.code_wrong_lead", { item: wrong.name })), said];
  };

  // A code that nobody knows yet is linked to its item once; `wrong` is the item that it was linked to by mistake.
  store.linkCode = async function (desk, read, wrong) {
    const items = desk.items().filter((each) => !wrong || each.id !== wrong.id);
    const select = make("select", { class: "wide" }, make("option", { value: "" }, store.t("store.choose_item")),
      items.map((each) => make("option", { value: each.id }, each.name)));
    const field = store.field(store.t("store.scan_which"), select);
    const choose = () => { field.wrong(select.value ? null : "store.choose_item"); return select.value || undefined; };
    const title = store.t(wrong ? "store.code_wrong" : "store.scan_unknown", { code: keyOf(read) });
    const id = await store.dialog(title, [...leadOf(desk, keyOf(read), wrong), field.element],
      [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.scan_learn"), value: choose, primary: true }]);
    const item = id ? desk.item(id) : null;
    if (item) await learnCode(desk, read, item);
    return item;
  };

  // Beside the item that a scan led to: which code it was, and the way to say that it is another item.
  store.showCode = function (desk, tab, item, read) {
    document.querySelectorAll(".store-code").forEach((each) => each.remove());
    const row = document.querySelector(`#store-tab .store-item[data-item="${window.CSS.escape(item.id)}"]`);
    if (!row || !desk.writes) return;
    const other = store.button(store.t("store.code_other"), async () => {
      const right = await store.linkCode(desk, read, item);
      if (!right) return;
      if (tab.unscanned) tab.unscanned(item, read);
      tab.scanned(right, read);
      store.showCode(desk, tab, right, read);
    }, { class: "link" });
    row.append(make("p", { class: "store-code muted" }, store.t("store.code_is", { code: keyOf(read) }), " ", other));
  };
})(window.tandem.store);
