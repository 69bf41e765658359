// Requests to our own server: bounded in time, with the proof of origin, and told apart by what went wrong.
(function (store) {
  const PATIENCE_MS = 20000;

  class Trouble extends Error {
    constructor(kind, status, detail) {
      super(detail || kind);
      this.kind = kind; // offline, ended (signed out), other (somebody else signed in), slow (asked too often), failed
      this.status = status || 0;
      this.detail = detail || "";
    }
  }
  store.Trouble = Trouble;

  const fetched = async function (path, options) {
    const stop = new AbortController();
    const clock = window.setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const answer = await window.fetch(path, { credentials: "same-origin", redirect: "follow", ...options, signal: stop.signal });
      return { answer, text: await answer.text() };
    } catch (broken) {
      throw new Trouble("offline"); // why is a browser's word, in its own language
    } finally {
      window.clearTimeout(clock);
    }
  };

  // On whose behalf the desk asks. The server refuses when somebody else is signed in by now: nobody sends another's.
  let user = null;
  store.askAs = (who) => { user = who ? encodeURIComponent(who.username) : null; };
  const headers = (more) => ({ Accept: "application/json", ...(user ? { "X-Desk-User": user } : {}), ...more });

  const said = function (text) {
    try { return JSON.parse(text); } catch (broken) { return null; }
  };

  const refusal = function (answer, body) {
    if (answer.status === 401 || (answer.redirected && answer.url.includes("/login"))) return new Trouble("ended", 401);
    const told = body ? [body.detail, ...(body.errors || []).flatMap((each) => [each.what, each.remedy])] : [];
    const detail = [...new Set(told.filter(Boolean))].join(" ");
    if (answer.status === 409) return new Trouble("other", 409);
    if (answer.status === 429) return new Trouble("slow", 429, detail);
    return new Trouble("failed", answer.status, detail);
  };

  // A page brings a fresh proof of origin with it: the one of an earlier session opens nothing.
  const freshProof = () => fetched(`/store?desk=${document.documentElement.lang}`, { cache: "no-store" });

  const asked = async function (path, options) {
    const { answer, text } = await fetched(path, options);
    const body = said(text);
    if (answer.ok && body !== null && !answer.redirected) return body;
    throw refusal(answer, body);
  };

  store.ask = (path) => asked(path, { headers: headers({}), cache: "no-store" });

  store.post = async function (path, content) {
    const send = () => asked(path, {
      method: "POST",
      headers: headers({ "Content-Type": "application/json", "X-CSRFToken": window.tandem.proof() }),
      body: JSON.stringify(content),
    });
    try {
      return await send();
    } catch (trouble) {
      if (trouble.kind !== "failed" || trouble.status !== 400 || !/X-CSRFToken|proof|CSRF|page/i.test(trouble.detail)) throw trouble;
      await freshProof();
      return send();
    }
  };
})(window.tandem.store);
