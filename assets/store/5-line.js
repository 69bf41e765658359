// The line that always says: online or not, how many entries wait and since when, what was refused.
(function (store) {
  const { make } = window.tandem;
  const { db } = store;

  const countBy = function (entries, who) {
    const mine = entries.filter((each) => each.user === who.username);
    const open = mine.filter((each) => each.state === "open");
    const others = new Map();
    entries.filter((each) => each.user !== who.username && each.state === "open")
      .forEach((each) => others.set(each.user, (others.get(each.user) || 0) + 1));
    return {
      open,
      oldest: open.length ? Math.min(...open.map((each) => each.kept_at)) : null,
      stuck: open.filter((each) => each.answer && each.answer.status === "rejected"),
      refused: mine.filter((each) => ["rejected", "conflict"].includes(each.state) && !each.dealt_at),
      others,
    };
  };
  store.counted = async (who) => countBy(await db.all("entries"), who);

  const told = function (link, found) {
    const count = found.open.length;
    const saved = count ? store.tn("store.wait_here", count, { since: store.since(found.oldest) }) : store.t("store.nothing_waits");
    if (link.ended) return ["warning", "◌", store.t("store.line_ended"), saved];
    if (!link.online) return ["warning", "◌", store.t("store.line_offline", { since: store.since(link.since) }), count ? `${saved} ${store.t("store.sent_later")}` : saved];
    if (link.trouble) return ["warning", "!", store.t("store.line_trouble"), saved];
    return ["good", "●", store.t("store.line_online"), saved];
  };

  const extras = function (found) {
    const rows = [];
    if (found.refused.length) rows.push(make("b", { class: "store-refused" }, store.tn("store.refused", found.refused.length)));
    found.others.forEach((count, user) => rows.push(make("span", {}, store.tn("store.others_wait", count, { user }))));
    return rows;
  };

  store.drawLine = async function (desk) {
    const [link, found] = [store.link(), await store.counted(desk.who)];
    const [kind, sign, state, saved] = told(link, found);
    const place = document.getElementById("store-line");
    const here = encodeURIComponent(window.location.pathname + window.location.search);
    const focused = document.activeElement && place.contains(document.activeElement) && document.activeElement.id;
    place.className = `store-line ${kind}`;
    place.dataset.open = found.open.length;
    place.replaceChildren(
      make("b", {}, make("span", { "aria-hidden": "true" }, `${sign} `), state), make("span", { id: "store-saved" }, saved), ...extras(found),
      store.button(store.t("store.show_entries"), () => store.showEntries(desk), { class: "quiet", id: "store-show-entries" }),
      link.ended ? make("a", { href: `/login?next=${here}`, class: "button", id: "store-log-in" }, store.t("store.log_in_to_send")) : "",
      link.trouble ? make("small", {}, link.trouble) : "");
    if (focused) (document.getElementById(focused) || document.body).focus();
  };
})(window.tandem.store);
