// Names of people and departments: which are the same, which might be, and which of them a search means.
(function (store) {
  // Without accents, case, titles and punctuation; "ß" and ligatures spelled out.
  store.plain = (text) => String(text || "").normalize("NFKD").replace(/[\u0300-\u036f]/g, "")
    .toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();

  const TITLES = new Set(["dr", "mr", "mrs", "ms", "m", "mme", "mlle", "sr", "sister", "prof", "nurse", "inf"]);
  const words = (text) => {
    const all = store.plain(text).split(" ").filter(Boolean);
    const kept = all.filter((word, index) => index || !TITLES.has(word) || all.length < 3);
    return kept.length ? kept : all;
  };

  // Letters to change, add, drop or swap to make one word of the other; stops counting past `most`.
  store.distance = function (one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  };

  const near = (one, other) => one === other
    || (one.length === 1 && other.startsWith(one)) || (other.length === 1 && one.startsWith(other))
    || store.distance(one, other, 2) <= (Math.min(one.length, other.length) > 5 ? 2 : Math.min(one.length, other.length) > 3 ? 1 : 0);

  // "same" once accents, case and order are put aside; "alike" where it takes a slip of the pen; else null.
  store.alikeNames = function (one, other) {
    const [mine, yours] = [words(one), words(other)];
    if (!mine.length || !yours.length) return null;
    if ([...mine].sort().join(" ") === [...yours].sort().join(" ")) return "same";
    const [few, many] = mine.length <= yours.length ? [mine, [...yours]] : [yours, [...mine]];
    const matched = few.filter((word) => {
      const index = many.findIndex((each) => near(word, each));
      if (index >= 0) many.splice(index, 1);
      return index >= 0;
    });
    const whole = matched.some((word) => word.length > 2);
    return whole && matched.length === few.length && (few.length > 1 || many.length === 0) ? "alike" : null;
  };

  // How well a text answers a search: lower is better, null for not at all. Every word sought has to begin one.
  store.match = function (sought, text) {
    const wanted = store.plain(sought).split(" ").filter(Boolean);
    const there = store.plain(text).split(" ").filter(Boolean);
    let score = 0;
    for (const word of wanted) {
      const index = there.findIndex((each) => each.startsWith(word));
      if (index < 0 && !(word.length > 2 && there.join(" ").includes(word))) return null;
      score += index < 0 ? 20 : index + (there[index] === word ? 0 : 0.5);
    }
    return score;
  };
})(window.tandem.store);
