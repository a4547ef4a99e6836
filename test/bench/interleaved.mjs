import { median } from './statistics.mjs';

/**
 * `results[subject][condition]`: what each round gave. All take turns in each round, so that whatever
 * else the machine does meets all of them alike; the first is a warm-up, and not counted.
 */
export async function interleaved(list, conditions, rounds, once) {
  const results = list.map(() => conditions.map(() => []));
  for (let round = 0; round <= rounds; round++) {
    for (const [column, condition] of conditions.entries()) {
      for (const [row, subject] of list.entries()) {
        const result = await once(subject, condition, { row, round });
        if (round > 0) results[row][column].push(result);
      }
    }
  }
  return results;
}

/** The rows of a table with the medians of one number of such results, null where there was none. */
export function rowsOf(list, results, valueOf) {
  return list.map(({ name }, row) => ({
    name,
    cells: results[row].map((column) => (column[0] === null ? null : median(column.map(valueOf)))),
  }));
}
