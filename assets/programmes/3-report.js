// The report of the month, of the place and month that one looks at.
(function () {
  const ask = window.tandem.making({ id: "programmes-making", path: "/api/v1/reports", back: "programmes-report" });
  let about = null;

  window.tandem.aboutReport = function (view) {
    about = view.about;
    document.getElementById("programmes-report-zip").parentElement.hidden = !view.bundle;
  };

  document.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-report]");
    if (!wanted) return;
    wanted.closest("details").open = false;
    const format = wanted.dataset.report;
    ask({ unit: about.unit, month: about.month, format, language: document.documentElement.lang });
  });
})();
