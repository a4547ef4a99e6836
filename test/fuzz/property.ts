import fc, { type Arbitrary } from 'fast-check';
import { it } from 'node:test';

/** Few, and always the same ones, where nobody says otherwise; `npm run fuzz` says otherwise. */
const RUNS = wholeNumber('FUZZ_RUNS', 80);
const SEED = wholeNumber('FUZZ_SEED', 1_750_000_000);

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
    test.diagnostic(`${RUNS} cases of seed ${SEED}`);
    const whole = fc.asyncProperty(...arbitraries, async (...values: Values) => {
      await holds(...values);
    });
    await fc.assert(whole, { numRuns: RUNS, seed: SEED });
  });
}

function wholeNumber(name: string, byDefault: number): number {
  const number = Number(process.env[name] ?? byDefault);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`${name} must be a whole number from 1 on, not "${process.env[name]}".`);
}
