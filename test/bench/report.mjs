/** The first column to the left, numbers to the right. */
export function table(rows) {
  const widths = rows[0].map((_, index) => Math.max(...rows.map((row) => `${row[index]}`.length)));
  return rows.map(([first, ...rest]) =>
    [
      first.padEnd(widths[0]),
      ...rest.map((cell, index) => `${cell}`.padStart(widths[index + 1])),
    ].join('  '),
  );
}
