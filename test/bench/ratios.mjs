/** By the least that one of `rows` has in each column. */
export function leastOf(rows) {
  return rows[0].cells.map((_, column) =>
    Math.min(...rows.map(({ cells }) => cells[column] ?? Infinity)),
  );
}

/** The rows with their ratios to `base`, which has a number for each column, or null for none. */
export function withRatios(rows, base) {
  return rows.map((row) => ({
    ...row,
    ratios: row.cells.map((cell, column) =>
      cell === null || base[column] === null ? null : cell / base[column],
    ),
  }));
}

/** The best of the peers that draw a code, among the rows of subjects. */
export function bestPeer(subjects, rows) {
  return leastOf(rows.filter((_, row) => !subjects[row].ours && subjects[row].paints === 'code'));
}
