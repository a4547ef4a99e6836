import { setTimeout as wait } from 'node:timers/promises';
import { usageOf } from './children.mjs';
import { load } from './load.mjs';

/** Until what a round left behind is answered. */
const PAUSE_MS = 200;

/**
 * Loads the servers in turn, so that whatever else the machine does meets all of them alike; the
 * first round is not counted, as it is what code is compiled in. Gives the rounds of each server.
 */
export async function runRounds(servers, { rounds, seconds, connections }) {
  const results = servers.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, server] of servers.entries()) {
      const result = await runRound(server, seconds, connections);
      if (round > 0) results[index].push(result);
      tell(round, server, result);
    }
  }
  return results;
}

async function runRound(server, seconds, connections) {
  const before = await usageOf(server);
  const result = await load(server, { duration: seconds }, connections);
  const after = await usageOf(server);
  await wait(PAUSE_MS);
  return { ...result, cpuMicros: (after.cpuMicros - before.cpuMicros) / result.created };
}

function tell(round, { name }, { perSecond }) {
  const label = round > 0 ? `round ${round}` : 'warm-up';
  console.log(`${label}: ${name} ${Math.round(perSecond)}/s`);
}
