// The report of the month: asked for, made by the worker while one goes on reading, fetched or called off.
(function () {
  const ASK_AGAIN_MS = 900;
  const element = (name) => document.getElementById(`programmes-making${name}`);
  const said = (name) => document.querySelector(`#programmes-making [data-making="${name}"]`).textContent;
  let number = null; // the report that is waited for
  let about = null;

  window.tandem.aboutReport = function (view) {
    about = view.about;
    document.getElementById("programmes-report-zip").parentElement.hidden = !view.bundle;
  };

  const headers = function () {
    const cookie = document.cookie.split("; ").find((each) => each.startsWith("_csrf_token="));
    const proof = cookie ? decodeURIComponent(cookie.split("=").slice(1).join("=")) : "";
    return { "Content-Type": "application/json", "X-CSRFToken": proof };
  };

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
    const found = (problem && problem.errors && problem.errors[0]) || problem || {};
    show([said("failed"), found.what || found.problem, found.remedy].filter(Boolean).join(" "), null, null);
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
    if (number) window.fetch(`/api/v1/reports/${number}`).then(read).then(tell, fail);
  };

  const ask = function (format) {
    const wanted = { unit: about.unit, month: about.month, format, language: document.documentElement.lang };
    number = null;
    show(said("waiting"), 0, null);
    window.fetch("/api/v1/reports", { method: "POST", headers: headers(), body: JSON.stringify(wanted) })
      .then(read).then((report) => { number = report.id; tell(report); }, fail);
  };

  // What is not ready yet is called off; what is, was fetched or is let go.
  const end = function () {
    const waited = !element("-bar").hidden && number;
    if (waited) window.fetch(`/api/v1/reports/${number}`, { method: "DELETE", headers: headers() }).then(read).then(tell, fail);
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
