// What the server says of a store (items, balances, people, next delivery), kept with its version for outages.
(function (store) {
  const { db } = store;
  const MERGED = ["items", "recipients", "codes"]; // of these the server tells what changed;

  store.known = async (who, unit) => (await db.get("reference", store.place(who, unit))) || null;

  const merged = function (before, news) {
    const rows = new Map((before || []).map((row) => [row.id, row]));
    (news || []).forEach((row) => (row.gone ? rows.delete(row.id) : rows.set(row.id, { ...rows.get(row.id), ...row })));
    return [...rows.values()];
  };

  // Ask for what changed since the version that is kept, or for everything.
  store.refresh = async function (who, unit) {
    const kept = await store.known(who, unit);
    const language = document.documentElement.lang;
    const since = kept && kept.language === language ? `&since=${encodeURIComponent(kept.version)}` : "";
    const told = await store.ask(`/api/v1/store/${encodeURIComponent(unit)}?lang=${language}${since}`);
    const place = store.place(who, unit);
    await db.write("reference", async (stores) => {
      const before = (await db.promised(stores.reference.get(place))) || {};
      const next = { ...before, ...told, place, language, told_at: Date.now() };
      MERGED.forEach((name) => { next[name] = merged(told.full ? [] : before[name], told[name]); });
      const one = (told.recipients || []).filter((row) => row.gone).map((row) => [row.id, row.merged_into]);
      next.became = { ...before.became, ...Object.fromEntries(one) }; // who was merged into whom
      stores.reference.put(next);
    });
    store.changed("reference");
    return store.known(who, unit);
  };

  // Who is signed in and which stores are theirs; another person than before finds nothing of the other's.
  store.introduce = async function () {
    store.askAs(null);
    const told = await store.ask("/api/v1/store");
    store.askAs(told.person);
    await db.write("meta", (stores) => {
      stores.meta.put({ name: "me", value: told.person });
      stores.meta.put({ name: "stores", value: told.stores });
    });
    return told;
  };

  // Days from today to a day, in whole calendar days; negative once it is past.
  store.daysTo = function (day) {
    const [year, month, date] = day.split("-").map(Number);
    const now = new Date();
    return Math.round((Date.UTC(year, month - 1, date) - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / 86400000);
  };
})(window.tandem.store);
