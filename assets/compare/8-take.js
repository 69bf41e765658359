// Taking Compare away: a chart as a picture that says by itself what, where, when, from which reports and as of when.
window.tandem = window.tandem || {};

(function () {
  const WIDTH = 1200;
  const HEIGHT = 675;
  const INK = "#1b2430";
  const MUTED = "#56636f";
  let taken = null; // the addresses and the pictures' texts of what is shown

  window.tandem.drawTake = function (exported) {
    taken = exported;
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

  // Paper is light, whatever the page's theme; lines of one name stand once in the legend.
  const pictureOf = function (chart, texts) {
    const named = new Set();
    const data = chart.data.map((trace) => {
      const first = trace.name && trace.showlegend !== false && !named.has(trace.name);
      named.add(trace.name);
      return { ...trace, showlegend: Boolean(first) };
    });
    const layout = {
      ...chart.layout, width: WIDTH, height: HEIGHT, autosize: false, showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 13, color: INK } },
      margin: { l: 80, r: 30, t: 120, b: 96 }, paper_bgcolor: "#fff", plot_bgcolor: "#fff",
      font: { ...chart.layout.font, size: 13, color: MUTED },
      xaxis: axis(chart.layout.xaxis), yaxis: axis(chart.layout.yaxis),
      annotations: [...(chart.layout.annotations || []),
        { ...line(`<b>${escaped(texts.title)}</b>`, 1, 20, INK), yshift: 78 },
        { ...line(escaped(texts.subtitle), 1, 14, MUTED), yshift: 52 },
        { ...line(escaped(texts.foot), 0, 12, MUTED), yshift: -88 }],
    };
    if (chart.layout.yaxis2) layout.yaxis2 = axis(chart.layout.yaxis2);
    return { data, layout, config: { staticPlot: true } };
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
    return window.Plotly.toImage(pictureOf(chart, texts), options)
      .then((address) => save(address, `${texts.name}.${format}`), () => { said.hidden = false; });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    if (button && taken) picture(...button.dataset.picture.split("-"));
    const menu = event.target.closest("details.take .menu a, details.take .menu button");
    if (menu) menu.closest("details").open = false;
  });
})();
