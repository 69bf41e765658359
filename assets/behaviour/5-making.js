// What the worker makes for whoever asks, a brief or a report: asked for while one goes on reading, fetched
// when it is there, called off before. dashboard/made_progress.py writes the box that says how far it is.
window.tandem = window.tandem || {};

(function () {
  const ASK_AGAIN_MS = 900;
  const ASK_AGAIN_CUT_MS = 3000;
  const offline = () => document.getElementById("notice-offline");
  const headers = () => ({ "Content-Type": "application/json", "X-CSRFToken": window.tandem.proof() });
  const read = (answer) => answer.json().then((body) => (answer.ok ? body : Promise.reject(body)));

  // id: of the box; path: where it is asked for; back: what has the focus once the box is closed.
  window.tandem.making = function ({ id, path, back }) {
    const element = (name) => document.getElementById(`${id}${name}`);
    const said = (name) => document.querySelector(`#${id} [data-making="${name}"]`).textContent;
    let number = null; // what is waited for
    let asking = null; // the request for it that is not answered yet; forgotten when it is called off before

    const show = function (text, share, file) {
      if (!element("")) return;
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
      if (problem instanceof TypeError && offline()) { show(offline().textContent, null, null); return; }
      const found = (problem && problem.errors && problem.errors[0]) || problem || {};
      show([said("failed"), found.what || found.problem, found.remedy].filter(Boolean).join(" "), null, null);
    };

    // A network that is gone for a while ends nothing: it is being made, and is asked after again.
    const cut = function (problem) {
      if (!(problem instanceof TypeError)) { fail(problem); return; }
      show(offline().textContent, 0, null);
      window.setTimeout(look, ASK_AGAIN_CUT_MS);
    };

    const tell = function (made) {
      if (!element("") || made.id !== number) return;
      if (made.status === "failed") fail(made);
      else if (made.status === "cancelled") show(said("cancelled"), null, null);
      else if (made.status === "done") show(said("ready"), null, made.file);
      else {
        const count = made.total > 1 ? ` (${made.done}/${made.total})` : "";
        const step = said("step").replace("{what}", said("making")).replace("{place}", made.note);
        const where = made.status === "queued" ? said("waiting") : (made.note ? step : said("making")) + count;
        show([where, made.problem, made.remedy].filter(Boolean).join(" "), made.total ? made.done / made.total : 0, null);
        window.setTimeout(look, ASK_AGAIN_MS);
      }
    };

    const look = function () {
      if (number) window.fetch(`${path}/${number}`).then(read).then(tell, cut);
    };

    const callOff = (unwanted) =>
      window.fetch(`${path}/${unwanted}`, { method: "DELETE", headers: headers() }).then(read);

    const ask = function (wanted) {
      const mine = {};
      number = null;
      asking = mine;
      show(said("waiting"), 0, null);
      window.fetch(path, { method: "POST", headers: headers(), body: JSON.stringify(wanted) }).then(read).then((made) => {
        if (asking !== mine) return callOff(made.id);
        asking = null;
        number = made.id;
        return tell(made);
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
        document.getElementById(back).focus();
      }
    };

    document.addEventListener("click", (event) => {
      if (event.target.closest(`#${id}-end`)) end();
    });
    return ask;
  };
})();
