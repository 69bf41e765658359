// Dash says nothing when a callback fails on the way: watch its requests and show the sentence that fits.
(function () {
  const send = window.fetch;
  const kinds = ["offline", "ended", "failed", "slow"];

  const show = function (kind) {
    if (kind && window.tandem.reveal) window.tandem.reveal();
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

  window.fetch = function (resource, options) {
    const url = typeof resource === "string" ? resource : resource.url || String(resource);
    const sent = send.call(window, resource, options);
    if (!url.includes("/_dash-")) return sent;
    return sent.then(
      (answer) => { show(kindOf(answer)); return answer; },
      (reason) => {
        if (reason.name !== "AbortError") show("offline");
        throw reason;
      },
    );
  };
  window.addEventListener("offline", () => show("offline"));
})();
