// Data quality: draws the server's answer into the page's frame; a name is one level deeper, a finding its cells.
(function () {
  const tandem = window.tandem;
  const { make, fill } = tandem;
  // A class is a shape and a word before it is a colour.
  const SIGNS = { g: "●", w: "▲", p: "■", u: "?" };
  let about = null;

  const at = (changes) => {
    const target = new URLSearchParams();
    Object.entries({ ...about, ...changes }).forEach(([name, value]) => {
      if (value && !(name === "over" && String(value) === "1")) target.set(name, value);
    });
    return `/quality?${target}`;
  };

  const sign = (letter) => make("i", { "aria-hidden": "true" }, SIGNS[letter]);

  const drawCards = function ({ labels, each, words, legend }) {
    fill("quality-legend", legend);
    fill("quality-cards", each.map((card) => make("section", { class: "panel trend", "aria-label": card.name },
      make("h2", {}, make("a", { href: `/definitions#${card.define}`, "data-go": "" }, card.name)),
      make("p", { class: "kpi" }, make("b", {}, card.value), make("span", {}, card.note)),
      make("p", { class: `share-class ${card.c}` }, sign(card.c), ` ${words[card.c]}`),
      tandem.shareLine(card.values),
      make("p", { class: "ends muted small", "aria-hidden": "true" }, labels.map((label) => make("span", {}, label))))));
  };

  const shareCell = function (row, column, index, words) {
    const letter = row.c[index];
    const said = letter === "u" ? words.u : `${row.t[index]} (${row.n[index]}), ${words[letter]}`;
    return make("td", { class: `cell share ${letter}`, title: `${row.name}, ${column.name}: ${said}` },
      row.t[index] ? `${row.t[index]} ` : "", sign(letter),
      make("span", { class: "visually-hidden" }, ` ${words[letter]}`));
  };

  const drawGrid = function (name, grid, words) {
    document.getElementById(`quality-${name}-box`).hidden = !grid.rows.length;
    fill(`quality-${name}-title`, grid.title);
    const link = { places: (row) => at({ unit: row.id }), forms: (row) => at({ form: row.id }) }[name];
    const head = make("tr", {}, make("th", { scope: "col" }, grid.corner),
      grid.columns.map((column) => make("th", { scope: "col", title: column.name }, column.short)));
    const rows = grid.rows.map((row, index) => make("tr", { class: name === "places" && grid.below && !index ? "whole" : null },
      make("th", { scope: "row" }, grid.below && !(name === "places" && !index)
        ? make("a", { href: link(row), "data-go": "" }, row.name) : row.name),
      grid.columns.map((column, place) => shareCell(row, column, place, words))));
    fill(`quality-${name}`, make("thead", {}, head), make("tbody", {}, rows));
    if (grid.note) fill(`quality-${name}-note`, grid.note);
  };

  const severity = (found, level) => make("span", { class: `severity ${level}` }, found.severities[level]);

  const drawRules = function (found) {
    const head = make("tr", {}, (found.columns || []).map((text, index) =>
      make("th", { scope: "col", class: index > 1 ? "num" : null }, text)));
    const rows = found.rules.map((rule) => make("tr", { class: rule.rule === found.rule ? "on" : null },
      make("th", { scope: "row" }, make("a", {
        href: rule.href, "data-go": "", "aria-current": rule.rule === found.rule ? "true" : null,
      }, rule.name)),
      make("td", {}, severity(found, rule.s)),
      make("td", { class: "num" }, rule.count), make("td", { class: "num" }, rule.places)));
    const table = document.getElementById("quality-rules");
    table.closest(".scroll").hidden = !rows.length;
    fill("quality-rules", make("thead", {}, head), make("tbody", {}, rows));
  };

  // The places with most findings, wherever below they are, each a click away.
  const drawWorst = function (found) {
    document.getElementById("quality-worst-box").hidden = !found.rows.length;
    fill("quality-worst-title", found.title);
    fill("quality-worst-take", make("a", { href: found.take.href, class: "button", download: "" }, found.take.text));
    const head = make("tr", {}, found.columns.map((text, index) =>
      make("th", { scope: "col", class: index === 1 || index === 2 ? "num" : null }, text)));
    const rows = found.rows.map((row) => make("tr", {},
      make("th", { scope: "row" }, make("a", { href: row.href, "data-go": "" }, row.name),
        row.area ? make("span", { class: "muted" }, ` · ${row.area}`) : ""),
      make("td", { class: "num" }, row.count), make("td", { class: "num" }, row.grave), make("td", {}, row.rule)));
    fill("quality-worst", make("thead", {}, head), make("tbody", {}, rows));
    fill("quality-worst-note", found.note);
  };

  const drawFinding = (found, row) => make("li", {},
    make("p", { class: "finding-head" }, severity(found, row.s), " ", make("b", {}, row.rule), " ",
      make("span", { class: "muted" }, [row.about, row.month].filter(Boolean).join(", "))),
    make("p", {}, make("a", { href: row.href, "data-go": "" }, row.place), ` · ${row.says}`),
    make("p", { class: "muted small" }, row.check,
      row.compare ? [" ", make("a", { href: row.compare, "data-go": "" }, found.compare)] : ""));

  const drawFindings = function (found) {
    fill("quality-findings-title", found.title,
      found.rule ? make("a", { href: found.every.href, "data-go": "", class: "every" }, found.every.text) : "");
    fill("quality-takes", (found.takes || []).map((take) =>
      make("a", { href: take.href, class: "button", download: "" }, take.text)));
    drawRules(found);
    fill("quality-findings-note", found.note);
    fill("quality-findings", found.rows.map((row) => drawFinding(found, row)));
  };

  const drawBox = (cell) => make("td", { class: cell.d ? "num doubted" : "num", title: cell.d || null }, cell.t,
    cell.d ? [" ", make("i", { "aria-hidden": "true" }, "⚑"), make("span", { class: "visually-hidden" }, ` ${cell.d}`)] : "");

  const drawCells = function (cells) {
    document.getElementById("quality-cells-box").hidden = !cells.title;
    fill("quality-cells-title", cells.title);
    fill("quality-cells-note", cells.note);
    fill("quality-cells", cells.tables.map((table) => make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": table.name },
      make("table", { class: "table boxes" }, make("caption", {}, table.name),
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, table.corner),
          table.columns.map((text) => make("th", { scope: "col", class: "num" }, text)))),
        make("tbody", {}, table.rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.name),
          row.cells.map(drawBox))))))));
  };

  tandem.oneAnswer("quality", function (view) {
    about = view.about;
    document.getElementById("quality-ordered").hidden = !view.places.below;
    drawCards(view.cards);
    drawGrid("places", view.places, view.cards.words);
    drawGrid("forms", view.forms, view.cards.words);
    drawWorst(view.worst);
    drawFindings(view.findings);
    drawCells(view.cells);
  }, "#quality-places, #quality-worst, #quality-findings");
})();
