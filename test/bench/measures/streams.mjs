import { setTimeout as wait } from 'node:timers/promises';
import { ask, start, stopAll } from '../children.mjs';
import { growthTable } from '../growth.mjs';
import { Listeners } from '../listeners.mjs';
import { inTurn, mediansOf } from '../rounds.mjs';
import { median } from '../statistics.mjs';

export const title = 'How it grows with open streams';

/** Each ten times the one before. */
const COUNTS = [10, 100, 1000];

/** The first is what sessions begin with. */
const WORDS = ['Not Started', 'In Progress'];

/** Of each round, of which the median counts; of the one that is not counted more. */
const CHANGES = 3;
const WARM_UP_CHANGES = 12;

/** How long nothing happens, to see what streams cost then. */
const IDLE_SECONDS = 30;
const QUICK_IDLE_SECONDS = 10;

/** How often it is looked whether the server part knows that pages are gone. */
const LOOK_MS = 20;

const KILOBYTE = 1000;

const COLUMNS = [
  'held kB/stream',
  'ms to tell all',
  'CPU ms to tell all',
  'idle CPU ms/s',
  'calls to Didit/min',
];

/** What a cell is of: each stream, or all of them. */
const IS_EACH = [true, false, false, false, false];

/** On a busy machine long work is interrupted more often than short work, which CPU time does not count. */
const IS_LIMITED = [true, false, true, true, true];

const HOW = `One page for each session, with a stream on a connection of its own. Held: memory of the process
without garbage, less that with the same sessions and no stream. To tell all: from the first webhook of a change
of every session, by way of its signature, until the last page has heard; CPU, with the signing. Idle: half a
minute in which nothing happens, measured once, and before the first webhook, so that Didit is asked as often
as it ever is (60 times a minute at the most, by default). In brackets: the slope, that is how many times ten
times as many cost, by ten.`;

export async function measure({ rounds, quick, log }) {
  try {
    const sites = await Promise.all(COUNTS.map(siteOf));
    const idle = await idleCosts(sites, quick ? QUICK_IDLE_SECONDS : IDLE_SECONDS);
    const results = await inTurn(sites, rounds, async (site, round) => {
      const result = await runRound(site, round ? CHANGES : WARM_UP_CHANGES);
      log(
        `round ${round || 'of warm-up'}: ${site.pages.length} streams: ${Math.round(result[1])} ms`,
      );
      return result;
    });
    return tableOf(results, idle);
  } finally {
    await stopAll();
  }
}

async function siteOf(count) {
  const server = await start('streams');
  return { server, pages: await ask(server, 'create', count), word: WORDS[0] };
}

/** All at the same time: milliseconds of CPU in a second, and calls to Didit in a minute. */
async function idleCosts(sites, seconds) {
  const crowds = await Promise.all(sites.map(openAll));
  const readings = () =>
    Promise.all(
      sites.map(async ({ server }) => [await ask(server, 'cpu'), await ask(server, 'calls')]),
    );
  const before = await readings();
  await wait(seconds * 1000);
  const after = await readings();
  await Promise.all(sites.map((site, index) => closeAll(site, crowds[index])));
  return before.map(([cpu, calls], index) => [
    (after[index][0] - cpu) / 1000 / seconds,
    ((after[index][1] - calls) * 60) / seconds,
  ]);
}

/** What each stream holds, in kilobytes, and milliseconds until all were told, and of CPU for that. */
async function runRound(site, changes) {
  const { server, pages } = site;
  const empty = await ask(server, 'memory');
  const crowd = await openAll(site);
  const full = await ask(server, 'memory');
  const delays = [];
  const costs = [];
  while (delays.length < changes) {
    const word = WORDS.find((other) => other !== site.word);
    site.word = word;
    const told = crowd.whenAllHave(word);
    const before = await ask(server, 'cpu');
    const from = await ask(server, 'change', word);
    delays.push((await told) - from);
    costs.push(((await ask(server, 'cpu')) - before) / 1000);
  }
  await closeAll(site, crowd);
  return [(full.held - empty.held) / KILOBYTE / pages.length, median(delays), median(costs)];
}

async function openAll({ server: { url }, pages }) {
  const crowd = new Listeners();
  await crowd.open(url, pages);
  return crowd;
}

async function closeAll({ server }, crowd) {
  crowd.close();
  while ((await ask(server, 'open')) > 0) await wait(LOOK_MS);
}

function tableOf(results, idle) {
  const cells = results.map((result, index) => [...mediansOf(result), ...idle[index]]);
  const grown = { counts: COUNTS, what: 'streams', cells, isEach: IS_EACH, isLimited: IS_LIMITED };
  return growthTable({ id: 'streams', title, how: HOW, columns: COLUMNS }, grown);
}
