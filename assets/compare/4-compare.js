// Compare: draws the server's answer into the page's frame, and turns clicks and choices into addresses.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.tandem = window.dash_clientside.tandem || {};

(function () {
  const tandem = window.tandem;
  const { make, fill, sayIn } = tandem;
  const SOON_MS = 120; // an answer that is quicker than this needs no sign of waiting
  let place = null;
  let link = null; // the address of exactly what is shown
  let waiting = null;

  const drawCrumbs = function (crumbs) {
    fill("compare-crumbs", crumbs.map((crumb, index) => make("li", {}, index === crumbs.length - 1
      ? make("b", { "aria-current": "location" }, crumb.name)
      : make("a", { href: crumb.href, "data-go": "", title: crumb.name }, crumb.name))));
  };

  const drawChoice = function (id, options, value) {
    const labelled = options.map(({ value: name, text, disabled }) => ({ value: name, label: text, disabled }));
    window.dash_clientside.set_props(id, { options: labelled, value });
  };

  const drawControls = function (view) {
    drawCrumbs(view.crumbs);
    const deeper = document.getElementById("compare-deeper");
    deeper.closest(".choice").hidden = !view.deeper.options.length;
    deeper.closest(".choice").title = view.deeper.label;
    fill("compare-deeper-label", view.deeper.label);
    drawChoice("compare-deeper", [{ value: "here", text: view.deeper.short }, ...view.deeper.options], "here");
    Object.entries(view.controls).forEach(([name, choice]) => {
      drawChoice(`compare-${name}`, choice.options, choice.value);
    });
  };

  const drawProblem = function (problem) {
    const box = document.getElementById("compare-problem");
    document.getElementById("compare-answer").hidden = Boolean(problem);
    box.hidden = !problem;
    if (!problem) return;
    fill("compare-problem", make("h1", {}, problem.title), make("p", {}, problem.text),
      make("a", { href: problem.href, class: "button primary", "data-go": "" }, problem.action));
  };

  // A link that was clicked is gone once the page is drawn anew: go on reading at the title.
  const keepFocus = function (moved) {
    if (!moved) return;
    const lost = !document.activeElement || document.activeElement === document.body;
    if (lost || document.activeElement.id === "compare-deeper") {
      document.getElementById("compare-title").focus({ preventScroll: true });
    }
    window.scrollTo({ top: 0 });
  };

  const drawAnswer = function (view) {
    const at = view.controls.at.options.findIndex((each) => each.value === view.controls.at.value);
    sayIn("compare-title", view.title);
    sayIn("compare-status", view.title);
    document.title = `${view.title} · Tandem`;
    fill("compare-chips", view.chips.map((text) => make("span", { class: "chip" }, text)));
    fill("compare-caution", make("b", {}, view.caution.strong), " ", view.caution.text);
    fill("compare-notes", [...view.notes, view.table.apart].filter(Boolean).map((text) => make("p", { class: "notice" }, text)));
    drawControls(view);
    Object.entries(view.panels).forEach(([side, panel]) => tandem.drawPanel(side, panel));
    tandem.drawIndex(view.index);
    tandem.linkPanels(view.controls.at.options.length);
    tandem.drawRows(view, at);
    tandem.drawStory(view.story);
    tandem.drawPlaces("one-sided", view.one_sided);
    tandem.drawMonths(view.months);
    tandem.drawTip(view);
    tandem.drawWords(view.words, view.about);
    tandem.drawTake(view.export);
    tandem.drawDefinitions(view.definitions);
    const here = view.crumbs[view.crumbs.length - 1].href.split("&")[0];
    keepFocus(place !== null && place !== here);
    place = here;
    tandem.comeBack();
    link = view.link;
    window.sessionStorage.setItem("tandem.compare", link); // where the rail leads back to
  };

  // The clipboard is there for https and this machine alone; elsewhere the old way still works.
  const copy = function (text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.body.appendChild(document.createElement("textarea"));
    field.value = text;
    field.select();
    document.execCommand("copy");
    field.remove();
    return Promise.resolve();
  };

  const settle = function () {
    window.clearTimeout(waiting);
    const compare = document.getElementById("compare");
    if (compare) compare.classList.remove("waiting", "busy");
  };

  window.dash_clientside.tandem.drawCompare = function (view) {
    if (!view || !document.getElementById("compare")) return window.dash_clientside.no_update;
    drawProblem(view.problem);
    if (!view.problem) drawAnswer(view);
    settle();
    return Date.now();
  };

  // A click on a child's line goes to the child, one on a bar to the largest part of it; the period is kept.
  window.dash_clientside.tandem.drill = function (click, figure) {
    const point = click && click.points && click.points[0];
    if (!point) return window.dash_clientside.no_update;
    const trace = figure.data[point.curveNumber];
    const target = trace.meta || (trace.customdata || [])[point.pointNumber];
    const change = { at: figure.layout.meta[point.pointNumber] };
    if (target) change.unit = target;
    tandem.change(change);
    return window.dash_clientside.no_update;
  };

  document.addEventListener("change", (event) => {
    if (!event.target.closest(".choice") || event.target.value === "here") return;
    const name = event.target.name;
    const change = { [name]: event.target.value };
    if (name === "grain") change.at = null; // another grain has other periods
    tandem.change(change);
  });

  window.addEventListener("_dashprivate_pushstate", () => {
    const compare = document.getElementById("compare");
    window.clearTimeout(waiting);
    if (compare) waiting = window.setTimeout(() => compare.classList.add("busy"), SOON_MS);
  });
  document.addEventListener("tandem:unanswered", settle);

  document.addEventListener("click", (event) => {
    if (event.target.closest("#compare-print")) window.print();
    if (!event.target.closest("#compare-copy")) return;
    const said = document.getElementById("compare-copied");
    copy(new URL(tandem.shaped(link || ""), window.location.href).href).then(() => {
      said.hidden = false;
      window.setTimeout(() => { said.hidden = true; }, 2000);
    });
  });
})();
