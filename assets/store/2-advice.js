// How much of an item can go today, and the sentences of what that rests on. The server says for each day to come what
// must stay on the shelf at its end; the device goes on from there with its own balance, through an outage.
(function (store) {
  const RISK = 5; // chances in 100 of running out before the delivery that may remain
  const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);
  const ofDay = (series, day) => (Array.isArray(series) && series.length ? series[Math.min(day, series.length - 1)] : null);

  // {known, safe, keep, needed, share, fair, lasts} of an item at a balance, so many days after the server said it.
  store.advice = function (item, balance, day) {
    const keep = ofDay(item.reserve, day || 0);
    if (!known(keep) || !known(balance)) return { known: false };
    const safe = Math.max(0, Math.floor(balance - keep));
    return {
      known: true, safe, keep, needed: ofDay(item.needed, day || 0), lasts: item.run_out || null,
      share: known(item.share) ? item.share : null, fair: known(item.fair) ? Math.max(0, Math.min(item.fair, balance)) : null,
    };
  };

  // Of what somebody asks, the part that is fair where not even nothing more would last; at least one pack.
  store.fairPart = (asked, balance, share) => Math.min(balance, Math.max(1, Math.round(asked * share)));

  store.untilDelivery = function (day) {
    const days = day ? store.daysTo(day) : null;
    if (days === null || days < 0) return store.t("store.no_delivery");
    if (days === 0) return store.t("store.delivery_today");
    return store.tn("store.delivery_in", days, { day: store.weekday(`${day}T12:00`) });
  };

  const restsOn = function (item) {
    const from = item.rests_on || {};
    const earlier = from.registry ? ` ${store.tn("store.rests_registry", from.registry)}` : "";
    if (from.days && from.months) return store.tn("store.rests_both", from.days, { months: store.number(from.months) }) + earlier;
    if (from.days) return store.tn("store.rests_days", from.days) + earlier;
    return from.months ? store.tn("store.rests_months", from.months) : "";
  };

  const use = (advice) => (!known(advice.needed) ? "" : advice.needed < 1 ? store.t("store.needed_little")
    : store.tn("store.needed", Math.round(advice.needed), { count: store.number(advice.needed, advice.needed < 3 ? 1 : 0) }));

  // The sentences under an item: [lead, rest]. What is not known is said, never shown as 0.
  store.adviceSaid = function (item, balance, advice, reference) {
    const values = { item: item.name };
    const delivery = store.untilDelivery((reference || {}).next_delivery);
    const counted = balance < 0 ? store.t("store.packs_below", { count: store.number(balance) }) : store.tn("store.packs_here", balance);
    const here = known(balance) ? counted : store.t("store.balance_unknown");
    if (!advice.known) return [store.t("store.safe_unknown", values), `${here} ${delivery} ${store.t("store.safe_unknown_why")}`];
    const facts = [here, delivery, use(advice)];
    if (advice.safe > 0) {
      const kept = store.tn("store.safe_rest", Math.max(0, advice.keep), { risk: RISK });
      return [store.tn("store.safe_lead", advice.safe, values), [...facts, kept, restsOn(item)].filter(Boolean).join(" ")];
    }
    const end = advice.lasts && balance > 0 ? store.t("store.runs_out", { day: store.day(`${advice.lasts}T12:00`) }) : "";
    // Expected to last, but not surely: then nobody is told that a part alone can be served.
    const unsure = balance > 0 && advice.share >= 1;
    const fair = advice.fair ? store.tn(unsure ? "store.fair_usual" : "store.fair_share", advice.fair, { percent: store.number(100 * (advice.share || 0)) }) : "";
    return [store.t(unsure ? "store.unsure_lead" : "store.short_lead", values), [...facts, end, fair, store.t("store.short_rest"), restsOn(item)].filter(Boolean).join(" ")];
  };
})(window.tandem.store);
