// What moved: whose movement it is, the family of substitutes; and coming back to where one was.
window.tandem = window.tandem || {};

(function () {
  const { make, fill, sayIn } = window.tandem;

  const bar = function (each) {
    const fillings = [
      make("span", { class: "whose" }, each.name),
      make("span", { class: "track", "aria-hidden": "true" }, make("i", { class: each.down ? "down" : "up" })),
      make("b", {}, each.share),
      make("span", { class: "by" }, each.change),
    ];
    const line = each.href
      ? make("a", { class: "part", href: each.href, "data-go": "" }, fillings)
      : make("span", { class: "part" }, fillings);
    line.querySelector("i").style.setProperty("--width", each.width);
    return make("li", { class: each.kind }, line);
  };

  const side = (each) => make("div", { class: `side ${each.side}` },
    make("h3", {}, each.title),
    make("p", { class: "head" }, each.head),
    make("p", { class: "verdict" }, each.verdict),
    each.bars.length ? make("ul", { class: "parts" }, each.bars.map(bar)) : null,
    make("p", { class: "muted small" }, each.sum));

  const row = (each) => make("tr", { class: each.total ? "total" : each.here ? "here" : null },
    make("th", { scope: "row" }, each.name),
    ["before", "after", "change", "share", "both"].map((name) => make("td", { class: "num" }, each[name])));

  const substitute = (found) => make("div", { class: "notice substitute" },
    make("p", {}, make("b", {}, found.strong), " ", found.text),
    found.where ? make("p", {}, found.where, " ", found.places.map((place, index) => [index ? ", " : "",
      make("a", { href: place.href, "data-go": "" }, place.name), ` ${place.text}`])) : null);

  const family = (found) => [
    make("h3", {}, found.title),
    make("p", { class: "verdict" }, found.verdict),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": found.title },
      make("table", { class: "table" },
        make("thead", {}, make("tr", {}, found.columns.map((name, index) =>
          make("th", { scope: "col", class: index ? "num" : null }, name)))),
        make("tbody", {}, found.rows.map(row)))),
    found.substitute ? substitute(found.substitute) : null,
  ];

  window.tandem.drawStory = function (story) {
    sayIn("compare-story-title", story.title);
    fill("compare-story-sides", story.sides.map(side));
    fill("compare-story-family", story.family ? family(story.family).filter(Boolean) : []).hidden = !story.family;
    sayIn("compare-story-note", story.note);
    if (window.tandem.drawReported) window.tandem.drawReported(story.reported);
  };

  // Back and Forward: the page is drawn anew, so where one stood is kept with the address in the history.
  let returning = null;

  window.tandem.leave = function () {
    const focused = document.activeElement;
    const within = focused && focused.closest("[id]");
    const href = focused && focused.getAttribute("href");
    const stood = { y: window.scrollY, within: within ? within.id : null, href };
    window.history.replaceState({ ...window.history.state, stood }, "");
  };

  window.addEventListener("popstate", (event) => {
    returning = (event.state && event.state.stood) || null;
  });

  window.tandem.comeBack = function () {
    if (!returning) return;
    const { y, within, href } = returning;
    const box = within && document.getElementById(within);
    const target = href && box ? [...box.querySelectorAll("a")].find((each) => each.getAttribute("href") === href) : box;
    if (target) target.focus({ preventScroll: true });
    window.scrollTo({ top: y });
    returning = null;
  };
})();
