// What stores could give to each other: asked for when wanted, shown by product, printed as requests.
(function () {
  const { make, fill } = window.tandem;
  const [ALL_AT_ONCE, OF_EACH] = [100, 12]; // lines shown; where there are more, the first of each product
  const colon = () => (document.documentElement.lang === "fr" ? "\u00a0: " : ": ");
  const element = (name) => document.getElementById(`programmes-${name}`);
  const say = (name, values = {}) => Object.entries(values).reduce(
    (text, [key, value]) => text.replace(`{${key}}`, value), element(`say-${name}`).textContent);
  const spoken = (value, digits = 0) => value.toLocaleString(document.documentElement.lang,
    { minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode: "halfEven" }); // as the server does
  let shown = null;

  const address = () => `/api/v1/transfers?unit=${encodeURIComponent(shown.unit)}` +
    `&programme=${encodeURIComponent(shown.programme)}&month=${shown.month}`;

  window.tandem.drawTransfers = function (view) {
    element("transfers-box").hidden = !view.transfers;
    const same = shown && ["unit", "programme", "month"].every((name) => shown[name] === view.about[name]);
    shown = view.about;
    if (same) return;
    fill("programmes-transfers");
    fill("programmes-transfers-said");
    element("after").hidden = true;
    element("before").hidden = false;
  };

  const away = (kilometres) => (kilometres === null ? say("away-unknown")
    : kilometres < 1 ? say("away-near") : `${spoken(kilometres)} km`);
  const months = (before, after) => `${spoken(before, 1)} → ${spoken(after, 1)}`;

  // The district beside the name, where the name does not begin with it.
  const where = (name, district) => (name.startsWith(district) ? "" : district);
  const counted = (rows) => (rows.every((each) => each.packs === each.quantity) ? "quantity" : "packs");

  const row = (each) => make("tr", {},
    make("td", {}, each.donor_name, make("small", { class: "muted" }, ` ${where(each.donor_name, each.donor_district)}`)),
    make("td", {}, each.receiver_name, make("small", { class: "muted" }, ` ${where(each.receiver_name, each.receiver_district)}`),
      each.same_district ? "" : make("span", { class: "chip" }, say("across"))),
    make("td", { class: "num" }, make("b", {}, spoken(each.packs)),
      each.quantity === each.packs ? "" : make("small", { class: "muted" }, ` = ${spoken(each.quantity)}`)),
    make("td", { class: "num" }, away(each.kilometres)),
    make("td", { class: "num" }, months(each.donor_before, each.donor_after)),
    make("td", { class: "num" }, months(each.receiver_before, each.receiver_after),
      each.givers > 1 ? make("small", { class: "muted" }, ` ${say("together", { n: spoken(each.givers) })}`) : ""));

  const table = (name, rows, most) => make("details", { open: "" }, make("summary", {}, `${name} (${spoken(rows.length)})`),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name }, make("table", { class: "table" },
      make("thead", {}, make("tr", {}, ["from", "to", counted(rows), "away"].map((key, at) =>
        make("th", { scope: "col", class: at > 1 ? "num" : null }, say(key))),
      ["from", "to"].map((key) => make("th", { scope: "col", class: "num" }, say("after", { who: say(key) }))))),
      make("tbody", {}, rows.slice(0, most).map(row)))));

  // Who is out and given nothing, and why: most of them, which the tables would pass over in silence.
  const unhelped = function (left) {
    if (!left.length) return "";
    const count = left.reduce((sum, each) => sum + each.items.length, 0);
    const reasons = [[false, "unused"], [true, "none-spare"]].map(([used, reason]) => {
      const those = left.filter((each) => each.used === used);
      return those.length ? [make("p", {}, say(reason)), make("ul", {}, those.map((each) =>
        make("li", {}, make("b", {}, each.name), `${colon()}${each.items.join(", ")}`)))] : [];
    });
    return make("details", { open: left.length > OF_EACH ? null : "" },
      make("summary", {}, say("unhelped", { n: spoken(count) })), reasons.flat());
  };

  const draw = function (found) {
    const groups = new Map();
    found.transfers.forEach((each) => {
      groups.set(each.item_name, [...(groups.get(each.item_name) || []), each]);
    });
    const count = found.transfers.length;
    const most = count > ALL_AT_ONCE ? OF_EACH : count;
    const sentences = [count ? say(count > 1 ? "found" : "found-one", { n: spoken(count), stores: spoken(found.stores) }) : say("none", { stores: spoken(found.stores) })];
    if (found.unknown) sentences.push(say("unknown", { n: spoken(found.unknown) }));
    if (count && !found.transfers.some((each) => each.expiry_known)) sentences.push(say("expiry"));
    if (count > most) sentences.push(say("more", { n: spoken(most) }));
    fill("programmes-transfers-said", sentences.join(" "));
    fill("programmes-transfers", [...groups].map(([name, rows]) => table(name, rows, most)), unhelped(found.unhelped));
    element("transfers-csv").href = `${address()}&format=csv`;
    element("after").hidden = !count;
    element("before").hidden = true;
    shown.transfers = found.transfers;
  };

  const propose = function () {
    const asked = shown;
    element("propose").disabled = true;
    fill("programmes-transfers-said", say("working"));
    window.fetch(address()).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then((found) => { if (asked === shown) draw(found); })
      .catch(() => fill("programmes-transfers-said", say("failed")))
      .finally(() => { element("propose").disabled = false; });
  };

  const spokenMonth = (month) => new Date(`${month}-01T00:00:00Z`).toLocaleDateString(
    document.documentElement.lang, { year: "numeric", month: "long", timeZone: "UTC" });
  const recipient = ({ receiver_name: name, receiver_district: district }) => (
    where(name, district) ? `${name} (${district})` : name);
  const packs = (each) => (each.packs === each.quantity ? spoken(each.packs)
    : `${spoken(each.packs)} = ${spoken(each.quantity)} ${say("units")}`);

  // One sheet for each store that gives: what, to whom, and lines to sign on.
  const requests = function () {
    const by = new Map();
    shown.transfers.forEach((each) => by.set(each.donor, [...(by.get(each.donor) || []), each]));
    const sheets = [...by.values()].map((rows) => make("section", { class: "request" },
      make("h2", {}, say("request", { store: rows[0].donor_name, month: spokenMonth(shown.month) })),
      make("table", { class: "table" },
        make("thead", {}, make("tr", {}, ["product", "to", counted(rows), "away"].map((key, at) =>
          make("th", { scope: "col", class: at > 1 ? "num" : null }, say(key))))),
        make("tbody", {}, rows.map((each) => make("tr", {},
          make("td", {}, each.item_name), make("td", {}, recipient(each)),
          make("td", { class: "num" }, packs(each)),
          make("td", { class: "num" }, each.kilometres === null ? "" : away(each.kilometres)))))),
      make("p", { class: "signed" }, say("signed"))));
    const paper = make("div", { id: "requests", class: "requests" }, sheets);
    document.body.append(paper);
    document.documentElement.classList.add("printing-requests");
    window.addEventListener("afterprint", () => {
      document.documentElement.classList.remove("printing-requests");
      paper.remove();
    }, { once: true });
    window.print();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#programmes-propose")) propose();
    if (event.target.closest("#programmes-print-requests")) requests();
  });
})();
