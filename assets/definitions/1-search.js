// Finding definitions as one types: accents and capitals do not matter, every word must occur somewhere.
window.tandem = window.tandem || {};

(function () {
  const FEW = 3; // so many found are opened at once
  const text = (name) => document.querySelector(`#definitions-texts [data-text="${name}"]`).textContent;
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = () => [...document.querySelectorAll("#definitions-list details")];
  const shown = () => entries().filter((entry) => !entry.hidden);

  const remember = function (words) {
    const address = new URL(window.location.href);
    if (words) address.searchParams.set("q", words);
    else address.searchParams.delete("q");
    window.history.replaceState(window.history.state, "", address.href);
  };

  const find = function (words) {
    const wanted = plain(words).split(/\s+/).filter(Boolean);
    const all = entries();
    const has = (text) => wanted.every((word) => text.includes(word));
    all.forEach((entry) => {
      if (entry.dataset.named) return;
      const said = (...parts) => plain([entry.id.replaceAll("_", " "), ...parts.map((part) => part.textContent)].join(" "));
      entry.dataset.named = said(...entry.querySelector("summary").children);
      entry.dataset.words = said(...entry.querySelectorAll("summary > *, p, dd, li"));
    });
    const named = all.some((entry) => has(entry.dataset.named)); // what bears the name goes before what mentions it
    all.forEach((entry) => { entry.hidden = !has(named ? entry.dataset.named : entry.dataset.words); });
    document.querySelectorAll("#definitions-list section").forEach((section) => {
      section.hidden = !section.querySelector("details:not([hidden])");
    });
    const found = shown();
    if (wanted.length) all.forEach((entry) => { entry.open = !entry.hidden && found.length <= FEW; });
    document.getElementById("definitions-none").hidden = found.length > 0;
    document.getElementById("definitions-found").textContent =
      text("found").replace("{n}", found.length).replace("{total}", all.length);
  };

  const openAll = function (open) {
    shown().forEach((entry) => { entry.open = open; });
    const button = document.getElementById("definitions-open");
    button.dataset.opened = open ? "1" : "";
    button.textContent = text(open ? "close" : "open");
  };

  // The one that the address names, open and in sight.
  const follow = function () {
    const entry = window.location.hash && document.getElementById(window.location.hash.slice(1));
    if (!entry || !entry.closest("#definitions-list")) return;
    if (entry.hidden) { document.getElementById("definitions-search").value = ""; remember(""); find(""); }
    if (entry.tagName === "DETAILS") entry.open = true;
    entry.scrollIntoView({ block: "start" });
    const summary = entry.querySelector("summary");
    if (summary) summary.focus({ preventScroll: true });
  };

  window.tandem.definitions = { find, follow, text, remember };

  document.addEventListener("input", (event) => {
    if (event.target.id !== "definitions-search") return;
    remember(event.target.value.trim());
    find(event.target.value);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#definitions-open");
    if (button) openAll(!button.dataset.opened);
  });
  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("definitions-search");
    if (!search || event.ctrlKey || event.metaKey || event.altKey) return;
    const writing = event.target.matches("input, textarea, select");
    if (event.key === "/" && !writing) { event.preventDefault(); search.focus(); return; }
    if (event.key === "Escape" && event.target === search) { search.value = ""; remember(""); find(""); return; }
    const summaries = shown().map((entry) => entry.querySelector("summary"));
    const at = event.target === search ? -1 : summaries.indexOf(event.target);
    if (at === -1 && event.target !== search) return;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    (summaries[next] || (next < 0 ? search : summaries[summaries.length - 1] || search)).focus();
  });
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", () => { if (document.getElementById("definitions-open")) openAll(true); });
})();
