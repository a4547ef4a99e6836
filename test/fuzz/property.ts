import { it } from 'node:test';
import { assertAll, casesOf, TIMEOUT_MS, type Arbitraries } from './cases.js';

const cases = casesOf(80);

/**
 * A test that something holds for whatever is made up. It tells its seed; where it fails, it tells the
 * smallest counterexample as well, and `FUZZ_SEED` and `FUZZ_RUNS` bring the same again.
 */
export function property<Values extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: Arbitraries<Values>,
  holds: (...values: Values) => unknown,
): void {
  it(name, { timeout: TIMEOUT_MS }, async (test) => {
    test.diagnostic(`${cases.runs} cases of seed ${cases.seed}`);
    await assertAll(cases, arbitraries, holds);
  });
}
