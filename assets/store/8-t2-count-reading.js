// The arithmetic of a count: what was found otherwise than the book, what is counted twice, in which order one walks.
(function (store) {
  const { db } = store;
  const LARGE_SHARE = 0.1; // of the book, above which a difference is counted a second time
  const LARGE_PACKS = 1; //   and more than so many packs
  store.COUNT_REASONS = ["miscounted", "not_recorded", "expired", "damaged", "stolen", "other"];
  store.emptyCount = () => ({ blind: false, lines: {} });

  // Whether a difference is so large that one counts again before it is believed.
  store.largeDifference = (book, counted) => Math.abs(counted - book) > LARGE_PACKS && Math.abs(counted - book) > LARGE_SHARE * Math.abs(book);

  // {item, counted (null where not counted), book, difference (null where the book knows nothing), large, settled,
  // problems, ready} of a line {first, second, reason, note}. The second count is the one that stands.
  store.readCounted = function (id, line, book) {
    const [first, second] = [store.readQuantity(line.first), store.readQuantity(line.second)];
    const problems = {};
    if (first.problem) problems.first = first.problem;
    if (second.problem) problems.second = second.problem;
    const known = book !== null && book !== undefined;
    const large = known && first.value !== null && store.largeDifference(book, first.value);
    const counted = large && second.value !== null ? second.value : first.value;
    const difference = counted === null || !known ? null : counted - book;
    if (large && second.blank) problems.second = "store.count_second_missing";
    if (difference && !line.reason) problems.reason = "store.count_reason_missing";
    if (difference && line.reason === "other" && !(line.note || "").trim()) problems.note = "store.count_note_missing";
    return { item: id, first: first.value, second: second.value, counted, book: known ? book : null, difference, large, problems, ready: !Object.keys(problems).length };
  };

  // The lines of a draft that hold anything, each read against the book.
  store.readCount = function (draft, balanceOf) {
    const lines = Object.entries(draft.lines).filter(([, line]) => String(line.first || "").trim() !== "").map(([id, line]) => store.readCounted(id, line, balanceOf(id)));
    return { lines, ready: lines.length > 0 && lines.every((line) => line.ready), differing: lines.filter((line) => line.difference) };
  };

  // The movements of a count that is ready; a reason is a code, with a person's words after it.
  store.countsOf = (read, draft, given) => read.lines.map((line) => {
    const { reason, note } = draft.lines[line.item];
    const why = line.difference ? [reason, (note || "").trim()].filter(Boolean).join(": ") : null;
    return { kind: "count", unit: given.unit, item: line.item, packs: line.counted, given_by: given.by, document: given.document, reason: why, occurred_at: store.withOffset(Date.now()) };
  });

  // The items in the order of the shelves, as this device keeps it; new ones come last, by name.
  store.shelfOrder = async function (desk) {
    const kept = (await db.meta(`shelf ${desk.unit.id}`)) || [];
    const place = new Map(kept.map((id, index) => [id, index]));
    const at = (item) => (place.has(item.id) ? place.get(item.id) : Number.MAX_SAFE_INTEGER);
    return [...desk.items()].sort((one, other) => at(one) - at(other) || store.collator.compare(one.name, other.name));
  };
  store.keepShelfOrder = (desk, items) => db.keep(`shelf ${desk.unit.id}`, items.map((item) => item.id));
})(window.tandem.store);
