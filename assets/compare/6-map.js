// The places below as a map: outlines and points in one drawing of our own, and beside it a list that says the same.
window.tandem = window.tandem || {};

(function () {
  const { make, fill } = window.tandem;
  const SPACE = "http://www.w3.org/2000/svg";
  const element = (name) => document.getElementById(`compare-${name}`);
  let rows = [];

  const shape = (tag, attributes, ...children) => {
    const drawn = document.createElementNS(SPACE, tag);
    Object.entries(attributes).forEach(([name, value]) => drawn.setAttribute(name, value));
    drawn.append(...children);
    return drawn;
  };

  const valueOf = (row, by) => (by === "disagreement" ? row.two_value : row[`${by}_value`]);

  // Which class a row's value falls into, from 0; null where it has none.
  const classOf = function (row, by, cuts) {
    const value = valueOf(row, by);
    if (value === null || (by === "disagreement" && row.two.kind === "unclear")) return null;
    if (!cuts.length) return 2;
    if (by === "disagreement" && row.two.kind === "together") return 2; // the colour says what the words say
    const among = cuts.filter((cut) => (by === "disagreement" && cut > 0 ? value >= cut : by === "disagreement" ? value > cut : value >= cut)).length;
    const found = Math.round((among * 4) / cuts.length);
    if (by !== "disagreement") return found;
    return value > 0 ? Math.max(found, 3) : Math.min(found, 1);
  };

  const reported = (row) => Number(row.service_value !== null) + Number(row.commodity_value !== null);

  // Marks by their meaning: of another outline each, so that none needs its colour.
  const MARKS = {
    together: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    more: (x, y, r) => `M${x} ${y - r}l${r} ${1.8 * r}h${-2 * r}z`,
    less: (x, y, r) => `M${x} ${y + r}l${r} ${-1.8 * r}h${-2 * r}z`,
    stock_out: (x, y, r) => `M${x - r * 0.9} ${y - r * 0.9}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`,
    unclear: (x, y, r) => `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`,
  };
  const ring = MARKS.together;
  const half = (x, y, r) => `M${x} ${y - r}a${r} ${r} 0 0 0 0 ${2 * r}z`;

  const mark = function ([x, y], row, { by, cuts }, radius) {
    const kind = classOf(row, by, cuts);
    const colour = kind === null ? "none" : `class-${kind}`;
    const known = by === "disagreement" && MARKS[row.two.kind];
    if (known) return [shape("path", { class: `mark ${colour}`, d: known(x, y, radius) })];
    const sides = reported(row);
    if (sides === 2) return [shape("path", { class: `mark ${colour}`, d: ring(x, y, radius) })];
    const hollow = shape("path", { class: sides ? "mark hollow" : "mark hollow silent", d: ring(x, y, radius) });
    return sides ? [hollow, shape("path", { class: `mark half ${by === "disagreement" ? "none" : colour}`, d: half(x, y, radius) })] : [hollow];
  };

  const sized = (row, colouring) => {
    if (colouring.by === "disagreement") return 8;
    const kind = classOf(row, colouring.by, colouring.cuts);
    return kind === null ? 6 : 5 + 1.6 * kind;
  };

  const group = function (row, index, map, colouring) {
    const place = map.points[row.id];
    if (!place) return null;
    const area = map.areas[row.id];
    const kind = classOf(row, colouring.by, colouring.cuts);
    const drawn = shape("g", { class: "place", "data-row": index });
    if (area) {
      drawn.append(shape("path", { class: `area ${kind === null ? "none" : `class-${kind}`}`, d: area, "fill-rule": "evenodd" }));
      if (colouring.by === "disagreement") drawn.append(...mark(place, row, { ...colouring, cuts: [] }, 7).map((each) => {
        each.setAttribute("class", `${each.getAttribute("class").split(" ")[0]} on-area`);
        return each;
      }));
    } else drawn.append(...mark(place, row, colouring, sized(row, colouring)));
    return drawn;
  };

  const sites = function (flat) {
    let d = "";
    for (let index = 0; index < flat.length; index += 2) d += `M${flat[index]} ${flat[index + 1]}h0.01`;
    return shape("path", { class: "sites", d });
  };

  const picture = function (map, colouring) {
    const drawn = shape("svg", {
      viewBox: `0 0 ${map.width} ${map.height}`, class: `drawing by-${colouring.by}`, role: "img", "aria-label": map.label,
    });
    if (map.ground) drawn.append(shape("path", { class: "ground", d: map.ground, "fill-rule": "evenodd" }));
    const groups = rows.map((row, index) => group(row, index, map, colouring)).filter(Boolean);
    // Areas first, then the facilities in them; small marks above large ones, so that none is hidden.
    groups.sort((one, other) => sized(rows[other.dataset.row], colouring) - sized(rows[one.dataset.row], colouring));
    drawn.append(...groups);
    if (map.sites.length) drawn.append(sites(map.sites));
    return drawn;
  };

  const swatch = (paths, by) => shape("svg", { viewBox: "0 0 20 20", class: `swatch drawing by-${by}`, "aria-hidden": "true" }, ...paths);
  const square = "M2 3h16v14h-16z";

  const legend = function (map, colouring) {
    const { by } = colouring;
    const { words } = map;
    const apart = by === "disagreement";
    const texts = apart ? words.steps : map.legend[by].texts;
    const steps = texts.length - 1;
    const coloured = (texts.length ? texts : [words.alike]).map((text, index) => [
      shape("path", { class: `area class-${steps > 0 ? Math.round((index * 4) / steps) : 2}`, d: square }), text]);
    const nothing = [shape("path", { class: "area none", d: square }), words.none];
    const kinds = apart ? words.kinds.map(({ kind, text }) => [shape("path", { class: "mark on-area", d: MARKS[kind](10, 10, 7) }), text]) : [];
    const pointed = Object.keys(map.areas).length < Object.keys(map.points).length;
    const both = apart ? [] : [[shape("path", { class: "mark class-2", d: ring(10, 10, 7) }), words.sides[0]]];
    const sides = pointed ? [...both,
      [[shape("path", { class: "mark hollow", d: ring(10, 10, 7) }), shape("path", { class: "mark half none", d: half(10, 10, 7) })], words.sides[1]],
      [shape("path", { class: "mark hollow silent", d: ring(10, 10, 7) }), words.sides[2]]] : [];
    const dots = map.sites.length ? [[shape("path", { class: "sites", d: "M10 10h0.01" }), words.site]] : [];
    return make("div", { class: "map-legend" },
      make("p", {}, apart ? words.disagreement : map.legend[by].title),
      make("ul", {}, [...coloured, nothing, ...kinds, ...sides, ...dots].map(([paths, text]) =>
        make("li", {}, swatch([paths].flat(), by), text))));
  };

  const said = (row, units) => [
    make("b", {}, row.name), ` · ${row.service} ${units.service} · ${row.commodity} ${units.commodity} · `, window.tandem.two(row)];

  const listed = function (map, colouring) {
    const { by } = colouring;
    return make("ol", { class: "map-list", "aria-label": map.words.list }, rows.map((row, index) => make("li", {},
      make("a", { href: row.href, "data-go": "", "data-row": index, tabindex: index ? "-1" : null },
        swatch(mark([10, 10], row, colouring, 7), by),
        make("span", {}, row.name),
        make("span", { class: "value" }, by === "disagreement" ? row.two.text : row[by])))));
  };

  const point = function (index) {
    const box = element("map");
    box.querySelectorAll(".lit").forEach((each) => each.classList.remove("lit"));
    const row = rows[index];
    if (!row) return;
    box.querySelectorAll(`[data-row="${index}"]`).forEach((each) => each.classList.add("lit"));
    const place = box.querySelector(`g[data-row="${index}"]`);
    // Above its neighbours; once, as a mark that is moved while the button is down is never clicked.
    if (place && !map().areas[row.id] && place.nextElementSibling) place.parentNode.append(place);
    box.querySelector(".map-words").replaceChildren(...said(row, drawn.units).flat());
  };

  let drawn = null;
  const map = () => drawn.map;

  window.tandem.drawMap = function (sorted, shown) {
    drawn = shown;
    rows = sorted;
    const box = element("map");
    if (!map() || map().missing) {
      const table = make("button", { type: "button", class: "button" }, map() ? map().to_table : "");
      table.addEventListener("click", () => element("view-table").click());
      fill("compare-map", map() ? [make("p", { class: "message" }, map().missing), table] : []);
      return;
    }
    const by = shown.shape.by;
    const colouring = { by, cuts: map().classes[by] };
    const words = make("p", { class: "map-words", "aria-live": "polite" }, map().words.hint);
    fill("compare-map",
      make("div", { class: "map-drawn" }, picture(map(), colouring), words, legend(map(), colouring)),
      make("div", { class: "map-beside" }, listed(map(), colouring),
        map().notes.map((note) => make("p", { class: "muted small" }, note))));
    box.classList.toggle("pointed", !Object.keys(map().areas).length);
  };

  // Up and down lead along the list, so that Tab passes a hundred places in one step.
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest && event.target.closest("#compare-map .map-list a");
    const links = link ? [...document.querySelectorAll("#compare-map .map-list a")] : [];
    const here = links.indexOf(link);
    const next = links[{ ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: links.length - 1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    link.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  const indexAt = (event) => {
    const found = event.target.closest && event.target.closest("#compare-map [data-row]");
    return found ? Number(found.dataset.row) : null;
  };
  ["pointerover", "focusin"].forEach((kind) => document.addEventListener(kind, (event) => {
    const index = indexAt(event);
    if (index !== null) point(index);
  }));
  document.addEventListener("click", (event) => {
    const place = event.target.closest("#compare-map g.place");
    if (place) window.tandem.visit(rows[Number(place.dataset.row)].href);
  });
})();
