// Moving about without loading the page anew: the address bar is the only state, dcc.Location hears of its changes.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.tandem = window.dash_clientside.tandem || {};
window.tandem = window.tandem || {};

(function () {
  const tandem = window.tandem;

  // dcc.Location listens for this event as it does for links of Dash itself.
  const tell = () => window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));

  // First the browser paints what the reader just did, then the rest is worked out.
  tandem.afterPaint = function (act) {
    if (document.hidden) act(); // nothing is painted that nobody sees
    else window.requestAnimationFrame(() => window.setTimeout(act));
  };

  tandem.visit = function (href) {
    const target = new URL(href, window.location.href);
    const language = new URLSearchParams(window.location.search).get("lang");
    if (language && !target.searchParams.has("lang")) target.searchParams.set("lang", language);
    if (target.href === window.location.href) return;
    window.dispatchEvent(new CustomEvent("tandem:heard"));
    tandem.afterPaint(() => {
      if (tandem.leave) tandem.leave();
      window.history.pushState({}, "", target.href);
      tell();
    });
  };

  // Words that the server wrote stand in for the page until the page itself is drawn.
  tandem.reveal = function () {
    const first = document.getElementById("first-look");
    if (!first) return;
    document.documentElement.classList.remove("first");
    first.remove();
  };

  // Change some of the address's parameters; null takes one away.
  tandem.change = function (parameters) {
    const target = new URL(window.location.href);
    Object.entries(parameters).forEach(([name, value]) => {
      if (value === null || value === "") target.searchParams.delete(name);
      else target.searchParams.set(name, value);
    });
    tandem.visit(target.href);
  };

  const plainClick = (event) =>
    event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

  // From page to page the place and the month stay; Compare comes back as it was left.
  const elsewhere = function (link) {
    const here = new URLSearchParams(window.location.search);
    const kept = link.dataset.page === "/" && window.sessionStorage.getItem("tandem.compare");
    const target = new URL(kept || link.href, window.location.href);
    const [month] = [here.get("month"), here.get("at")].filter((each) => /^\d{4}-\d{2}$/.test(each || ""));
    if (here.get("unit") && window.location.pathname !== target.pathname) {
      target.searchParams.set("unit", here.get("unit"));
      if (month && target.pathname === "/programmes") target.searchParams.set("month", month);
      if (month && target.pathname === "/") target.searchParams.set("at", month);
    }
    return target.href;
  };

  document.addEventListener("click", (event) => {
    if (!plainClick(event)) return;
    const language = event.target.closest("a[data-language]");
    if (language) {
      event.preventDefault();
      const target = new URL(window.location.href);
      target.searchParams.set("lang", language.dataset.language);
      window.location.assign(target.href); // every text of the page changes, so the page is loaded anew
      return;
    }
    const link = event.target.closest("a[data-go]");
    if (link) {
      event.preventDefault();
      link.classList.add("heard");
      tandem.visit(link.dataset.page ? elsewhere(link) : link.href);
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-csrf]");
    if (!form) return;
    if (form.getAttribute("action") === "/logout") window.sessionStorage.clear();
    const field = form.elements.csrf_token || form.appendChild(document.createElement("input"));
    field.type = "hidden";
    field.name = "csrf_token";
    field.value = tandem.proof();
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.person[open], details.picker[open]").forEach((each) => {
      if (!each.contains(event.target)) each.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.person[open], details.picker[open]").forEach((each) => {
      each.open = false;
      each.querySelector("summary").focus();
    });
  });

  const markRail = function (path) {
    document.querySelectorAll(".rail a").forEach((link) => {
      link.classList.remove("heard");
      if (link.dataset.page === path) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  };

  // The page's name in the browser's tab, until the page says more of what it shows.
  const nameTab = function (path) {
    const link = [...document.querySelectorAll(".rail a, .person a")].find((each) => each.pathname === path);
    if (link) document.title = `${link.lastChild.textContent} · Tandem`;
  };

  window.dash_clientside.tandem.wantPage = function (path, shown) {
    markRail(path);
    nameTab(path);
    if (!document.getElementById("compare")) tandem.reveal(); // Compare waits for its first answer
    return path === shown ? window.dash_clientside.no_update : path;
  };
})();
