// One series by month: the band of what is usual behind it, gaps left open, the month of the alert marked.
window.tandem = window.tandem || {};

(function () {
  const SPACE = "http://www.w3.org/2000/svg";
  const drawn = (tag, attributes, ...children) => {
    const element = document.createElementNS(SPACE, tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };
  const known = (value) => value !== null && value !== undefined;
  const spoken = (value) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  const named = (month) => new Date(`${month}-15`).toLocaleDateString(document.documentElement.lang, { month: "short", year: "numeric" });

  // A period as it is spoken of: a month, or the months that one report is of.
  const when = (chart, index) => (chart.periods ? chart.periods[index] : named(chart.months[index]));

  // The highest figure stands within the picture; of a band that reaches far beyond all figures only the foot does.
  const top = function (chart) {
    const values = chart.values.filter(known);
    const most = Math.max(1, ...values, ...(chart.expected || []).filter(known));
    const band = Math.max(0, ...(chart.high || []).filter(known));
    return Math.max(most, Math.min(band, 1.6 * most)) * 1.06;
  };

  const runs = function (values) {
    const found = [[]];
    values.forEach((value, index) => (known(value) ? found[found.length - 1].push(index) : found.push([])));
    return found.filter((run) => run.length);
  };

  const frame = (chart, size) => {
    const [width, height] = size;
    const step = (width - 2 * 6) / Math.max(1, chart.values.length - 1);
    const highest = top(chart);
    return { x: (index) => 6 + index * step, y: (value) => height - 4 - (Math.min(value, highest) / highest) * (height - 10) };
  };

  const points = (at, indices, values) => indices.map((index) => `${at.x(index).toFixed(1)},${at.y(values[index]).toFixed(1)}`);

  // What is usual of a month by itself is as wide as its dot: an area of one point would be nothing.
  const alone = (chart, at, index) => drawn("rect", {
    class: "usual", x: at.x(index) - 4, y: at.y(chart.high[index]), width: 8,
    height: Math.max(1, at.y(chart.low[index]) - at.y(chart.high[index])),
  });

  const band = (chart, at) => runs(chart.high || []).map((run) => (run.length > 1
    ? drawn("polygon", {
      class: "usual",
      points: [...points(at, run, chart.high), ...points(at, [...run].reverse(), chart.low)].join(" "),
    })
    : alone(chart, at, run[0])));

  const line = (chart, at) => runs(chart.values).map((run) => (run.length > 1
    ? drawn("polyline", { class: "line", points: points(at, run, chart.values).join(" ") })
    : drawn("circle", { class: "lone", cx: at.x(run[0]), cy: at.y(chart.values[run[0]]), r: 2 })));

  const dots = (chart, at, month) => chart.values.flatMap((value, index) => {
    if (!known(value)) return [];
    const marked = chart.months && chart.months[index] === month;
    if (!marked && !chart.months) return [];
    const dot = drawn("circle", { class: marked ? "at" : "spot", cx: at.x(index), cy: at.y(value), r: marked ? 4.5 : 5 });
    const usual = chart.high && known(chart.high[index]) ? ` (${spoken(chart.low[index])}–${spoken(chart.high[index])})` : "";
    dot.append(drawn("title", {}, `${when(chart, index)}: ${spoken(value)}${usual}`));
    return [dot];
  });

  // What is drawn, in one sentence for those who listen.
  const heard = (chart, month) => {
    const index = chart.months ? chart.months.indexOf(month) : -1;
    return index < 0 || !known(chart.values[index]) ? "" : `${when(chart, index)}: ${spoken(chart.values[index])}`;
  };

  window.tandem.bandChart = function (chart, size, month) {
    const at = frame(chart, size);
    const picture = drawn("svg", {
      viewBox: `0 0 ${size[0]} ${size[1]}`, class: `band-chart ${chart.side}`, role: "img",
      "aria-label": [chart.name, heard(chart, month)].filter(Boolean).join(". "), preserveAspectRatio: "none",
    });
    picture.append(...band(chart, at), ...line(chart, at), ...dots(chart, at, month));
    return picture;
  };

  // The largest of 1, 2 or 5 times a power of ten that stands within the picture.
  const round = function (highest) {
    const power = 10 ** Math.floor(Math.log10(highest));
    return [5, 2, 1].map((each) => each * power).find((each) => each <= highest);
  };

  // The same with a scale beside it: nothing, half of a round figure, and that figure, each with a line.
  window.tandem.scaledChart = function (chart, size, month) {
    const at = frame(chart, size);
    const highest = round(top(chart));
    const ticks = [0, highest / 2, highest].filter((each) => Number.isInteger(each) || highest < 1);
    const box = document.createElement("div");
    box.className = "band-box";
    ticks.forEach((each) => {
      const tick = document.createElement("span");
      tick.style.top = `${(100 * at.y(each)) / size[1]}%`;
      tick.textContent = spoken(each);
      box.append(tick);
    });
    box.append(window.tandem.bandChart(chart, size, month));
    return box;
  };

  window.tandem.periodNamed = when;
})();
