// What people write beside the figures: remarks on months, and the tip. A text stays in its form until it is kept.
window.tandem = window.tandem || {};

(function () {
  const { make, fill, sayIn } = window.tandem;
  const element = (name) => document.getElementById(`compare-${name}`);
  const said = (name) => element(`words-${name}`).textContent;
  let shown = null; // the view's words
  let about = null; // unit and pair
  let changing = null; // the remark that the form changes; null for a new one

  const complain = function (kind) {
    const text = kind && document.querySelector(`#compare-words-problems [data-problem="${kind}"]`).textContent;
    sayIn("compare-words-problem", text || "");
  };

  const kindOf = (status) => (status === 409 ? "stale" : status === 401 || status === 403 ? "forbidden" : "refused");

  const send = function (method, path, body) {
    complain(null);
    const headers = { "Content-Type": "application/json", "X-CSRFToken": window.tandem.proof() };
    return window.fetch(path, { method, headers, body: JSON.stringify(body) }).then(
      (answer) => {
        if (!answer.ok) complain(kindOf(answer.status));
        return answer.ok;
      },
      () => { complain("offline"); return false; },
    ).then((kept) => {
      if (kept) window.dash_clientside.set_props("compare-again", { data: Date.now() });
      return kept;
    });
  };

  const open = function (name, wanted) {
    element(`${name}-form`).hidden = !wanted;
    element(name === "tip" ? "tip-edit" : "remark-add").hidden = wanted
      || !(name === "tip" ? shown.tip.may_edit : shown.may_add);
  };

  const moment = (iso) => new Date(iso).toLocaleDateString(document.documentElement.lang, { dateStyle: "medium" });

  const tell = (target, path, entries, own) => window.fetch(path).then((answer) => answer.json()).then((found) => {
    target.replaceChildren(...entries(found).map((each) => make("li", {},
      make("b", {}, `${moment(each.written_at)} · ${each.author}`), " ", each.text || own)));
    target.hidden = false;
  }, () => complain("offline"));

  const editRemark = function (remark) {
    changing = remark;
    const options = [...document.querySelectorAll("#compare-to option")].map((each) =>
      make("option", { value: each.value }, each.textContent));
    element("remark-month").replaceChildren(...options);
    element("remark-month").value = remark ? remark.period : shown.month;
    ["remark-month", "remark-kind"].forEach((name) => { element(name).disabled = Boolean(remark); });
    element("remark-kind").value = remark ? remark.kind_id : ""; // chosen, not left as it happened to stand
    element("remark-every-box").hidden = Boolean(remark);
    element("remark-withdraw").hidden = !remark;
    element("remark-text").value = remark ? remark.text : "";
    open("remark", true);
    element("remark-text").focus();
  };

  const remarkItem = function (remark) {
    const history = make("ol", { class: "history", hidden: "" });
    const look = make("button", { type: "button", class: "link act no-print" }, said("history"));
    look.addEventListener("click", () => tell(history, `/api/v1/remarks/${remark.id}`, (found) => found, said("withdrawn")));
    const change = remark.may_change
      ? make("button", { type: "button", class: "link act no-print" }, said("edit")) : null;
    if (change) change.addEventListener("click", () => editRemark(remark));
    return make("li", {}, make("b", {}, window.tandem.named(`⚑${remark.mark} · ${remark.when} · ${remark.kind}`)), remark.text,
      make("span", { class: "muted small" }, ` ${remark.by} `, look, " ", change), history);
  };

  window.tandem.drawWords = function (words, where) {
    const moved = about && (about.unit !== where.unit || about.pair !== where.pair);
    shown = words;
    about = where;
    fill("compare-remarks", words.remarks.map(remarkItem));
    element("no-remarks").hidden = words.remarks.length > 0;
    element("tip-edited").textContent = words.tip.edited;
    element("tip-show-history").hidden = !words.tip.revision;
    element("tip-history").hidden = true;
    if (moved) complain(null);
    if (moved || element("tip-form").hidden) open("tip", false);
    if (moved || element("remark-form").hidden) open("remark", false);
  };

  const acts = {
    "compare-remark-add": () => editRemark(null),
    "compare-remark-cancel": () => { open("remark", false); element("remark-add").focus(); },
    "compare-remark-withdraw": () => send("PATCH", `/api/v1/remarks/${changing.id}`, { revision: changing.revision, text: "" })
      .then((kept) => kept && open("remark", false)),
    "compare-tip-edit": () => {
      element("tip-text").value = shown.tip.text;
      open("tip", true);
      element("tip-text").focus();
    },
    "compare-tip-cancel": () => { open("tip", false); element("tip-edit").focus(); },
    "compare-tip-own": () => writeTip(""),
    "compare-tip-show-history": () => tell(element("tip-history"),
      `/api/v1/tips/${about.pair}?lang=${document.documentElement.lang}`, (found) => found.history, said("own")),
  };

  const writeTip = (text) => send("PUT", `/api/v1/tips/${about.pair}`,
    { language: document.documentElement.lang, revision: shown.tip.revision, text })
    .then((kept) => kept && open("tip", false));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && acts[button.id]) acts[button.id]();
  });

  // Escape leaves a form that nothing was written into; what was written goes by its button alone.
  document.addEventListener("keydown", (event) => {
    const form = event.key === "Escape" && event.target.closest("#compare-remark-form, #compare-tip-form");
    if (!form) return;
    const name = form.id.split("-")[1];
    const kept = name === "tip" ? shown.tip.text : (changing && changing.text) || "";
    if (element(`${name}-text`).value === kept) acts[`compare-${name}-cancel`]();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.id === "compare-tip-form") {
      event.preventDefault();
      writeTip(element("tip-text").value);
    }
    if (event.target.id !== "compare-remark-form") return;
    event.preventDefault();
    const text = element("remark-text").value;
    const sent = changing
      ? send("PATCH", `/api/v1/remarks/${changing.id}`, { revision: changing.revision, text })
      : send("POST", "/api/v1/remarks", {
        unit: about.unit,
        pair: element("remark-every").checked ? "" : about.pair,
        month: element("remark-month").value,
        kind: element("remark-kind").value,
        text,
      });
    sent.then((kept) => kept && open("remark", false));
  });
})();
