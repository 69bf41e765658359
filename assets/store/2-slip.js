// The arithmetic of a slip: what is typed read as movements, with what is wrong and what to ask twice about.
(function (store) {
  const MINUTES = 60000;
  const AGAIN_MS = 30 * MINUTES;
  const UNUSUAL = 3; //  times the middle of what usually goes
  const SMALL = 10; //   packs that are never unusual
  const BEFORE_MS = 60 * 24 * 60 * MINUTES;
  const AHEAD_MS = 5 * MINUTES;

  // A new, empty slip.
  store.emptySlip = () => ({ recipient: null, when: "", reason: "", note: "", lines: [] });

  const readLine = function (line, kind, balanceOf) {
    const given = store.readQuantity(line.given);
    const asked = kind === "dispense" ? store.readQuantity(line.asked) : { value: null, blank: true };
    const before = balanceOf(line.item);
    const problems = {};
    if (given.problem) problems.given = given.problem;
    if (asked.problem) problems.asked = asked.problem;
    if (given.blank) problems.given = asked.value ? "store.given_missing" : "store.quantity_missing";
    if (given.value === 0 && !asked.value) problems.given = kind === "dispense" ? "store.quantity_nothing" : "store.quantity_zero";
    const counted = given.value !== null && before !== null && before !== undefined;
    const after = counted ? before + (kind === "return" ? 1 : -1) * given.value : null;
    return { ...line, packs: given.value, wanted: asked.value, before, after, problems, below: after !== null && after < 0 };
  };

  // Moments are typed in the device's own time.
  const momentOf = function (typed, now) {
    if (!typed) return { at: now, typed: false };
    const at = new Date(typed).getTime();
    if (Number.isNaN(at)) return { problem: "store.when_broken" };
    if (at > now + AHEAD_MS) return { problem: "store.when_ahead" };
    if (at < now - BEFORE_MS) return { problem: "store.when_old" };
    return { at, typed: true };
  };
  store.momentOf = momentOf;

  // {lines, problems, ready, at, typed} of a draft. `problems` are of the slip as a whole, by field.
  store.readSlip = function (draft, kind, balanceOf, now) {
    const when = momentOf(draft.when, now || Date.now());
    const problems = {};
    if (when.problem) problems.when = when.problem;
    if (kind !== "write_off" && !draft.recipient) problems.recipient = "store.recipient_missing";
    if (kind === "write_off" && !draft.reason) problems.reason = "store.reason_missing";
    if (kind === "write_off" && draft.reason === "other" && !String(draft.note || "").trim()) problems.note = "store.note_missing";
    if (!draft.lines.length) problems.lines = "store.lines_missing";
    const lines = draft.lines.map((line) => readLine(line, kind, balanceOf));
    const ready = !Object.keys(problems).length && lines.every((line) => !Object.keys(line.problems).length);
    return { ...when, kind, lines, problems, ready };
  };

  // What is not said is not sent: a slip costs as few bytes as it can.
  const said = (movement) => Object.fromEntries(Object.entries(movement)
    .filter(([, value]) => value !== null && value !== undefined && value !== false));

  // The movements of a slip that is ready.
  store.movementsOf = (slip, draft, given) => slip.lines.map((line) => said({
    kind: slip.kind,
    unit: given.unit,
    item: line.item,
    packs: line.packs,
    asked: slip.kind === "dispense" ? (line.wanted === null ? line.packs : line.wanted) : null,
    lot: line.lot || null,
    expiry: line.expiry || null,
    recipient: draft.recipient || null,
    given_by: given.by,
    reason: slip.kind === "write_off" ? (draft.note ? `${draft.reason}: ${draft.note.trim()}` : draft.reason) : (draft.note || "").trim() || null,
    document: given.document,
    occurred_at: store.withOffset(slip.at),
    typed: slip.typed,
  }));

  const middle = function (values) {
    const sorted = [...values].sort((one, other) => one - other);
    return sorted.length ? sorted[Math.floor(sorted.length / 2)] : null;
  };

  const counts = (entry) => ["open", "accepted"].includes(entry.state);
  const sameRecipient = (one, other) => one && other && one.id === other.id;

  // What to ask about before a slip is kept: {key, line} each; nothing of it forbids what really happened.
  store.doubts = function (slip, draft, entries) {
    const reversed = new Set(entries.filter(counts).map((each) => each.movement.reverses).filter(Boolean));
    const made = entries.filter((each) => counts(each) && each.movement.kind === slip.kind && !reversed.has(each.id));
    return slip.lines.flatMap((line) => {
      const before = made.filter((each) => each.movement.item === line.item);
      const again = before.find((each) => sameRecipient(each.movement.recipient, draft.recipient)
        && Math.abs(Date.parse(each.movement.occurred_at) - slip.at) < AGAIN_MS);
      const usual = before.length >= 5 ? middle(before.map((each) => each.movement.packs)) : null;
      const found = [];
      if (again) found.push({ key: "again", line, at: again.movement.occurred_at, packs: again.movement.packs });
      if (line.below) found.push({ key: "below", line });
      if (usual !== null && line.packs > SMALL && line.packs > UNUSUAL * usual) found.push({ key: "much", line, usual });
      if (line.wanted !== null && line.packs > line.wanted) found.push({ key: "more", line });
      return found;
    });
  };
})(window.tandem.store);
