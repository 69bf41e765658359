// What the page of alerts asks the server, and what it says when that does not answer.
window.tandem = window.tandem || {};

(function () {
  const API = "/api/v1/alerts";
  const language = () => document.documentElement.lang;
  const texts = () => document.getElementById("alerts-texts");

  const text = function (name, values) {
    const found = texts() && texts().querySelector(`[data-text="${name}"]`);
    return Object.entries(values || {}).reduce((said, [key, value]) => said.replace(`{${key}}`, value), found ? found.textContent : "");
  };

  const why = (body) => (body.errors || []).slice(0, 1).map((each) => `${each.what} ${each.remedy}`).join("");

  // What the server says of a question that it refuses; else that it could not be reached.
  const failed = (error) => (error.said ? text("refused", { why: error.said }) : text("failed"));

  const asked = (path) => window.fetch(`${API}${path}${path.includes("?") ? "&" : "?"}lang=${language()}`).then((answer) => {
    if (answer.ok) return answer.json();
    return answer.json().catch(() => ({})).then((body) => { throw Object.assign(new Error(answer.status), { said: why(body) }); });
  });

  // { kept, body, status }: what came of it; status 0 when the server does not answer.
  const sent = (method, path, body) => window.fetch(`${API}${path}?lang=${language()}`, {
    method, body: JSON.stringify(body || {}),
    headers: { "Content-Type": "application/json", "X-CSRFToken": window.tandem.proof() },
  }).then(
    (answer) => answer.json().catch(() => ({})).then((found) => ({ kept: answer.ok, status: answer.status, body: found })),
    () => ({ kept: false, status: 0, body: {} }),
  );

  const moment = (iso, time) => new Date(iso).toLocaleString(language(), time
    ? { dateStyle: "medium", timeStyle: "short" } : { dateStyle: "medium" });

  window.tandem.alerts = { text, asked, why, failed, sent, moment, day: (iso) => moment(`${iso}T12:00:00`) };
})();
