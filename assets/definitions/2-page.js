// The Definitions page: drawn from the interface, which browsers keep; the examples with figures come after.
window.tandem = window.tandem || {};

(function () {
  const { make } = window.tandem;
  const here = () => window.tandem.definitions;
  const language = () => document.documentElement.lang;
  const term = (name, ...content) => [make("dt", {}, name), make("dd", {}, ...content)];

  const classes = (each) => make("ul", { class: "definition-classes" }, each.classes.map((shade) => make("li", {},
    make("i", { class: `shade ${shade.colour ? shade.id : ""}`, "aria-hidden": "true" }, shade.mark), shade.name)));

  const parts = (inputs) => (inputs.length
    ? make("dl", { class: "inputs" }, inputs.map((input) => [make("dt", {}, input.name), make("dd", {}, input.text)]))
    : "");

  const result = (example) => make("p", { class: "result" }, "= ", make("b", {}, example.result),
    example.counts ? make("small", { class: "muted" }, ` ${example.counts}`) : "");

  const worked = (title, example) => make("div", { class: "example" }, make("h4", {}, title), parts(example.inputs), result(example));

  const details = function (each) {
    const { text } = here();
    const [formula, ...fields] = each.fields;
    const rows = fields.filter((field) => field.text !== "–").map((field) => term(field.name, field.text));
    if (each.classes.length) rows.push(term(text("classes"), classes(each)));
    if (each.settings.length) rows.push(term(text("country"), each.settings.map((line) => make("span", { class: "line" }, line))));
    if (each.references.length) rows.push(term(text("references"), each.references.map((line) => make("span", { class: "line" }, line))));
    rows.push(term(text("dhis2"), each.dhis2.text));
    rows.push(term(text("function"), make("code", {}, [each.module, each.function].filter(Boolean).join("."))));
    return [
      make("p", { class: "formula" }, formula.text),
      make("dl", { class: "fields" }, rows),
      make("div", { class: "examples" }, each.example ? worked(text("worked"), each.example) : "", make("div", { class: "live" })),
      make("a", { class: "anchor no-print", href: each.href.replace(/^[^#]*/, ""), "aria-label": text("link").replace("{name}", each.name) }, `# ${each.id}`),
    ];
  };

  const entry = (each) => make("details", { id: each.id, class: "panel definition-entry" },
    make("summary", {}, make("h3", {}, each.name), make("span", { class: "muted" }, each.description)), details(each));

  const section = (subject, found) => make("section", { id: `subject-${subject.id}`, "aria-labelledby": `subject-${subject.id}-name` },
    make("h2", { id: `subject-${subject.id}-name` }, subject.name), found.map(entry));

  const draw = function (all) {
    const subjects = new Map();
    all.forEach((each) => {
      if (!subjects.has(each.subject.id)) subjects.set(each.subject.id, { ...each.subject, found: [] });
      subjects.get(each.subject.id).found.push(each);
    });
    window.tandem.fill("definitions-subjects", [...subjects.values()].map((each) =>
      make("a", { class: "chip", href: `#subject-${each.id}` }, each.name)));
    window.tandem.fill("definitions-list", [...subjects.values()].map((each) => section(each, each.found)),
      make("p", { id: "definitions-none", class: "notice", hidden: "" }, here().text("none")));
  };

  // The place whose figures the examples are worked out of: the way to it, itself, those directly below.
  const drawPlaces = function ({ places, unit }) {
    const select = document.getElementById("definitions-unit");
    select.replaceChildren(...places.map((each) => make("option", { value: each.value }, "\u2003".repeat(each.depth) + each.text)));
    select.value = unit.id;
  };

  const drawLive = function (told) {
    const { text } = here();
    if (told) drawPlaces(told);
    document.querySelectorAll("#definitions-list details").forEach((each) => {
      const holder = each.querySelector(".live");
      const example = told && told.examples[each.id];
      if (!example) {
        holder.replaceChildren(make("p", { class: "muted small" }, told ? text("no-live") : text("live-failed")));
        return;
      }
      const place = example.of === "facility" ? told.facility : told.unit.name;
      const title = text("live").replace("{unit}", place).replace("{month}", told.month);
      const live = worked(title, example);
      if (example.about) live.firstChild.after(make("p", { class: "muted small" }, example.about));
      holder.replaceChildren(live);
    });
  };

  const answered = (answer) => (answer.ok ? answer.json() : Promise.reject(answer.status));

  const live = function () {
    const asked = new URLSearchParams(window.location.search);
    const wanted = new URLSearchParams({ lang: language() });
    ["unit", "item"].forEach((name) => { if (asked.get(name)) wanted.set(name, asked.get(name)); });
    return window.fetch(`/api/v1/definitions/examples?${wanted}`).then(answered).then(drawLive, () => drawLive(null));
  };

  document.addEventListener("change", (event) => {
    if (event.target.id !== "definitions-unit") return;
    const address = new URL(window.location.href);
    address.searchParams.set("unit", event.target.value);
    window.history.replaceState(window.history.state, "", address.href);
    live();
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.tandem = window.dash_clientside.tandem || {};
  window.dash_clientside.tandem.showDefinitions = function () {
    return window.fetch(`/api/v1/definitions?lang=${language()}`).then(answered).then((found) => {
      if (!document.getElementById("definitions-list")) return 0;
      draw(found.definitions);
      const search = make("input", {
        type: "search", id: "definitions-search", autocomplete: "off", "aria-describedby": "definitions-hint",
      });
      window.tandem.fill("definitions-input", search);
      search.value = new URLSearchParams(window.location.search).get("q") || "";
      here().find(search.value);
      here().follow();
      live();
      return found.definitions.length;
    }).catch(() => { window.tandem.fill("definitions-list", make("p", { class: "notice warning", role: "alert" }, here().text("failed"))); return 0; });
  };
})();
