// The PDF brief: asked for, made by the worker while one goes on looking at figures, fetched when it is there.
(function () {
  const ASK_AGAIN_MS = 900;
  const ASK_AGAIN_CUT_MS = 3000;
  const element = (name) => document.getElementById(`compare-brief${name}`);
  const said = (name) => document.querySelector(`#compare-brief [data-brief="${name}"]`).textContent;
  let number = null; // the brief that is waited for

  const show = function (text, share, file) {
    element("").hidden = false;
    if (element("-text").textContent !== text) element("-text").textContent = text;
    element("-bar").hidden = share === null;
    element("-bar").value = share || 0;
    element("-file").hidden = !file;
    if (file) element("-file").href = file;
  };

  const fail = (problem) => {
    number = null;
    const offline = problem instanceof TypeError && document.getElementById("notice-offline");
    if (offline) { show(offline.textContent, null, null); return; }
    const found = (problem && problem.errors && problem.errors[0]) || problem || {};
    show([said("failed"), found.what || found.problem, found.remedy].filter(Boolean).join(" "), null, null);
  };

  // A network that is gone for a while ends nothing: the brief is being made, and is asked after again.
  const cut = function (problem) {
    if (!(problem instanceof TypeError)) { fail(problem); return; }
    show(document.getElementById("notice-offline").textContent, 0, null);
    window.setTimeout(look, ASK_AGAIN_CUT_MS);
  };

  const tell = function (brief) {
    if (!element("") || brief.id !== number) return;
    if (brief.status === "failed") fail(brief);
    else if (brief.status === "done") show(said("ready"), null, brief.file);
    else {
      const text = brief.status === "queued" ? said("waiting") : [said("making"), brief.note].filter(Boolean).join(": ");
      show(text, brief.total ? brief.done / brief.total : 0, null);
      window.setTimeout(look, ASK_AGAIN_MS);
    }
  };

  const read = (answer) => answer.json().then((body) => (answer.ok ? body : Promise.reject(body)));

  const look = function () {
    if (number) window.fetch(`/api/v1/briefs/${number}`).then(read).then(tell, cut);
  };

  const ask = function () {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": window.tandem.proof() };
    const body = JSON.stringify({ search: window.tandem.shown(), language: document.documentElement.lang });
    number = null;
    show(said("waiting"), 0, null);
    window.fetch("/api/v1/briefs", { method: "POST", headers, body }).then(read)
      .then((brief) => { number = brief.id; tell(brief); }, fail);
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#compare-take-brief")) ask();
    if (!event.target.closest("#compare-brief-close")) return;
    number = null;
    element("").hidden = true;
    document.getElementById("compare-export").focus();
  });
})();
