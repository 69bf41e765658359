// The arithmetic of a delivery: what the note lists, what came, what of it is damaged, what never came.
(function (store) {
  const SHORT = ["not_sent", "lost", "other"];
  store.SHORT_REASONS = SHORT;

  // A line of a delivery. `rest` holds further lots of the same item.
  store.emptyArrival = (item) => ({ item, listed: "", came: "", damaged: "", why: "", lot: "", expiry: "", rest: [] });
  store.emptyDelivery = () => ({ source: "", document: "", when: "", lines: [] });

  const sum = (reads) => reads.reduce((total, read) => total + (read.value || 0), 0);

  // {listed, came (null while nothing is typed), damaged, short, problems, ready, touched} of a line.
  store.readArrival = function (line, transfer) {
    const [listed, damaged] = [store.readQuantity(line.listed), store.readQuantity(line.damaged)];
    const parts = [line, ...line.rest].map((each) => store.readQuantity(each.came));
    const problems = {};
    if (listed.problem) problems.listed = listed.problem;
    if (damaged.problem) problems.damaged = damaged.problem;
    const broken = parts.findIndex((read) => read.problem);
    if (broken >= 0) problems[broken ? `came${broken}` : "came"] = parts[broken].problem;
    const touched = parts.some((read) => !read.blank);
    const came = touched ? sum(parts) : null;
    if (touched && parts[0].blank) problems.came = "store.receive_came_missing";
    if (damaged.value && (came === null || damaged.value > came)) problems.damaged = "store.receive_damaged_many";
    const short = came !== null && listed.value !== null && came < listed.value ? listed.value - came : 0;
    if (short && !line.why) problems.why = "store.receive_why_missing";
    if (transfer && came !== null && listed.value !== null && came > listed.value) problems.came = "store.receive_more_than_sent";
    return {
      ...line, listed: listed.value, came, damaged: damaged.value || 0, short, parts: parts.map((read) => read.value),
      over: came !== null && listed.value !== null && came > listed.value ? came - listed.value : 0, problems, touched,
    };
  };

  // {lines, problems, ready} of a draft; lines without an arrival are not part of it, `left` counts those listed.
  store.readDelivery = function (draft, now) {
    const when = store.momentOf(draft.when, now || Date.now());
    const all = draft.lines.map((line) => store.readArrival(line, Boolean(draft.source)));
    const lines = all.filter((line) => line.touched || Object.keys(line.problems).length);
    const problems = {};
    if (when.problem) problems.when = when.problem;
    if (!lines.length) problems.lines = "store.receive_lines_missing";
    const ready = !Object.keys(problems).length && lines.every((line) => !Object.keys(line.problems).length);
    return { ...when, all, lines, problems, ready, left: all.filter((line) => !line.touched && line.listed).length };
  };

  const because = function (line) {
    if (line.short) return `short ${line.short} of ${line.listed}: ${line.why}`;
    return line.over ? `more ${line.over} than ${line.listed}` : null;
  };

  const lotsOf = (line) => [line, ...line.rest].map((lot, index) => ({ packs: line.parts[index], lot: lot.lot || null, expiry: lot.expiry || null }))
    .filter((lot, index) => lot.packs !== null && (lot.packs > 0 || index === 0));

  const fromDepot = (line, same) => [
    ...lotsOf(line).map((lot, index) => ({ ...same, kind: "receive", item: line.item, ...lot, reason: index ? null : because(line) })),
    ...(line.damaged ? [{ ...same, kind: "write_off", item: line.item, packs: line.damaged, lot: line.lot || null, expiry: line.expiry || null, reason: "damaged" }] : []),
  ];

  // What a neighbour sent: what came; what will not come any more is written off as lost on the way.
  const fromStore = (line, same) => [
    ...lotsOf(line).filter((lot) => lot.packs > 0)
      .map((lot) => ({ ...same, kind: "transfer_receive", item: line.item, partner: line.origin, transfer: line.transfer, ...lot })),
    ...(line.short && line.why === "lost" ? [{ ...same, kind: "write_off", item: line.item, packs: line.short, transfer: line.transfer, reason: "missing" }] : []),
    ...(line.damaged ? [{ ...same, kind: "write_off", item: line.item, packs: line.damaged, lot: line.lot || null, reason: "damaged" }] : []),
  ];

  // The movements of a delivery that is ready. `given`: {unit, by, document}.
  store.arrivalsOf = function (delivery, draft, given) {
    const same = {
      unit: given.unit, given_by: given.by, document: (draft.document || "").trim() || given.document,
      occurred_at: store.withOffset(delivery.at), typed: delivery.typed,
    };
    return delivery.lines.flatMap((line) => (draft.source ? fromStore(line, same) : fromDepot(line, same)));
  };
})(window.tandem.store);
