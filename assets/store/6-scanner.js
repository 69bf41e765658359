// A scanner types like a keyboard, only faster, and ends with Enter; GS1's separator arrives as Ctrl+].
// Whatever field has the focus gets back what it held before: a scan changes no quantity.
(function (store) {
  const GAP_MS = 120; //  the longest between two signs of one code, on a busy device
  const FAST_MS = 50; //  the longest on average: nobody types twenty signs a second
  const SHORTEST = 6;
  const GS = "\u001d";
  let burst = null; // {text, last, field, before}

  const begin = function (event, at) {
    const field = event.target.matches && event.target.matches("input, textarea") ? event.target : null;
    burst = { text: "", first: at, last: at, field, before: field ? field.value : "" };
  };

  const isScan = (at) => burst.text.length >= SHORTEST && at - burst.last <= GAP_MS
    && (at - burst.first) / burst.text.length <= FAST_MS;

  const restore = function (found) {
    if (!found.field || found.field.value === found.before) return;
    found.field.value = found.before;
    found.field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // `heard` is told what was scanned.
  store.listenToScanner = function (heard) {
    document.addEventListener("keydown", (event) => {
      const at = event.timeStamp;
      const separator = event.ctrlKey && event.key === "]";
      if (event.key === "Enter" && burst && isScan(at)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const found = burst;
        burst = null;
        restore(found);
        heard(found.text);
        return;
      }
      if (!separator && (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey)) return;
      if (!burst || at - burst.last > GAP_MS) begin(event, at);
      burst.text += separator ? GS : event.key;
      burst.last = at;
      if (separator) event.preventDefault();
    }, true);
  };

  // Whether keys come so fast that nobody types them: a shortcut of one key waits this out.
  store.SINGLE_KEY_MS = FAST_MS + 10;
  store.typedAlone = () => !burst || burst.text.length === 1;

  // The item that a scanned code means: learned once by its GTIN, or named by its own code.
  store.itemScanned = async function (desk, read) {
    const learned = (await store.db.meta("codes")) || {};
    const key = read.gtin || read.code;
    const own = desk.items().find((each) => each.code && store.plain(each.code) === store.plain(key));
    return desk.item(learned[key]) || own || null;
  };

  store.learnCode = async function (read, item) {
    const learned = (await store.db.meta("codes")) || {};
    await store.db.keep("codes", { ...learned, [read.gtin || read.code]: item.id });
  };

  // A code that nobody knows yet is linked to its item once.
  store.linkCode = async function (desk, read) {
    const { make } = window.tandem;
    const select = make("select", { class: "wide" }, make("option", { value: "" }, store.t("store.choose_item")),
      desk.items().map((each) => make("option", { value: each.id }, each.name)));
    const field = store.field(store.t("store.scan_which"), select);
    const choose = () => { field.wrong(select.value ? null : "store.choose_item"); return select.value || undefined; };
    const id = await store.dialog(store.t("store.scan_unknown", { code: read.gtin || read.code }), [make("p", {}, store.t("store.scan_link")), field.element],
      [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.scan_learn"), value: choose, primary: true }]);
    const item = id ? desk.item(id) : null;
    if (item) await store.learnCode(read, item);
    return item;
  };
})(window.tandem.store);
