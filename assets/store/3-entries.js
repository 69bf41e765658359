// Entries: what was given, brought back, written off, received, counted. On the disk first, then sent.
//
// An entry's state is open (not answered yet), accepted, rejected, conflict or undone. One that was never tried
// to be sent can be undone by itself; of any other the server may know, so it is undone by a reversal.
(function (store) {
  const { db } = store;
  const UNDO_MS = 10000;
  const SIGNS = { dispense: -1, return: 1, receive: 1, write_off: -1, transfer_send: -1, transfer_receive: 1 };
  store.UNDO_MS = UNDO_MS;

  // What a movement does to the balance of its store; a count does not add, it sets. What was lost on its way
  // between stores was never on these shelves.
  store.effect = (movement) => (movement.kind === "write_off" && movement.transfer ? 0
    : (SIGNS[movement.kind] || 0) * movement.packs);

  const entryOf = (movement, number, given) => ({
    id: movement.id,
    user: given.user,
    unit: movement.unit,
    slip: given.slip,
    seq: number,
    state: "open",
    tried: 0,
    kept_at: Date.now(),
    send_after: Date.now() + (given.hold === undefined ? UNDO_MS : given.hold),
    effect: given.effect === undefined ? store.effect(movement) : given.effect,
    words: given.words || null,
    movement: { ...movement, seq: number },
    answer: null,
  });

  const nextNumbers = async function (stores, count) {
    const last = await db.promised(stores.meta.get("seq"));
    const first = ((last || {}).value || 0) + 1;
    stores.meta.put({ name: "seq", value: first + count - 1 });
    return first;
  };

  // Keep movements as one slip. `given`: {user, slip, hold (ms before they are sent), words (to show them by)}.
  // Whoever waits for the promise knows that all of them are on the disk, or none.
  store.keepEntries = async function (movements, given) {
    const kept = await db.write(["meta", "entries"], async (stores) => {
      const first = await nextNumbers(stores, movements.length);
      const rows = movements.map((movement, index) => entryOf(
        { id: store.newId(), ...movement }, first + index,
        { ...given, words: (given.words || [])[index] }));
      rows.forEach((row) => stores.entries.add(row));
      return rows;
    });
    store.changed("entries");
    return kept;
  };

  const reversalOf = (entry, why) => ({
    kind: "reverse",
    unit: entry.unit,
    item: entry.movement.item,
    packs: entry.movement.packs,
    reverses: entry.id,
    reason: why || null,
    given_by: entry.movement.given_by || null,
    occurred_at: store.withOffset(Date.now()),
    id: store.newId(),
  });

  // Take back a slip: {undone, reversed} entries. What cannot be reversed any more (it is already) stays.
  store.undo = async function (ids, who, why) {
    const done = await db.write(["meta", "entries"], async (stores) => {
      const all = await db.promised(stores.entries.getAll());
      const wanted = all.filter((each) => ids.includes(each.id) && ["open", "accepted"].includes(each.state)
        && each.movement.kind !== "reverse"
        && !all.some((other) => other.movement.reverses === each.id && !["rejected", "undone"].includes(other.state)));
      const silent = wanted.filter((each) => each.state === "open" && !each.tried);
      silent.forEach((each) => stores.entries.put({ ...each, state: "undone", undone_at: Date.now() }));
      const loud = wanted.filter((each) => !silent.includes(each));
      const first = loud.length ? await nextNumbers(stores, loud.length) : 0;
      loud.forEach((each, index) => stores.entries.add(entryOf(reversalOf(each, why), first + index,
        { user: who.username, slip: each.slip, hold: 0, effect: -each.effect, words: each.words })));
      return { undone: silent, reversed: loud };
    });
    store.changed("entries");
    return done;
  };

  store.entriesOf = async (who, unit) => (await db.all("entries"))
    .filter((each) => each.user === who.username && (!unit || each.unit === unit))
    .sort((one, other) => one.seq - other.seq);

  // The order in which it happened: as it was entered, whatever the clock was set to in between, but for what was
  // typed from paper, which has its own time.
  const inOrder = function (entries) {
    let latest = -Infinity;
    const moments = new Map();
    [...entries].sort((one, other) => one.seq - other.seq).forEach((each) => {
      const moment = Date.parse(each.movement.occurred_at);
      if (!each.movement.typed) latest = Math.max(latest, moment);
      moments.set(each, each.movement.typed ? moment : latest);
    });
    return [...entries].sort((one, other) => moments.get(one) - moments.get(other) || one.seq - other.seq);
  };

  // What a balance is once everything that waits here has been counted in.
  store.balanceWith = function (balance, entries, item) {
    const open = inOrder(entries.filter((each) => each.state === "open" && each.movement.item === item));
    return open.reduce((sum, each) => (each.movement.kind === "count" ? each.movement.packs
      : sum === null || sum === undefined ? sum : sum + each.effect), balance);
  };

  // Entries that were answered and are no longer shown anywhere make room.
  store.tidy = async function () {
    const KEPT_MS = 45 * 24 * 3600 * 1000;
    const before = Date.now() - KEPT_MS;
    const old = (await db.all("entries")).filter((each) => each.kept_at < before
      && (["accepted", "undone"].includes(each.state) || each.dealt_at));
    if (old.length) {
      await db.write("entries", (stores) => old.forEach((each) => stores.entries.delete(each.id)));
    }
  };
})(window.tandem.store);
