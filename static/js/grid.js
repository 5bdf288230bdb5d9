// The overview's cells are one tab stop: arrows move between them, Home and End within a row.
for (const table of document.querySelectorAll("[data-grid]")) {
  const rows = Array.from(table.tBodies)
    .reduce((all, body) => all.concat(Array.from(body.rows)), [])
    .map((row) => Array.from(row.querySelectorAll("a.cell")))
    .filter((cells) => cells.length);
  if (!rows.length) continue;
  let stop = rows[0][rows[0].length - 1];
  stop.tabIndex = 0;

  const place = (cell) => {
    for (let row = 0; row < rows.length; row += 1) {
      const column = rows[row].indexOf(cell);
      if (column >= 0) return [row, column];
    }
    return null;
  };

  table.addEventListener("focusin", (event) => {
    if (!event.target.matches("a.cell")) return;
    stop.tabIndex = -1;
    stop = event.target;
    stop.tabIndex = 0;
  });

  table.addEventListener("keydown", (event) => {
    const at = place(event.target);
    if (!at || event.isComposing) return;
    const [row, column] = at;
    const last = rows[row].length - 1;
    const moves = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      Home: [row, 0], End: [row, last],
    };
    const next = moves[event.code];
    if (!next || !rows[next[0]] || !rows[next[0]][next[1]]) return;
    event.preventDefault();
    rows[next[0]][next[1]].focus();
  });
}
