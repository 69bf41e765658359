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
    if (!link.online) return ["warning", "◌", store.t("store.line_offline", { since: store.since(link.since) }), saved, count ? store.t("store.sent_later") : ""];
    if (link.trouble) return ["warning", "!", store.t("store.line_trouble"), saved];
    return ["good", "●", store.t("store.line_online"), saved];
  };

  const extras = function (found) {
    const rows = [];
    if (found.refused.length) rows.push(make("b", { class: "store-refused" }, store.tn("store.refused", found.refused.length)));
    found.others.forEach((count, user) => rows.push(make("span", {}, store.tn("store.others_wait", count, { user }))));
    return rows;
  };

  // The button stays the same one: what is drawn anew under a finger hears nothing of it.
  const frame = function (desk, place) {
    if (!place.firstChild) {
      place.append(make("div", { class: "store-line-said", role: "status" }),
        store.button(store.t("store.show_entries"), () => store.showEntries(desk), { class: "quiet", id: "store-show-entries" }));
    }
    return place.firstChild;
  };

  store.drawLine = async function (desk) {
    const [link, found] = [store.link(), await store.counted(desk.who)];
    const [kind, sign, state, saved, later] = told(link, found);
    const place = document.getElementById("store-line");
    const here = encodeURIComponent(window.location.pathname + window.location.search);
    const words = [
      make("b", {}, make("span", { "aria-hidden": "true" }, `${sign} `), state), make("span", { id: "store-saved" }, saved), later ? make("span", { class: "store-later" }, later) : "", ...extras(found),
      link.ended ? make("a", { href: `/login?next=${here}`, class: "button", id: "store-log-in" }, store.t("store.log_in_to_send")) : "",
      link.trouble ? make("small", {}, link.trouble) : "",
    ];
    place.className = `store-line ${kind}`;
    place.dataset.open = found.open.length;
    const said = frame(desk, place);
    const drawn = make("div", {}, words.filter(Boolean)).innerHTML;
    if (said.innerHTML !== drawn) said.replaceChildren(...words.filter(Boolean));
  };
})(window.tandem.store);
