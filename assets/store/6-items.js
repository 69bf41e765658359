// The items of the store as a list: found by search, by programme or by a scan, each with what is here and what can go.
(function (store) {
  const { make } = window.tandem;
  const SLASH = "/";

  const order = (one, other) => Number(other.carried !== false) - Number(one.carried !== false)
    || store.collator.compare(one.name, other.name);

  const rowOf = function (item, options) {
    const row = {
      item, shown: true,
      balance: make("b", {}), safe: make("b", {}), safeSaid: make("small", {}), status: make("span", { class: "store-status" }),
      end: make("div", { class: "store-end" }), below: make("div", { class: "store-below", hidden: "" }),
    };
    row.element = make("li", { class: "store-item", "data-item": item.id }, make("div", { class: "store-line-of-item" },
      make("div", { class: "store-name" }, make("b", {}, item.name), make("small", {}, item.pack || "")), row.status,
      make("div", { class: "store-balance" }, row.balance, make("small", {}, store.t("store.here"))),
      options.advice ? make("div", { class: "store-safe" }, row.safe, row.safeSaid) : null,
      row.end), row.below);
    return row;
  };

  const programmeButtons = function (list, items) {
    const names = [...new Set(items.map((each) => each.programme).filter(Boolean))].sort(store.collator.compare);
    if (names.length < 2) return null;
    const chosen = (name) => { list.programme = name; list.filter(); };
    list.cards = ["", ...names].map((name) => store.button(name || store.t("store.all_programmes"), () => chosen(name), {
      "aria-pressed": String(!name), class: name ? "" : "on", "data-programme": name,
    }));
    return make("div", { class: "store-programmes", role: "group", "aria-label": store.t("store.by_programme") }, list.cards);
  };

  // options: {label, advice (show what can go today), pick (an item was chosen by the search), idle (Enter in an empty search)}
  store.itemList = function (desk, options) {
    const items = [...desk.items()].sort(order);
    const list = { rows: new Map(), programme: "" };
    list.search = make("input", { type: "search", class: "wide", placeholder: `${store.t("store.find_item")}   ( ${SLASH} )`, "aria-label": store.t("store.find_item"), id: store.fresh("search"), autocomplete: "off" });
    list.body = make("ul", { class: "store-items panel", "aria-label": options.label });
    list.none = make("p", { class: "muted", hidden: "" }, store.t(items.length ? "store.no_item_found" : "store.no_items"));
    items.forEach((item) => list.rows.set(item.id, rowOf(item, options)));
    list.element = make("div", { class: "store-list" }, make("div", { class: "store-search" }, list.search), programmeButtons(list, items), list.body, list.none);

    // The rows that answer the search, the best first; without one, all of the programme in their order.
    list.filter = function () {
      const sought = list.search.value;
      const hits = items.map((item) => [item, store.match(sought, `${item.name} ${item.code || ""} ${item.pack || ""}`)])
        .filter(([item, score]) => score !== null && (!list.programme || item.programme === list.programme));
      if (store.plain(sought)) hits.sort(([, one], [, other]) => one - other);
      list.hits = hits.map(([item]) => item);
      list.body.replaceChildren(...list.hits.map((item) => list.rows.get(item.id).element));
      list.none.hidden = hits.length > 0;
      (list.cards || []).forEach((card) => {
        card.setAttribute("aria-pressed", String(card.dataset.programme === list.programme));
        card.classList.toggle("on", card.dataset.programme === list.programme);
      });
    };

    // Balances and advice as they are now; what somebody types in a row is left alone.
    list.refresh = () => list.rows.forEach((row, id) => {
      const [item, balance] = [desk.item(id), desk.balance(id)];
      if (!item) return;
      row.balance.textContent = store.number(balance);
      row.status.replaceChildren(store.statusChip(desk.statusOf(item, balance)));
      const advice = desk.advice(item, balance);
      // Where nothing can go without risk, never a bare 0: the fair share of what there is.
      const fair = advice.known && !advice.safe && advice.fair;
      const none = advice.known && balance <= 0; // then who else has some matters
      row.safe.textContent = advice.known && !none ? store.number(fair || advice.safe) : "–";
      row.safeSaid.textContent = none ? store.t("store.ask_around") : fair ? store.t("store.fair_today") : store.tn("store.can_go", advice.safe || 0);
    });

    // Have a row in sight whatever the search says.
    list.show = function (id) {
      if (list.hits.some((item) => item.id === id)) return;
      list.search.value = "";
      list.programme = "";
      list.filter();
    };

    list.search.addEventListener("input", list.filter);
    list.search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { list.search.value = ""; list.filter(); }
      if (event.key !== "Enter" || event.ctrlKey) return;
      event.preventDefault();
      if (!store.plain(list.search.value)) { if (options.idle) options.idle(); return; }
      const [first] = list.hits;
      if (!first) return;
      list.search.value = "";
      list.filter();
      options.pick(first);
    });
    list.filter();
    list.refresh();
    return list;
  };

  // "/" leads to the search from wherever no text is typed.
  document.addEventListener("keydown", (event) => {
    if (event.key !== SLASH || event.target.closest("input, textarea, select, dialog")) return;
    const search = document.querySelector("#store .store-search input");
    if (search) { event.preventDefault(); search.focus(); }
  });
})(window.tandem.store);
