// What expires, what was lost and why, and how orders are served, by the stores' slips.
(function () {
  const tandem = window.tandem;
  const { make, fill } = tandem;

  const drawTable = function (id, part, row, numbers) {
    const box = document.getElementById(id);
    box.closest(".scroll").hidden = !part || !part.rows.length;
    if (!part || !part.rows.length) { fill(id); return; }
    fill(id, make("caption", {}, part.title),
      make("thead", {}, make("tr", {}, part.columns.map((text, at) =>
        make("th", { scope: "col", class: numbers.includes(at) ? "num" : null }, text)))),
      make("tbody", {}, part.rows.map(row)));
  };

  const cells = (texts, numbers) => texts.map((text, at) => (at === 0
    ? make("th", { scope: "row" }, text)
    : make("td", { class: numbers.includes(at) ? "num" : null }, text)));

  tandem.drawSlips = function ({ face, lots, losses, orders }) {
    fill("programmes-slips-face", face.map((text) => make("p", {}, text)));
    fill("programmes-slips-orders", orders);
    document.getElementById("programmes-slips-orders").hidden = !orders;
    drawTable("programmes-expiring", lots, (row) => make("tr", { class: row.gone ? "gone" : null }, cells(row.cells, [3, 4])), [3, 4]);
    drawTable("programmes-losses", losses, (row) => make("tr", {}, cells(row, [1, 2])), [1, 2]);
    const notes = lots ? [lots.nothing, losses.nothing, ...lots.notes, losses.note] : [];
    fill("programmes-slips-notes", notes.filter(Boolean).map((text) => make("p", {}, text)));
  };
})();
