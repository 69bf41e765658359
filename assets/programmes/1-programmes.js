// Programmes: draws the server's answer into the page's frame; a cell is one level deeper, or Compare.
(function () {
  const tandem = window.tandem;
  const { make, fill } = tandem;
  const KINDS = { o: "out", l: "low", e: "enough", h: "over", u: "unknown", n: "none" };
  const SIGNS = { o: "✕", l: "▾", e: "", h: "▴", u: "?", n: "·" };
  const SPACE = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT, EDGE] = [240, 56, 4];
  let about = null;

  const shape = (tag, attributes) => {
    const element = document.createElementNS(SPACE, tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };

  const compareAt = (unit, pair, month) =>
    `/?unit=${encodeURIComponent(unit)}&pair=${encodeURIComponent(pair)}&at=${encodeURIComponent(month)}`;
  const here = (unit) =>
    `/programmes?unit=${encodeURIComponent(unit)}&programme=${encodeURIComponent(about.programme)}&month=${about.month}` +
    (about.order ? `&order=${about.order}` : "");

  // A share over thirteen months, from nothing at the floor to all at the top.
  const line = function (values) {
    const picture = shape("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "share-line", "aria-hidden": "true", focusable: "false",
      preserveAspectRatio: "none",
    });
    const across = (index) => EDGE + (index * (WIDTH - 2 * EDGE)) / Math.max(1, values.length - 1);
    const place = (value, index) =>
      `${across(index).toFixed(1)} ${(HEIGHT - EDGE - value * (HEIGHT - 2 * EDGE)).toFixed(1)}`;
    let path = "";
    values.forEach((value, index) => {
      if (value === null) return;
      const before = index > 0 && values[index - 1] !== null;
      const after = index + 1 < values.length && values[index + 1] !== null;
      path += `${before ? "L" : "M"}${place(value, index)}${before || after ? "" : "h0.01"}`;
    });
    picture.append(shape("path", { class: "floor", d: `M0 ${HEIGHT - EDGE}H${WIDTH}M0 ${EDGE}H${WIDTH}` }));
    if (path) picture.append(shape("path", { class: "line", d: path }));
    const last = values[values.length - 1];
    if (last !== null) picture.append(shape("path", { class: "at", d: `M${place(last, values.length - 1)}h0.01` }));
    return picture;
  };

  tandem.shareLine = line;
  tandem.programmeAt = (unit) => here(unit);

  const drawTrends = function ({ labels, lines }) {
    fill("programmes-trends", lines.map((each) => make("section", { class: "panel trend", "aria-label": each.name },
      make("h2", {}, make("a", { href: `/definitions#${each.define}`, "data-go": "" }, each.name)),
      make("p", { class: "kpi" }, make("b", {}, each.value), make("span", {}, each.note),
        each.change ? make("span", { class: "change" }, `${each.change} (${labels[0]})`) : ""),
      line(each.values),
      make("p", { class: "ends muted small", "aria-hidden": "true" }, make("span", {}, labels[0]),
        make("span", {}, labels[labels.length - 1])))));
  };

  const heatCell = function (row, column, index, heat) {
    const letter = row.c[index];
    const kind = KINDS[letter];
    const sites = row.o && row.o[index] ? heat.out.replace("{n}", row.o[index]) : "";
    const words = `${row.name}, ${column.name}: ${[row.t[index], heat.words[letter], sites].filter(Boolean).join(", ")}`;
    const inside = [row.t[index], SIGNS[letter]].filter(Boolean).join(" ");
    if (letter === "n" || !column.pair) return make("td", { class: `cell ${kind}`, title: words }, inside);
    const href = heat.below ? compareAt(row.id, column.pair, about.month)
      : compareAt(about.unit, column.pair, `${row.id.slice(0, 4)}-${row.id.slice(4)}`);
    return make("td", { class: `cell ${kind}` },
      make("a", { href, "data-go": "", tabindex: "-1", title: words, "aria-label": words }, inside));
  };

  const drawHeat = function (heat) {
    heat.words = Object.fromEntries(heat.legend);
    fill("programmes-heat-title", heat.title);
    document.getElementById("programmes-ordered").hidden = !heat.below;
    fill("programmes-legend", heat.legend.map(([letter, text]) => make("li", {},
      make("i", { class: `swatch ${KINDS[letter]}`, "aria-hidden": "true" }, SIGNS[letter]), text)));
    const head = make("tr", {}, make("th", { scope: "col" }, heat.corner),
      heat.columns.map((column) => make("th", { scope: "col", title: column.name }, column.short)));
    const rows = heat.rows.map((row, at) => make("tr", { class: heat.below && at === 0 ? "whole" : null },
      make("th", { scope: "row" }, heat.below && at > 0
        ? make("a", { href: here(row.id), "data-go": "" }, row.name) : row.name),
      heat.columns.map((column, index) => heatCell(row, column, index, heat))));
    fill("programmes-heat", make("thead", {}, head), make("tbody", {}, rows));
    fill("programmes-heat-note", heat.note);
    fill("programmes-heat-hint", heat.hint);
    const first = document.querySelector("#programmes-heat td a");
    if (first) first.tabIndex = 0;
  };

  // Arrows move among the cells, so that Tab passes a thousand of them in one step.
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest && event.target.closest("#programmes-heat td a");
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!link || !step) return;
    event.preventDefault();
    const rows = [...document.querySelectorAll("#programmes-heat tbody tr")];
    let [row, column] = [rows.indexOf(link.closest("tr")), link.closest("td").cellIndex];
    for (;;) {
      row += step[0];
      column += step[1];
      const cell = rows[row] && rows[row].cells[column];
      if (!cell || cell.tagName === "TH") return;
      const next = cell.querySelector("a");
      if (!next) continue;
      link.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
      return;
    }
  });

  const drawProducts = function ({ columns, rows, note }, words) {
    const head = make("tr", {}, columns.map((text, at) => make("th", { scope: "col", class: at ? "num" : null }, text)));
    const drawn = rows.map((row) => make("tr", { class: row.family ? "family" : null },
      make("th", { scope: "row" },
        row.pair ? make("a", { href: compareAt(about.unit, row.pair, about.month), "data-go": "" }, row.name) : row.name,
        row.need ? make("span", { class: "chip need" }, row.need) : "",
        row.unit ? make("small", { class: "muted" }, ` ${row.unit}`) : ""),
      row.cells.map((text) => make("td", { class: "num" }, text)),
      make("td", { class: "num" }, make("span", { class: `status ${KINDS[row.c]}` }, words[row.c])),
      make("td", { class: "num" }, row.out),
      columns.length > 6 ? make("td", { class: "num" }, row.lost) : ""));
    fill("programmes-products", make("thead", {}, head), make("tbody", {}, drawn));
    fill("programmes-products-note", note);
  };

  tandem.oneAnswer("programmes", function (view) {
    about = view.about;
    fill("programmes-worst", view.worst);
    document.getElementById("programmes-worst").hidden = !view.worst;
    drawTrends(view.trends);
    drawHeat(view.heat);
    drawProducts(view.products, Object.fromEntries(view.heat.legend));
    tandem.drawCoverage(view);
    tandem.drawSlips(view.expiry);
    tandem.drawTransfers(view);
    tandem.aboutReport(view);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#programmes-print")) window.print();
  });
})();
