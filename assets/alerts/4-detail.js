// One alert: its sentence, its ground, what to check, what was done, and what can be done. What was typed stays typed.
window.tandem = window.tandem || {};

(function () {
  // This folder is joined before the one that builds elements.
  const make = (...parts) => window.tandem.make(...parts);
  const fill = (...parts) => window.tandem.fill(...parts);
  const alerts = window.tandem.alerts;
  const { text } = alerts;
  const wide = () => [window.innerWidth < 700 ? 300 : 560, 150];
  const SMALL = [150, 46];
  let shown = null;
  let saving = false;

  const chart = (each) => make("figure", { class: "alert-chart" }, make("figcaption", {}, each.name),
    window.tandem.scaledChart(each, wide(), each.at || shown.month),
    make("p", { class: "ends muted small", "aria-hidden": "true" },
      make("span", {}, window.tandem.periodNamed(each, 0)), make("span", {}, window.tandem.periodNamed(each, each.months.length - 1))));

  const neighbours = (found) => (found ? make("section", {}, make("h3", {}, text(found.own ? "neighbours-own" : "neighbours", { area: found.area })),
    make("ul", { class: "alert-neighbours" }, found.charts.map((each) => make("li", {},
      make("span", {}, each.place), window.tandem.bandChart({ ...each, name: each.place, side: found.side }, SMALL, null))))) : "");

  const history = (steps) => make("section", {}, make("h3", {}, text("history")), make("ol", { class: "alert-history" },
    steps.map((each) => make("li", {}, make("b", {}, each.name), ` · ${alerts.moment(each.at, true)} · ${text(`state-${each.status}`)}`,
      each.assignee ? ` · ${each.assignee}` : "", each.due ? ` · ${text("due-on", { day: alerts.day(each.due) })}` : "",
      each.comment ? make("p", {}, each.comment) : ""))));

  const looked = (people) => make("section", {}, make("h3", {}, text("looked")), people.length
    ? make("p", {}, people.map((each) => `${each.name} (${alerts.moment(each.at, true)})`).join(", "))
    : make("p", { class: "muted" }, text("nobody-looked")));

  const option = (value, name, chosen) => make("option", { value, selected: chosen ? "" : null }, name);

  const acts = function (alert) {
    const states = alert.next.map((each) => option(each, text(`to-${each}`), false));
    return make("form", { id: "alert-form", class: "alert-form no-print" },
      make("div", { id: "alert-said", role: "status", class: "notice", hidden: "" }),
      alert.next.includes("acknowledged") ? make("button", { type: "button", class: "button", id: "alert-seen" }, text("to-acknowledged")) : "",
      make("label", {}, make("span", {}, text("status")), make("select", { id: "alert-state", class: "form-select" },
        option("", text(`state-${alert.status}`), true), states)),
      make("label", {}, make("span", {}, text("person")), make("select", { id: "alert-person", class: "form-select" },
        option("", "–", !alert.assignee), alert.people.map((each) => option(each.username, each.name, each.username === alert.assignee)))),
      make("label", {}, make("span", {}, text("due")), make("input", { id: "alert-due", type: "date", class: "form-control", value: alert.due })),
      make("label", { class: "wide" }, make("span", {}, text("comment")),
        make("textarea", { id: "alert-comment", rows: "2", maxlength: "2000", class: "form-control", "aria-describedby": "alert-words" }),
        make("span", { id: "alert-words", class: "small" })),
      make("button", { type: "submit", class: "button primary", id: "alert-save" }, text("send")));
  };

  const sleeping = function (alert) {
    if (!alert.may_close) return "";
    if (alert.snooze) {
      return make("p", { class: "notice no-print" }, text("sleeps", {
        day: alerts.day(alert.snooze.until), reason: alert.snooze.reason, person: alert.snooze.name,
      }), " ", make("button", { type: "button", class: "button", id: "alert-wake" }, text("wake")));
    }
    const day = new Date(Date.now() + 183 * 864e5).toISOString().slice(0, 10);
    return make("details", { class: "no-print" }, make("summary", {}, text("snooze")), make("form", { id: "alert-sleep", class: "alert-form" },
      make("p", { class: "muted small wide" }, text("snooze-hint")),
      make("label", {}, make("span", {}, text("reason")), make("input", { id: "alert-why", class: "form-control", maxlength: "500", required: "" })),
      make("label", {}, make("span", {}, text("due")), make("input", { id: "alert-until", type: "date", class: "form-control", value: day })),
      make("button", { type: "submit", class: "button" }, text("snooze"))));
  };

  const threshold = function (alert) {
    const found = alert.threshold;
    if (!found) return "";
    const number = (value) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 }).replace("-", "−");
    const counts = { alerts: number(found.evidence.alerts || 0), figures: number(found.evidence.figures || 0) };
    const origin = text(`threshold-${found.origin || "usual"}`, { person: found.author, ...counts });
    const places = { here: alert.unit_name, area: alert.area_name };
    return make("details", { class: "alert-threshold" },
      make("summary", {}, `${text("unusual")} · ${text("score", { score: number(found.score) })} · ${text("threshold", { threshold: number(found.value) })} (${origin})`),
      make("p", { class: "muted small" }, text("threshold-text"), found.reason ? ` ${found.reason}` : ""),
      alert.may_close ? make("form", { id: "alert-cut", class: "alert-form no-print" },
        make("label", {}, make("span", {}, text("threshold-change")), make("input", { id: "alert-cut-value", type: "number", step: "0.1", min: "-5", max: "25", class: "form-control", value: found.value })),
        found.where.length > 1 ? make("label", {}, make("span", {}, text("threshold-where")), make("select", { id: "alert-cut-where", class: "form-select" },
          found.where.map((each) => option(each, text(`threshold-${each}`, { place: places[each] }), each === "here")))) : "",
        make("label", {}, make("span", {}, text("reason")), make("input", { id: "alert-cut-why", class: "form-control", maxlength: "500", required: "" })),
        make("button", { type: "submit", class: "button" }, text("send"))) : "");
  };

  const links = (alert) => make("p", { class: "acts no-print" },
    alert.compare ? make("a", { href: alert.compare, "data-go": "", class: "button" }, text("compare")) : "",
    make("a", { href: `/alerts/sheet?unit=${alert.unit}&lang=${document.documentElement.lang}`, class: "button" }, text("sheet")));

  const back = () => make("button", { type: "button", class: "button alert-back no-print", id: "alert-back" }, `← ${text("back")}`);

  const draw = function (alert) {
    shown = alert;
    fill("alerts-detail",
      back(),
      make("h2", { id: "alert-title", tabindex: "-1" }, alert.unit_name, alert.area_name ? make("span", { class: "muted" }, ` · ${alert.area_name}`) : ""),
      make("p", { class: "alert-main" }, alert.sentence),
      [...alert.beside, ...alert.doubts].map((each) => make("p", { class: "alert-beside" }, each)),
      make("section", { class: "alert-checks" }, make("h3", {}, text("check")), make("ol", {}, alert.checks.map((each) => make("li", {}, each)))),
      acts(alert),
      alert.charts.map(chart), alert.charts.length ? make("p", { class: "muted small" }, text(alert.charts.some((each) => each.high) ? "chart-note" : "stock-note")) : "",
      neighbours(alert.neighbours), threshold(alert), sleeping(alert), looked(alert.looked), history(alert.history), links(alert));
    document.getElementById("alerts").classList.add("opened");
  };

  const say = function (words, warning) {
    const box = document.getElementById("alert-said");
    if (!box) return;
    box.textContent = words;
    box.className = `notice${warning ? " warning" : ""}`;
    box.hidden = false;
  };

  const value = (name) => document.getElementById(name).value;

  // What has to be written with a state, before it is sent; empty where a comment is a choice.
  const needed = (state) => text(`words-${state}`);
  const ask = function () {
    const words = needed(value("alert-state"));
    document.getElementById("alert-words").textContent = words;
    document.getElementById("alert-comment").setAttribute("aria-required", String(Boolean(words)));
  };

  const written = () => ({ state: value("alert-state"), person: value("alert-person"), due: value("alert-due"), comment: value("alert-comment") });

  // Somebody acted in between: theirs is shown, and what was written here stays in the form.
  const overtaken = (draft) => alerts.asked(`/${shown.id}`).then((newest) => {
    const last = newest.history[newest.history.length - 1];
    draw(newest);
    alerts.renew(newest);
    document.getElementById("alert-comment").value = draft.comment;
    document.getElementById("alert-person").value = draft.person;
    document.getElementById("alert-due").value = draft.due;
    if (newest.next.includes(draft.state)) document.getElementById("alert-state").value = draft.state;
    ask();
    say(text("stale", { person: last.name, status: text(`state-${newest.status}`) }), true);
  });

  const answer = function (found, draft) {
    if (found.kept) {
      draw(found.body);
      alerts.renew(found.body);
      say(text("saved"));
      return null;
    }
    if (found.status === 409) return overtaken(draft);
    say(found.status ? text("not-saved", { why: alerts.why(found.body) || found.status }) : text("offline"), true);
    return null;
  };

  // One step at a time: pressing twice, or a key beside a button, is one step.
  const save = function (step) {
    if (saving) return Promise.resolve();
    const draft = written();
    saving = true;
    document.getElementById("alert-save").disabled = true;
    return alerts.sent("PATCH", `/${shown.id}`, { version: shown.version, ...step }).then((found) => {
      saving = false;
      const button = document.getElementById("alert-save");
      if (button) button.disabled = false;
      return answer(found, draft);
    });
  };

  const submitted = function () {
    const draft = written();
    const step = { comment: draft.comment };
    if (draft.state) step.status = draft.state;
    if (draft.person !== shown.assignee) {
      step.assignee = draft.person;
      if (draft.person && !draft.state && shown.next.includes("assigned")) step.status = "assigned";
    }
    if (draft.due !== shown.due) step.due = draft.due;
    if (!draft.comment.trim() && Object.keys(step).length === 1) return saving || say(text("nothing-said"));
    if (needed(draft.state) && !draft.comment.trim()) {
      document.getElementById("alert-comment").focus();
      return say(needed(draft.state), true);
    }
    return save(step);
  };

  const open = function (number) {
    alerts.mark(number);
    if (!number) {
      shown = null;
      fill("alerts-detail");
      document.getElementById("alerts").classList.remove("opened");
      return Promise.resolve();
    }
    return alerts.asked(`/${number}`).then((alert) => {
      draw(alert);
      document.getElementById("alert-title").focus({ preventScroll: window.innerWidth > 900 });
      alerts.sent("POST", `/${number}/look`);
    }).catch((error) => {
      fill("alerts-detail", back(), make("p", { class: "notice warning", role: "alert" }, alerts.failed(error)));
      document.getElementById("alerts").classList.add("opened"); // beside the list, not below its last row
    });
  };

  Object.assign(alerts, { open, save, shown: () => shown });

  const sleep = () => alerts.sent("POST", `/${shown.id}/snooze`, { reason: value("alert-why"), until: value("alert-until") })
    .then((found) => (found.kept ? alerts.list().then(() => open(shown.id)) : answer(found, written())));

  const cut = () => alerts.sent("PUT", `/${shown.id}/threshold`, { threshold: Number(value("alert-cut-value")), reason: value("alert-cut-why"), where: document.getElementById("alert-cut-where")?.value || "here" })
    .then((found) => answer(found, written()));

  document.addEventListener("submit", (event) => {
    const act = { "alert-form": submitted, "alert-sleep": sleep, "alert-cut": cut }[event.target.id];
    if (!act || !shown) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("change", (event) => { if (event.target.id === "alert-state") ask(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#alert-seen")) save({ status: "acknowledged" });
    if (event.target.closest("#alert-back")) window.tandem.change({ alert: null });
    if (event.target.closest("#alert-wake")) {
      alerts.sent("DELETE", `/snoozes/${shown.snooze.id}`).then(() => alerts.list().then(() => open(shown.id)));
    }
  });
})();
