// Small charts: services above, commodities below, one link each; the pointer reads both at once.
window.tandem = window.tandem || {};

(function () {
  const { make, fill } = window.tandem;
  const SPACE = "http://www.w3.org/2000/svg";
  const STEPS = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
  const [WIDTH, HEIGHT, EDGE] = [200, 46, 3];
  const SIDES = ["service", "commodity"];
  const AT_ONCE = 60;
  let waiting = null; // draws the charts that come into view
  let drawn = { rows: [], shown: null, tops: {} };

  // Figures as they were sent: one by one, or in steps of the highest.
  const unpacked = function (series) {
    if (Array.isArray(series)) return series;
    return [...series.steps].map((letter) =>
      (letter === "." ? null : (STEPS.indexOf(letter) / (STEPS.length - 1)) * series.top));
  };
  window.tandem.unpacked = unpacked;

  const shape = (tag, attributes) => {
    const element = document.createElementNS(SPACE, tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };

  const across = (index, count) => EDGE + (index * (WIDTH - 2 * EDGE)) / Math.max(1, count - 1);

  const chart = function (values, at, side, top) {
    const picture = shape("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: `small-chart ${side}`, "aria-hidden": "true", focusable: "false",
      preserveAspectRatio: "none",
    });
    picture.append(shape("path", { class: "floor", d: `M0 ${HEIGHT - EDGE}H${WIDTH}` }));
    const highest = Math.max(1, top || 0, ...(top ? [] : values));
    const place = (value, index) =>
      `${across(index, values.length).toFixed(1)} ${(HEIGHT - EDGE - (value / highest) * (HEIGHT - 3 * EDGE)).toFixed(1)}`;
    let line = "";
    values.forEach((value, index) => {
      if (value === null) return;
      const before = index > 0 && values[index - 1] !== null;
      const after = index + 1 < values.length && values[index + 1] !== null;
      line += `${before ? "L" : "M"}${place(value, index)}`;
      if (!before && !after) line += "h0.01"; // a round cap makes a lonely month a dot
    });
    if (line) picture.append(shape("path", { class: "line", d: line }));
    if (values[at] !== null && values[at] !== undefined) {
      picture.append(shape("path", { class: "at", d: `M${place(values[at], at)}h0.01` }));
    }
    picture.append(shape("path", { class: "here", d: "" }));
    return picture;
  };

  const figure = (row, side, shown) => make("span", { class: `figure ${side}` },
    make("b", {}, row[side]), ` ${row[`${side}_unit`] || shown.units[side]}`);

  const card = (row, shown) => make("li", {}, make("a", {
    href: row.href, "data-go": "", class: "multiple", "aria-current": row.here ? "true" : null,
  },
  make("strong", {}, row.name),
  SIDES.map((side) => make("span", { class: "side" }, figure(row, side, shown), make("span", { class: "frame" }))),
  make("span", { class: "reading", "aria-hidden": "true" }, window.tandem.two(row)),
  make("span", { class: "visually-hidden" }, row.two.text)));

  const pictures = function (item) {
    const row = drawn.rows[Number(item.dataset.row)];
    if (!row || item.dataset.drawn) return;
    item.dataset.drawn = "1";
    item.querySelectorAll(".frame").forEach((frame, index) => {
      const side = SIDES[index];
      frame.append(chart(unpacked(row[`${side}_spark`]), drawn.shown.at, side, drawn.tops[side]));
    });
  };

  const highest = (rows, side) => Math.max(1, ...rows.map((row) => Math.max(0, ...unpacked(row[`${side}_spark`]))));

  window.tandem.drawMultiples = function (rows, shown) {
    const same = shown.shape.scale === "same" && !shown.about_pairs; // pairs count different things
    drawn = { rows, shown, tops: same ? { service: highest(rows, "service"), commodity: highest(rows, "commodity") } : {} };
    if (waiting) waiting.disconnect();
    waiting = new IntersectionObserver((seen) => seen.forEach((each) => {
      if (each.isIntersecting) { pictures(each.target); waiting.unobserve(each.target); }
    }), { rootMargin: "300px" });
    const items = rows.map((row, index) => {
      const item = card(row, shown);
      item.dataset.row = index;
      return item;
    });
    fill("compare-multiples", items);
    fill("compare-multiples-key", shown.units.key);
    // So few are cheap to draw at once, and are there for whoever prints or pictures the whole page.
    items.forEach((item) => (items.length <= AT_ONCE ? pictures(item) : waiting.observe(item)));
  };

  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("#compare-multiples > li").forEach(pictures);
  });

  const said = function (row, index) {
    const words = SIDES.map((side) => {
      const series = row[`${side}_spark`];
      const value = unpacked(series)[index];
      if (value === null || value === undefined) return "–";
      return (Array.isArray(series) ? "" : "≈ ") + Math.round(value).toLocaleString(document.documentElement.lang);
    });
    return make("span", { class: "at-pointer" }, window.tandem.named(drawn.shown.labels[index]),
      make("b", { class: "service" }, words[0]), " · ", make("b", { class: "commodity" }, words[1]));
  };

  const mark = function (item, index) {
    const row = drawn.rows[Number(item.dataset.row)];
    const count = drawn.shown.labels.length;
    item.querySelectorAll(".here").forEach((line) => {
      line.setAttribute("d", index === null ? "" : `M${across(index, count).toFixed(1)} 0V${HEIGHT}`);
    });
    item.querySelector(".reading").replaceChildren(index === null ? window.tandem.two(row) : said(row, index));
  };

  document.addEventListener("pointermove", (event) => {
    const frame = event.target.closest && event.target.closest("#compare-multiples .frame");
    if (!frame) return;
    const box = frame.getBoundingClientRect();
    const count = drawn.shown.labels.length;
    const index = Math.round(((event.clientX - box.x) / box.width) * (count - 1));
    mark(frame.closest("li"), Math.max(0, Math.min(count - 1, index)));
  });
  document.addEventListener("pointerout", (event) => {
    const item = event.target.closest && event.target.closest("#compare-multiples > li");
    if (item && !item.contains(event.relatedTarget)) mark(item, null);
  });
})();
