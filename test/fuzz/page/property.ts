import fc, { type Arbitrary } from 'fast-check';
import { casesOf } from '../cases.js';

const { runs, seed } = casesOf(30);

/** Of all cases of a property; shrinking a failure included. */
const TIMEOUT_MS = 600_000;

/** What goes into a property, each made up by an arbitrary. */
type Arbitraries<Values> = { [Index in keyof Values]: Arbitrary<Values[Index]> };

let cases = 0;

after(() => console.log(`${cases} cases of seed ${seed}, ${runs} for each property`));

/** As `property()` of the folder above, in a page. */
export function property<Values extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: Arbitraries<Values>,
  holds: (...values: Values) => unknown,
): void {
  it(name, async () => {
    const whole = fc.asyncProperty(...arbitraries, async (...values: Values) => {
      cases++;
      await holds(...values);
    });
    await fc.assert(whole, { numRuns: runs, seed, includeErrorInReport: true });
  }).timeout(TIMEOUT_MS);
}
