import { ask, start, stopAll } from '../children.mjs';
import { askStatuses, createSessions, statusReferences } from '../load.mjs';
import { inTurn, mediansOf } from '../rounds.mjs';
import { countUpstreamCalls } from '../upstream-calls.mjs';

export const title = 'Server part, against the same by hand';

/** By module of `processes/`, and what they are. */
const SERVERS = [
  ['ours', 'didit-verify/server'],
  ['hand-written', 'the smallest by hand'],
  ['careful', 'by hand, with the same checks'],
  ['documentation', "as in Didit's documentation"],
];
const BASE = 1;
const CAREFUL = 2;

/** Requests at a time, and sessions that are asked for. */
const CONNECTIONS = 20;

/**
 * Many short rounds: what else the machine does changes within seconds. The one that is not counted is
 * longer, since code takes long to be compiled well.
 */
const ROUNDS = 4;
const REQUESTS = 400;
const WARM_UP_REQUESTS = 4000;

/** The server part is to answer at least so many times as many requests as the one by hand. */
const GOAL = 0.9;

const MEGABYTE = 1_000_000;

const SPEED_COLUMNS = ['requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request'];

const HOW = `Node processes on loopback, ${CONNECTIONS} requests at a time, before a Didit that answers at
once; ${REQUESTS} in each round, ${ROUNDS} times as many rounds as elsewhere. In brackets: by the smallest one
by hand in the same round. Where the machine has more to do than this, CPU tells more than requests/s.`;

const TITLES = { creating: 'Creating a session', asking: 'Asking for a status' };

const HOWS = {
  creating: `${HOW} With the same checks: where the request comes from, limits of time and size, a sealed
handle. The server part also follows the session.`,
  asking: `${HOW} The ones by hand ask Didit each time; the server part only when the session is due.`,
  holding: `Memory after all rounds; held: what is left once all garbage is collected. The server part keeps
the last 10,000 sessions. Calls: to Didit, of a new process, for 1,000 creates and 1,000 questions for the
status of ${CONNECTIONS} sessions.`,
};

export async function measure({ rounds, log }) {
  try {
    const upstream = await start('fake-didit');
    const calls = [];
    for (const [name] of SERVERS) calls.push(await countUpstreamCalls(name, upstream, CONNECTIONS));
    const servers = await Promise.all(SERVERS.map(([name]) => start(name, upstream.url)));
    const results = await inTurn(servers, rounds * ROUNDS, (server, round) =>
      runBoth(server, { amount: round ? REQUESTS : WARM_UP_REQUESTS }, round, log),
    );
    const memories = [];
    for (const server of servers) memories.push(await ask(server, 'memory'));
    return [
      speedTable('creating', results),
      speedTable('asking', results),
      holdingTable(memories, calls),
    ];
  } finally {
    await stopAll();
  }
}

async function runBoth(server, extent, round, log) {
  const creating = await withCpu(server, () => createSessions(server, extent, CONNECTIONS));
  const references = await statusReferences(server, CONNECTIONS);
  const asking = await withCpu(server, () => askStatuses(server, references, extent, CONNECTIONS));
  const speeds = [creating, asking].map(([perSecond]) => Math.round(perSecond)).join(', ');
  log(`round ${round || 'of warm-up'}: ${server.name}: ${speeds} requests/s`);
  return { creating, asking };
}

/** As the columns are. */
async function withCpu(server, run) {
  const before = await ask(server, 'cpu');
  const { answered, perSecond, p50, p99 } = await run();
  const after = await ask(server, 'cpu');
  return [perSecond, p50, p99, (after - before) / answered];
}

function speedTable(what, results) {
  const rows = SERVERS.map(([, name], index) => ({
    name,
    cells: mediansOf(results[index].map((round) => round[what])),
    ratios: mediansOf(
      results[index].map((round, at) => ratios(round[what], results[BASE][at][what])),
    ),
  }));
  const [perSecond, , , cpu] = rows[0].ratios;
  const carefulCpu = rows[CAREFUL].ratios.at(-1);
  return {
    id: `handler-${what}`,
    title: TITLES[what],
    how: HOWS[what],
    unit: '',
    columns: SPEED_COLUMNS,
    rows,
    reach: [
      goal(`${TITLES[what]}: requests/s, by those of the smallest one by hand`, perSecond),
      goal(`${TITLES[what]}: requests by CPU time, likewise`, 1 / cpu),
      goal(`${TITLES[what]}: the same, by the one with the same checks`, carefulCpu / cpu),
    ],
  };
}

function goal(what, value) {
  return { what, value, limit: GOAL, met: value >= GOAL };
}

function holdingTable(memories, calls) {
  const rows = SERVERS.map(([, name], index) => {
    const { rss, held } = memories[index];
    const { creating, asking } = calls[index];
    const upstream = [
      creating.token,
      creating.create,
      asking.token,
      asking.status + asking.decision,
    ];
    return { name, cells: [rss / MEGABYTE, held / MEGABYTE, ...upstream] };
  });
  const { token } = calls[0].creating;
  return {
    id: 'handler-holding',
    title: 'Memory, and calls to Didit',
    how: HOWS.holding,
    unit: '',
    columns: ['RSS MB', 'held MB', 'token', 'create', 'token, asking', 'status, asking'],
    rows,
    reach: [{ what: 'Token calls of 1,000 creates', value: token, limit: 1, met: token <= 1 }],
  };
}

function ratios(cells, base) {
  return cells.map((cell, column) => cell / base[column]);
}
