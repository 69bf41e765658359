// Items that keep disappearing: counts that found less than the book, more often than chance would have it.
(function (store) {
  const { make } = window.tandem;

  const chanceSaid = (p) => (p < 0.001 ? store.t("store.losses_chance_least") : store.t("store.losses_chance", { percent: store.number(100 * p, p < 0.1 ? 1 : 0) }));

  const rowOf = (row) => [row.name, store.number(row.counts), store.number(row.short), store.number(row.over), store.number(row.missing), chanceSaid(row.chance),
    store.t(`store.losses_${row.verdict}`)];

  const HEADS = ["store.item", "store.losses_counts", "store.losses_short", "store.losses_over", "store.losses_missing", "store.losses_by_chance", "store.losses_verdict"];

  const table = function (told) {
    if (!told.items.length) return make("p", {}, store.t("store.losses_none"));
    return make("div", { class: "scrolled", tabindex: "0", role: "region", "aria-label": store.t("store.losses_title") },
      store.sheetTable(store.t("store.losses_title"), HEADS.map((key) => store.t(key)), told.items.map(rowOf), 1));
  };

  const draw = function (place, answer) {
    const stale = store.staleSaid(answer);
    const flagged = answer.told ? answer.told.items.filter((row) => row.verdict === "keeps") : [];
    place.replaceChildren(make("details", { class: "fold panel store-panel", open: flagged.length ? "" : null, id: "count-losses" },
      make("summary", {}, flagged.length ? store.tn("store.losses_found", flagged.length) : store.t("store.losses_title")),
      stale ? make("p", { class: "notice" }, stale) : "", make("p", { class: "muted" }, store.t("store.losses_lead")), answer.told ? table(answer.told) : ""));
  };

  store.showLosses = async function (desk, place) {
    draw(place, await store.remembered(desk, "losses", store.pathOf(desk, "/losses", {})));
  };
})(window.tandem.store);
