// The PDF brief of a programme, as the view one looks at has place and months.
(function () {
  const ask = window.tandem.making({ id: "compare-brief", path: "/api/v1/briefs", back: "compare-export" });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#compare-take-brief")) return;
    ask({ search: window.tandem.shown(), language: document.documentElement.lang });
  });
})();
