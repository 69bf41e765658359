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
})(window.tandem.store);
