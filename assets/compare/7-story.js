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
      make("a", { href: place.href, "data-go": "" }, place.name), ` ${place.text}`]), found.rest && `, ${found.rest}`, ".") : null);

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

  // A place's raw values: asked for beside the answer, so that the click itself stays quick.
  let asking = null;

  const moment = (text, words) => (text
    ? new Date(text).toLocaleString(document.documentElement.lang, { timeZone: words.time_zone, dateStyle: "medium", timeStyle: "short" })
    : "–");
  const day = (text, words) => (text
    ? new Date(text).toLocaleDateString(document.documentElement.lang, { timeZone: words.time_zone, dateStyle: "medium" }) : "–");
  const digits = (value) => (value === null ? "–" : value.toLocaleString(document.documentElement.lang));

  const rawTable = (caption, columns, rows) => make("div", { class: "scroll raw", tabindex: "0", role: "region", "aria-label": caption },
    make("table", { class: "table" }, make("caption", {}, caption),
      make("thead", {}, make("tr", {}, columns.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows.map((cells) => make("tr", {}, cells.map((cell, index) => (index
        ? make("td", {}, cell) : make("th", { scope: "row" }, cell))))))));

  const months = (each) => (each.months > 1 ? `${monthOf(each.month)} (${each.months})` : monthOf(each.month));
  const monthOf = (month) => new Date(Date.UTC(Math.floor(month / 100), (month % 100) - 1, 1))
    .toLocaleDateString(document.documentElement.lang, { timeZone: "UTC", month: "short", year: "numeric" });

  // An element as the country calls it in the reader's language; its name in DHIS2 below, where that differs.
  const element = function (each) {
    const own = [make("span", { lang: each.name_language }, each.name), each.option ? `: ${each.option}` : ""];
    const called = [each.called || each.name, each.option && each.measure_called].filter(Boolean).join(": ");
    const same = called === [each.name, each.option].filter(Boolean).join(": ");
    return same ? own : [called, make("div", { class: "muted small" }, own)];
  };

  const showReported = function (found, words) {
    const parts = [];
    if (!found.values.length && !found.reports.length) parts.push(make("p", { class: "muted" }, words.nothing));
    if (found.values.length) {
      parts.push(rawTable(words.values, words.value_columns, found.values.map((each) => [
        element(each), `${digits(each.value)} ${each.measure === "stockout_days" ? "" : each.unit || ""}`,
        each.cells > 1 ? `${words.states[each.state]} (${each.cells})` : words.states[each.state], months(each),
        each.stored_by || "–", moment(each.stored_at, words), `${each.source}, ${each.unit_name}`])));
    }
    if (found.reports.length) {
      parts.push(rawTable(words.reports, words.report_columns, found.reports.map((each) => [
        each.name, months(each), each.registered ? each.completed_by || "–" : words.unregistered,
        day(each.completed_at, words), each.on_time === null ? "–" : each.on_time ? words.in_time : words.late,
        `${each.source}, ${each.unit_name}`])));
    }
    if (found.aside.length) {
      parts.push(rawTable(words.aside, words.aside_columns, found.aside.map((each) => [
        each.item, each.value, monthOf(each.month), `${each.reason}. ${each.remedy}`, each.source])));
    }
    fill("compare-reported-rows", parts);
  };

  const drawReported = function (words) {
    document.getElementById("compare-reported").hidden = !words;
    if (asking) asking.abort();
    if (!words) return;
    asking = new AbortController();
    fill("compare-reported", make("h3", {}, words.title), make("div", { id: "compare-reported-rows" },
      make("p", { class: "muted", role: "status" }, words.loading)), make("p", {}, make("a", { href: words.csv, download: "" }, words.take)));
    window.fetch(words.href, { signal: asking.signal })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then((found) => showReported(found, words))
      .catch((problem) => {
        if (problem && problem.name === "AbortError") return;
        fill("compare-reported-rows", make("p", { class: "notice", role: "alert" }, words.failed));
      });
  };

  // What is said while the rest is folded: that the substitute was out, else what each side's movement is.
  const inShort = function (story) {
    const found = story.family && story.family.substitute;
    if (found) return [make("b", {}, found.strong), " ", found.text];
    return story.sides.map((each) => [make("b", {}, window.tandem.named(each.title)), each.verdict || each.head, " "]);
  };

  // What stands further down and matters most: said on top, with the way to it.
  window.tandem.finding = ({ text, see, target, href }) => make("p", { class: "notice finding" }, text, " ", href
    ? make("a", { class: "link", href, "data-go": "" }, see)
    : make("button", { type: "button", class: "link", "data-see": target, "aria-label": `${window.tandem.named(see)}${text}` }, see));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-see]");
    const target = button && document.getElementById(button.dataset.see);
    if (!target) return;
    const folded = target.closest("details");
    if (folded) folded.open = true;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
    const first = target.querySelector("a, summary");
    if (first) first.focus({ preventScroll: true });
  });

  window.tandem.drawStory = function (story) {
    sayIn("compare-story-title", story.title);
    fill("compare-story-said", inShort(story));
    fill("compare-story-sides", story.sides.map(side));
    fill("compare-story-family", story.family ? family(story.family).filter(Boolean) : []).hidden = !story.family;
    sayIn("compare-story-note", story.note);
    document.getElementById("compare-group").closest(".choice").hidden = !story.groups;
    drawReported(story.reported);
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
