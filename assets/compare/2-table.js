// The table of children: a row is a link one level deeper; a click on a heading sorts.
window.tandem = window.tandem || {};

(function () {
  const { make, fill, sayIn } = window.tandem;
  const SORTED_BY = { service: "service_value", commodity: "commodity_value", stock: "stock_value", months: "months_value" };
  let shown = null; // the rows on the page, so that sorting needs no server

  const cells = {
    name: (row) => make("th", { scope: "row" }, make("a", { href: row.href, "data-go": "" }, row.name)),
    service: (row, at) => pictured(row, "service", at),
    commodity: (row, at) => pictured(row, "commodity", at),
    num: (row, at, key) => make("td", { class: "num" }, row[key]),
    text: (row, at, key) => {
      const lines = row[`${key}_lines`] || [row[key]];
      return make("td", { class: lines.length > 1 ? "words lines" : "words", title: row[key] },
        lines.map((line) => make("div", {}, line)));
    },
    status: (row) => make("td", {}, row.status.kind
      ? make("span", { class: `status ${row.status.kind}` }, row.status.text)
      : make("span", { class: "muted" }, row.status.text)),
  };

  function pictured(row, side, at) {
    return make("td", {}, make("div", { class: "pictured" },
      make("span", {}, row[side]), window.tandem.sparkline(row[`${side}_spark`], at, side)));
  }

  const compared = (key, down) => (one, other) => {
    const field = SORTED_BY[key] || key;
    const [a, b] = [one[field], other[field]];
    if (typeof a === "string") return (down ? -1 : 1) * a.localeCompare(b);
    if (a === null || b === null) return (a === null) - (b === null); // what is not known stays last
    return down ? b - a : a - b;
  };

  const heading = function (column, sort) {
    const attributes = { scope: "col", class: `column-${column.kind}` };
    if (!(column.key in SORTED_BY) && column.key !== "name") return make("th", attributes, column.text);
    const sorted = sort.key === column.key;
    if (sorted) attributes["aria-sort"] = sort.down ? "descending" : "ascending";
    const button = make("button", { type: "button", class: "sort", "data-sort": column.key }, column.text,
      make("span", { "aria-hidden": "true" }, sorted ? (sort.down ? " ↓" : " ↑") : ""));
    return make("th", attributes, button);
  };

  const draw = function () {
    const { table, at, sort } = shown;
    const rows = [...table.rows];
    if (sort.key) rows.sort(compared(sort.key, sort.down));
    fill("compare-table",
      make("caption", { class: "visually-hidden" }, table.caption),
      make("thead", {}, make("tr", {}, table.columns.map((column) => heading(column, sort)))),
      make("tbody", {}, rows.map((row) =>
        make("tr", {}, table.columns.map((column) => cells[column.kind](row, at, column.key))))));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#compare-table button.sort");
    if (!button) return;
    const key = button.dataset.sort;
    const down = shown.sort.key === key ? !shown.sort.down : key !== "name";
    shown.sort = { key, down };
    draw();
    document.querySelector(`#compare-table button[data-sort="${key}"]`).focus();
  });

  window.tandem.drawTable = function (table, at) {
    shown = { table, at, sort: { key: null, down: false } };
    sayIn("compare-table-title", table.title);
    sayIn("compare-table-subtitle", table.subtitle);
    sayIn("compare-table-note", table.note);
    document.getElementById("compare-months-box").open = !table.rows.length;
    document.getElementById("compare-table").closest(".scroll").hidden = !table.rows.length;
    draw();
  };
})();
