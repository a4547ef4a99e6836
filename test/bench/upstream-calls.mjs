import { setTimeout as wait } from 'node:timers/promises';
import { start, stop } from './children.mjs';
import { load } from './load.mjs';

const SESSIONS = 1000;

/**
 * What a new process asks of Didit for exactly 1,000 sessions, by kind; status calls come later, and
 * are counted until so many seconds after the last create.
 */
export async function countUpstreamCalls(name, upstream, { connections, seconds }) {
  const server = await start(name, upstream.url);
  await fetch(`${upstream.url}/reset`, { method: 'POST' });
  await load(server, { amount: SESSIONS }, Math.min(connections, SESSIONS));
  await wait(seconds * 1000);
  const response = await fetch(`${upstream.url}/counts`);
  const counts = await response.json();
  await stop(server);
  return counts;
}
