// A series as a small inline drawing: gaps stay gaps, the period looked at has a dot.
window.tandem = window.tandem || {};

(function () {
  const SPACE = "http://www.w3.org/2000/svg";
  const WIDTH = 110;
  const HEIGHT = 26;
  const EDGE = 3;

  const drawn = (tag, attributes) => {
    const element = document.createElementNS(SPACE, tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };

  const placer = (values) => {
    const top = Math.max(1, ...values.filter((value) => value !== null));
    const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
    return (value, index) => [EDGE + index * step, HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE)];
  };

  const runs = (values) => {
    const found = [[]];
    values.forEach((value, index) => {
      if (value === null) found.push([]);
      else found[found.length - 1].push([value, index]);
    });
    return found.filter((run) => run.length);
  };

  window.tandem.sparkline = function (series, at, side) {
    const values = window.tandem.unpacked(series);
    const picture = drawn("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: `spark ${side}`, "aria-hidden": "true", focusable: "false",
    });
    if (!values.length) return picture;
    const place = placer(values);
    runs(values).forEach((run) => {
      const points = run.map(([value, index]) => place(value, index).map((x) => x.toFixed(1)).join(","));
      if (run.length > 1) picture.append(drawn("polyline", { points: points.join(" ") }));
      else picture.append(drawn("circle", { cx: points[0].split(",")[0], cy: points[0].split(",")[1], r: 1.4 }));
    });
    if (values[at] !== null && values[at] !== undefined) {
      const [x, y] = place(values[at], at);
      picture.append(drawn("circle", { cx: x, cy: y, r: 2.6, class: "at" }));
    }
    return picture;
  };
})();
