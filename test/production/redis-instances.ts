import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { TestContext } from 'node:test';
import { createDidit, type LogEvent, signWebhook } from '../../src/server/index.js';
import { sessionOf, type startDidit } from './didit-stub.js';
import { messagesOf, statusMessage } from './event-messages.js';
import { siteOptions, WEBHOOK_SECRET } from './redis-options.js';

type Didit = Awaited<ReturnType<typeof startDidit>>;

/** Sends a request to an instance, by its path. */
type Send = (path: string, init: RequestInit) => Promise<Response>;

/** An instance in a process of its own. */
export async function startInstance(test: TestContext, didit: Didit, redisUrl: string) {
  const env = { ...process.env, DIDIT_URL: didit.url, REDIS_URL: redisUrl };
  const args = ['--import', 'tsx', 'test/production/redis-site.ts'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  test.after(kill);
  const events: LogEvent[] = [];
  const lines = createInterface(child.stdout);
  const [first] = (await once(lines, 'line')) as [string];
  lines.on('line', (line: string) => events.push(JSON.parse(line) as LogEvent));
  const { port } = JSON.parse(first) as { port: number };
  const origin = `http://127.0.0.1:${port}`;
  return { ...pagesAt(origin), origin, events, kill };
}

export function pagesAt(origin: string) {
  return pagesOf((path, init) => fetch(origin + path, init));
}

/** An instance in this process, with other options. */
export function instanceHere(diditUrl: string, redisUrl: string, differing: object = {}) {
  const events: LogEvent[] = [];
  const options = siteOptions(diditUrl, redisUrl);
  const log = (event: LogEvent) => void events.push(event);
  const { session, webhook, close } = createDidit({ ...options, log, ...differing });
  const pages = pagesOf((path, init) => {
    const request = new Request(`http://127.0.0.1${path}`, init);
    return path === '/webhook' ? webhook(request) : session(request);
  });
  const end = async () => {
    close();
    await options.storage.dispose();
  };
  return { ...pages, events, end };
}

/** What pages of people and Didit send to an instance. */
function pagesOf(send: Send) {
  const create = async (person: string, key?: string) => {
    const headers = {
      ...{ 'X-Person': person, 'Sec-Fetch-Site': 'same-origin' },
      ...{ 'Content-Type': 'application/json', ...(key ? { 'Idempotency-Key': key } : {}) },
    };
    const response = await send('/session', { method: 'POST', headers, body: '{}' });
    assert.equal(response.status, 201);
    return (await response.json()) as { session_id: string; status_url: string };
  };
  const get = (person: string, reference: string) => {
    const headers = { 'X-Person': person, 'Sec-Fetch-Site': 'same-origin' };
    return send(`/session${reference}`, { headers });
  };
  const read = async (person: string, reference: string) =>
    ((await (await get(person, reference)).json()) as { status: string }).status;
  const listen = async (person: string, reference: string) => {
    const { body } = await get(person, `${reference}&events`);
    const stream = Readable.fromWeb(body as ReadableStream);
    // Instances are killed.
    stream.on('error', () => undefined);
    return messagesOf(stream);
  };
  const tell = async (person: string, status: string, event_id?: string) => {
    const decision = { status };
    const event = {
      session_id: sessionOf(person),
      status,
      vendor_data: person,
      decision,
      event_id,
    };
    return (await send('/webhook', await signWebhook(event, WEBHOOK_SECRET))).status;
  };
  return { create, read, listen, tell };
}

/** Reads a stream up to that message, and gives when that came. */
export async function heard(next: () => Promise<string | null>, status: string): Promise<number> {
  for (;;) {
    const message = await next();
    assert.ok(message !== null, 'the stream has ended');
    if (message === statusMessage(status)) return performance.now();
  }
}
