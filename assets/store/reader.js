// A worker that reads codes out of pictures, for browsers without a reader of their own. Nothing leaves the device.
importScripts(`${self.READER}.js`);

const LOOKED_FOR = ["DataMatrix", "QRCode", "EAN13", "EAN8", "UPCA", "Code128", "ITF"];

ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => `${self.READER}.wasm` } });

self.addEventListener("message", async ({ data }) => {
  try {
    const [found] = await ZXingWASM.readBarcodes(data, { formats: LOOKED_FOR, maxNumberOfSymbols: 1, textMode: "Plain" });
    self.postMessage({ text: found ? found.text : null });
  } catch (trouble) {
    self.postMessage({ trouble: String(trouble) });
  }
});
