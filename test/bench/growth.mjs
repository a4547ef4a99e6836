/** Ten times as much may cost so many times ten times; the rest is noise. */
const LIMIT = 1.2;

/**
 * A table of what so many cost: `counts`, each ten times the one before, of `what`, with the cells of
 * each. `isEach`: whether a column has what one costs, or what all cost; `isLimited`: whether it may
 * not grow faster than what there is of it.
 */
export function growthTable(described, { counts, what, cells, isEach, isLimited }) {
  const named = counts.map((count, index) => ({ name: nameOf(count, what), cells: cells[index] }));
  const rows = withSlopes(named, isEach);
  const reach = slopeReach(described.columns, rows, isLimited);
  return { ...described, unit: '', rows, reach };
}

/** A name for a row of so many, as in `1,000 streams`. */
function nameOf(count, what) {
  return `${count.toLocaleString('en')} ${what}`;
}

/**
 * Rows of sizes, each ten times the one before, with their slopes: how many times ten times as much costs,
 * by ten. `isEach`: whether a column has what one costs, or what all cost.
 */
function withSlopes(rows, isEach) {
  return rows.map((row, index) => ({
    ...row,
    ratios: row.cells.map((cell, column) => {
      const before = rows[index - 1]?.cells[column] ?? null;
      return before === null ? null : cell / before / (isEach[column] ? 1 : 10);
    }),
  }));
}

function slopeReach(columns, rows, isLimited) {
  return columns.flatMap((what, column) => {
    const value = Math.max(...rows.map(({ ratios }) => ratios[column] ?? 0));
    const reach = { what: `Slope of ${what}`, value, limit: LIMIT, met: value <= LIMIT };
    return isLimited[column] ? [reach] : [];
  });
}
