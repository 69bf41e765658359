// The desk's words, numbers and dates, in the language of its document. Scripts hold no text.
window.tandem = window.tandem || {};
window.tandem.store = window.tandem.store || {};

(function (store) {
  const language = () => document.documentElement.lang || "fr";
  const dates = () => (language() === "en" ? "en-GB" : language()); // the day first, 24 hours, as everywhere in Tandem
  const filled = (text, values) => text.replace(/{([a-z_]+)}/g, (whole, name) =>
    (values && values[name] !== undefined && values[name] !== null ? String(values[name]) : whole));

  const forms = function (key) {
    const known = (window.tandemWords || {})[key];
    if (known === undefined) console.error(`The text ${key} is in no catalogue.`);
    return known === undefined ? key : known;
  };

  // A text of the catalogue, its {places} filled.
  store.t = function (key, values) {
    const known = forms(key);
    return filled(Array.isArray(known) ? known[0] : known, values);
  };

  // Singular or plural: French counts 0 and 1 as singular, English 1 alone.
  store.tn = function (key, count, values) {
    const known = forms(key);
    const plural = language() === "fr" ? Math.abs(count) >= 2 : Math.abs(count) !== 1;
    const text = Array.isArray(known) ? known[plural ? known.length - 1 : 0] : known;
    return filled(text, { count: store.number(count), ...values });
  };

  store.has = (key) => (window.tandemWords || {})[key] !== undefined;

  // Not known is a dash, so that it is never read as zero.
  store.number = (value, digits) => (value === null || value === undefined || Number.isNaN(value) ? "–"
    : new Intl.NumberFormat(language(), { maximumFractionDigits: digits || 0 }).format(value).replace("-", "−"));

  const written = (options) => (moment) => new Intl.DateTimeFormat(dates(), options).format(new Date(moment));
  store.clock = written({ hour: "2-digit", minute: "2-digit" });
  store.day = written({ day: "numeric", month: "short", year: "numeric" });
  store.weekday = written({ weekday: "long", day: "numeric", month: "long" });
  store.moment = written({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

  // The hour where it was today, the day as well where it was not.
  store.since = (moment) => (new Date(moment).toDateString() === new Date().toDateString()
    ? store.clock(moment) : store.moment(moment));

  // "7 packs", in the words of the catalogue.
  store.packs = (count) => store.tn("store.packs", count);

  store.collator = new Intl.Collator(language(), { sensitivity: "base", numeric: true });
})(window.tandem.store);
