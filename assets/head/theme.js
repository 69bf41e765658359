// Runs before the first paint, so that a dark page does not flash white. Without a choice the system's is used.
(function () {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("tandem-theme"); } catch (refused) { return null; }
  };
  const apply = () => { root.dataset.theme = chosen() || (system.matches ? "dark" : "light"); };
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#theme-toggle")) return;
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("tandem-theme", next); } catch (refused) { /* kept for this page only */ }
    root.dataset.theme = next;
  });
})();
