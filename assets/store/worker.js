// The service worker: the desk's document and files for when there is no server. No other page and no figures pass
// through it while there is a network; without one it leads whoever opens another page to the desk.
const CACHE = `tandem-desk-${self.DESK.version}`;
const PATIENCE_MS = 3000;
const DATABASE = "tandem-desk";

const kept = new Set(self.DESK.files);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all([
    cache.addAll(self.DESK.files),
    ...Object.values(self.DESK.documents).map(async (address) => {
      const answer = await fetch(address, { credentials: "same-origin", redirect: "error", cache: "no-store" });
      if (!answer.ok || answer.headers.get("X-Desk-Version") !== self.DESK.version) throw new Error(`${address} is not of this desk`);
      await cache.put(address, answer);
    }),
  ])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("tandem-desk-") && name !== CACHE).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

const database = () => new Promise((tell) => {
  const request = indexedDB.open(DATABASE);
  request.onupgradeneeded = () => request.transaction.abort(); // the desk makes it, nobody else
  request.onsuccess = () => tell(request.result);
  request.onerror = () => tell(null);
});

const read = async function (name, ask) {
  const opened = await database();
  if (!opened || !opened.objectStoreNames.contains(name)) return undefined;
  return new Promise((tell) => {
    const request = ask(opened.transaction(name).objectStore(name));
    request.onsuccess = () => { tell(request.result); opened.close(); };
    request.onerror = () => { tell(undefined); opened.close(); };
  });
};

const known = async (name) => ((await read("meta", (store) => store.get(name))) || {}).value;
const waiting = () => read("entries", (store) => store.index("state").count("open"));

// The language that the address asks for, else the one that was last used.
const keptDocument = async function (request) {
  const asked = new URL(request.url).searchParams.get("lang");
  const language = self.DESK.documents[asked] ? asked : await known("language");
  const address = self.DESK.documents[language] || Object.values(self.DESK.documents)[0];
  return (await caches.open(CACHE)).match(address, { ignoreVary: true });
};

// The network first, for three seconds. A log-in page does not stand in the way of who is known here, and
// a newer desk not in the way of entries that wait: both get the desk that is kept.
const deskDocument = async function (request) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    if (answer.type === "opaqueredirect" && (await known("me"))) return (await keptDocument(request)) || answer;
    if (answer.status >= 500) return (await keptDocument(request)) || answer;
    const newer = answer.ok && answer.headers.get("X-Desk-Version") !== self.DESK.version;
    return newer && (await waiting()) ? (await keptDocument(request)) || answer : answer;
  } catch (unreachable) {
    return (await keptDocument(request)) || Response.error();
  } finally {
    clearTimeout(clock);
  }
};

const keptFile = async (request) => (await caches.open(CACHE)).match(request.url, { ignoreVary: true }).then((found) => found || fetch(request));

// Who logs out leaves nothing of the store behind but entries that wait; those are sent when they come back.
const forget = async function () {
  const opened = await database();
  if (!opened) return;
  await new Promise((tell) => {
    const writing = opened.transaction(["meta", "reference", "drafts"], "readwrite");
    ["me", "stores"].forEach((name) => writing.objectStore("meta").delete(name));
    writing.objectStore("reference").clear();
    writing.objectStore("drafts").clear();
    writing.oncomplete = tell;
    writing.onerror = tell;
    writing.onabort = tell;
  });
  opened.close();
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && address.pathname === "/logout") event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (address.pathname === "/store") event.respondWith(deskDocument(request));
    // Without any network only the desk can be opened, so it is offered in place of the browser's error.
    else if (self.navigator.onLine === false) event.respondWith(fetch(request).catch(() => Response.redirect("/store")));
    return;
  }
  if (kept.has(address.pathname + address.search)) event.respondWith(keptFile(request));
});
