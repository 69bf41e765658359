// The report of the month: asked for, made by the worker while one goes on reading, fetched or called off.
(function () {
  const ASK_AGAIN_MS = 900;
  const ASK_AGAIN_CUT_MS = 3000;
  const element = (name) => document.getElementById(`programmes-making${name}`);
  const said = (name) => document.querySelector(`#programmes-making [data-making="${name}"]`).textContent;
  let number = null; // the report that is waited for
  let asking = null; // the request for one that is not answered yet; forgotten when it is called off before
  let about = null;

  window.tandem.aboutReport = function (view) {
    about = view.about;
    document.getElementById("programmes-report-zip").parentElement.hidden = !view.bundle;
  };

  const headers = () => ({ "Content-Type": "application/json", "X-CSRFToken": window.tandem.proof() });

  const show = function (text, share, file) {
    element("").hidden = false;
    if (element("-text").textContent !== text) element("-text").textContent = text;
    element("-bar").hidden = share === null;
    element("-bar").value = share || 0;
    element("-file").hidden = !file;
    if (file) element("-file").href = file;
    element("-end").textContent = said(share === null ? "close" : "cancel");
  };

  const fail = function (problem) {
    number = null;
    const offline = problem instanceof TypeError && document.getElementById("notice-offline");
    if (offline) { show(offline.textContent, null, null); return; }
    const found = (problem && problem.errors && problem.errors[0]) || problem || {};
    show([said("failed"), found.what || found.problem, found.remedy].filter(Boolean).join(" "), null, null);
  };

  // A network that is gone for a while ends nothing: the report is being made, and is asked after again.
  const cut = function (problem) {
    if (!(problem instanceof TypeError)) { fail(problem); return; }
    show(document.getElementById("notice-offline").textContent, 0, null);
    window.setTimeout(look, ASK_AGAIN_CUT_MS);
  };

  const read = (answer) => answer.json().then((body) => (answer.ok ? body : Promise.reject(body)));

  const tell = function (report) {
    if (!element("") || report.id !== number) return;
    if (report.status === "failed") fail(report);
    else if (report.status === "cancelled") show(said("cancelled"), null, null);
    else if (report.status === "done") show(said("ready"), null, report.file);
    else {
      const making = [said("making"), report.note].filter(Boolean).join(": ");
      const count = report.total > 1 ? ` (${report.done}/${report.total})` : "";
      show(report.status === "queued" ? said("waiting") : making + count, report.total ? report.done / report.total : 0, null);
      window.setTimeout(look, ASK_AGAIN_MS);
    }
  };

  const look = function () {
    if (number) window.fetch(`/api/v1/reports/${number}`).then(read).then(tell, cut);
  };

  const callOff = (unwanted) =>
    window.fetch(`/api/v1/reports/${unwanted}`, { method: "DELETE", headers: headers() }).then(read);

  const ask = function (format) {
    const wanted = { unit: about.unit, month: about.month, format, language: document.documentElement.lang };
    const mine = {};
    number = null;
    asking = mine;
    show(said("waiting"), 0, null);
    window.fetch("/api/v1/reports", { method: "POST", headers: headers(), body: JSON.stringify(wanted) })
      .then(read).then((report) => {
        if (asking !== mine) return callOff(report.id);
        asking = null;
        number = report.id;
        return tell(report);
      }).catch(fail);
  };

  // What is not ready yet is called off; what is, was fetched or is let go.
  const end = function () {
    if (asking) {
      asking = null;
      show(said("cancelled"), null, null);
    } else if (!element("-bar").hidden && number) callOff(number).then(tell).catch(fail);
    else {
      number = null;
      element("").hidden = true;
      document.getElementById("programmes-report").focus();
    }
  };

  document.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-report]");
    if (wanted) {
      wanted.closest("details").open = false;
      ask(wanted.dataset.report);
    }
    if (event.target.closest("#programmes-making-end")) end();
  });
})();
