/** For each factor, the values that it may have. */
type Factors<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] };

/** Every combination of the factors' values. */
export function product<Row extends object>(factors: Factors<Row>): Row[] {
  let rows: Partial<Row>[] = [{}];
  for (const name of Object.keys(factors) as (keyof Row)[]) {
    rows = rows.flatMap((row) => factors[name].map((value) => ({ ...row, [name]: value })));
  }
  return rows as Row[];
}

/**
 * Some of the rows, in which any two values that meet in the rows still meet: each time the first
 * one that brings most pairs together anew.
 */
export function pairwise<Row extends object>(rows: readonly Row[]): Row[] {
  const missing = new Set(rows.flatMap(pairsOf));
  const chosen: Row[] = [];
  while (missing.size > 0) {
    const gain = (row: Row) => pairsOf(row).filter((pair) => missing.has(pair)).length;
    const best = rows.reduce((most, row) => (gain(row) > gain(most) ? row : most));
    chosen.push(best);
    for (const pair of pairsOf(best)) missing.delete(pair);
  }
  return chosen;
}

/** A string for any two of its values. */
export function pairsOf(row: object): string[] {
  const values = Object.entries(row).map(([name, value]) => `${name}: ${String(value)}`);
  return values.flatMap((one, i) => values.slice(i + 1).map((other) => `${one}, ${other}`));
}
