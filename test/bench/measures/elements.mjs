import { launch } from '../browser.mjs';
import { crowdSite, openCrowd } from '../crowd.mjs';
import { median } from '../statistics.mjs';

export const title = 'Many elements on one page';

const COUNTS = [1, 100, 1000];

/** What takes seconds is measured in each fifth round. */
const MANY = 1000;

/** A thousand may cost so many times a thousand times one. */
const LIMIT = 1.2;

const KILOBYTE = 1000;

/** Of each: the table's name, unit, and number. */
const QUANTITIES = [
  ['painted', 'From the first element made to all codes painted', 'ms', ({ painted }) => painted],
  ['cpu', 'Main thread, processor time until then', 'ms', ({ cpu }) => cpu],
  ['style', 'Style and layout of that', 'ms', ({ styleAndLayout }) => styleAndLayout],
  ['layouts', 'Layouts of that', '', ({ layouts }) => layouts],
  ['heap', 'JavaScript heap, afterwards', 'kB', ({ heap }) => heap / KILOBYTE],
  ['nodes', 'DOM nodes', '', ({ nodes }) => nodes],
];

const HOW = `Each with its own URL, on a page that has drawn one before; a canvas with 240 pixels and level M. \
Medians; ${MANY} in each fifth round. In brackets: times ours.`;

export async function measure({ rounds, log }) {
  const site = await crowdSite();
  const browser = await launch();
  try {
    const results = await runRounds(browser, site, rounds, log);
    return QUANTITIES.map((quantity) => tableOf(quantity, results));
  } finally {
    await browser.close();
    await site.close();
  }
}

/** The elements in turn; the first round is not counted. Results by tag, then by count. */
async function runRounds(browser, { origin, tags }, rounds, log) {
  const results = Object.fromEntries(
    tags.map((tag) => [tag, Object.fromEntries(COUNTS.map((count) => [count, []]))]),
  );
  for (let round = 0; round <= rounds; round++) {
    const counts = round % 5 === 1 ? COUNTS : COUNTS.filter((count) => count !== MANY);
    for (const tag of tags) {
      const measured = await measureCounts(browser, origin, tag, counts);
      if (round > 0) for (const [count, result] of measured) results[tag][count].push(result);
    }
    log(`round ${round} of ${rounds}`);
  }
  return results;
}

async function measureCounts(browser, origin, tag, counts) {
  const { mount, close } = await openCrowd(browser, origin, tag, { warmUp: 1 });
  const measured = [];
  for (const count of counts) measured.push([count, await mount(count)]);
  await close();
  return measured;
}

function tableOf([id, title, unit, numberOf], results) {
  const medianOf = (tag, count) => median(results[tag][count].map(numberOf));
  const cellsOf = (tag) => COUNTS.map((count) => medianOf(tag, count));
  const [ours, ...others] = Object.keys(results);
  const base = cellsOf(ours);
  const rows = [ours, ...others].map((tag) => {
    const cells = cellsOf(tag);
    const ratios = tag === ours ? undefined : cells.map((cell, index) => cell / base[index]);
    return { name: tag, cells, ratios };
  });
  const reach = reachOf(id, base, results[ours]);
  return { id: `elements-${id}`, title, how: HOW, unit, columns: COUNTS.map(String), rows, reach };
}

function reachOf(id, [one, hundred, thousand], ours) {
  if (id === 'nodes') return [paths(ours)];
  if (id !== 'cpu') return [];
  const among = (hundred - one) / (100 - 1);
  const last = (thousand - hundred) / (1000 - 100);
  return [
    reached(`${MANY} elements, times ${MANY} times one`, thousand / (MANY * one), LIMIT),
    reached('one of the last 900, times one of the first 100', last / among, LIMIT),
  ];
}

function paths({ [MANY]: [{ anatomy }] }) {
  return reached('paths for each QR code', anatomy.paths, 1);
}

function reached(what, value, limit) {
  return { what, value, limit, met: value <= limit };
}
