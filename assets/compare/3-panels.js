// What stands around the two charts, and below them.
window.tandem = window.tandem || {};

(function () {
  const { make, fill, sayIn } = window.tandem;

  const figure = (each) => make("div", { class: "kpi", "data-define": each.define || null },
    make("b", {}, each.value),
    make("span", {}, each.words),
    each.note ? make("em", {}, each.note) : null);

  const strip = function (id, panel) {
    const element = fill(id, panel.strip.map((share, index) => {
      const kind = share === null ? "none" : share >= 0.95 ? "full" : share > 0 ? "some" : "empty";
      const cell = make("i", { class: kind, title: panel.strip_titles[index] });
      if (kind === "some") cell.style.setProperty("--share", share);
      return cell;
    }));
    element.setAttribute("aria-label", panel.reports);
  };

  // A row of small bars below a chart, aligned with it: the higher the more, hatched where nothing was reported.
  const bars = (row, labels) => make("div", { class: `lane ${row.kind}` },
    make("p", {}, `${row.title} `, make("b", {}, row.now)),
    make("div", { class: "bars", role: "img", "aria-label": row.said }, row.shares.map((share, index) => {
      const bar = make("i", { class: share === null ? "none" : null, title: `${window.tandem.named(labels[index])}${row.texts[index]}` });
      if (share !== null) bar.style.setProperty("--share", share);
      return bar;
    })));

  const drawPanel = function (side, panel) {
    const id = (part) => `compare-${side}-${part}`;
    sayIn(id("subtitle"), panel.subtitle);
    sayIn(id("message"), panel.message);
    fill(id("kpis"), panel.empty ? [] : panel.kpis.map(figure)); // its room is kept (assets/style/7-panels.css)
    fill(id("legend"), panel.empty ? [] : panel.legend.map((each) => make("li", {}, make("i", { class: each.mark }), each.text)));
    ["figure", "reports", "strip", "summary"].forEach((part) => {
      document.getElementById(id(part)).hidden = panel.empty;
    });
    sayIn(id("reports"), panel.empty ? "" : panel.reports);
    strip(id("strip"), panel);
    fill(id("beneath"), panel.beneath ? panel.beneath.rows.map((row) => bars(row, panel.beneath.labels)) : []);
    sayIn(id("usual"), panel.usual);
    fill(id("summary"), panel.summary);
    sayIn(id("key"), panel.empty ? "" : panel.key);
    sayIn(id("source"), panel.source);
  };

  window.tandem.drawPanels = function (panels) {
    Object.entries(panels).forEach(([side, panel]) => drawPanel(side, panel));
  };

  const runs = (block) => block.runs.map(([bold, text]) => (bold ? make("b", {}, text) : text));

  window.tandem.drawTip = function (view) {
    fill("compare-tip", view.words.tip_blocks.map((block) => make(block.kind === "li" ? "p" : "p",
      { class: block.kind === "li" ? "item" : null }, runs(block))));
    sayIn("compare-guideline", view.guideline);
    sayIn("compare-credit", view.credit);
  };

  // Places by groups, each a link, below a line that opens them: those with one side, those that parted.
  window.tandem.drawPlaces = function (name, found) {
    document.getElementById(`compare-${name}-box`).hidden = !found || !found.groups.length;
    if (!found) return;
    sayIn(`compare-${name}-title`, found.title);
    fill(`compare-${name}`, found.groups.map((group) => make("div", {},
      make("p", {}, group.why),
      make("ul", { class: "places" }, group.places.map((place) => make("li", {}, place.links
        ? [make("b", {}, place.name), " ", window.tandem.named(`(${place.often})`), place.links.map((each, index) => [index ? ", " : "",
          make("a", { href: each.href, "data-go": "", "aria-label": each.about }, each.name)])]
        : make("a", { href: place.href, "data-go": "" }, place.name)))))));
  };

  window.tandem.drawMonths = function (months) {
    fill("compare-months",
      make("thead", {}, make("tr", {}, months.columns.map((name, index) =>
        make("th", { scope: "col", class: index ? "num" : null }, name)))),
      make("tbody", {}, months.rows.map((row) => make("tr", {}, row.map((text, index) =>
        (index ? make("td", { class: "num" }, text) : make("th", { scope: "row" }, text)))))));
  };
})();
