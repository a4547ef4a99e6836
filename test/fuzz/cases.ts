import fc, { type Arbitrary } from 'fast-check';

/** Milliseconds for all cases of a property; shrinking a failure included. */
export const TIMEOUT_MS = 600_000;

/** What goes into a property, each made up by an arbitrary. */
export type Arbitraries<Values> = { [Index in keyof Values]: Arbitrary<Values[Index]> };

/** How many cases a property has, and what they are made of. */
export interface Cases {
  readonly runs: number;
  readonly seed: number;
}

/**
 * How many cases each property has, and the seed that they are made of: few, and always the same
 * ones, where nobody says otherwise; `npm run fuzz` says otherwise. In a page both are written in
 * when it is served.
 */
export function casesOf(byDefault: number): Cases {
  return {
    runs: wholeNumber('FUZZ_RUNS', process.env.FUZZ_RUNS, byDefault),
    seed: wholeNumber('FUZZ_SEED', process.env.FUZZ_SEED, 1_750_000_000),
  };
}

function wholeNumber(name: string, given: string | undefined, byDefault: number): number {
  const number = Number(given ?? byDefault);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`${name} must be a whole number from 1 on, not "${given}".`);
}

/** Demands that something holds in all cases; where it does not, the error has the smallest that was found. */
export async function assertAll<Values extends [unknown, ...unknown[]]>(
  { runs, seed }: Cases,
  arbitraries: Arbitraries<Values>,
  holds: (...values: Values) => unknown,
): Promise<void> {
  const whole = fc.asyncProperty(...arbitraries, async (...values: Values) => {
    await holds(...values);
  });
  await fc.assert(whole, { numRuns: runs, seed, includeErrorInReport: true });
}
