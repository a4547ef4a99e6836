/** A site without a network that gets requests of all kinds, one after the other; run as a process. */
import { createHmac } from 'node:crypto';
import { createDidit } from '../../src/server/index.js';
import { bytesHeld } from './busy-site.js';
import { answerQuestions } from './questions.js';

const SITE = 'https://site.example/api/didit/session';
const WEBHOOK_SECRET = 'secret-of-the-webhook';
const PAGE = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };

/** So many at a time, as they would come. */
const AT_A_TIME = 20;

/** Of those sessions that are not asked about any more. */
const MOST_RECENT = 500;

interface Recent {
  readonly person: string;
  readonly id: string;
  readonly query: string;
}

const statuses: Record<string, number> = {};
const types: Record<string, number> = {};
let upstreamCalls = 0;
let created = 0;
let people = 0;
let webhooks = 0;
const recent: Recent[] = [];

/** Didit: it has each session open, and knows of no decision. */
async function upstream(input: RequestInfo | URL): Promise<Response> {
  upstreamCalls++;
  if (new Request(input).url.endsWith('/decision/')) return Response.json({}, { status: 404 });
  const session_id = `session-${++created}`;
  const url = `https://verify.didit.me/session/${session_id}`;
  return Response.json({ session_id, url, status: 'Not Started' }, { status: 201 });
}

const didit = createDidit({
  ...{ apiKey: 'api-key', workflowId: 'workflow', webhookSecrets: [WEBHOOK_SECRET] },
  sessionLifetime: 600,
  fetch: upstream,
  getUser: ({ headers }) => {
    const vendorData = headers.get('Person') ?? '';
    return vendorData === '' ? null : { vendorData };
  },
  log: ({ type }) => void (types[type] = (types[type] ?? 0) + 1),
});

/** What is asked of a part, and counted. */
async function asked(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  statuses[response.status] = (statuses[response.status] ?? 0) + 1;
  return response;
}

const page = (query: string, init: RequestInit) =>
  asked(didit.session(new Request(SITE + query, init)));

const post = (Person: string, headers: Record<string, string> = {}, body = '{}') =>
  page('', { method: 'POST', headers: { ...PAGE, Person, ...headers }, body });

const get = (Person: string, query: string) =>
  page(query, { headers: { 'Sec-Fetch-Site': 'same-origin', Person } });

/** A new session of a new person. */
async function create(): Promise<void> {
  const person = `person-of-a-length-as-usual-${++people}`;
  const key = { 'Idempotency-Key': `key-of-a-length-as-usual-for-a-page-${people}` };
  const answer = (await (await post(person, key)).json()) as {
    session_id: string;
    status_url: string;
  };
  recent.push({ person, id: answer.session_id, query: answer.status_url });
  if (recent.length > MOST_RECENT) recent.shift();
}

const one = () => recent[Math.floor(Math.random() * recent.length)]!;

async function status(): Promise<void> {
  const { person, query } = one();
  await (await get(person, query)).text();
}

/** Listens for a message, and leaves. */
async function stream(): Promise<void> {
  const { person, query } = one();
  const reader = (await get(person, `${query}&events`)).body!.getReader();
  await reader.read();
  await reader.cancel();
}

async function webhook(secret: string): Promise<void> {
  const timestamp = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    ...{ webhook_type: 'status.updated', timestamp, event_id: `event-${++webhooks}` },
    ...{ session_id: one().id, status: webhooks % 2 ? 'In Progress' : 'Awaiting User' },
  });
  const headers = {
    'X-Timestamp': String(timestamp),
    'X-Signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
  const request = new Request(SITE, { method: 'POST', headers, body });
  await (await asked(didit.webhook(request))).text();
}

/** Each refused for another reason, in turn. */
const REFUSED: (() => Promise<Response>)[] = [
  () => get('eve', one().query),
  () => get('eve', `?session=${'x'.repeat(5000)}`),
  () => get('eve', `?session=${crypto.randomUUID()}&events`),
  () => post('eve', { 'Sec-Fetch-Site': 'cross-site', Origin: `https://${Math.random()}.example` }),
  () => post('eve', { 'Content-Type': 'text/plain' }),
  () => post('eve', {}, '{"__proto__":'),
  () => post('eve', {}, ' '.repeat(20_000)),
  () => post('eve', { 'Idempotency-Key': 'x'.repeat(300) }),
  () => post(''),
  () => page('', { method: 'DELETE', headers: PAGE }),
  () => page('', { method: 'OPTIONS' }),
];
let refusals = 0;

async function refused(): Promise<void> {
  await (await REFUSED[refusals++ % REFUSED.length]!()).text();
}

/** In ten requests. */
const MIX = [
  ...[create, create, status, status, stream, refused, refused, refused],
  ...[() => webhook(WEBHOOK_SECRET), () => webhook('secret-of-somebody-else')],
];

/** So many requests, how long each of them took, and all of them together, in milliseconds. */
async function run({ count, kind }: { count: number; kind: 'create' | 'mix' }) {
  const took: number[] = [];
  const startedAt = performance.now();
  for (let first = 0; first < count; first += AT_A_TIME) {
    const batch = Array.from({ length: Math.min(AT_A_TIME, count - first) }, async (_, index) => {
      const request = kind === 'create' ? create : MIX[(first + index) % MIX.length]!;
      const start = performance.now();
      await request();
      took.push(performance.now() - start);
    });
    await Promise.all(batch);
  }
  const sorted = took.sort((a, b) => a - b);
  const part = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { ms: performance.now() - startedAt, p50: part(0.5), p99: part(0.99) };
}

answerQuestions({
  run,
  async held() {
    return { heap: await bytesHeld(), rss: process.memoryUsage.rss() };
  },
  counts: () => ({ statuses, types, upstreamCalls, created }),
  close: didit.close,
});
