// Parts that every form of the desk is made of: buttons, fields, dialogs. Texts are set as text, never as HTML.
(function (store) {
  const { make } = window.tandem;
  let numbered = 0;
  store.fresh = (name) => `store-${name}-${(numbered += 1)}`;

  // A button with what it does.
  store.button = function (text, act, attributes) {
    const { class: kind, ...more } = attributes || {};
    const made = make("button", { type: "button", class: `button ${kind || ""}`.trim(), ...more }, text);
    made.addEventListener("click", act);
    return made;
  };

  // The second tap of a double one does nothing: by then the first is done, and the form is another one.
  store.once = (act) => (event) => { if (event.detail < 2) act(event); };

  // A field with its label and, beneath, what is wrong with it. `input` is any form element.
  store.field = function (label, input, help) {
    const id = input.id || store.fresh("field");
    const problem = make("p", { class: "store-problem", id: `${id}-problem`, hidden: "" });
    input.id = id;
    input.setAttribute("aria-describedby", `${id}-problem`);
    const element = make("div", { class: "store-field" }, make("label", { for: id }, label), input,
      help ? make("small", { class: "muted" }, help) : null, problem);
    return { element, input, wrong: (key) => store.wrong(input, problem, key) };
  };

  // Say beside a field what is wrong; null takes it away. What was typed is left as it is.
  store.wrong = function (input, place, key) {
    place.textContent = key ? store.t(key) : "";
    place.hidden = !key;
    if (key) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  // A text field for packs. The number pad shows on tablets; a wheel, an arrow or a letter changes nothing by itself.
  store.quantityInput = function (label, typed, heard) {
    const input = make("input", {
      type: "text", inputmode: "numeric", autocomplete: "off", class: "store-quantity", "aria-label": label,
      id: store.fresh("quantity"), maxlength: 40, spellcheck: "false", enterkeyhint: "next",
    });
    input.value = typed || "";
    input.addEventListener("input", () => heard(input.value));
    return input;
  };

  // A question over the page: resolves with the value of the button that was pressed, null for Escape.
  store.dialog = function (title, body, actions) {
    return new Promise((tell) => {
      const name = store.fresh("dialog");
      const made = make("dialog", { class: "store-dialog", "aria-labelledby": name });
      const close = (value) => { made.close(); made.remove(); tell(value); };
      made.append(make("h2", { id: name }, title), ...[].concat(body),
        make("div", { class: "store-actions" }, actions.map((each) => store.button(each.text, () => {
          const value = each.value instanceof Function ? each.value() : each.value;
          if (value !== undefined) close(value);
        }, { class: each.primary ? "primary" : "" }))));
      made.addEventListener("cancel", (event) => {
        if (event.target !== made) return; // a file chooser that was left says so too
        event.preventDefault();
        close(null);
      });
      document.body.append(made);
      made.showModal();
    });
  };

  // A group of choices as large buttons, one of them pressed.
  store.choices = function (label, rows, chosen, act) {
    return make("div", { class: "store-choices", role: "group", "aria-label": label }, rows.map((row) =>
      store.button([row.text, row.small ? make("small", {}, row.small) : null].filter(Boolean), () => act(row.value), {
        "aria-pressed": String(row.value === chosen), "aria-keyshortcuts": row.key || null,
        class: row.value === chosen ? "on" : "",
      })));
  };

  // Words for whoever listens to the page, once.
  store.say = function (text) {
    const place = document.getElementById("store-said") || document.body.appendChild(
      make("div", { id: "store-said", class: "visually-hidden", role: "status", "aria-live": "polite" }));
    place.textContent = "";
    window.setTimeout(() => { place.textContent = text; }, 50);
  };

  store.STATUSES = { out: "✕", low: "▼", enough: "✓", over: "▲", unknown: "?", none: "–" };
  store.statusChip = function (status) {
    const known = store.STATUSES[status] ? status : "unknown";
    return make("span", { class: `status ${known}` }, `${store.STATUSES[known]} ${store.t(`store.status_${known}`)}`);
  };
})(window.tandem.store);
