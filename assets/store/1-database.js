// What the desk keeps on the device: one database, every write on the disk before it counts as made.
(function (store) {
  const NAME = "tandem-desk";
  const VERSION = 1;
  const STORES = {
    meta: { key: "name" }, //       device, me, chosen store, language, learned codes, people with a PIN
    reference: { key: "place" }, // what the server says of a store, by user and store
    entries: { key: "id", indexes: { state: "state", user: "user", slip: "slip" } },
    drafts: { key: "place" }, //    half-filled forms, by user, store and tab
  };
  let opened = null;

  // Nothing was kept: the device is full, or the browser lets no page keep anything.
  class Unkept extends Error {
    constructor(reason) {
      super(String(reason));
      this.full = (reason || {}).name === "QuotaExceededError";
    }
  }
  store.Unkept = Unkept;

  const unkept = (reason) => { throw reason instanceof DOMException ? new Unkept(reason) : reason; };

  // For what is only of use while it can be kept: resolves either way.
  store.ifKept = (keeping) => keeping.catch((reason) => { if (!(reason instanceof Unkept)) throw reason; });

  const promised = (request) => new Promise((tell, refuse) => {
    request.onsuccess = () => tell(request.result);
    request.onerror = () => refuse(request.error);
  });

  const upgrade = function (database) {
    Object.entries(STORES).forEach(([name, { key, indexes }]) => {
      if (database.objectStoreNames.contains(name)) return;
      const made = database.createObjectStore(name, { keyPath: key });
      Object.entries(indexes || {}).forEach(([index, path]) => made.createIndex(index, path));
    });
  };

  const open = function () {
    if (opened) return opened;
    opened = new Promise((tell, refuse) => {
      const request = window.indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => upgrade(request.result);
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opened = null; };
        request.result.onclose = () => { opened = null; };
        tell(request.result);
      };
      request.onerror = () => { opened = null; refuse(request.error); };
    });
    return opened;
  };

  // One transaction over some stores: `act` asks and writes; the promise holds once all of it is on the disk.
  const transaction = async function (names, mode, act) {
    const database = await open().catch(unkept);
    return new Promise((tell, refuse) => {
      const made = database.transaction(names, mode, { durability: "strict" });
      let answer;
      made.oncomplete = () => tell(answer);
      made.onerror = () => refuse(made.error);
      made.onabort = () => refuse(made.error || new DOMException("aborted", "AbortError"));
      const stores = Object.fromEntries([].concat(names).map((name) => [name, made.objectStore(name)]));
      Promise.resolve(act(stores)).then((found) => { answer = found; }, (reason) => {
        try { made.abort(); } catch (ended) { /* it has ended by itself */ }
        refuse(reason);
      });
    });
  };

  const kept = (names, act) => transaction(names, "readwrite", act).catch(unkept);

  store.db = {
    promised,
    write: kept,
    read: (names, act) => transaction(names, "readonly", act),
    get: (name, key) => transaction(name, "readonly", (stores) => promised(stores[name].get(key))),
    all: (name) => transaction(name, "readonly", (stores) => promised(stores[name].getAll())),
    put: (name, row) => kept(name, (stores) => promised(stores[name].put(row))),
    remove: (name, key) => kept(name, (stores) => promised(stores[name].delete(key))),
  };

  // A value by its name: db.meta("device"); db.keep("device", value).
  store.db.meta = async (name) => ((await store.db.get("meta", name)) || {}).value;
  store.db.keep = (name, value) => store.db.put("meta", { name, value });

  // What other tabs of this device hear of: a change of entries or of what the server said.
  const told = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
  const listeners = [];
  store.changed = function (what) {
    listeners.forEach((listener) => listener(what));
    if (told) told.postMessage(what);
  };
  store.onChange = (listener) => listeners.push(listener);
  if (told) told.onmessage = (event) => listeners.forEach((listener) => listener(event.data));
})(window.tandem.store);
