// An item's balance over time: deliveries, stock-outs and when it is expected to run out, drawn as a small picture.
(function (store) {
  const { make } = window.tandem;
  const [HEIGHT, LEFT, RIGHT, TOP, FOOT] = [200, 46, 16, 12, 26];
  const NARROW = 600;
  let width = 720; // of the picture, as of the screen that it was last drawn on
  const DAY = 86400000;
  const SPAN = 90 * DAY;

  const drawn = function (tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };

  // The steps of a balance from what it is now, back along the movements (newest first): [{at, balance}] oldest first.
  store.balanceSteps = function (now, balance, rows) {
    const steps = [{ at: now, balance }];
    let left = balance;
    rows.forEach((row) => {
      steps.unshift({ at: Date.parse(row.occurred_at), balance: left });
      left -= row.delta;
    });
    if (rows.length) steps.unshift({ at: steps[0].at, balance: left, before: true });
    return steps;
  };

  const scaleOf = function (steps, ends, now) {
    const from = Math.max(now - SPAN, steps[0].at);
    const until = Math.max(ends || now, now) + 3 * DAY;
    const most = Math.max(1, ...steps.filter((step) => step.at >= from).map((step) => step.balance)) * 1.1;
    const x = (at) => LEFT + ((Math.max(at, from) - from) / Math.max(until - from, DAY)) * (width - LEFT - RIGHT);
    const y = (packs) => TOP + (1 - Math.max(packs, 0) / most) * (HEIGHT - TOP - FOOT);
    return { x, y, from, until, most };
  };

  const lineOf = (steps, { x, y }) => steps.map((step, index) => (index ? `H${x(step.at).toFixed(1)}V${y(step.balance).toFixed(1)}` : `M${x(step.at).toFixed(1)} ${y(step.balance).toFixed(1)}`)).join("");

  const outBands = (steps, { x }) => steps.slice(0, -1).map((step, index) => [step, steps[index + 1]]).filter(([step]) => step.balance <= 0 && !step.before)
    .map(([step, next]) => drawn("rect", { x: x(step.at), y: TOP, width: Math.max(2, x(next.at) - x(step.at)), height: HEIGHT - TOP - FOOT, class: "store-band-out" }));

  const ticks = function (scale) {
    const days = (scale.until - scale.from) / DAY;
    const wide = width > NARROW ? 1 : 2; // days between two labels grow as room shrinks
    const every = wide * (days > 60 ? 14 : days > 20 ? 7 : Math.max(1, Math.ceil(days / 6)));
    const made = [];
    for (let at = scale.from; at < scale.until; at += every * DAY) made.push(drawn("text", { x: scale.x(at), y: HEIGHT - 8, "text-anchor": "middle" }, new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { day: "numeric", month: "short" }).format(at)));
    return [...made, drawn("text", { x: LEFT - 6, y: scale.y(0) + 4, "text-anchor": "end" }, "0"), drawn("text", { x: LEFT - 6, y: scale.y(scale.most / 1.1) + 4, "text-anchor": "end" }, store.number(Math.round(scale.most / 1.1)))];
  };

  const summary = function (item, balance, rows, steps) {
    const deliveries = rows.filter((row) => ["receive", "transfer_receive"].includes(row.kind) && !row.reversed_by);
    const outs = steps.slice(0, -1).filter((step, index) => step.balance <= 0 && !step.before && (!index || steps[index - 1].balance > 0 || steps[index - 1].before)).length;
    return [store.tn("store.packs_here", balance), store.tn("store.chart_deliveries", deliveries.length), store.tn("store.chart_outs", outs),
      item.run_out ? store.t("store.runs_out", { day: store.day(`${item.run_out}T12:00`) }) : ""].filter(Boolean).join(" ");
  };

  const picture = function (item, balance, rows) {
    const now = Date.now();
    width = window.innerWidth > NARROW ? 720 : 330;
    const steps = store.balanceSteps(now, balance, rows);
    const ends = item.run_out ? Date.parse(`${item.run_out}T12:00`) : null;
    const scale = scaleOf(steps, ends, now);
    const base = scale.y(0);
    const arrivals = rows.filter((row) => ["receive", "transfer_receive"].includes(row.kind) && !row.reversed_by && Date.parse(row.occurred_at) >= scale.from)
      .map((row) => drawn("path", { d: `M${scale.x(Date.parse(row.occurred_at))} ${base}l-6 10h12z`, class: "store-arrival" }));
    const expected = ends && ends > now ? [drawn("path", { d: `M${scale.x(now)} ${scale.y(balance)}L${scale.x(ends)} ${base}`, class: "store-expected" })] : [];
    const said = summary(item, balance, rows, steps);
    return [drawn("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": `${item.name}. ${said}`, class: "store-chart" },
      ...outBands(steps, scale), drawn("path", { d: `M${LEFT} ${base}H${width - RIGHT}`, class: "store-base" }), drawn("path", { d: lineOf(steps, scale), class: "store-balance-line" }), ...expected, ...arrivals, ...ticks(scale)),
    make("p", { class: "muted" }, said, " ", store.t("store.chart_legend"))];
  };

  // Above the history of one item: its picture, and the way to its service on Compare.
  store.drawBalanceOf = async function (form) {
    const item = form.desk.item(form.wanted.item);
    const balance = item ? form.desk.balance(item.id) : null;
    if (!item || balance === null || balance === undefined) { form.chart.replaceChildren(); return; }
    const from = new Date(Date.now() - SPAN);
    const answer = await store.remembered(form.desk, `line ${item.id}`, store.pathOf(form.desk, "/movements", { item: item.id, limit: 500, from: `${store.monthOf(from)}-${String(from.getDate()).padStart(2, "0")}` }));
    if (form.wanted.item !== item.id) return;
    const stale = store.staleSaid(answer);
    form.chart.replaceChildren(make("section", { class: "panel store-card", id: "item-balance" }, make("h2", {}, item.name),
      stale ? make("p", { class: "notice" }, stale) : "", answer.told ? picture(item, form.desk.balance(item.id), answer.told.movements) : "",
      item.pair ? make("a", { class: "button", href: `/?unit=${encodeURIComponent(form.desk.unit.id)}&pair=${encodeURIComponent(item.pair)}` }, store.t("store.chart_service")) : ""));
  };
})(window.tandem.store);
