// Where the device can keep nothing: said at once, while everything that was typed still stands on the page.
(function (store) {
  const { make } = window.tandem;
  let open = false;

  const told = async function (reason) {
    if (open) return;
    open = true;
    await store.dialog(store.t("store.unkept"), make("p", {}, store.t(reason.full ? "store.unkept_full" : "store.unkept_other")),
      [{ text: store.t("store.close"), value: true, primary: true }]);
    open = false;
  };

  window.addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof store.Unkept)) return;
    event.preventDefault();
    told(event.reason);
  });
})(window.tandem.store);
