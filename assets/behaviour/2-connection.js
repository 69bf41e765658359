// Dash says nothing when a callback fails on the way: watch its requests and show the sentence that fits.
(function () {
  const send = window.fetch;
  const ASK_AGAIN_MS = 3000;
  const kinds = ["offline", "ended", "failed", "slow"];

  const show = function (kind) {
    if (kind) {
      if (window.tandem.reveal) window.tandem.reveal();
      document.dispatchEvent(new CustomEvent("tandem:unanswered")); // what was on the screen stays, and is read again
      document.querySelectorAll("[aria-busy]").forEach((each) => each.removeAttribute("aria-busy"));
    }
    kinds.forEach((each) => {
      const notice = document.getElementById(`notice-${each}`);
      if (notice) notice.hidden = each !== kind;
    });
    const again = document.getElementById("log-in-again");
    if (again) {
      const here = window.location.pathname + window.location.search;
      again.href = `/login?next=${encodeURIComponent(here)}`;
    }
  };

  const kindOf = function (answer) {
    // 400 is the answer to a page whose proof of origin is from another session.
    if (answer.status === 401 || answer.status === 400 || answer.redirected) return "ended";
    if (answer.status === 429) return "slow";
    return answer.status >= 400 ? "failed" : null;
  };

  // What was asked for while the network was gone is asked for again: the address bar knows it.
  let waiting = null;
  const askAgain = function () {
    window.clearTimeout(waiting);
    waiting = null;
    const notice = document.getElementById("notice-offline");
    if (!notice || notice.hidden || !navigator.onLine) return;
    const { pathname, search } = window.location;
    window.dash_clientside.set_props("address", { pathname, search });
  };
  const cut = function () {
    show("offline");
    if (!waiting) waiting = window.setTimeout(askAgain, ASK_AGAIN_MS); // a server that starts anew tells nobody
  };

  window.fetch = function (resource, options) {
    const url = typeof resource === "string" ? resource : resource.url || String(resource);
    const sent = send.call(window, resource, options);
    if (!url.includes("/_dash-")) return sent;
    return sent.then(
      (answer) => { show(kindOf(answer)); return answer; },
      (reason) => {
        if (reason.name !== "AbortError") cut();
        throw reason;
      },
    );
  };
  window.addEventListener("offline", () => show("offline"));
  window.addEventListener("online", askAgain);
})();
