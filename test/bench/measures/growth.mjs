import { launch } from '../browser.mjs';
import { crowdSite, openCrowd } from '../crowd.mjs';
import { median } from '../statistics.mjs';

export const title = 'How the element grows';

const TAG = 'didit-verify';

/** Each ten times the one before. */
const COUNTS = [1, 10, 100, 1000];

/** The last three are ten times the first three. */
const LENGTHS = [50, 100, 200, 500, 1000, 2000];

/** What takes seconds is measured in each third round. */
const MANY = 1000;

const CODES_A_ROUND = 10;

/** Ten times as much may cost so many times ten times: the rest is noise. */
const LIMIT = 1.1;

const KILOBYTE = 1000;

const SLOPE = 'Slope: how many times ten times as much costs, by ten.';

export async function measure({ rounds, log }) {
  const site = await crowdSite({ alone: true });
  const browser = await launch();
  const onPage = (what, way) =>
    inRounds(rounds, log, what, async (round) => {
      const crowd = await openCrowd(browser, site.origin, TAG, { warmUp: 100 });
      const measured = await way(crowd, round);
      await crowd.close();
      return measured;
    });
  try {
    return [
      elementsTable(await onPage('elements', measureCounts)),
      urlsTable(await onPage('URLs', measureLengths)),
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}

/** What each round measured, by what it was measured for; the first round is not counted. */
async function inRounds(rounds, log, what, measureOne) {
  const results = new Map();
  for (let round = 0; round <= rounds; round++) {
    for (const [size, result] of await measureOne(round)) {
      const so = results.get(size) ?? [];
      if (round > 0) results.set(size, [...so, result]);
    }
    log(`${what}, round ${round} of ${rounds}`);
  }
  return results;
}

async function measureCounts({ mount }, round) {
  const counts = round % 3 === 1 ? COUNTS : COUNTS.filter((count) => count !== MANY);
  const measured = [];
  for (const count of counts) measured.push([count, await mount(count)]);
  return measured;
}

async function measureLengths({ page }) {
  await page.addScriptTag({ path: 'test/bench/pages/urls.js' });
  const encode = (length) =>
    page.evaluate(([so, times]) => globalThis.urls.encode(so, times), [length, CODES_A_ROUND]);
  const measured = [];
  for (const length of [LENGTHS[0], ...LENGTHS]) measured.push([length, await encode(length)]);
  return measured.slice(1);
}

function elementsTable(results) {
  const rowOf = (name, numberOf) => growing(name, results, COUNTS, 1, numberOf);
  return {
    id: 'growth-elements',
    title: 'By the number of elements on the page',
    how: `On a page that has drawn a hundred before. ${SLOPE} ${MANY} in each third round.`,
    columns: [...COUNTS.map(String), ...slopeNames(COUNTS, 1)],
    ...rowsOf([
      rowOf('main thread, ms', ({ cpu }) => cpu),
      rowOf('style and layout of that, ms', ({ styleAndLayout }) => styleAndLayout),
      rowOf('heap, kB', ({ heap }) => heap / KILOBYTE),
      rowOf('DOM nodes', ({ nodes }) => nodes),
    ]),
  };
}

function urlsTable(results) {
  const rowOf = (name, numberOf) => growing(name, results, LENGTHS, 3, numberOf);
  return {
    id: 'growth-urls',
    title: 'By the characters of the URL',
    how: `From the resolver's answer to session-created, with the code made. ${SLOPE}`,
    columns: [...LENGTHS.map(String), ...slopeNames(LENGTHS, 3)],
    ...rowsOf([
      rowOf('encode, ms', ({ milliseconds }) => median(milliseconds)),
      rowOf('characters of the path', ({ path }) => path),
    ]),
  };
}

/** A row of medians, and of slopes: from each size to the one `step` further, ten times as large. */
function growing(name, results, sizes, step, numberOf) {
  const cells = sizes.map((size) => median(results.get(size).map(numberOf)));
  const slopes = cells.slice(step).map((cell, index) => cell / (10 * cells[index]));
  return { name, cells: [...cells, ...slopes], slopes };
}

function slopeNames(sizes, step) {
  return sizes.slice(step).map((size, index) => `${sizes[index]}→${size}`);
}

function rowsOf(growths) {
  const rows = growths.map(({ name, cells }) => ({ name, cells }));
  const reach = growths.map(({ name, slopes }) => {
    const value = Math.max(...slopes);
    return { what: `${name}: steepest slope`, value, limit: LIMIT, met: value <= LIMIT };
  });
  return { rows, reach };
}
