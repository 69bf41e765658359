// The codes of products that the store knows: which item each means, who said so and when, what was said before.
(function (store) {
  const { make } = window.tandem;

  const said = (link) => store.t("store.code_linked", { item: link.item_name, by: link.linked_by, at: store.moment(link.linked_at) });

  const rowOf = function (form, link, former) {
    const { desk } = form;
    const again = async () => { if (await store.linkCode(desk, { code: link.id }, desk.item(link.item) || { name: link.item_name })) form.draw(); };
    const act = desk.writes ? store.button(store.t("store.code_other"), again, { "aria-label": store.t("store.code_other_of", { code: link.id }) }) : "";
    return make("li", { class: "store-entry", "data-code": link.id }, make("div", {}, make("b", {}, store.t("store.history_row", { what: link.id, item: link.item_name })),
      make("small", {}, said(link)), former.map((each) => make("small", {}, store.t("store.code_before", { said: said(each) })))), act);
  };

  const draw = async function (form) {
    const answer = await store.remembered(form.desk, "codes", store.pathOf(form.desk, "/codes", {}));
    const links = (answer.told || {}).codes || [];
    const rows = links.filter((each) => each.holds).map((each) => rowOf(form, each, links.filter((other) => other.id === each.id && !other.holds)));
    const none = make("p", { class: "muted" }, answer.told ? store.t("store.codes_none") : "");
    form.list.replaceChildren(answer.fresh ? "" : make("p", { class: "notice warning" }, store.staleSaid(answer)),
      rows.length ? make("ul", { class: "store-entries panel", "aria-label": store.t("store.codes_title") }, rows) : none);
  };

  // Folded until somebody wants to see them.
  store.codesPart = function (desk) {
    const form = { desk, list: make("div", {}) };
    form.draw = () => draw(form);
    const fold = make("details", { class: "fold", id: "store-codes" }, make("summary", {}, store.t("store.codes_title")), form.list);
    fold.addEventListener("toggle", () => { if (fold.open) form.draw(); });
    return fold;
  };
})(window.tandem.store);
