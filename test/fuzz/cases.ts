/**
 * How many cases each property has, and the seed that they are made of: few, and always the same
 * ones, where nobody says otherwise; `npm run fuzz` says otherwise. In a page both are written in
 * when it is served.
 */
export function casesOf(byDefault: number): { runs: number; seed: number } {
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
