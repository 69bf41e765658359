// Linked hover: the period under the pointer is marked on both charts and all that is aligned with them.
window.tandem = window.tandem || {};

(function () {
  const LEFT = 56; // the charts' margins, which the strips share
  const RIGHT = 10;
  const ALIGNED = ".panels .chart, .panels .strip, .panels .bars";
  let periods = 0;
  let marked = null;
  let following = null; // what the charts shall follow once the browser has painted
  let pressed = false;

  const plotOf = (side) => document.querySelector(`#compare-${side}-chart .js-plotly-plot`);

  // What the other chart says of the period: its first bar, line or sign that stands there.
  const say = function (side, index) {
    const plot = plotOf(side);
    if (!plot || !window.Plotly || !plot.data) return;
    const curve = plot.data.findIndex((trace) => !trace.yaxis && trace.y && trace.y[index] !== null);
    if (index === null || curve < 0) window.Plotly.Fx.unhover(plot);
    else window.Plotly.Fx.hover(plot, [{ curveNumber: curve, pointNumber: index }]);
  };

  // Words on a chart cost a slow device more than a frame: the pointer's own chart comes first, the other follows
  // with the newest period alone, and a click that comes in between is heard before it.
  const follow = function (index, from) {
    const begun = following !== null;
    following = { index, from };
    if (begun) return;
    window.tandem.afterPaint(() => {
      const wanted = following;
      following = null;
      if (pressed) return;
      ["service", "commodity"].filter((side) => side !== wanted.from).forEach((side) => say(side, wanted.index));
    });
  };

  const mark = function (index, from) {
    if (index === marked) return;
    marked = index;
    const panels = document.querySelector(".panels");
    panels.classList.toggle("hovering", index !== null);
    if (index !== null) panels.style.setProperty("--hovered", index);
    follow(index, from);
  };

  const sideOf = (element) => {
    const chart = element.closest(".chart");
    return chart && (chart.id.includes("service") ? "service" : "commodity");
  };

  document.addEventListener("pointerdown", () => { pressed = true; }, { passive: true, capture: true });

  document.addEventListener("pointermove", (event) => {
    pressed = event.buttons !== 0;
    const over = event.target.closest && event.target.closest(ALIGNED);
    if (!over || !periods) {
      if (marked !== null && document.querySelector(".panels")) mark(null, null);
      return;
    }
    const box = over.getBoundingClientRect();
    const inset = over.classList.contains("chart") ? [LEFT, RIGHT] : [0, 0];
    const share = (event.clientX - box.left - inset[0]) / (box.width - inset[0] - inset[1]);
    mark(share >= 0 && share < 1 ? Math.floor(share * periods) : null, sideOf(over));
  }, { passive: true });

  window.tandem.linkPanels = function (count) {
    periods = count;
    marked = null;
    const panels = document.querySelector(".panels");
    panels.classList.remove("hovering");
    panels.style.setProperty("--periods", count);
  };
})();
