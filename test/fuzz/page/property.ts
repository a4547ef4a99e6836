import { assertAll, casesOf, TIMEOUT_MS, type Arbitraries } from '../cases.js';

const cases = casesOf(30);

let played = 0;

after(() => console.log(`${played} cases of seed ${cases.seed}, ${cases.runs} for each property`));

/** As `property()` of the folder above, in a page. */
export function property<Values extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: Arbitraries<Values>,
  holds: (...values: Values) => unknown,
): void {
  it(name, () =>
    assertAll(cases, arbitraries, (...values: Values) => {
      played++;
      return holds(...values);
    }),
  ).timeout(TIMEOUT_MS);
}
