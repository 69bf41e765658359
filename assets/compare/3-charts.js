// The two charts. Their library comes beside the page, and a click on them is an address like any other.
window.tandem = window.tandem || {};

(function () {
  const tandem = window.tandem;
  const LOOK = { displayModeBar: false, responsive: true, doubleClick: false };
  let loading = null;

  const load = () => new Promise((loaded, failed) => {
    const script = tandem.make("script", { src: document.documentElement.dataset.charts });
    script.addEventListener("load", () => loaded(window.Plotly));
    script.addEventListener("error", () => {
      loading = null; // the next answer tries again
      failed(new Error("The chart library did not come."));
    });
    document.head.append(script);
  });

  const library = function () {
    loading = loading || load();
    return loading;
  };

  // A click on a child's line goes to the child, one on a bar to the largest part of it; the period is kept.
  const drill = function (click, plot) {
    const point = click.points && click.points[0];
    if (!point) return;
    const trace = plot.data[point.curveNumber];
    const target = trace.meta || (trace.customdata || [])[point.pointNumber];
    const change = { at: plot.layout.meta[point.pointNumber] };
    if (target) change.unit = target;
    // Plotly has worked on the click already: the browser paints before the rest of the page follows it.
    window.requestAnimationFrame(() => window.setTimeout(() => tandem.change(change), 0));
  };

  const NARROW = 360; // px; below, the line of words within the chart is set smaller
  const fitting = (layout, box) => ({
    ...layout,
    autosize: true,
    annotations: (layout.annotations || []).map((each) => (box.clientWidth < NARROW
      ? { ...each, font: { ...each.font, size: 10 } } : each)),
  });

  tandem.drawChart = (side, figure) => library().then((plotly) => {
    const box = document.getElementById(`compare-${side}-chart`);
    if (!box) return null;
    const plot = box.firstElementChild || box.appendChild(tandem.make("div", { class: "plot" }));
    const begun = Boolean(plot.data);
    const drawn = plotly.react(plot, figure.data, fitting(figure.layout, box), LOOK);
    if (!begun) plot.on("plotly_click", (click) => drill(click, plot));
    return drawn;
  });

  if (window.location.pathname === "/") library().catch(() => null); // asked again when there is a chart to draw
})();
