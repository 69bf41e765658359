// Answers of the server that a tab needs beside the reference data, kept on the device for outages with their time.
(function (store) {
  const { db } = store;

  const kept = async (desk, name) => (await db.get("reference", desk.place(name))) || null;

  // {told, told_at, fresh, trouble}: the server's answer to `path`, else what it last said; told is null where neither is.
  store.remembered = async function (desk, name, path) {
    try {
      const told = await store.ask(path);
      const row = { place: desk.place(name), told, told_at: Date.now() };
      await store.ifKept(db.put("reference", row));
      return { told, told_at: row.told_at, fresh: true, trouble: null };
    } catch (trouble) {
      if (!(trouble instanceof store.Trouble)) throw trouble;
      const before = await kept(desk, name);
      return { told: before ? before.told : null, told_at: before ? before.told_at : null, fresh: false, trouble };
    }
  };

  // Only what is kept, without asking.
  store.recalled = kept;

  // What to say where the server did not answer: since when what is shown stands, or that nothing is known.
  store.staleSaid = function (answer) {
    if (answer.fresh) return "";
    const why = answer.trouble.detail || store.t(`store.trouble_${answer.trouble.kind}`);
    return answer.told ? `${why} ${store.t("store.as_of", { moment: store.moment(answer.told_at) })}` : `${why} ${store.t("store.never_known")}`;
  };

  const two = (number) => String(number).padStart(2, "0");
  store.monthOf = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}`;
  store.monthBefore = function (month, back) {
    const [year, number] = month.split("-").map(Number);
    return store.monthOf(new Date(year, number - 1 - (back || 1), 1));
  };
  store.monthSaid = (month) => new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang,
    { month: "long", year: "numeric" }).format(new Date(`${month}-15T12:00`));
  store.today = () => { const now = new Date(); return `${store.monthOf(now)}-${two(now.getDate())}`; };

  // A path of this store in the server's interface.
  store.pathOf = (desk, rest, asked) => `/api/v1/store/${encodeURIComponent(desk.unit.id)}${rest}?${new URLSearchParams({ lang: document.documentElement.lang, ...asked })}`;
})(window.tandem.store);
