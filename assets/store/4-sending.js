// Sending what waits: at the start, when the network is back, every minute, once even with several tabs open.
(function (store) {
  const { db } = store;
  const EVERY_MS = 60000;
  const REFRESH_MS = 15 * 60000; // how old what is shown to somebody may be
  const UNTOUCHED_MS = 60 * 60000; // and where nobody touched the desk for as long as that: mobile data costs money
  const RETRY_MS = 1000;
  const OPENING_MS = 3000; // the first balances of a store are fetched from DHIS2 within seconds
  const BATCH = 100;
  const LOCK = "tandem-desk-sending";
  const state = { online: navigator.onLine, since: Date.now(), ended: false, trouble: "", sending: false, refreshed: 0 };
  let at = null; // {who, unit} of the open desk
  let wake = null;
  let touched = Date.now(); // when somebody last did something here
  let looked = 0; // times that the first balances were looked for
  let waiting = null; // asked for while a round was under way

  store.link = () => ({ ...state });
  const report = function (changes) {
    const before = state.online;
    Object.assign(state, changes);
    if (before !== state.online) state.since = Date.now();
    store.changed("link");
  };

  const alone = function (act) {
    if (!navigator.locks) return act();
    return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? act() : "busy"));
  };

  // What is held back, but not by a clock that was set back since it was entered or answered.
  const due = (each, now) => each.send_after <= now || Math.max(each.kept_at, (each.answer || {}).at || 0) > now;

  // Taken for sending: from here on the server may know of them. Never those of another user.
  const take = (who) => db.write("entries", async (stores) => {
    const now = Date.now();
    const chosen = (await db.promised(stores.entries.index("state").getAll("open")))
      .filter((each) => each.user === who.username && due(each, now))
      .sort((one, other) => one.seq - other.seq).slice(0, BATCH);
    const taken = chosen.map((each) => ({ ...each, tried: each.tried + 1 }));
    taken.forEach((each) => stores.entries.put(each));
    return taken;
  });

  const judged = function (entry, result) {
    const answer = { ...result, at: Date.now() };
    if (["accepted", "duplicate"].includes(result.status)) return { ...entry, state: "accepted", answer };
    if (result.status === "conflict") return { ...entry, state: "conflict", answer };
    if (!(result.problem || {}).retry) return { ...entry, state: "rejected", answer };
    const asked = (entry.asked || 0) + 1; // what only a person can change is asked ever less often, and for ever
    return { ...entry, asked, answer, send_after: Date.now() + Math.min(EVERY_MS * 2 ** (asked - 1), REFRESH_MS) };
  };

  // The answers and the balances that came with them are kept in one go.
  const keep = (who, taken, results) => db.write(["entries", "reference"], async (stores) => {
    const byId = new Map(results.map((each) => [each.id, each]));
    const places = new Map();
    for (const entry of taken) {
      const result = byId.get(entry.id);
      if (!result) continue;
      stores.entries.put(judged(entry, result));
      if (result.balance === null || result.balance === undefined) continue;
      const place = store.place(who, entry.unit);
      if (!places.has(place)) places.set(place, await db.promised(stores.reference.get(place)));
      const item = ((places.get(place) || {}).items || []).find((each) => each.id === entry.movement.item);
      if (item) item.balance = result.balance;
    }
    places.forEach((reference) => reference && stores.reference.put(reference));
  });

  const sendBatch = async function (who) {
    const taken = await take(who);
    if (!taken.length) return 0;
    const told = await store.post("/api/v1/movements", {
      device: await store.device(),
      device_now: store.withOffset(Date.now()),
      movements: taken.map((each) => each.movement),
    });
    await keep(who, taken, told.results);
    store.changed("entries");
    return taken.length;
  };

  const touchedLately = () => !document.hidden && Date.now() - touched <= REFRESH_MS;
  const stale = function () {
    const age = Date.now() - state.refreshed; // less than nothing where the clock was set back
    return age < 0 || age > (touchedLately() ? REFRESH_MS : UNTOUCHED_MS);
  };

  const refreshed = async function (force) {
    if (!at.unit || !(force || stale())) return;
    const told = await store.refresh(at.who, at.unit);
    state.refreshed = Date.now();
    const { opening } = told;
    if (!opening || opening.opened_at) return;
    window.setTimeout(() => store.send(true), Math.min(OPENING_MS * 2 ** looked, REFRESH_MS));
    looked += 1; // each time after twice as long
  };

  const round = async function (force) {
    let sent = 0;
    for (let count = await sendBatch(at.who); count; count = await sendBatch(at.who)) sent += count;
    await refreshed(force); // the balances came with the answers: a slip costs one request
    report({ online: true, ended: false, trouble: "" });
    return sent;
  };

  // What is still held back is sent when its time comes, also after the desk was closed and opened in between.
  const nextTime = async function () {
    const held = (await db.all("entries")).filter((each) => each.user === at.who.username && each.state === "open" && !each.answer);
    if (held.length) store.sendSoon(Math.max(RETRY_MS, Math.min(...held.map((each) => each.send_after)) - Date.now() + 50));
  };

  // Send all that is due; `force` asks for the reference data as well. Who asks meanwhile is heard afterwards.
  store.send = async function (force) {
    if (!at) return "busy";
    if (state.sending) { waiting = { force: force || (waiting || {}).force }; return "busy"; }
    state.sending = true;
    waiting = null;
    try {
      const sent = await alone(() => round(force));
      await nextTime();
      return sent;
    } catch (trouble) {
      if (trouble instanceof store.Unkept) { report({ trouble: store.t("store.unkept_sending") }); return "unkept"; }
      if (!(trouble instanceof store.Trouble)) throw trouble;
      const words = ["failed", "slow"].includes(trouble.kind) ? trouble.detail || store.t(`store.trouble_${trouble.kind}`) : "";
      report({ online: trouble.kind !== "offline", ended: trouble.kind === "ended", trouble: words });
      if (trouble.kind === "other") store.changed("person");
      return trouble.kind;
    } finally {
      state.sending = false;
      if (waiting) window.setTimeout(() => store.send((waiting || {}).force));
    }
  };

  // What was just entered is sent once it can no longer be taken back silently.
  store.sendSoon = function (after) {
    window.clearTimeout(wake);
    wake = window.setTimeout(() => store.send(), after);
  };

  const somethingToDo = async function () {
    if (stale() || !state.online) return true;
    return (await db.read("entries", (stores) => db.promised(stores.entries.index("state").count("open")))) > 0;
  };

  // Who comes to a desk that nobody touched is told what changed since, at once.
  const touch = async function () {
    touched = Date.now();
    if (stale() && !state.sending) store.send();
  };

  store.startSending = function (who, unit) {
    const first = !at;
    at = { who, unit };
    store.askAs(who);
    state.refreshed = 0;
    if (first) {
      window.addEventListener("online", () => store.send(true));
      window.addEventListener("offline", () => report({ online: false }));
      ["pointerdown", "keydown"].forEach((kind) => document.addEventListener(kind, touch, { capture: true, passive: true }));
      document.addEventListener("visibilitychange", async () => {
        if (document.hidden) return;
        touched = Date.now();
        if (await somethingToDo()) store.send();
      });
      window.setInterval(async () => { if (await somethingToDo()) store.send(); }, EVERY_MS);
    }
    return store.send(true);
  };
})(window.tandem.store);
