// Coverage of services: a card with its trend for each service, then the places below; never cut at 100 %.
(function () {
  const tandem = window.tandem;
  const { make, fill } = tandem;

  const card = (each) => make("section", { class: "trend", "aria-label": each.name },
    make("h3", {}, make("a", { href: "/definitions#coverage", "data-go": "" }, each.name)),
    make("p", { class: "kpi" }, make("b", {}, each.value), make("span", {}, each.note)),
    tandem.shareLine(each.values),
    make("p", { class: "ends muted small", "aria-hidden": "true" }, each.labels.map((text) => make("span", {}, text))));

  const cell = (each) => make("td", { class: "num" },
    make("span", { class: each.k === "none" ? "muted" : null }, each.t, each.k === "above" ? " ▴" : ""),
    make("small", { class: "muted" }, each.n));

  tandem.drawCoverage = function (view) {
    const { face, cards, columns, rows, notes } = view.coverage;
    const box = document.getElementById("programmes-coverage");
    fill("programmes-coverage-face", face);
    document.getElementById("programmes-coverage-face").hidden = !face;
    fill("programmes-coverage-cards", cards.map(card));
    fill("programmes-coverage-notes", notes.map((text) => make("p", {}, text)));
    box.closest(".scroll").hidden = rows.length < 2;
    if (rows.length < 2) { fill("programmes-coverage"); return; }
    const head = make("tr", {}, make("th", { scope: "col" }, view.heat.corner),
      columns.map((text) => make("th", { scope: "col", class: "num" }, text)));
    const drawn = rows.map((row, at) => make("tr", { class: at ? null : "whole" },
      make("th", { scope: "row" }, at ? make("a", { href: tandem.programmeAt(row.id), "data-go": "" }, row.name) : row.name),
      row.cells.map(cell)));
    fill("programmes-coverage", make("caption", {}, view.coverage.title), make("thead", {}, head), make("tbody", {}, drawn));
  };
})();
