// Paper is light and as wide as it is: the theme and the charts follow it, and come back afterwards.
(function () {
  const PAPER = 640; // px; the width of a chart on an upright A4 sheet
  const root = document.documentElement;
  let theme = null;
  let opened = [];

  const charts = () => [...document.querySelectorAll(".js-plotly-plot")];

  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    opened = [...document.querySelectorAll("main details:not([open])")];
    opened.forEach((each) => { each.open = true; });
    charts().forEach((chart) => window.Plotly.relayout(chart, { width: PAPER, autosize: false }));
  });

  window.addEventListener("afterprint", () => {
    if (theme === undefined) delete root.dataset.theme;
    else root.dataset.theme = theme;
    opened.forEach((each) => { each.open = false; });
    charts().forEach((chart) => window.Plotly.relayout(chart, { width: null, autosize: true }));
  });
})();
