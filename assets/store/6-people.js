// Who collects: the last eight as large buttons, a search among all, somebody new learned by name and department.
(function (store) {
  const { make } = window.tandem;
  const RECENT = 8;

  const departmentName = (reference, id) => ((reference.departments || []).find((each) => each.id === id) || {}).name || id || "";

  // The server may know under its own id whom this device has learned.
  const sameAs = (found, desk, told) => [...found.values()].some((each) => store.plain(each.name) === store.plain(told.name)
    && store.plain(each.department) === store.plain(departmentName(desk.reference, told.department)));

  // Everybody known: of the server, and of entries on this device that have not been sent yet.
  store.people = function (desk) {
    const found = new Map();
    const used = (id, at) => { const person = found.get(id); if (person && at > person.used) person.used = at; };
    (desk.reference.recipients || []).forEach((each) => found.set(each.id, {
      id: each.id, name: each.name, department: departmentName(desk.reference, each.department),
      used: each.used_at ? Date.parse(each.used_at) : 0, known: true,
    }));
    desk.entries.filter((each) => each.state !== "undone" && (each.movement.recipient || {}).id).forEach((each) => {
      const { name } = each.movement.recipient;
      const id = (desk.reference.became || {})[each.movement.recipient.id] || each.movement.recipient.id;
      if (!found.has(id) && name && !sameAs(found, desk, each.movement.recipient)) {
        found.set(id, { id, name, department: departmentName(desk.reference, each.movement.recipient.department), used: 0, known: false });
      }
      used(id, each.kept_at);
    });
    return [...found.values()].sort((one, other) => other.used - one.used || store.collator.compare(one.name, other.name));
  };

  // As the ledger takes a recipient: by id where it knows it, else with what it is to learn.
  store.recipientSent = function (desk, person) {
    if (!person) return null;
    if ((desk.reference.recipients || []).some((each) => each.id === person.id)) return { id: person.id };
    return { id: person.id, name: person.name, department: person.department || null };
  };

  const alikeOf = function (people, name, department) {
    const near = people.map((each) => [each, store.alikeNames(each.name, name)]).filter(([, how]) => how);
    const place = store.plain(department);
    return near.sort(([one, how], [other, too]) => (how === "same" ? 0 : 1) - (too === "same" ? 0 : 1)
      || (store.plain(one.department) === place ? 0 : 1) - (store.plain(other.department) === place ? 0 : 1))
      .slice(0, 3).map(([each]) => each);
  };

  const said = (person) => [person.name, person.department].filter(Boolean).join(", ");
  store.personSaid = said;

  // Somebody new is first held against everybody known; that two are one is for a person to say.
  const settled = async function (people, name, department) {
    const made = { id: store.newId(), name, department };
    const alike = alikeOf(people, name, department);
    if (!alike.length) return made;
    const answer = await store.dialog(store.t("store.alike_title", { name }), make("p", {}, store.t("store.alike_lead")), [
      ...alike.map((each) => ({ text: store.t("store.alike_same", { person: said(each) }), value: each, primary: true })),
      { text: store.t("store.alike_other", { name }), value: made },
    ]);
    return answer;
  };

  // A department that differs in case or accents alone is the known one.
  const knownDepartment = function (reference, typed) {
    const found = (reference.departments || []).find((each) => store.plain(each.name) === store.plain(typed));
    return found ? found.name : typed.trim().replace(/\s+/g, " ");
  };

  store.newPerson = async function (desk, typed) {
    const list = make("datalist", { id: store.fresh("departments") }, (desk.reference.departments || []).map((each) => make("option", { value: each.name })));
    const name = store.field(store.t("store.person_name"), make("input", { type: "text", autocomplete: "off", maxlength: 80, class: "wide" }));
    const department = store.field(store.t("store.department"), make("input", { type: "text", autocomplete: "off", maxlength: 80, list: list.id, class: "wide" }));
    name.input.value = typed || "";
    const read = function () {
      const [who, where] = [name.input.value.trim().replace(/\s+/g, " "), department.input.value.trim()];
      name.wrong(store.plain(who).length < 2 ? "store.name_missing" : null);
      department.wrong(where ? null : "store.department_missing");
      return store.plain(who).length < 2 || !where ? undefined : { who, where };
    };
    const given = await store.dialog(store.t("store.new_person"), [name.element, department.element, list],
      [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.learn"), value: read, primary: true }]);
    return given ? settled(store.people(desk), given.who, knownDepartment(desk.reference, given.where)) : null;
  };

  const searchDialog = async function (desk) {
    const people = store.people(desk);
    const input = make("input", { type: "search", class: "wide", "aria-label": store.t("store.find_person"), placeholder: store.t("store.find_person") });
    const list = make("ul", { class: "store-found" });
    const twice = make("div", {});
    return new Promise((tell) => {
      const close = (person) => { const open = input.closest("dialog"); open.close(); open.remove(); tell(person); };
      const draw = function () {
        const hits = people.map((each) => [each, store.match(input.value, said(each))]).filter(([, score]) => score !== null)
          .sort(([, one], [, other]) => one - other).slice(0, 30);
        list.replaceChildren(...hits.map(([each]) => make("li", {}, store.button([each.name, make("small", {}, each.department)], () => close(each)))));
        if (!hits.length) list.append(make("li", { class: "muted" }, store.t(people.length ? "store.nobody_found" : "store.nobody_yet")));
      };
      input.addEventListener("input", draw);
      input.addEventListener("keydown", (event) => {
        const first = list.querySelector("button");
        if (event.key === "Enter" && first) first.click();
      });
      draw();
      store.twicePart(desk, () => close(null)).then((part) => twice.append(part));
      store.dialog(store.t("store.find_person"), [input, list, twice], [
        { text: store.t("store.cancel"), value: null },
        { text: store.t("store.new_person_button"), value: () => ({ add: input.value }) },
      ]).then((answer) => tell(answer && answer.add !== undefined ? store.newPerson(desk, answer.add) : null));
    });
  };

  // The row of buttons. `chosen` is the draft's person, `choose` hears of another one.
  store.peopleRow = function (desk, label, chosen, choose) {
    const recent = store.people(desk).slice(0, RECENT);
    const shown = chosen && !recent.some((each) => each.id === chosen.id) ? [chosen, ...recent.slice(0, RECENT - 1)] : recent;
    const pick = async (ask) => { const person = await ask; if (person) choose(person); };
    const buttons = shown.map((each, index) => store.button([each.name, make("small", {}, each.department)], () => choose(each), {
      "aria-pressed": String(Boolean(chosen) && chosen.id === each.id), "aria-keyshortcuts": String(index + 1), "data-key": index + 1,
      class: chosen && chosen.id === each.id ? "on" : "",
    }));
    return make("div", { class: "store-people", role: "group", "aria-label": label }, make("b", {}, label), make("div", { class: "store-recent" }, buttons),
      store.button(store.t("store.find_person_button"), () => pick(searchDialog(desk)), { "data-find-person": "" }),
      store.button(store.t("store.new_person_button"), () => pick(store.newPerson(desk, "")), { "data-new-person": "" }));
  };
})(window.tandem.store);
