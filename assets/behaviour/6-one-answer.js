// A page of which each address has one answer: what all such pages draw, where the focus goes, when they are busy.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.tandem = window.dash_clientside.tandem || {};

(function () {
  const tandem = window.tandem;
  const { make, fill, sayIn } = tandem;

  const drawChoice = (id, options, value) => window.dash_clientside.set_props(id, {
    options: options.map(({ value: name, text }) => ({ value: name, label: text })), value,
  });

  const drawControls = function (name, view) {
    fill(`${name}-crumbs`, view.crumbs.map((crumb, index) => make("li", {}, index === view.crumbs.length - 1
      ? make("b", { "aria-current": "location" }, crumb.name)
      : make("a", { href: crumb.href, "data-go": "" }, crumb.name))));
    tandem.nameChoices(view.crumbs, [view.controls.month]);
    const deeper = document.getElementById(`${name}-deeper`);
    deeper.closest(".choice").hidden = !view.deeper.options.length;
    fill(`${name}-deeper-label`, view.deeper.label);
    drawChoice(`${name}-deeper`, [{ value: "here", text: view.deeper.short }, ...view.deeper.options], "here");
    Object.entries(view.controls).forEach(([each, choice]) => drawChoice(`${name}-${each}`, choice.options, choice.value));
  };

  const drawProblem = function (name, problem) {
    document.getElementById(`${name}-answer`).hidden = Boolean(problem);
    const box = document.getElementById(`${name}-problem`);
    box.hidden = !problem;
    if (problem) {
      fill(`${name}-problem`, make("h1", {}, problem.title), make("p", {}, problem.text),
        make("a", { href: problem.href, class: "button primary", "data-go": "" }, problem.action));
    }
  };

  const drawFrame = function (name, view) {
    sayIn(`${name}-title`, view.title);
    sayIn(`${name}-status`, view.title);
    document.title = `${view.title} · Tandem`;
    fill(`${name}-lead`, view.lead);
    fill(`${name}-notes`, view.notes.map((text) => make("p", { class: "notice" }, text)));
    drawControls(name, view);
    fill(`${name}-source`, view.source);
    fill(`${name}-credit`, view.credit);
  };

  // `drawn` draws the page's own part; a focus in `redrawn` (a selector) is lost with what is drawn anew.
  tandem.oneAnswer = function (name, drawn, redrawn) {
    let unit = null;

    const draw = function (view) {
      const moved = unit && unit !== view.about.unit;
      unit = view.about.unit;
      const before = document.activeElement;
      const within = before && redrawn && before.closest(redrawn);
      drawFrame(name, view);
      drawn(view);
      const lost = within || !document.activeElement || document.activeElement === document.body;
      if (moved && (lost || document.activeElement.id === `${name}-deeper`)) {
        document.getElementById(`${name}-title`).focus({ preventScroll: true });
        window.scrollTo({ top: 0 });
      }
    };

    window.dash_clientside.tandem[`draw${name[0].toUpperCase()}${name.slice(1)}`] = function (view) {
      const box = document.getElementById(name);
      if (!view || !box) return window.dash_clientside.no_update;
      drawProblem(name, view.problem);
      if (!view.problem) draw(view);
      box.classList.remove("waiting");
      box.removeAttribute("aria-busy");
      return Date.now();
    };

    window.addEventListener("tandem:heard", () => {
      const box = document.getElementById(name);
      if (box) box.setAttribute("aria-busy", "true");
    });
  };
})();
