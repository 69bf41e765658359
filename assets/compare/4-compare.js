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
  let turns = 0; // answers drawn so far
  let returning = false; // by Back or Forward: one goes on where one was

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
    tandem.nameChoices(view.crumbs, [view.controls.from, view.controls.to], view.controls.pair);
    const deeper = document.getElementById("compare-deeper");
    deeper.closest(".choice").hidden = !view.deeper.options.length;
    document.getElementById("compare-hint").style.visibility = view.deeper.options.length ? "" : "hidden";
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
    sayIn("compare-title", problem.title);
    document.title = `${problem.title} · Tandem`;
    fill("compare-problem", make("h1", {}, problem.title), make("p", {}, problem.text),
      make("a", { href: problem.href, class: "button primary", "data-go": "" }, problem.action));
  };

  // A link that was clicked is gone once the page is drawn anew: go on reading at the title.
  const keepFocus = function (moved) {
    if (!moved) return;
    const focused = document.activeElement || document.body;
    if (focused === document.body || focused.closest("#compare-deeper, #compare-answer a[data-go]")) {
      document.getElementById("compare-title").focus({ preventScroll: true });
    }
    window.scrollTo({ top: 0 });
  };

  // What one reads first: what, where, when, and the latest figures.
  const drawWords = function (view) {
    sayIn("compare-title", view.title);
    sayIn("compare-status", view.title);
    document.title = `${view.title} · Tandem`;
    fill("compare-chips", view.chips.map((text) => make("span", { class: "chip" }, text)));
    fill("compare-caution", make("span", {}, make("b", {}, view.caution.strong), " ", view.caution.text));
    fill("compare-notes", [...view.notes, view.table.apart].filter(Boolean).map((text) => make("p", { class: "notice" }, text)),
      view.findings.map(tandem.finding));
    tandem.drawSaid();
    drawControls(view);
    tandem.drawPanels(view.panels);
    const here = view.crumbs[view.crumbs.length - 1].href.split("&")[0];
    keepFocus(place !== null && place !== here);
    place = here;
  };

  // On a small screen the figures come first: what explains them is one touch away.
  const fold = function () {
    if (!window.matchMedia("(max-width: 700px)").matches) return;
    document.querySelectorAll("#compare details.fold").forEach((each) => { each.open = false; });
  };

  const drawRest = function (view) {
    const at = view.controls.at.options.findIndex((each) => each.value === view.controls.at.value);
    tandem.drawIndex(view.index);
    tandem.linkPanels(view.controls.at.options.length);
    tandem.drawRows(view, at);
    tandem.drawStory(view.story);
    tandem.drawPlaces("one-sided", view.one_sided);
    tandem.drawMonths(view.months);
    tandem.drawTip(view);
    tandem.drawWords(view.words, view.about);
    tandem.drawTake(view.export, view);
    tandem.drawDefinitions(view.definitions);
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
    if (!compare) return;
    compare.classList.remove("waiting", "busy");
    compare.removeAttribute("aria-busy");
    document.querySelectorAll(".heard").forEach((each) => each.classList.remove("heard"));
  };

  // One step a frame, so that a click in between is heard; what a newer answer overtakes is left out.
  const inFrames = function (steps, still) {
    return steps.reduce((before, step) => before.then(() => new Promise((done) => {
      tandem.afterPaint(() => done(still() ? step() : null));
    })), Promise.resolve());
  };

  const drawAnswer = function (view) {
    const turn = ++turns;
    const still = () => turn === turns && Boolean(document.getElementById("compare"));
    const fresh = document.getElementById("compare").classList.contains("waiting");
    const charts = Object.entries(view.figures).map(([side, figure]) => () => tandem.drawChart(side, figure));
    if (fresh) fold();
    drawWords(view);
    const whole = fresh || returning;
    returning = false;
    if (whole) drawRest(view); // in one go with the words, so that nothing moves afterwards
    tandem.reveal();
    return inFrames(whole ? charts : [...charts, () => drawRest(view)], still).then(() => still());
  };

  window.dash_clientside.tandem.drawCompare = function (view) {
    if (!view || !document.getElementById("compare")) return window.dash_clientside.no_update;
    drawProblem(view.problem);
    if (!view.problem) drawAnswer(view).then((last) => last && settle(), settle);
    else {
      turns += 1;
      if (view.controls) drawControls(view); // what is wrong is mended there, the rest of the address kept
      tandem.reveal();
      settle();
    }
    return Date.now();
  };

  document.addEventListener("change", (event) => {
    if (!event.target.closest(".choice") || event.target.value === "here") return;
    const name = event.target.name;
    const change = { [name]: event.target.value };
    if (name === "grain") change.at = null; // another grain has other periods
    tandem.change(change);
  });

  window.addEventListener("popstate", () => { returning = true; });

  ["tandem:heard", "popstate"].forEach((kind) => window.addEventListener(kind, () => {
    const compare = document.getElementById("compare");
    window.clearTimeout(waiting);
    if (!compare) return;
    compare.setAttribute("aria-busy", "true");
    waiting = window.setTimeout(() => compare.classList.add("busy"), SOON_MS);
  }));
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
