import { signWebhook } from 'didit-verify/server';
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { inTime, startWorkers, type WorkersSite } from './workers-site.js';

interface Created {
  readonly session_id: string;
  readonly url: string;
  readonly status_url: string;
  readonly events_url?: string;
}

/** What workerd says of a worker that throws, hangs, or mixes up its requests. */
const COMPLAINT = /exception|hung|never generate|different request/i;

/** What a page of the site sends for a person. */
function pageOf(user: string, headers: Record<string, string> = {}): Record<string, string> {
  return { Cookie: `user=${user}`, 'Sec-Fetch-Site': 'same-origin', ...headers };
}

function post(origin: string, headers: Record<string, string>): Promise<Response> {
  const request = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: '{}',
  };
  return inTime(fetch(`${origin}/api/didit/session`, request), 'an answer');
}

async function create({ origins }: WorkersSite, user: string): Promise<Created> {
  const response = await post(origins.worker, pageOf(user));
  assert.equal(response.status, 201);
  return (await response.json()) as Created;
}

function ask(
  { origins }: WorkersSite,
  user: string,
  reference: string,
  signal: AbortSignal | null = null,
): Promise<Response> {
  const url = new URL(reference, `${origins.worker}/api/didit/session`);
  return inTime(fetch(url, { headers: pageOf(user), signal }), 'an answer');
}

/** A page that creates a session and does not wait for it. */
function leavingPage({ origins }: WorkersSite, user: string) {
  const headers = { 'Content-Type': 'application/json', ...pageOf(user) };
  const request = http.request(`${origins.worker}/api/didit/session`, { method: 'POST', headers });
  request.on('error', () => undefined).end('{}');
  // By a reset: workerd takes a connection that is only half closed for one that still listens.
  return { leave: () => request.socket?.resetAndDestroy() };
}

/** What the person does on the phone. */
async function approve({ sandboxOrigin }: WorkersSite, sessionId: string): Promise<void> {
  const url = `${sandboxOrigin}/sandbox/sessions/${sessionId}/approve`;
  const response = await fetch(url, { method: 'POST' });
  assert.equal(response.status, 200);
}

/** A webhook that nobody needs to act upon, so that its answer tells of the signature alone. */
function signed(secret: string) {
  return signWebhook({ session_id: crypto.randomUUID(), status: 'In Progress' }, secret);
}

async function statusOf(origin: string, webhook: RequestInit): Promise<number> {
  const { status } = await fetch(`${origin}/api/didit/webhook`, webhook);
  return status;
}

for (const config of ['oldest', 'newest'] as const) {
  describe(`the recipe for Cloudflare Workers, at the ${config} compatibility date`, () => {
    let site: WorkersSite;
    before(async () => void (site = await startWorkers(config)));
    after(() => site.close());

    it('creates a session that its page can ask for, and has no stream', async () => {
      const created = await create(site, 'alice');
      assert.equal(created.events_url, undefined);
      assert.ok(created.url.startsWith(site.sandboxOrigin));
      const response = await ask(site, 'alice', created.status_url);
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { status: 'Not Started' });
      assert.equal((await ask(site, 'alice', `${created.status_url}&events`)).status, 400);
      assert.equal((await ask(site, 'mallory', created.status_url)).status, 404);
    });

    it('makes one session of 50 requests with the same key', async () => {
      const headers = pageOf('bob', { 'Idempotency-Key': 'a-double-click' });
      const before = site.happened.entries.length;
      const responses = await Promise.all(
        Array.from({ length: 50 }, () => post(site.origins.worker, headers)),
      );
      const ids = new Set<string>();
      for (const response of responses) {
        assert.equal(response.status, 201);
        ids.add(((await response.json()) as Created).session_id);
      }
      assert.equal(ids.size, 1);
      const types = site.happened.entries.slice(before).map(({ type }) => type);
      assert.deepEqual(types, ['session.created']);
    });

    it('hears of the decision by webhook, before the page', async () => {
      const { session_id: id, status_url } = await create(site, 'carol');
      await approve(site, id);
      await site.happened.until(
        (event) => event.type === 'webhook.delivered' && event.sessionId === id,
      );
      assert.deepEqual(
        site.saved.entries.filter(({ sessionId }) => sessionId === id),
        [
          { called: 'onSession', vendorData: 'carol', sessionId: id },
          {
            ...{ called: 'onDecision', vendorData: 'carol', sessionId: id },
            ...{ source: 'webhook', status: 'Approved' },
          },
        ],
      );
      const response = await ask(site, 'carol', status_url);
      assert.deepEqual(await response.json(), { status: 'Approved' });
    });

    it('refuses pages of other sites, and people without a login', async () => {
      const foreign = { Origin: 'https://other.example', 'Sec-Fetch-Site': 'cross-site' };
      assert.equal((await post(site.origins.worker, pageOf('dave', foreign))).status, 403);
      assert.equal((await post(site.origins.worker, {})).status, 401);
    });

    it('refuses a webhook of which one byte was changed', async () => {
      const webhook = await signed('sandbox-webhook-secret');
      const body = webhook.body.replace('In Progress', 'In progress');
      assert.notEqual(body, webhook.body);
      assert.equal(await statusOf(site.origins.worker, { ...webhook, body }), 401);
      assert.equal(await statusOf(site.origins.worker, webhook), 200);
    });

    it('finishes a create whose page is gone', async () => {
      site.sandbox.fail({ kind: 'slow', call: 'create', delay: 1, times: 1 });
      const page = leavingPage(site, 'erin');
      await site.happened.until(({ type }) => type === 'fault.applied');
      page.leave();
      const { called } = await site.saved.until(({ vendorData }) => vendorData === 'erin');
      assert.equal(called, 'onSession');
    });

    it('goes by changed secrets, although the isolate stays', async () => {
      const { before, after } = site.origins;
      const [old, changed] = [await signed('sandbox-webhook-secret'), await signed('changed')];
      assert.equal(await statusOf(before, old), 200);
      assert.equal(await statusOf(before, changed), 401);
      assert.equal(await statusOf(after, changed), 200);
      assert.equal(await statusOf(after, old), 401);
    });

    it('settles by a Cron trigger what no page asks for', async () => {
      const { session_id: id } = await create(site, 'frank');
      site.losesWebhooks(true);
      await approve(site, id);
      await site.happened.until(
        (event) => event.type === 'webhook.failed' && event.sessionId === id,
      );
      site.losesWebhooks(false);
      // The first of them is none that Didit knows of.
      site.unfinished.push(crypto.randomUUID(), id);
      const response = await fetch(site.origins.clock);
      assert.equal(((await response.json()) as { outcome: string }).outcome, 'ok');
      const { source } = await site.saved.until(
        ({ called, sessionId }) => called === 'onDecision' && sessionId === id,
      );
      assert.equal(source, 'settle');
    });

    it('has nothing to complain of, such as I/O on behalf of another request', async () => {
      await site.stop();
      assert.doesNotMatch(site.output(), COMPLAINT);
    });
  });
}

describe('the recipe for Cloudflare Workers, with events', () => {
  let site: WorkersSite;
  before(async () => void (site = await startWorkers('streaming')));
  after(() => site.close());

  it('tells all pages at once, and of a change', async (t) => {
    const { session_id: id, events_url } = await create(site, 'grace');
    const pages = await Promise.all([1, 2, 3].map(() => listen(site, 'grace', events_url!)));
    for (const { next } of pages) assert.equal(await next(), message('Not Started'));
    // One page leaves, and the others must not mind.
    pages.pop()!.leave();
    const approvedAt = performance.now();
    await approve(site, id);
    for (const { next } of pages) {
      assert.equal(await next(), message('Approved'));
      assert.equal(await next(), undefined);
    }
    t.diagnostic(`told after ${Math.round(performance.now() - approvedAt)} ms`);
  });

  it('has nothing to complain of', async () => {
    await site.stop();
    assert.doesNotMatch(site.output(), COMPLAINT);
  });
});

/** A page that listens, until it is told no more or leaves. */
async function listen(site: WorkersSite, user: string, reference: string) {
  const leaving = new AbortController();
  const response = await ask(site, user, reference, leaving.signal);
  assert.equal(response.headers.get('Content-Type'), 'text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await inTime(reader.read(), 'a message')).value;
  return { next, leave: () => leaving.abort() };
}

function message(status: string): string {
  return `event: status\ndata: ${JSON.stringify({ status })}\n\n`;
}
