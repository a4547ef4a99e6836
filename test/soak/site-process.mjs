/**
 * A site with real sockets: both of Didit's APIs, each by a server part of its own, and the sandbox that
 * is Didit to them. Run as a process, with `--expose-gc`; it tells what it holds when it is asked.
 */
import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { createSandbox } from 'didit-verify/sandbox';
import { createDidit } from 'didit-verify/server';
import { Hono } from 'hono';
import { PAGE } from './page.mjs';
import { WEBHOOK_SECRET } from './secrets.mjs';

/**
 * More of each kind than a server part, or the sandbox, ever keeps (10,000), and so many that the tables
 * behind their maps, which engines double as entries come and go, have the size that they stay at.
 */
const FILL = 16_500;
const FILL_BATCH = 20;

/** The sandbox watches a session for so long, in seconds, finished or not. */
const LIFETIME_S = 30;

/** What a request needs for a moment has gone by then. */
const GC_PASSES = 3;
const BETWEEN_PASSES_MS = 200;

let counts = {};
const news = new EventEmitter();
function count(name) {
  counts[name] = (counts[name] ?? 0) + 1;
  news.emit(name);
}

process.on('warning', ({ name }) => count(`warning.${name}`));

/** While it is filled, Didit is next door: that is faster by far. */
let isFilling = false;

const app = new Hono();
const site = await listen(app.fetch);
const sandbox = createSandbox({
  apiKey: 'soak-key',
  sessionLifetime: LIFETIME_S,
  webhookUrl: `${site.origin}/webhook`,
  webhookSecret: WEBHOOK_SECRET,
  fetch: (url, init) =>
    isFilling ? parts.verification.webhook(new Request(url, init)) : fetch(url, init),
  log: ({ type }) => count(`sandbox.${type}`),
});
const didit = await listen(sandbox.fetch);

const common = {
  apiUrl: didit.origin,
  sessionLifetime: 600,
  // Nobody is to wait for a turn: what is to be seen here is what is held.
  statusBudget: 1_000_000,
  getUser: ({ headers }) => (headers.has('Person') ? { vendorData: headers.get('Person') } : null),
  onSession: () => count('onSession'),
  onDecision: () => count('onDecision'),
  fetch: (url, init) => (isFilling ? sandbox.fetch(new Request(url, init)) : fetch(url, init)),
  log: ({ type }) => count(type),
};
/** By path. */
const parts = {
  'data-transfer': createDidit({
    ...common,
    clientId: 'sandbox',
    clientSecret: 'sandbox-secret',
    scope: 'names email',
  }),
  verification: createDidit({
    ...common,
    apiKey: 'soak-key',
    workflowId: 'any',
    webhookSecrets: [WEBHOOK_SECRET],
  }),
};

app.get('/', (context) => context.html(PAGE));
app.get('/dist/*', serveStatic({ root: './' }));
app.post('/webhook', (context) => parts.verification.webhook(context.req.raw));
app.post('/phone/:id/:action', (context) => {
  const { id, action } = context.req.param();
  return context.json({ status: sandbox.play(id, action) });
});
for (const [path, { session }] of Object.entries(parts)) {
  app.all(`/${path}`, (context) => session(context.req.raw));
}

async function listen(answer) {
  const server = createAdaptorServer({ fetch: answer });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/**
 * As many finished sessions as are kept, each as heavy as any other, so that from then on each new one has
 * an old one forgotten.
 */
async function fill() {
  isFilling = true;
  for (let done = 0; done < FILL; done += FILL_BATCH) {
    const numbers = Array.from({ length: FILL_BATCH }, (_, index) => done + index);
    await Promise.all(
      numbers.flatMap((number) => Object.keys(parts).map((path) => live(path, number))),
    );
    // One for each of two words.
    while ((counts['sandbox.webhook.delivered'] ?? 0) < 2 * (done + FILL_BATCH)) {
      await once(news, 'sandbox.webhook.delivered');
    }
  }
  isFilling = false;
  await wait(LIFETIME_S * 1000);
  counts = {};
}

async function live(path, number) {
  const { session, settle } = parts[path];
  const headers = {
    'Content-Type': 'application/json',
    'Idempotency-Key': `fill-key-of-a-length-as-usual-${number}`,
    Person: `fill-${number}`,
  };
  const response = await session(
    new Request(`${site.origin}/${path}`, { method: 'POST', headers, body: '{}' }),
  );
  const { session_id } = await response.json();
  sandbox.play(session_id, 'open');
  sandbox.play(session_id, 'decline');
  await settle(session_id);
}

/** What this process holds on to. */
async function sample() {
  let heap = Infinity;
  for (let pass = 0; pass < GC_PASSES; pass++) {
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    heap = Math.min(heap, heapUsed + external);
    await wait(BETWEEN_PASSES_MS);
  }
  const resources = process.getActiveResourcesInfo();
  const of = (pattern) => resources.filter((name) => pattern.test(name)).length;
  return {
    heap,
    rss: process.memoryUsage.rss(),
    sockets: of(/TCP|Pipe/),
    timers: of(/Timeout|Immediate/),
    others: resources.length - of(/TCP|Pipe|Timeout|Immediate/),
    streams: (counts['events.opened'] ?? 0) - (counts['events.closed'] ?? 0),
  };
}

/** As a site shuts down; then nothing is left that would keep the process alive. */
function close() {
  for (const part of Object.values(parts)) part.close();
  sandbox.close();
  site.server.close();
  didit.server.close();
  site.server.closeIdleConnections();
  didit.server.closeIdleConnections();
}

const answers = { fill, sample, close, counts: () => counts, origin: () => site.origin };

process.on('message', (name) => {
  void Promise.resolve(answers[name]()).then((answer) => process.send([answer]));
});
