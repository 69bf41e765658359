// Who stands at the desk, at which store, on which device. Kept on the device, so that an outage changes nothing.
(function (store) {
  const { db } = store;

  // A UUID as the ledger takes it; without a secure context browsers have no randomUUID.
  store.newId = function () {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  store.device = async function () {
    const known = await db.meta("device");
    if (known) return known;
    return db.write("meta", async (stores) => {
      const there = await db.promised(stores.meta.get("device"));
      if (there) return there.value; // another tab was first
      const made = store.newId();
      stores.meta.put({ name: "device", value: made });
      return made;
    });
  };

  // {username, name} and the stores of whoever is signed in, as the server last said it.
  store.me = () => db.meta("me");
  store.stores = async () => (await db.meta("stores")) || [];
  store.place = (who, unit, tab) => [who.username, unit, tab].filter(Boolean).join(" ");

  // The chosen store of a person: the address says it, else the last one, else the first that one may write.
  store.chooseUnit = async function (who, stores) {
    const asked = new URLSearchParams(window.location.search).get("unit");
    const last = await db.meta(`unit ${who.username}`);
    const known = (id) => stores.find((each) => each.id === id || (each.code && each.code === id));
    return known(asked) || known(last) || stores.find((each) => each.writes) || stores[0] || null;
  };
  store.keepUnit = (who, unit) => db.keep(`unit ${who.username}`, unit);

  // What a log-out takes away: who it was and what the server told. Entries that wait stay, for their own user.
  store.forget = () => db.write(["meta", "reference", "drafts"], (stores) => {
    ["me", "stores"].forEach((name) => stores.meta.delete(name));
    stores.reference.clear();
    stores.drafts.clear();
  });

  // An ISO moment with the device's own offset, as people read their clock.
  store.withOffset = function (moment) {
    const date = new Date(moment);
    const offset = -date.getTimezoneOffset();
    const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
    const local = new Date(date.getTime() + offset * 60000).toISOString().slice(0, 23);
    return `${local}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
  };
})(window.tandem.store);
