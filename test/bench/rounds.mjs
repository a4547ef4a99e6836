import { median } from './statistics.mjs';

/**
 * Measures subjects in turn, so that whatever else the machine does meets all of them alike; who begins
 * changes with each round. The first round is not counted, as it is what code is compiled in. Gives the
 * results of each subject, by round.
 */
export async function inTurn(subjects, rounds, measure) {
  const results = subjects.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const place of subjects.keys()) {
      const index = (place + round) % subjects.length;
      const result = await measure(subjects[index], round);
      if (round > 0) results[index].push(result);
    }
  }
  return results;
}

/** Of each column, over the rounds. */
export function mediansOf(rounds) {
  return rounds[0].map((_, column) => median(rounds.map((cells) => cells[column])));
}
