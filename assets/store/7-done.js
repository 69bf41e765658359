// After a slip is kept: where it is saved, ten seconds to take it back, its sheet of paper.
(function (store) {
  const { make } = window.tandem;
  const SHOWN_MS = 8000; // after the time to undo, for whoever wants the paper
  let clock = null;
  let open = null; // {bar, done, where} of what was kept last

  const close = function () {
    window.clearInterval(clock);
    if (open) open.bar.remove();
    open = null;
  };

  const closing = () => store.button("✕", close, { class: "quiet step", "aria-label": store.t("store.close") });

  // Another form is in sight: what cannot be undone any more stands in its way.
  store.closeDone = () => { if (open && !open.bar.querySelector("#store-undo:not([hidden])")) close(); };

  // What was sent meanwhile is no longer on this device alone.
  store.onChange(async (what) => {
    if (what !== "entries" || !open) return;
    const shown = open;
    const ids = new Set(shown.done.entries.map((each) => each.id));
    const mine = (await store.db.all("entries")).filter((each) => ids.has(each.id));
    if (mine.length && mine.every((each) => each.state === "accepted") && shown.where.isConnected) shown.where.textContent = ` ${store.t("store.sent_now")}`;
  });

  // The slip as it is printed: numbers, names, two lines to sign.
  store.printSlip = function (desk, done) {
    const row = (line) => make("tr", {}, make("td", {}, desk.item(line.item).name), make("td", {}, desk.item(line.item).pack || ""),
      make("td", { class: "num" }, line.wanted === null ? "" : store.number(line.wanted)), make("td", { class: "num" }, store.number(line.packs)), make("td", {}, [line.lot, line.expiry].filter(Boolean).join(" · ")));
    const head = ["store.item", "store.pack", "store.asked", `store.given_${done.kind}`, "store.lot"].map((key) => make("th", { scope: "col" }, store.t(key)));
    document.getElementById("store-print").replaceChildren(make("section", { class: "store-paper" },
      make("h1", {}, `${store.t(`store.paper_${done.kind}`)} ${done.number}`),
      make("p", {}, `${desk.unit.name} · ${store.day(done.at)}, ${store.clock(done.at)}`),
      done.recipient ? make("p", {}, store.t(`store.for_${done.kind}`, { person: store.personSaid(done.recipient) })) : "",
      make("p", {}, store.t("store.given_by", { name: done.by })),
      make("table", { class: "table" }, make("thead", {}, make("tr", {}, head)), make("tbody", {}, done.slip.lines.map(row))),
      make("p", { class: "store-signs" }, make("span", {}, store.t("store.sign_given")), make("span", {}, store.t("store.sign_taken")))));
    document.body.classList.add("printing-slip");
    window.addEventListener("afterprint", () => document.body.classList.remove("printing-slip"), { once: true });
    window.print();
  };

  const undone = async function (desk, done, bar) {
    const { undone: silent, reversed } = await (desk.undo || store.undo)(done.entries.map((each) => each.id), desk.who, "");
    window.clearInterval(clock);
    const key = reversed.length ? "store.undone_reversed" : "store.undone";
    bar.replaceChildren(make("span", {}, store.tn(key, silent.length + reversed.length)), closing());
    if (open && open.bar === bar) clock = window.setInterval(close, SHOWN_MS);
    store.say(store.t("store.undone_said"));
    store.send();
  };

  // The bar with what was kept. It says where: on this device.
  store.slipDone = function (desk, done) {
    close();
    const ends = performance.now() + store.UNDO_MS; // whatever the clock is set to meanwhile
    const left = make("span", { "aria-hidden": "true" });
    const undo = store.button([store.t("store.undo"), " ", left], () => undone(desk, done, bar), { class: "primary", id: "store-undo" });
    const words = store.tn(`store.kept_${done.kind}`, done.entries.length, { person: done.recipient ? done.recipient.name : "" });
    const where = make("span", {}, ` ${store.t(desk.practice ? "store.practice_nowhere" : "store.saved_here")}`);
    const bar = make("div", { id: "store-done", class: "store-done" }, make("span", {}, make("b", {}, words), where),
      undo, store.button(store.t("store.print_slip"), () => store.printSlip(desk, done)), closing());
    document.body.append(bar);
    open = { bar, done, where };
    store.say(`${words} ${store.t("store.saved_here")}`);
    const tick = function () {
      const leftMs = ends - performance.now();
      const seconds = Math.ceil(leftMs / 1000);
      left.textContent = seconds > 0 ? String(seconds) : "";
      if (leftMs <= -SHOWN_MS) close();
      else if (seconds <= 0) undo.hidden = true;
    };
    tick();
    clock = window.setInterval(tick, 250);
  };
})(window.tandem.store);
