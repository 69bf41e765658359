// Taking Compare away: a chart as a picture that says by itself what, where, when, from which reports and as of when.
window.tandem = window.tandem || {};

(function () {
  const WIDTH = 1200;
  const HEIGHT = 675;
  const INK = "#1b2430";
  const MUTED = "#56636f";
  const FOOT = { letters: 150, line: 17 }; // letters a line, px a line
  const DEEP = { service: "#00507e", commodity: "#8f5600" };
  let taken = null; // the addresses and the pictures' texts of what is shown
  let shown = null; // what stands around the charts: legends, signs, remarks

  window.tandem.drawTake = function (exported, view) {
    taken = exported;
    shown = view;
    ["csv", "notes", "xlsx"].forEach((name) => {
      document.getElementById(`compare-take-${name}`).href = exported[name];
    });
    const note = document.getElementById("compare-take-note");
    note.textContent = exported.note;
    note.hidden = !exported.note;
    document.getElementById("compare-take-failed").hidden = true;
  };

  // The query of the address of exactly what is shown.
  window.tandem.shown = () => new URL(taken.page, window.location.href).search;

  const line = (text, y, size, color) => ({
    text, x: 0, y, xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom", xshift: -60, showarrow: false,
    font: { size, color },
  });

  const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);

  const axis = (given) => given && { ...given, color: MUTED, gridcolor: "#e8ecef" };

  // What the chart draws without a name: the page's own legend says it, so the picture's does.
  const nameless = (side) => {
    const looks = {
      band: { mode: "markers", marker: { symbol: "square", size: 13, color: "#dee1e4" } },
      up: { mode: "markers", marker: { symbol: "triangle-up", size: 11, color: "#5a6876" } },
      down: { mode: "markers", marker: { symbol: "triangle-down", size: 11, color: "#5a6876" } },
      due: { mode: "lines", line: { color: DEEP[side], width: 1.4, dash: "4px,2px" } },
      tick: { mode: "lines", line: { color: DEEP[side], width: 2.4 } },
    };
    return shown.panels[side].legend.filter((each) => looks[each.mark.split(" ")[0]]).map((each) => ({
      type: "scatter", x: [null], y: [null], name: each.text, showlegend: true, ...looks[each.mark.split(" ")[0]],
    }));
  };

  const wrapped = (text) => text.split(/\s+/).reduce((lines, word) => {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length < FOOT.letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
    return lines;
  }, []);

  // Signs and remarks in words, then the reports, the source and whose data it is.
  const footLines = function (side, texts) {
    const noted = ((shown.words && shown.words.remarks) || []).filter((each) => each.at !== null)
      .map((each) => `${window.tandem.named(`⚑${each.mark} · ${each.when} · ${each.kind}`)}${each.text} (${each.by})`);
    return [shown.panels[side].key, ...noted, texts.foot, shown.credit].filter(Boolean).flatMap(wrapped);
  };

  // What the page says of clicking is no use on paper.
  const still = (text) => taken.strip[text] || text;

  // Paper is light, whatever the page's theme; lines of one name stand once in the legend.
  const pictureOf = function (chart, side) {
    const texts = taken.pictures[side];
    const foot = footLines(side, texts);
    const more = FOOT.line * (foot.length - 1);
    const named = new Set();
    const data = chart.data.map((trace) => {
      const first = trace.name && trace.showlegend !== false && !named.has(trace.name);
      named.add(trace.name);
      return { ...trace, showlegend: Boolean(first) };
    });
    const drawn = (chart.layout.annotations || []).map((each) => ({ ...each, text: still(each.text) }));
    const layout = {
      ...chart.layout, width: WIDTH, height: HEIGHT, autosize: false, showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 13, color: INK } },
      margin: { l: 80, r: 30, t: 132, b: 96 + more }, paper_bgcolor: "#fff", plot_bgcolor: "#fff",
      font: { ...chart.layout.font, size: 13, color: MUTED },
      xaxis: axis(chart.layout.xaxis), yaxis: axis(chart.layout.yaxis),
      annotations: [...drawn,
        { ...line(`<b>${escaped(texts.title)}</b>`, 1, 20, INK), yshift: 90 },
        { ...line(escaped(texts.subtitle), 1, 14, MUTED), yshift: 64 },
        { ...line(foot.map(escaped).join("<br>"), 0, 12, MUTED), yshift: -88 - more, align: "left" }],
    };
    if (chart.layout.yaxis2) layout.yaxis2 = axis(chart.layout.yaxis2);
    return { data: [...data, ...nameless(side)], layout, config: { staticPlot: true } };
  };

  const save = function (address, name) {
    const link = document.body.appendChild(window.tandem.make("a", { href: address, download: name }));
    link.click();
    link.remove();
  };

  const picture = function (side, format) {
    const texts = taken.pictures[side];
    const chart = document.querySelector(`#compare-${side}-chart .js-plotly-plot`);
    const options = { format, width: WIDTH, height: HEIGHT, scale: format === "png" ? 2 : 1 };
    const said = document.getElementById("compare-take-failed");
    said.hidden = true;
    return window.Plotly.toImage(pictureOf(chart, side), options)
      .then((address) => save(address, `${texts.name}.${format}`), () => { said.hidden = false; });
  };

  // The strip's title is a hint on the page; on the printed sheet it is a title alone.
  window.tandem.onPaper = () => document.querySelectorAll(".chart .annotation-text").forEach((each) => {
    const text = each.querySelector("tspan") || each;
    if (taken) text.textContent = still(text.textContent);
  });

  document.addEventListener("click", (event) => {
    const file = event.target.closest("#compare-take-csv, #compare-take-notes, #compare-take-xlsx");
    if (file) file.href = window.tandem.shaped(file.href); // views and order as they are by now
    const button = event.target.closest("[data-picture]");
    if (button && taken) picture(...button.dataset.picture.split("-"));
    const menu = event.target.closest("details.take .menu a, details.take .menu button");
    if (menu) menu.closest("details").open = false;
  });
})();
