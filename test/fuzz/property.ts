import fc, { type Arbitrary } from 'fast-check';
import { it } from 'node:test';
import { casesOf } from './cases.js';

const { runs, seed } = casesOf(80);

/** Of all cases of a property; shrinking a failure included. */
const TIMEOUT_MS = 600_000;

/** What goes into a property, each made up by an arbitrary. */
type Arbitraries<Values> = { [Index in keyof Values]: Arbitrary<Values[Index]> };

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
    test.diagnostic(`${runs} cases of seed ${seed}`);
    const whole = fc.asyncProperty(...arbitraries, async (...values: Values) => {
      await holds(...values);
    });
    await fc.assert(whole, { numRuns: runs, seed });
  });
}
