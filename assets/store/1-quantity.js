// Reading a number of packs. What was typed is never put right: it is unmistakable, or it is an error.
(function (store) {
  const MOST = 999999;
  const GROUPED = /^[0-9]{1,3}([ \u00a0\u202f\u2009][0-9]{3})+$/;
  const PLAIN = /^[0-9]+$/;
  const WIDE = /[\uff10-\uff19]/g;

  const problem = (what) => ({ value: null, problem: `store.quantity_${what}` });

  const kindOfError = function (text) {
    if (/^[-\u2212\u2013]\s*[0-9]/.test(text)) return "negative";
    if (/^[0-9][0-9\s\u00a0\u202f]*[.,][0-9]*$/.test(text)) return "decimal";
    if (/[0-9]/.test(text)) return "mixed";
    return "words";
  };

  // {value} for a whole number of packs, {blank} for nothing, {problem} with the key of the sentence to show.
  store.readQuantity = function (typed) {
    const text = String(typed === null || typed === undefined ? "" : typed)
      .trim().replace(WIDE, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xff10 + 48));
    if (text === "") return { value: null, blank: true };
    if (!PLAIN.test(text) && !GROUPED.test(text)) return problem(kindOfError(text));
    const digits = text.replace(/[^0-9]/g, "");
    if (digits.length > 1 && digits[0] === "0") return problem("zeros");
    if (digits.length > 6 || Number(digits) > MOST) return problem("large");
    return { value: Number(digits) };
  };
})(window.tandem.store);
