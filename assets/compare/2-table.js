// The places below as rows: which view shows them, in which order; the table is one of the views.
window.tandem = window.tandem || {};

(function () {
  const { make, fill, sayIn } = window.tandem;
  const USUAL = { view: "table", sort: "size", by: "disagreement", scale: "own" };
  const SORTED_BY = {
    service: "service_value", commodity: "commodity_value", stock: "stock_value", months: "months_value",
    disagreement: "two_sort",
  };
  const element = (name) => document.getElementById(`compare-${name}`);
  let shown = null; // table, at, labels, shape, map: what is on the page, so that another order needs no server

  const two = (row) => make("span", { class: `two ${row.two.kind}` },
    make("i", { "aria-hidden": "true" }, row.two.shape), row.two.text);

  // "2▲180 5■": the third and the sixth month, what the two did in them, and in percent of the usual what was used.
  const percent = (said) => (said ? ` ${(said / 100).toLocaleString(document.documentElement.lang, { style: "percent" })}` : "");
  const marked = (marks, labels = shown.labels) => marks.split(" ").map((mark) => {
    const [, at, shape, said] = mark.match(/^(\d+)(\D)(.*)$/);
    return { at: Number(at), text: `${labels[at]} ${shape}${percent(said)}` };
  });
  const months = (...said) => marked(...said).map((each) => each.text).join(", ");

  // In which months a row parted; above the places that report both, which of the places below it did.
  const parting = function (row) {
    const found = shown.table.parted;
    if (row.two.marks) return months(row.two.marks, found && found.labels);
    const below = found && found.groups.find((group) => group.row === row.id);
    return below ? below.places.map((each) => `${window.tandem.named(each.name)}${months(each.marks, found.labels)}`).join("; ") : "";
  };

  // Every place that parted, of the rows or of the places below them; each of its months is a link to it.
  const drawParted = function ({ rows, parted }) {
    const link = ({ name, unit, marks, often }) => ({
      name,
      often,
      links: marked(marks, parted.labels).map(({ at, text }) => ({
        name: text, about: `${window.tandem.named(name)}${text}`,
        href: shaped(parted.href.replace("UNIT", unit).replace("PERIOD", encodeURIComponent((parted.periods || shown.periods)[at]))),
      })),
    });
    const named = rows.filter((row) => row.two.marks && !(parted && parted.groups.length))
      .map((row) => ({ name: row.name, unit: row.id, marks: row.two.marks, often: row.two.more }));
    const groups = ((parted && parted.groups) || []).map(({ row, places }) => ({
      why: rows.find((each) => each.id === row).name, places: places.map(link),
    }));
    if (named.length) groups.push({ why: "", places: named.map(link) });
    sayIn("compare-parted-rest", parted ? parted.rest || "" : "");
    window.tandem.drawPlaces("parted", parted && { title: parted.title, groups });
  };

  const cells = {
    name: (row) => make("th", { scope: "row" }, make("a", { href: row.href, "data-go": "" }, row.name)),
    service: (row, at) => pictured(row, "service", at),
    commodity: (row, at) => pictured(row, "commodity", at),
    num: (row, at, key) => make("td", { class: "num" }, row[key]),
    text: (row, at, key) => make("td", { class: row[key].length > 1 ? "words lines" : "words", title: row[key].join(" · ") },
      row[key].map((line) => make("div", {}, line))),
    status: (row) => make("td", {}, row.status.kind
      ? make("span", { class: `status ${row.status.kind}` }, row.status.text)
      : make("span", { class: "muted" }, row.status.text)),
    two: (row) => make("td", { title: parting(row) || null }, two(row),
      row.two.more ? make("small", { class: "more" }, row.two.more) : null),
  };

  function pictured(row, side, at) {
    return make("td", {}, make("div", { class: "pictured" },
      make("span", {}, row[side]), window.tandem.sparkline(row[`${side}_spark`], at, side)));
  }

  const valued = (row, key) => {
    const value = row[SORTED_BY[key] || key];
    return value === undefined ? null : value;
  };

  const compared = (key, turned) => (one, other) => {
    const [a, b] = [valued(one, key), valued(other, key)];
    if (a === null || b === null) return (a === null) - (b === null); // what is not known stays last
    const natural = typeof a === "string" ? a.localeCompare(b) : b - a;
    return turned ? -natural : natural;
  };

  const sorting = () => {
    const turned = shown.shape.sort.startsWith("-");
    return { key: shown.shape.sort.slice(turned ? 1 : 0), turned };
  };

  const sorted = function () {
    const { key, turned } = sorting();
    const rows = [...shown.table.rows];
    if (key !== "size") return rows.sort(compared(key, turned));
    return turned ? rows.reverse() : rows;
  };

  const heading = function (column) {
    const attributes = { scope: "col", class: `column-${column.kind}` };
    if (!(column.key in SORTED_BY) && column.key !== "name") return make("th", attributes, column.text);
    const { key, turned } = sorting();
    const down = (column.key === "name") === turned; // names go up by nature, figures down
    if (key === column.key) attributes["aria-sort"] = down ? "descending" : "ascending";
    const button = make("button", { type: "button", class: "sort", "data-sort": column.key }, column.text,
      make("span", { "aria-hidden": "true" }, key === column.key ? (down ? " ↓" : " ↑") : ""));
    return make("th", attributes, button);
  };

  const drawTable = (rows) => fill("compare-table",
    make("caption", { class: "visually-hidden" }, shown.table.caption),
    make("thead", {}, make("tr", {}, shown.table.columns.map(heading))),
    make("tbody", {}, rows.map((row) => make("tr", {},
      shown.table.columns.map((column) => cells[column.kind](row, shown.at, column.key))))));

  // The same link, with the views as they are now and not as they were when the server wrote it.
  const shaped = function (href) {
    const target = new URL(href, window.location.href);
    Object.entries(shown ? shown.shape : {}).forEach(([name, value]) => {
      if (!value || value === USUAL[name]) target.searchParams.delete(name);
      else target.searchParams.set(name, value);
    });
    return target.pathname + target.search;
  };

  const drawTabs = function () {
    const { view } = shown.shape;
    const places = shown.about_pairs || shown.table.rows.length > 0;
    document.querySelectorAll("#compare-views [data-view]").forEach((tab) => {
      const chosen = tab.dataset.view === view;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      tab.hidden = !chosen && !shown.has_places && ["multiples", "map"].includes(tab.dataset.view);
    });
    element("rows").setAttribute("aria-labelledby", `compare-view-${view}`);
    element("sort-box").hidden = !places || view === "table";
    element("by-box").hidden = view !== "map" || !places;
    element("scale-box").hidden = !["multiples"].includes(view) || !places;
    ["sort", "by", "scale"].forEach((name) => { element(name).value = shown.shape[name].replace("-", ""); });
  };

  const drawChoices = function () {
    element("sort").options[0].textContent = shown.units.order;
    const known = new Set(shown.table.columns.map((column) => column.key));
    [...element("sort").options].forEach((option) => {
      option.hidden = shown.table.columns.length > 0 && option.value !== "size" && !known.has(option.value);
      option.disabled = option.hidden;
    });
  };

  const draw = function () {
    const rows = sorted().map((row) => ({ ...row, href: shaped(row.href) }));
    const { view } = shown.shape;
    drawTabs();
    drawChoices();
    element("table-box").hidden = view !== "table" || !rows.length;
    const small = view === "multiples" || view === "pairs";
    element("multiples").hidden = !small;
    element("multiples-key").hidden = !small || !rows.length;
    element("map").hidden = view !== "map";
    sayIn("compare-table-note", [view === "table" && shown.table.note, rows.length && shown.units.note].filter(Boolean).join(" "));
    if (view === "table") drawTable(rows);
    if (small) window.tandem.drawMultiples(rows, shown);
    if (view === "map") window.tandem.drawMap(rows, shown);
  };

  // Another view of the same rows: the address and every link follow, and nothing is asked of the server.
  const reshape = function (change) {
    shown.shape = { ...shown.shape, ...change };
    window.history.pushState({}, "", shaped(window.location.href));
    document.querySelectorAll("#compare a[data-go], #compare-crumbs a[data-go]").forEach((link) => {
      link.setAttribute("href", shaped(link.getAttribute("href")));
    });
    draw();
  };

  const show = function (view) {
    const local = (each) => each === "table" || each === "multiples";
    const asked = !local(view) || !local(shown.shape.view);
    if (asked) window.tandem.change({ view: view === USUAL.view ? null : view });
    else reshape({ view });
  };

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("#compare-views [data-view]");
    if (tab && tab.dataset.view !== shown.shape.view) show(tab.dataset.view);
    const button = event.target.closest("#compare-table button.sort");
    if (!button) return;
    const { key, turned } = sorting();
    reshape({ sort: button.dataset.sort === key && !turned ? `-${key}` : button.dataset.sort });
    document.querySelector(`#compare-table button[data-sort="${button.dataset.sort}"]`).focus();
  });

  document.addEventListener("change", (event) => {
    if (event.target.closest(".shape")) reshape({ [event.target.name]: event.target.value });
  });

  // Left and right lead along the tabs, as everywhere; Enter and the space bar choose.
  document.addEventListener("keydown", (event) => {
    const here = event.target.closest && event.target.closest("#compare-views [data-view]");
    const tabs = [...document.querySelectorAll("#compare-views [data-view]:not([hidden])")];
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -tabs.length, End: tabs.length }[event.key];
    if (!here || !step) return;
    event.preventDefault();
    const last = tabs.length - 1;
    const next = Math.abs(step) > 1 ? (step < 0 ? 0 : last) : (tabs.indexOf(here) + step + tabs.length) % tabs.length;
    tabs[next].focus();
  });

  window.tandem.shaped = shaped;
  window.tandem.two = two;

  window.tandem.drawRows = function (view, at) {
    const labels = view.controls.at.options.map((each) => each.text);
    const pairs = view.shape.view === "pairs";
    const periods = view.controls.at.options.map((each) => each.value);
    shown = {
      table: view.table, map: view.map, shape: view.shape, at, labels, periods, about_pairs: pairs,
      has_places: view.deeper.options.length > 0, units: view.units,
    };
    sayIn("compare-table-title", view.table.title);
    sayIn("compare-table-subtitle", view.table.subtitle);
    drawParted(view.table);
    element("months-box").open = !view.deeper.options.length;
    draw();
  };

  // A click anywhere in a line leads where its name leads, unless it marks words or is for something else in it.
  document.addEventListener("click", (event) => {
    const line = event.target.closest("#compare-table tbody tr");
    if (!line || event.target.closest("a, button") || String(window.getSelection())) return;
    const link = line.querySelector("th a[data-go]");
    if (link) link.click();
  });
})();
