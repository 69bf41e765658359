// Both sides on one scale, each as percent of its own median: two lines, told apart by colour, dash and marker.
window.tandem = window.tandem || {};

(function () {
  const { make, fill, sayIn } = window.tandem;
  const SPACE = "http://www.w3.org/2000/svg";
  const HEIGHT = 190;
  const EDGE = { left: 56, right: 10, top: 10, bottom: 34 };
  let shown = null;

  const drawn = (tag, attributes, text) => {
    const element = document.createElementNS(SPACE, tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    if (text) element.textContent = text;
    return element;
  };

  const scale = function (index, width) {
    const values = index.series.flatMap((each) => each.values).filter((value) => value !== null);
    const top = Math.max(150, ...values) * 1.05;
    const step = (width - EDGE.left - EDGE.right) / index.labels.length;
    return {
      top,
      x: (at) => EDGE.left + (at + 0.5) * step,
      y: (value) => HEIGHT - EDGE.bottom - (value / top) * (HEIGHT - EDGE.top - EDGE.bottom),
      step,
    };
  };

  const grid = function (index, { top, x, y, step }, width) {
    const lines = [];
    for (let value = 0; value <= top; value += top > 400 ? 200 : 50) {
      lines.push(
        drawn("line", { x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value), class: value === 100 ? "median" : "rule" }),
        drawn("text", { x: EDGE.left - 6, y: y(value) + 4, "text-anchor": "end" }, String(value)));
    }
    lines.push(drawn("rect", { x: x(index.at) - step / 2, y: EDGE.top, width: step, height: HEIGHT - EDGE.top - EDGE.bottom, class: "at" }));
    Object.entries(index.ticks).forEach(([at, text]) => text.split("<br>").forEach((part, row) =>
      lines.push(drawn("text", { x: x(Number(at)), y: HEIGHT - EDGE.bottom + 14 + 13 * row, "text-anchor": "middle" }, part))));
    return lines;
  };

  const point = (side, x, y) => (side === "service"
    ? drawn("circle", { cx: x, cy: y, r: 3.4 })
    : drawn("rect", { x: x - 3, y: y - 3, width: 6, height: 6 }));

  const line = function (each, index, { x, y }) {
    const group = drawn("g", { class: each.side });
    let path = "";
    each.values.forEach((value, at) => {
      if (value === null) return;
      const gap = at === 0 || each.values[at - 1] === null;
      path += `${gap ? "M" : "L"}${x(at).toFixed(1)},${y(value).toFixed(1)}`;
    });
    group.append(drawn("path", { d: path }));
    each.values.forEach((value, at) => {
      if (value === null) return;
      const mark = point(each.side, x(at), y(value));
      mark.append(drawn("title", {}, `${window.tandem.named(index.labels[at])}${each.name} ${value} %`));
      group.append(mark);
    });
    return group;
  };

  const draw = function () {
    const target = document.getElementById("compare-index");
    if (!shown || !target || !target.clientWidth) return;
    const width = target.clientWidth;
    const picture = drawn("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-labelledby": "compare-index-text" });
    const at = scale(shown, width);
    picture.append(...grid(shown, at, width), ...shown.series.map((each) => line(each, shown, at)));
    fill("compare-index", picture);
  };

  window.tandem.drawIndex = function (index) {
    const box = document.getElementById("compare-index-box");
    shown = index;
    box.hidden = !index;
    if (!index) return;
    box.open = index.open;
    sayIn("compare-index-title", index.title);
    sayIn("compare-index-text", index.text);
    const named = [...index.series, { side: "median", name: index.median }]; // in the picture it would lie on the lines
    fill("compare-index-legend", named.map((each) => make("li", {}, make("i", { class: `line ${each.side}` }), each.name)));
    draw();
  };

  // Whether it is shown belongs into the address, so that a link shows it too.
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("#compare-index-box > summary");
    if (!summary) return;
    event.preventDefault();
    window.tandem.change({ show: summary.parentElement.open ? "apart" : "index" });
  });

  window.addEventListener("resize", draw);
})();
