// Names that may be one person, entered on two devices: a person says so once, and the server makes one of them.
(function (store) {
  const { make } = window.tandem;
  const APART = "apart"; // pairs that somebody said are two

  const named = (one, other) => [one.id, other.id].sort().join(" ");

  // Pairs of people whom the server knows and whose names might be one, by store.
  const pairsOf = function (desk, apart) {
    const known = store.people(desk).filter((each) => each.known);
    return known.flatMap((one, at) => known.slice(at + 1)
      .filter((other) => store.alikeNames(one.name, other.name) && !apart.includes(named(one, other)))
      .map((other) => [one, other]));
  };

  const askAbout = async function (desk, [one, other]) {
    const said = { one: store.personSaid(one), other: store.personSaid(other) };
    const answer = await store.dialog(store.t("store.twice_title"), make("p", {}, store.t("store.twice_lead", said)), [
      { text: store.t("store.twice_yes", { person: said.one }), value: { kept: one, gone: other } },
      { text: store.t("store.twice_yes", { person: said.other }), value: { kept: other, gone: one } },
      { text: store.t("store.twice_no"), value: "two", primary: true },
    ]);
    if (answer === "two") await store.db.keep(APART, [...((await store.db.meta(APART)) || []), named(one, other)]);
    return answer && answer.kept ? answer : null;
  };

  const merge = async function (desk, { kept, gone }) {
    try {
      await store.post(`/api/v1/store/${encodeURIComponent(desk.unit.id)}/recipients/merge?lang=${document.documentElement.lang}`, { gone: gone.id, kept: kept.id });
      await store.refresh(desk.who, desk.unit.id);
      await desk.load();
      store.say(store.t("store.twice_done", { person: store.personSaid(kept) }));
    } catch (trouble) {
      if (!(trouble instanceof store.Trouble)) throw trouble;
      const words = trouble.kind === "failed" && trouble.detail ? trouble.detail : store.t("store.twice_failed");
      await store.dialog(store.t("store.twice_title"), make("p", {}, words), [{ text: store.t("store.close"), value: null, primary: true }]);
    }
  };

  // A button where there are such pairs; empty where there are none. `before` makes room for the question.
  store.twicePart = async function (desk, before) {
    const pairs = desk.writes ? pairsOf(desk, (await store.db.meta(APART)) || []) : [];
    if (!pairs.length) return "";
    return store.button(store.t("store.twice_button", { count: pairs.length }), async () => {
      before();
      const answer = await askAbout(desk, pairs[0]);
      if (answer) await merge(desk, answer);
    }, { "data-twice": "" });
  };
})(window.tandem.store);
