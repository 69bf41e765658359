// The page of alerts follows the address; keys do what buttons do.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.tandem = window.dash_clientside.tandem || {};

(function () {
  const alerts = window.tandem.alerts;
  const LISTED = ["unit", "kind", "status", "lang"];
  let list = null;
  let number = null;

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  window.dash_clientside.tandem.showAlerts = function (search, path) {
    if (path !== "/alerts" || !document.getElementById("alerts-list")) {
      list = null;
      number = null;
      return window.dash_clientside.no_update;
    }
    const wanted = new URLSearchParams(search);
    const key = LISTED.map((name) => wanted.get(name)).join("|");
    const fresh = key !== list || !document.querySelector("#alerts-list li");
    list = key;
    const before = fresh ? alerts.list() : Promise.resolve();
    return before.then(() => {
      if (fresh || wanted.get("alert") !== number) {
        number = wanted.get("alert");
        return alerts.open(number);
      }
      return null;
    }).then(() => key);
  };

  const keys = {
    j: () => alerts.beside(1),
    k: () => alerts.beside(-1),
    a: () => alerts.shown() && alerts.shown().next.includes("acknowledged") && alerts.save({ status: "acknowledged" }),
    s: () => document.getElementById("alert-person") && document.getElementById("alert-person").focus(),
    c: () => document.getElementById("alert-comment") && document.getElementById("alert-comment").focus(),
    Escape: () => alerts.shown() && window.tandem.change({ alert: null }),
  };
  document.addEventListener("keydown", (event) => {
    if (!document.getElementById("alerts-list") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
