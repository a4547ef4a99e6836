import { openPage, SLOW_NETWORK } from '../browser.mjs';
import { interleaved, rowsOf } from '../interleaved.mjs';
import { evaluationTable, workTable } from '../main-thread.mjs';
import { addressOf, measuredOf, servePages } from '../pages.mjs';
import { bestPeer, withRatios } from '../ratios.mjs';
import { EMPTY, subjects } from '../subjects.mjs';

export const title = 'From the tag in the page to the painted code';

const RESOLVER_MS = 200;

const CONDITIONS = [
  { name: '×1', cpu: 1 },
  { name: `×1, ${RESOLVER_MS} ms`, cpu: 1, delay: RESOLVER_MS },
  { name: '×6', cpu: 6 },
  { name: `×6, ${RESOLVER_MS} ms`, cpu: 6, delay: RESOLVER_MS },
  { name: '1.6 Mbit/s', network: SLOW_NETWORK },
];

/** Of the best peer. */
const LIMIT = 0.8;
const LIMIT_OF_NETWORK = 1;

/** One frame. */
const FRAME_MS = 16.7;

const CONDITIONS_HOW = `×1, ×6: so many times slower a processor, with a resolver on loopback that answers at
once, or after ${RESOLVER_MS} ms. 1.6 Mbit/s: that, and 150 ms for each request. Each page is in a new profile.
Painted: the rendering of the frame that first has the code is done. Peers that draw a code are put into the
page when the answer to the same request is there, which their page sends as soon as their script has run;
SelfQRcode draws an address of its own, IDKit asks its bridge as well, on loopback here. sdk-web: its modal is
shown, its frame is empty. altcha: its box is shown, there is no code.`;

export async function measure({ rounds, browser: { launch }, log }) {
  const list = await subjects();
  const chromium = await launch();
  const withNothing = [...list, EMPTY];
  const server = await servePages(withNothing);
  try {
    log(`evaluating, ${rounds} rounds`);
    const evaluation = await evaluationTable(list, chromium, rounds);
    log(`working, ${rounds} rounds`);
    const work = await workTable(withNothing, chromium, server.origin, rounds);
    const results = await paints(list, chromium, server.origin, rounds, log);
    return [evaluation, work, ...paintTables(list, results)];
  } finally {
    await chromium.close();
    await server.close();
  }
}

function paints(list, chromium, origin, rounds, log) {
  return interleaved(list, CONDITIONS, rounds, async (subject, condition, { row, round }) => {
    if (row === 0) log(`painting, round ${round} of ${rounds}, ${condition.name}`);
    const { page, close } = await openPage(chromium, condition);
    await page.goto(addressOf(origin, row, condition.delay));
    const result = await measuredOf(page, subject);
    await close();
    return result;
  });
}

function paintTables(list, results) {
  const total = rowsOf(list, results, ({ total }) => total);
  const own = rowsOf(list, results, ({ total, resolver }) => total - resolver);
  const rest = rowsOf(list, results, ({ rest }) => rest);
  const best = bestPeer(list, own);
  const common = { unit: 'ms', columns: CONDITIONS.map(({ name }) => name) };
  return [
    { ...common, id: 'painted', title, how: CONDITIONS_HOW, rows: total },
    {
      ...common,
      id: 'painted-own',
      title: `${title}, less the time of the answer`,
      how: 'In brackets: divided by that of the best peer that draws a code.',
      rows: withRatios(own, best),
      reach: oursOf(list, own).flatMap((row) => CONDITIONS.map(ownReach(row, best))),
    },
    {
      ...common,
      id: 'painted-rest',
      title: "From the answer's last byte to the painted code",
      how: 'Of what is above.',
      rows: rest,
      reach: oursOf(list, rest).map(({ name, cells: [value] }) => ({
        what: `${name}, ${CONDITIONS[0].name}, ms`,
        value,
        limit: FRAME_MS,
        met: value <= FRAME_MS,
      })),
    },
  ];
}

function ownReach({ name, cells }, best) {
  return ({ name: condition, network }, column) => {
    const value = cells[column] / best[column];
    const limit = network ? LIMIT_OF_NETWORK : LIMIT;
    return { what: `${name}, ${condition}, of the best peer`, value, limit, met: value <= limit };
  };
}

function oursOf(list, rows) {
  return rows.filter((_, index) => list[index].ours);
}
