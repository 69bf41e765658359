// The list of alerts: what matters most first, by place, kind and state; the address is the only state.
window.tandem = window.tandem || {};

(function () {
  // This folder is joined before the one that builds elements.
  const make = (...parts) => window.tandem.make(...parts);
  const fill = (...parts) => window.tandem.fill(...parts);
  const alerts = window.tandem.alerts;
  const { text } = alerts;
  const MORE = 50;
  const MARKS = { quality: "!", supply: "▤", event: "◎" };
  const STATES = ["open", "mine", "asleep", "done"];
  let answered = null;

  const wanted = () => new URLSearchParams(window.location.search);

  const asked = function (from) {
    const found = new URLSearchParams({ limit: MORE, from: from || 0 });
    ["unit", "kind", "status"].forEach((name) => { if (wanted().get(name)) found.set(name, wanted().get(name)); });
    return `?${found}`;
  };

  const whose = (alert) => {
    const state = text(`state-${alert.status}`);
    return alert.assignee ? text("whose", { status: state, person: alert.assignee_name }) : state;
  };

  const row = (alert) => make("li", { class: `alert-row ${alert.kind}`, "data-alert": alert.id },
    make("button", { type: "button", class: "alert-open", "aria-pressed": "false" },
      make("span", { class: "alert-mark", "aria-hidden": "true" }, MARKS[alert.kind]),
      make("span", { class: "alert-place" }, make("b", {}, alert.unit_name), alert.area_name ? ` · ${alert.area_name}` : ""),
      make("span", { class: "alert-sentence" }, alert.sentence),
      make("span", { class: `alert-state ${alert.status}` }, whose(alert),
        alert.due ? ` · ${text("due-on", { day: alerts.day(alert.due) })}` : "",
        alert.snooze ? ` · ${text("sleeps", { day: alerts.day(alert.snooze.until), reason: alert.snooze.reason, person: alert.snooze.name })}` : "")));

  const chip = (name, label, chosen) => make("button", {
    type: "button", class: "chip", "data-kind": name, "aria-pressed": String(chosen),
  }, label);

  const filters = function (found) {
    const kind = wanted().get("kind") || "";
    const all = Object.values(found.every).reduce((sum, count) => sum + count, 0);
    const numbered = (name, count) => `${name} (${(count || 0).toLocaleString(document.documentElement.lang)})`;
    const state = wanted().get("status") || "open";
    const options = STATES.map((each) => make("option", { value: each, selected: each === state ? "" : null }, text(`show-${each}`)));
    fill("alerts-filters",
      make("div", { class: "chips", role: "group", "aria-label": text("kind") },
        chip("", numbered(text("every-kind"), all), !kind),
        ["quality", "supply", "event"].map((each) => chip(each, numbered(text(`kind-${each}`), found.every[each]), kind === each))),
      make("label", { class: "choice" }, make("span", {}, text("status")),
        make("select", { id: "alerts-status", class: "form-select" }, options)));
  };

  const places = function (found) {
    const way = found.way.map((each, at) => make("li", {}, at === found.way.length - 1
      ? make("b", { "aria-current": "location" }, each.name)
      : make("a", { href: `?unit=${each.id}`, "data-place": each.id }, each.name)));
    fill("alerts-way", way);
    const select = make("select", { id: "alerts-deeper", class: "form-select" });
    fill("alerts-deeper-box", select);
    select.replaceChildren(make("option", { value: "" }, text("deeper")),
      ...found.below.map((each) => make("option", { value: each.id }, each.name)));
    select.closest("label").hidden = !found.below.length;
  };

  const notes = (found) => [
    found.looked_at ? null : text("never"),
    found.left_out ? text("left-out", { n: found.left_out.toLocaleString(document.documentElement.lang) }) : null,
    found.real.says,
  ].filter(Boolean).join(" ");

  const more = function (found) {
    const left = found.count - found.alerts.length;
    fill("alerts-more", left > 0
      ? make("button", { type: "button", class: "button", id: "alerts-show-more" }, text("more", { n: Math.min(MORE, left) })) : "");
  };

  const draw = function (found) {
    answered = found;
    fill("alerts-title", text("heading", { place: found.unit.name }));
    document.getElementById("alerts-sheet").href = `/alerts/sheet?unit=${found.unit.id}&lang=${document.documentElement.lang}`;
    document.getElementById("alerts-sheet").hidden = found.below.length > 0;
    places(found);
    filters(found);
    fill("alerts-list", found.alerts.length ? found.alerts.map(row)
      : make("li", { class: "empty" }, make("p", {}, text("none")), make("p", { class: "muted" }, text("none-hint"))));
    more(found);
    fill("alerts-notes", notes(found));
    document.getElementById("alerts").classList.remove("waiting");
  };

  const list = () => alerts.asked(asked()).then(draw).catch((error) => {
    fill("alerts-list", make("li", { class: "notice warning", role: "alert" }, alerts.failed(error)));
    document.getElementById("alerts").classList.remove("waiting");
  });

  const showMore = () => alerts.asked(asked(answered.alerts.length)).then((found) => {
    answered = { ...found, alerts: [...answered.alerts, ...found.alerts] };
    document.getElementById("alerts-list").append(...found.alerts.map(row));
    more(answered);
  });

  const mark = function (number) {
    document.querySelectorAll("#alerts-list .alert-row").forEach((each) => {
      each.firstChild.setAttribute("aria-pressed", String(each.dataset.alert === number));
    });
  };

  // What changed in the detail is told in its row without asking for the whole list anew.
  const renew = function (alert) {
    if (answered) fill("alerts-notes", notes({ ...answered, real: alert.real }));
    const old = document.querySelector(`#alerts-list [data-alert="${alert.id}"]`);
    if (!old) return;
    const focused = old.contains(document.activeElement);
    old.replaceWith(row(alert));
    mark(alert.id);
    if (focused) document.querySelector(`#alerts-list [data-alert="${alert.id}"] button`).focus();
  };

  const beside = function (step) {
    const rows = [...document.querySelectorAll("#alerts-list .alert-row")];
    const at = rows.findIndex((each) => each.dataset.alert === wanted().get("alert"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next) window.tandem.change({ alert: next.dataset.alert });
  };

  Object.assign(alerts, { list, mark, renew, beside });

  document.addEventListener("click", (event) => {
    if (!document.getElementById("alerts")) return;
    const open = event.target.closest(".alert-open");
    if (open) window.tandem.change({ alert: open.parentElement.dataset.alert });
    const kind = event.target.closest("#alerts-filters .chip");
    if (kind) window.tandem.change({ kind: kind.dataset.kind, alert: null });
    const place = event.target.closest("#alerts-way a");
    if (place) { event.preventDefault(); window.tandem.change({ unit: place.dataset.place, alert: null }); }
    if (event.target.closest("#alerts-show-more")) showMore();
  });
  // Heard first and alone: a choice of this page also leaves the alert that is open.
  document.addEventListener("change", (event) => {
    const name = { "alerts-status": "status", "alerts-deeper": "unit" }[event.target.id];
    if (!name) return;
    event.stopImmediatePropagation();
    if (event.target.value) window.tandem.change({ [name]: event.target.value, alert: null });
  }, true);
})();
