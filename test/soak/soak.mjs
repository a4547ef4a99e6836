/**
 * `npm run soak`: the server part, the sandbox and the element under load for a while, on loopback alone.
 * It exits with 1 where something grew without bound, an answer was not the expected one, or anything
 * failed inside. `SOAK_SECONDS` is how long, `SOAK_CLIENTS` how many at a time.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Clients } from './clients.mjs';
import { openPage } from './page-client.mjs';
import { failuresOf, toText } from './report.mjs';
import { trendOf } from './trend.mjs';

const SECONDS = wholeNumber('SOAK_SECONDS', 120);
const CLIENTS = wholeNumber('SOAK_CLIENTS', 8);

/** Of a run; the first comes when all is warm. */
const SAMPLES = 20;

/** How long a process has to end by itself. */
const END_MS = 15_000;

/** What is looked at, and what it is counted in. */
const MEASURES = {
  ...{ heap: 'bytes', sockets: 'pieces', timers: 'pieces', others: 'pieces', streams: 'pieces' },
  ...{ pageHeap: 'pageBytes', pageNodes: 'pieces', pageListeners: 'pieces' },
};

// Paths are from the root of the repository, wherever this is started.
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const site = startSite();
let page;
try {
  const report = await soak();
  console.log(`\n${toText(report)}\n\n${JSON.stringify(report)}`);
  process.exitCode = report.failures.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await page?.close();
  site.child.kill('SIGKILL');
}

async function soak() {
  const origin = await site.ask('origin');
  console.log('Filling what is kept …');
  await site.ask('fill');
  page = await openPage(origin);
  const clients = new Clients(origin, CLIENTS);
  const interval = SECONDS / SAMPLES;
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const samples = [];
  let pageCounts;
  // The first round is for what is made once.
  for (let round = 0; round <= SAMPLES; round++) {
    clients.start();
    await page.start();
    await pass(interval);
    [pageCounts] = await Promise.all([page.pause(), clients.pause()]);
    samples.push({ seconds: seconds(), ...(await site.ask('sample')), ...(await page.sample()) });
    tell(samples.at(-1));
  }
  const counts = await site.ask('counts');
  await page.close();
  await site.ask('close');
  const ended = await site.ends();
  const trends = Object.entries(MEASURES).map(([name, kind]) =>
    trendOf(samples.slice(1), name, kind),
  );
  const seen = { trends, counts, clients, pageCounts, said: page.said, ended };
  return {
    node: process.version,
    seconds: Math.round(seconds()),
    clients: CLIENTS,
    done: clients.counts,
    latency: latencyOf(clients.latencies),
    page: pageCounts,
    log: counts,
    trends,
    failures: failuresOf(seen),
    samples,
  };
}

/** In milliseconds: what half of the requests took at the most, 99 in 100, and the slowest. */
function latencyOf(latencies) {
  const sorted = latencies.toSorted((one, other) => one - other);
  const part = (share) => Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(1));
  return { p50: part(0.5), p99: part(0.99), most: part(1) };
}

function tell({ seconds, heap, pageHeap, sockets }) {
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(
    `${seconds.toFixed(0).padStart(5)} s: ${megabytes(heap)}, page ${megabytes(pageHeap)}, ${sockets} sockets`,
  );
}

function pass(time) {
  return new Promise((resolve) => setTimeout(resolve, time * 1000));
}

/** The site, in a process of its own, so that what the clients hold is not counted. */
function startSite() {
  const file = fileURLToPath(new URL('site-process.mjs', import.meta.url));
  const child = fork(file, { execArgv: ['--expose-gc'] });
  const gone = once(child, 'exit');
  const broken = gone.then(([code, signal]) => {
    throw new Error(`The site has ended: ${signal ?? code}`);
  });
  broken.catch(() => undefined);
  return {
    child,
    async ask(question) {
      const answer = once(child, 'message');
      // One that has ended is told of by how it did.
      child.send(question, () => undefined);
      const [[value]] = await Promise.race([answer, broken]);
      return value;
    },
    /** Whether it ends once nothing is asked any more. */
    async ends() {
      child.disconnect();
      const [code] = await Promise.race([gone, pass(END_MS / 1000).then(() => [null])]);
      return code === 0;
    },
  };
}

function wholeNumber(name, byDefault) {
  const number = Number(process.env[name] || byDefault);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`${name} must be a whole number from 1 on, not "${process.env[name]}".`);
}
