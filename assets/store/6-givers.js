// Who gives: whoever is signed in, or on a shared tablet somebody with a short PIN, asked again after a while.
(function (store) {
  const { make } = window.tandem;
  const { db } = store;
  const ROUNDS = 60000;
  const HOLDS_MS = 5 * 60000;
  const PIN = /^[0-9]{4,8}$/;
  const WRONG_MOST = 5;
  const PAUSE_MS = 60000;
  let now = null; // {name, until} of somebody who gave a PIN

  const secret = async function (pin, salt) {
    const key = await window.crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
    const bits = await window.crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
    return [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const keepers = async () => (await db.meta("keepers")) || [];
  const byPin = () => Boolean(window.crypto.subtle);

  // The name that goes on the slip now; null when the PIN has to be given again.
  store.giver = (desk) => {
    if (!now) return desk.who.name;
    const left = now.until - Date.now();
    return left > 0 && left <= HOLDS_MS ? now.name : null; // more is left where the clock was set back
  };
  store.gaveNow = () => { if (now) now.until = Date.now() + HOLDS_MS; };

  const pinField = (label) => store.field(label, make("input", {
    type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 8, class: "store-pin",
  }), store.t("store.pin_help"));

  const addKeeper = async function () {
    const name = store.field(store.t("store.person_name"), make("input", { type: "text", autocomplete: "off", maxlength: 80, class: "wide" }));
    const [first, again] = [pinField(store.t("store.pin")), pinField(store.t("store.pin_again"))];
    const read = function () {
      const who = name.input.value.trim();
      name.wrong(who ? null : "store.name_missing");
      first.wrong(PIN.test(first.input.value) ? null : "store.pin_wrong_form");
      again.wrong(first.input.value === again.input.value ? null : "store.pin_differs");
      return who && PIN.test(first.input.value) && first.input.value === again.input.value ? { who, pin: first.input.value } : undefined;
    };
    const given = await store.dialog(store.t("store.keeper_new"), [make("p", {}, store.t("store.keeper_lead")), name.element, first.element, again.element],
      [{ text: store.t("store.cancel"), value: null }, { text: store.t("store.learn"), value: read, primary: true }]);
    if (!given) return null;
    const salt = window.crypto.getRandomValues(new Uint8Array(16));
    const made = { name: given.who, salt, hash: await secret(given.pin, salt), wrong: 0 };
    await db.keep("keepers", [...(await keepers()).filter((each) => each.name !== made.name), made]);
    return made;
  };

  const noted = async function (keeper, right) {
    const rows = (await keepers()).map((each) => (each.name !== keeper.name ? each
      : { ...each, wrong: right ? 0 : each.wrong + 1, wrong_at: right ? null : Date.now() }));
    await db.keep("keepers", rows);
  };

  // Asks for the PIN until it is right or whoever asked gives up; five wrong ones cost a minute.
  const proven = async function (keeper, problem) {
    const field = pinField(store.t("store.pin_of", { name: keeper.name }));
    if (problem) field.wrong(problem);
    const typed = await store.dialog(keeper.name, field.element, [
      { text: store.t("store.cancel"), value: null }, { text: store.t("store.go_on"), value: () => field.input.value, primary: true },
    ]);
    if (typed === null) return false;
    const known = (await keepers()).find((each) => each.name === keeper.name) || keeper;
    if (known.wrong >= WRONG_MOST && Math.abs(Date.now() - known.wrong_at) < PAUSE_MS) return proven(keeper, "store.pin_pause");
    const right = (await secret(typed, known.salt)) === known.hash;
    await noted(known, right);
    return right || proven(keeper, "store.pin_wrong");
  };

  // Let somebody say who gives; resolves with the name, or null when nobody did.
  store.chooseGiver = async function (desk) {
    const rows = await keepers();
    const buttons = make("div", { class: "store-choices" });
    return new Promise((tell) => {
      const close = (answer) => { const open = buttons.closest("dialog"); open.close(); open.remove(); tell(answer); };
      const as = async (keeper) => {
        const right = await proven(keeper);
        if (right) now = { name: keeper.name, until: Date.now() + HOLDS_MS };
        return right ? keeper.name : null;
      };
      buttons.append(store.button([desk.who.name, make("small", {}, store.t("store.signed_in"))], () => { now = null; close(desk.who.name); }),
        ...rows.map((each) => store.button([each.name, make("small", {}, "PIN")], () => close(as(each)))));
      const actions = [{ text: store.t("store.cancel"), value: null }];
      if (byPin()) actions.push({ text: store.t("store.keeper_add"), value: () => "add" });
      store.dialog(store.t("store.who_gives"), [make("p", { class: "muted" }, store.t("store.who_gives_lead")), buttons], actions)
        .then(async (answer) => {
          if (answer !== "add") { tell(null); return; }
          const made = await addKeeper();
          if (made) now = { name: made.name, until: Date.now() + HOLDS_MS };
          tell(made ? made.name : null);
        });
    });
  };

  // The name for a slip; asks for the PIN again where it was given too long ago.
  store.giverForSlip = async function (desk) {
    const name = store.giver(desk);
    if (name) return name;
    const keeper = (await keepers()).find((each) => each.name === now.name);
    if (keeper && (await proven(keeper))) {
      now.until = Date.now() + HOLDS_MS;
      return keeper.name;
    }
    return null;
  };
})(window.tandem.store);
