// The readable cookie that proves that a request comes from our page, and whether the page still stands for its reader.
window.tandem = window.tandem || {};

(function () {
  const root = document.documentElement;

  window.tandem.proof = function () {
    const name = `${root.dataset.proof}=`;
    const found = document.cookie.split("; ").find((each) => each.startsWith(name));
    return found ? decodeURIComponent(found.slice(name.length)) : "";
  };

  // The last two parts are of the moment, what stands before them is of the session.
  const session = () => window.tandem.proof().split(".").slice(0, -2).join(".");
  const drawnFor = session();

  const askAnew = function () {
    root.hidden = true; // the figures of whoever logged out are not shown to whoever goes back
    window.location.reload();
  };

  // Back may bring a page out of the browser's memory, which asks nobody ...
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && session() !== drawnFor) askAnew();
  });
  // ... or out of what it keeps on disk, without asking whether that still holds.
  const [opened] = window.performance.getEntriesByType("navigation");
  if (opened && opened.type === "back_forward" && opened.transferSize === 0) askAnew();
})();
