// What a figure means, one click away: beside its ⓘ, and gone with Escape; the focus goes back to where it was.
window.tandem = window.tandem || {};

(function () {
  const { make } = window.tandem;
  const element = (name) => document.getElementById(`compare-definition${name}`);
  const known = {}; // definitions by id; each is asked for once, when a panel with it is opened
  let opener = null;

  const load = function (ids) {
    const lacking = ids.filter((id) => !known[id]);
    if (!lacking.length) return Promise.resolve(known);
    return window.fetch(`/api/v1/definitions?ids=${lacking.join(",")}&lang=${document.documentElement.lang}`)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then((found) => { found.definitions.forEach((each) => { known[each.id] = each; }); return known; });
  };

  const fields = (each) => make("dl", {}, each.fields.filter((field) => field.text !== "–")
    .map((field) => [make("dt", {}, field.name), make("dd", {}, field.text)]));

  // Its place on the page of all definitions, with a worked example.
  const more = (each) => make("a", { class: "small definition-more", href: each.href, "data-go": "" }, `# ${each.id}`);

  const drawn = (each, single) => (single
    ? [make("h3", {}, each.name), fields(each), more(each)]
    : make("details", {}, make("summary", {}, each.name), fields(each), more(each)));

  // The source and the moment of the figures at hand stand in their panel.
  const sourceOf = function (button) {
    const panel = button.closest(".panel");
    const source = panel && panel.querySelector(".source");
    return source && source.textContent ? make("p", { class: "muted small" }, source.textContent) : null;
  };

  const place = function (button) {
    const box = button.getBoundingClientRect();
    const panel = element("");
    const left = Math.min(box.left, window.innerWidth - panel.offsetWidth - 12);
    panel.style.left = `${Math.max(8, left) + window.scrollX}px`;
    panel.style.top = `${box.bottom + window.scrollY + 6}px`;
  };

  const close = function (back) {
    if (!opener) return;
    element("").hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (back && opener.isConnected) opener.focus();
    opener = null;
  };

  const open = function (button) {
    close(false);
    opener = button;
    button.setAttribute("aria-expanded", "true");
    element("-failed").hidden = true;
    const ids = button.dataset.define.split(" ").filter(Boolean);
    load(ids).then((all) => {
      const found = ids.map((id) => all[id]).filter(Boolean);
      element("-texts").replaceChildren(...found.map((each) => drawn(each, found.length === 1)).flat(),
        ...[sourceOf(button)].filter(Boolean));
    }, () => { element("-texts").replaceChildren(); element("-failed").hidden = false; }).then(() => {
      if (opener !== button) return;
      element("").hidden = false;
      place(button);
      element("-texts").focus({ preventScroll: true });
    });
  };

  // A ⓘ for each figure that names its definition.
  const mark = function (figure) {
    const said = figure.querySelector("span");
    const about = element("-about").textContent.replace("{name}", said ? said.textContent : "");
    figure.append(make("button", {
      type: "button", class: "define no-print", "data-define": figure.dataset.define, "aria-label": about,
      "aria-expanded": "false", "aria-controls": "compare-definition",
    }));
  };

  window.tandem.drawDefinitions = function (shown) {
    close(false);
    Object.entries(shown).forEach(([where, ids]) => {
      document.getElementById(`compare-define-${where}`).dataset.define = ids.join(" ");
    });
    document.querySelectorAll("#compare .kpi[data-define]").forEach((figure) => {
      if (figure.dataset.define && !figure.querySelector(".define")) mark(figure);
    });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.define");
    if (button && button === opener) close(true);
    else if (button && button.dataset.define) open(button);
    else if (event.target.closest("#compare-definition-close")) close(true);
    else if (!event.target.closest("#compare-definition")) close(false);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && opener) close(true); });
})();
