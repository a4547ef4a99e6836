import autocannon from 'autocannon';
import { percentile } from './statistics.mjs';

/** autocannon ends at the end of a sample. */
const SAMPLE_MS = 50;

const PATH = '/api/didit/session';

const HEADERS = {
  Cookie: 'theme=dark; user=7d0c2b1a-0000-4000-8000-000000000001',
  'Sec-Fetch-Site': 'same-origin',
};

const CREATE = {
  method: 'POST',
  path: PATH,
  headers: { ...HEADERS, 'Content-Type': 'application/json' },
  body: '{}',
};

/** Creates sessions as fast as they are answered: see `run()`. */
export function createSessions(server, extent, connections) {
  return run(server, extent, connections, { requests: [CREATE], expected: 201 });
}

/** Asks for the statuses of sessions in turn, as fast as they are answered: see `run()`. */
export function askStatuses(server, references, extent, connections) {
  const requests = references.map((reference) => ({
    method: 'GET',
    path: PATH + reference,
    headers: HEADERS,
  }));
  return run(server, extent, connections, { requests, expected: 200 });
}

/** Creates so many sessions, one after the other; gives where to ask for them. */
export async function statusReferences({ url }, count) {
  const references = [];
  while (references.length < count) {
    const response = await fetch(url + PATH, CREATE);
    references.push((await response.json()).status_url);
  }
  return references;
}

/**
 * `extent`: `{ duration }` in seconds or `{ amount }`. Gives how many were answered, how many a second,
 * and the milliseconds that half of them, and 99 of 100, took at the most.
 *
 * @throws Error if any answer was not the expected one, or none came.
 */
async function run({ name, url }, extent, connections, { requests, expected }) {
  const times = [];
  const load = autocannon({ url, requests, connections, ...extent, sampleInt: SAMPLE_MS });
  const from = performance.now();
  let to = from;
  // autocannon's own percentiles are whole milliseconds.
  load.on('response', (client, status, bytes, milliseconds) => {
    times.push(milliseconds);
    to = performance.now();
  });
  demandAll(expected, name, await load);
  times.sort((a, b) => a - b);
  return {
    answered: times.length,
    perSecond: (times.length / (to - from)) * 1000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}

function demandAll(expected, name, { statusCodeStats, errors }) {
  const codes = Object.keys(statusCodeStats);
  if (errors === 0 && codes.length === 1 && codes[0] === `${expected}`) return;
  const counts = codes.map((code) => `${statusCodeStats[code].count} of ${code}`).join(', ');
  throw new Error(`${name}: answers ${counts || 'none'}; ${errors} requests failed.`);
}
