import { setTimeout as wait } from 'node:timers/promises';
import { ask, start, stopAll } from '../children.mjs';
import { growthTable } from '../growth.mjs';
import { inTurn, mediansOf } from '../rounds.mjs';

export const title = 'How it grows with sessions in storage';

/** Each ten times the one before. */
const COUNTS = [10, 100, 1000, 10_000];

/** So often a first session is asked for before anything is measured, for code to be compiled. */
const WARM_UP = 3000;

/** Sessions that are asked for in a round, each once. */
const ASKED = 500;

/** Longer than what was found in the store is believed. */
const PAUSE_MS = 1000;

const KILOBYTE = 1000;

const COLUMNS = ['µs/status', 'CPU µs/status', 'held kB/session', 'idle CPU ms/s'];

/** What a cell is of: each session, or all of them. */
const IS_EACH = [true, true, true, false];

/** On a busy machine CPU time tells more. */
const IS_LIMITED = [false, true, true, true];

const HOW = `Requests handed to the server part in its process, one after the other, each for another session
(${ASKED} at the most); a handle is opened and the store looked into for each. The store is a map of JSON texts
in the same process, and part of what is held: how much more than by the process with the fewest. Idle: nobody asks, and what runs on its own looks once a second.
In brackets: the slope, that is how many times ten times as many cost, by ten.`;

export async function measure({ rounds, log }) {
  try {
    const sites = await Promise.all(COUNTS.map(siteOf));
    const results = await inTurn(sites, rounds, async ({ server, count }, round) => {
      const before = await ask(server, 'cpu');
      const microseconds = await ask(server, 'ask', ASKED);
      const cpu = ((await ask(server, 'cpu')) - before) / Math.min(ASKED, count);
      const idle = await idleCost(server);
      log(`round ${round || 'of warm-up'}: ${count} sessions: ${Math.round(microseconds)} µs`);
      return [microseconds, cpu, idle];
    });
    return tableOf(results, await weigh(sites));
  } finally {
    await stopAll();
  }
}

async function siteOf(count) {
  const server = await start('storage');
  await ask(server, 'create', 1);
  await ask(server, 'hear');
  for (let asked = 0; asked < WARM_UP; asked++) await ask(server, 'ask', 1);
  await ask(server, 'create', count);
  await ask(server, 'hear');
  return { server, count };
}

/**
 * What each session takes, in kilobytes: of how much more a process holds than the one with the fewest,
 * which has done the same.
 */
async function weigh(sites) {
  const helds = [];
  for (const { server } of sites) helds.push((await ask(server, 'memory')).held);
  const [fewest] = sites;
  return sites.map(({ count }, index) =>
    index === 0 ? null : (helds[index] - helds[0]) / KILOBYTE / (count - fewest.count),
  );
}

/** Milliseconds of CPU in a second. */
async function idleCost(server) {
  const before = await ask(server, 'cpu');
  await wait(PAUSE_MS);
  return ((await ask(server, 'cpu')) - before) / PAUSE_MS;
}

function tableOf(results, weights) {
  const cells = results.map((result, index) => {
    const [microseconds, cpu, idle] = mediansOf(result);
    return [microseconds, cpu, weights[index], idle];
  });
  const grown = { counts: COUNTS, what: 'sessions', cells, isEach: IS_EACH, isLimited: IS_LIMITED };
  return growthTable({ id: 'storage', title, how: HOW, columns: COLUMNS }, grown);
}
