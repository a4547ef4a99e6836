import autocannon from 'autocannon';
import { percentile } from './statistics.mjs';

/** autocannon ends at the end of a sample. */
const SAMPLE_MS = 50;

const request = {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Cookie: 'theme=dark; user=7d0c2b1a-0000-4000-8000-000000000001',
    'Sec-Fetch-Site': 'same-origin',
  },
  body: '{}',
};

/**
 * Creates sessions as fast as they are answered. `extent`: `{ duration }` in seconds or `{ amount }`.
 *
 * @throws Error if any answer was not 201, or none came.
 */
export async function load({ name, url }, extent, connections) {
  const times = [];
  const run = start({ url: `${url}/api/didit/session`, connections, ...extent });
  const from = performance.now();
  let to = from;
  // autocannon's own percentiles are whole milliseconds.
  run.on('response', (client, status, bytes, milliseconds) => {
    times.push(milliseconds);
    to = performance.now();
  });
  demandCreated(name, await run);
  times.sort((a, b) => a - b);
  return {
    created: times.length,
    perSecond: (times.length / (to - from)) * 1000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}

function start(extent) {
  return autocannon({ ...request, ...extent, sampleInt: SAMPLE_MS });
}

function demandCreated(name, { statusCodeStats, errors }) {
  const codes = Object.keys(statusCodeStats);
  if (errors === 0 && codes.length === 1 && codes[0] === '201') return;
  const counts = codes.map((code) => `${statusCodeStats[code].count} of ${code}`).join(', ');
  throw new Error(`${name}: answers ${counts || 'none'}; ${errors} requests failed.`);
}
