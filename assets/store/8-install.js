// How the desk comes onto a device and off it: the service worker and its updates, installing, logging out.
(function (store) {
  const { db } = store;
  const { make } = window.tandem;
  let offered = null;

  const busy = async function () {
    const open = await db.read("entries", (stores) => db.promised(stores.entries.index("state").count("open")));
    return open > 0 || (await db.all("drafts")).length > 0;
  };

  // A new desk takes over when nothing waits and nothing is half filled in.
  const takeOver = async function (registration) {
    if (!registration.waiting || (await busy())) return;
    if (registration.waiting) registration.waiting.postMessage("take over");
  };

  store.installWorker = async function () {
    if (!("serviceWorker" in navigator)) return;
    const controlled = Boolean(navigator.serviceWorker.controller);
    let registration = null;
    try {
      registration = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    } catch (refused) {
      return; // without https, or with no server: the desk goes on as it is
    }
    navigator.serviceWorker.addEventListener("controllerchange", () => { if (controlled) store.reloadWhenIdle(); });
    store.onChange(() => takeOver(registration));
    takeOver(registration);
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing;
      if (coming) coming.addEventListener("statechange", () => takeOver(registration));
    });
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  };

  store.reloadWhenIdle = async function () {
    if (document.querySelector("dialog[open]") || (await busy())) return;
    window.location.reload();
  };

  // A log-out takes what the server told off the device; it needs the server to hear of it.
  store.guardLeaving = function () {
    const form = document.getElementById("store-leave");
    form.addEventListener("submit", async (event) => {
      if (form.elements.csrf_token) return;
      event.preventDefault();
      if (!navigator.onLine) {
        await store.dialog(store.t("store.leave_later"), make("p", {}, store.t("store.leave_offline")), [{ text: store.t("store.close"), value: true, primary: true }]);
        return;
      }
      await store.forget();
      form.append(make("input", { type: "hidden", name: "csrf_token", value: window.tandem.proof() }));
      form.submit();
    });
  };

  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event;
    const button = document.getElementById("store-install");
    if (button) button.hidden = false;
  });

  store.installButton = () => store.button(store.t("store.install"), async (event) => {
    if (!offered) return;
    event.currentTarget.hidden = true;
    await offered.prompt();
    offered = null;
  }, { id: "store-install", hidden: offered ? null : "", class: "quiet" });
})(window.tandem.store);
