// One sheet of A4 for what is shown: light whatever the theme, as small as needs be to fit, and back afterwards.
(function () {
  const SHEET = { width: 726, height: 1030 }; // px within the margins of an upright A4 sheet, and a little to spare
  const [LEAST, STEP] = [0.44, 0.02];
  const SMALLER = Array.from({ length: Math.round((1 - LEAST) / STEP) + 1 }, (_, step) => 1 - step * STEP);
  const root = document.documentElement;
  let theme = null;

  const charts = () => [...document.querySelectorAll(".js-plotly-plot")];

  // A narrower sheet wraps more: the page is laid out on a wider one, which is then made smaller as a whole.
  const fit = function () {
    const body = document.body;
    const chosen = SMALLER.find((scale) => {
      body.style.width = `${SHEET.width / scale}px`;
      return body.scrollHeight * scale <= SHEET.height;
    }) || SMALLER[SMALLER.length - 1];
    const widths = charts().map((chart) => chart.parentElement.clientWidth);
    const heights = charts().map((chart) => chart.parentElement.clientHeight);
    body.style.zoom = chosen;
    charts().forEach((chart, index) => window.Plotly.relayout(chart, {
      width: widths[index], height: heights[index], autosize: false,
    }));
    if (window.tandem && window.tandem.onPaper) window.tandem.onPaper();
  };

  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    root.classList.add("printing");
    document.querySelectorAll("details.fold").forEach((each) => { each.open = true; });
    fit();
  });

  window.addEventListener("afterprint", () => {
    if (theme === undefined) delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.classList.remove("printing");
    document.body.style.zoom = "";
    document.body.style.width = "";
    charts().forEach((chart) => window.Plotly.relayout(chart, { width: null, height: null, autosize: true }));
  });
})();
