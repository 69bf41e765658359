// A code read by the device's own camera, by the browser itself or by a reader that is loaded for it; no picture leaves the device.
(function (store) {
  const { make } = window.tandem;
  const EVERY_MS = 200;
  const WANTED = ["data_matrix", "qr_code", "ean_13", "ean_8", "upc_a", "code_128", "itf"];

  // The kinds of codes that this browser reads by itself; none where it does not.
  const readable = async function () {
    if (!("BarcodeDetector" in window)) return [];
    const known = await window.BarcodeDetector.getSupportedFormats();
    return WANTED.filter((kind) => known.includes(kind));
  };

  // A reader is `look(video)`, which resolves with a text or null, and `close()`. The browser's own, or one that
  // is loaded for this once: 300 kB, kept by the browser, run in a worker that alone may run WebAssembly.
  const ownReader = function (kinds) {
    const detector = new window.BarcodeDetector({ formats: kinds });
    return { look: async (video) => { const [code] = await detector.detect(video); return code ? code.rawValue : null; }, close: () => {} };
  };

  const loadedReader = function () {
    const worker = new Worker("/reader.js");
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    let broken = null; // it may fail before anybody looks
    let asking = null;
    worker.onerror = () => { broken = new Error("the reader could not be loaded"); if (asking) asking(broken); };
    const look = (video) => new Promise((tell, refuse) => {
      if (broken) { refuse(broken); return; }
      asking = refuse;
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      pen.drawImage(video, 0, 0);
      worker.onmessage = ({ data }) => (data.trouble ? refuse(new Error(data.trouble)) : tell(data.text));
      const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
      worker.postMessage(picture, [picture.data.buffer]);
    });
    return { look, close: () => worker.terminate() };
  };

  const able = () => Boolean((navigator.mediaDevices || {}).getUserMedia && window.Worker && window.WebAssembly);

  const closed = (key) => store.dialog(store.t("store.camera"), make("p", {}, store.t(key)), [{ text: store.t("store.close"), value: null, primary: true }]);

  const opened = async function () {
    try {
      return await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch (refused) {
      return null; // no camera, or it was not allowed
    }
  };

  // Look until there is a code or whoever asked gives up; the camera is off afterwards.
  const watched = async function (stream, reader) {
    const video = make("video", { class: "store-camera", playsinline: "", muted: "" });
    const said = make("p", {}, store.t("store.camera_lead"));
    video.muted = true;
    video.srcObject = stream;
    let [found, busy] = [null, false];
    const looking = window.setInterval(async () => {
      if (busy || found !== null || video.readyState < 2 || !video.videoWidth) return;
      busy = true;
      const code = await reader.look(video).catch(() => { said.textContent = store.t("store.camera_no_reader"); return null; });
      busy = false;
      const open = video.closest("dialog");
      if (!code || found !== null || !open) return;
      found = code;
      open.querySelector(".store-actions button").click();
    }, EVERY_MS);
    const asked = store.dialog(store.t("store.camera"), [said, video], [{ text: store.t("store.cancel"), value: () => found }]);
    video.play().catch(() => {}); // a dialog that was closed at once ends it
    const code = await asked;
    window.clearInterval(looking);
    stream.getTracks().forEach((track) => track.stop());
    reader.close();
    return code;
  };

  const scan = async function () {
    if (!able()) { await closed("store.camera_unable"); return null; }
    const stream = await opened();
    if (!stream) { await closed("store.camera_refused"); return null; }
    const kinds = await readable();
    return watched(stream, kinds.length ? ownReader(kinds) : loadedReader());
  };

  // The button; `heard` is told what was read, as of a scanner.
  store.cameraButton = (heard) => store.button(`▣ ${store.t("store.camera_button")}`, async () => { const code = await scan(); if (code) heard(code); }, { id: "store-camera", class: "quiet", "aria-label": store.t("store.camera") });
})(window.tandem.store);
