// What a scanned code says: GTIN, expiry, lot and count of a GS1 code, or a plain code.
(function (store) {
  const GS = "\u001d";
  const SYMBOLOGY = /^\](d2|C1|Q3|e0|J1|d1|E0)/;
  // Lengths that GS1 fixes by the first two digits of an application identifier, the identifier included.
  const FIXED = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, 11: 8, 12: 8, 13: 8, 14: 8, 15: 8, 16: 8, 17: 8, 18: 8, 19: 8,
    20: 4, 31: 10, 32: 10, 33: 10, 34: 10, 35: 10, 36: 10, 41: 16,
  };
  const lengthOfName = (text) => {
    if (/^(23|24|25|40|41|42|71)/.test(text)) return 3;
    return /^(3[1-6]|39|43|7[02]|8[0-2])/.test(text) ? 4 : 2;
  };

  store.checkDigitHolds = function (digits) {
    const sum = [...digits].reverse()
      .reduce((total, digit, index) => total + Number(digit) * (index % 2 ? 3 : 1), 0);
    return sum % 10 === 0;
  };

  // YYMMDD with GS1's sliding century; day 00 is the last of the month. Null for no day of any calendar.
  store.gs1Date = function (six, today) {
    if (!/^[0-9]{6}$/.test(six)) return null;
    const [yy, month, day] = [six.slice(0, 2), six.slice(2, 4), six.slice(4)].map(Number);
    const now = (today || new Date()).getFullYear();
    const apart = yy - (now % 100);
    const century = Math.floor(now / 100) + (apart >= 51 ? -1 : apart <= -50 ? 1 : 0);
    const year = century * 100 + yy;
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    if (month < 1 || month > 12 || day > last) return null;
    return `${year}-${String(month).padStart(2, "0")}-${String(day || last).padStart(2, "0")}`;
  };

  const parts = function (text) {
    const found = {};
    let rest = text;
    while (rest) {
      if (rest[0] === GS) { rest = rest.slice(1); continue; }
      if (!/^[0-9]{2}/.test(rest)) return null;
      const name = rest.slice(0, lengthOfName(rest));
      const fixed = FIXED[rest.slice(0, 2)];
      const separator = rest.indexOf(GS);
      const end = fixed || (separator < 0 ? rest.length : separator);
      if (rest.length < end || end <= name.length) return null;
      if (fixed && rest.slice(0, end).includes(GS)) return null;
      found[name] = rest.slice(name.length, end);
      rest = rest.slice(end);
    }
    return found;
  };

  // (01)0…(17)27…(10)AB as people print it beneath the bars.
  const printed = function (text) {
    const found = {};
    for (const [, name, value] of text.matchAll(/\(([0-9]{2,4})\)([^(]*)/g)) found[name] = value;
    return found;
  };

  const told = function (found, today) {
    const gtin = found["01"] || found["02"] || null;
    if (gtin && (!/^[0-9]{14}$/.test(gtin) || !store.checkDigitHolds(gtin))) return { problem: "store.scan_digit" };
    const expiry = found["17"] ? store.gs1Date(found["17"], today) : null;
    if (found["17"] && !expiry) return { problem: "store.scan_date" };
    if (found["10"] && found["10"].length > 20) return { problem: "store.scan_lot" };
    return { gtin, expiry, lot: found["10"] || null, serial: found["21"] || null };
  };

  // {gtin, expiry, lot} of a GS1 code; {gtin} of a bare EAN or UPC; {code} of anything else; {problem} where GS1 is broken.
  store.readCode = function (scanned, today) {
    const text = String(scanned || "").trim();
    const bare = text.replace(SYMBOLOGY, "");
    if (/^([0-9]{8}|[0-9]{12,14})$/.test(bare) && store.checkDigitHolds(bare)) return { gtin: bare.padStart(14, "0") };
    if (/^\([0-9]{2,4}\)/.test(bare)) return told(printed(bare), today);
    const marked = SYMBOLOGY.test(text) || bare.includes(GS) || /^01[0-9]{14}/.test(bare);
    if (!marked) return { code: bare };
    const found = parts(bare);
    return found ? told(found, today) : { problem: "store.scan_broken" };
  };
})(window.tandem.store);
