import { signWebhook } from 'didit-verify/server';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { personAt } from './person.js';
import { prepare, type Recipe } from './recipe.js';
import { startSite, type Site } from './site.js';

const LIMIT = { timeout: 60_000 };

/** By then a stream has something more to send, which would bring what a server holds back. */
const HEARTBEAT_MS = 8_000;

/** Everything that a page, Didit and an operator want of a recipe, over real HTTP. */
export function exercise(recipe: Recipe): void {
  describe(`the recipe for ${recipe.name}`, () => {
    let site: Site;
    before(async () => {
      site = await startSite(recipe, prepare(recipe));
    });
    after(() => site?.end());

    it('creates a session for a page of its own, in a browser of any age', LIMIT, async () => {
      for (const browser of ['own', 'ownOlder'] as const) {
        const answer = await personAt(site.origin, browser, browser).post();
        assert.equal(answer.status, 201, browser);
        const { session_id: sessionId } = (await answer.json()) as { session_id: string };
        await site.told({ type: 'your-site.linked', sessionId, user: browser });
      }
    });

    it('tells a page of its own the status', LIMIT, async () => {
      const person = personAt(site.origin, 'asks');
      const created = await person.create();
      const answer = await person.status(created);
      assert.equal(answer.status, 200);
      assert.deepEqual(await answer.json(), { status: created.status });
    });

    it('answers 403 to a page of another site', LIMIT, async () => {
      for (const browser of ['foreign', 'foreignOlder'] as const) {
        assert.equal((await personAt(site.origin, 'lured', browser).post()).status, 403, browser);
      }
    });

    it('answers 401 to somebody who is not logged in', LIMIT, async () => {
      assert.equal((await personAt(site.origin).post()).status, 401);
    });

    it('answers OPTIONS with 204', LIMIT, async () => {
      const answer = await personAt(site.origin, 'careful').options();
      assert.equal(answer.status, 204);
      assert.equal(answer.headers.get('Allow'), 'GET, POST, OPTIONS');
    });

    it('takes up a webhook with the bytes that were signed, and no others', LIMIT, async () => {
      const { session_id: sessionId } = await personAt(site.origin, 'signed').create();
      const { url, init } = await webhookTo(site, sessionId);
      const changed = await fetch(url, { ...init, body: init.body.replace('Zoë', 'Zoé') });
      assert.equal(changed.status, 401);
      await site.told({ type: 'webhook.refused', reason: 'signature' });
      assert.equal((await fetch(url, init)).status, 200);
      await site.told({ type: 'webhook.received', sessionId });
    });

    it('streams the status at once, and what webhooks bring', LIMIT, async () => {
      const person = personAt(site.origin, 'waits');
      const created = await person.create();
      const { session_id: sessionId, status } = created;
      // So that nothing but a webhook brings anything: whoever asks Didit is refused.
      site.sandbox.fail({ kind: 'rate-limited', call: 'decision', retryAfter: 1 });
      const begun = performance.now();
      const stream = await person.listen(created);
      assert.equal(stream.headers.get('Content-Type'), 'text/event-stream');
      assert.equal(await stream.next(), messageOf(status));
      site.sandbox.play(sessionId, 'open');
      assert.equal(await stream.next(), messageOf('In Progress'));
      site.sandbox.play(sessionId, 'approve');
      assert.equal(await stream.next(), messageOf('Approved'));
      assert.equal(await stream.next(), undefined);
      assert.ok(performance.now() - begun < HEARTBEAT_MS);
      const decided = await site.told({ type: 'your-site.decided', sessionId });
      assert.deepEqual([decided.user, decided.source], ['waits', 'webhook']);
      const delivered = await site.told({
        ...{ type: 'sandbox.webhook.delivered', sessionId },
        status: 'Approved',
      });
      assert.equal(delivered.httpStatus, 200);
      site.sandbox.heal();
    });

    it('closes the stream of a page that hangs up', LIMIT, async () => {
      const { created, stream } = await listenerAt(site, 'leaves');
      stream.hangUp();
      await site.told({ type: 'events.closed', sessionId: created.session_id });
    });

    it('ends open streams, and then itself, on SIGTERM', LIMIT, async () => {
      const { stream } = await listenerAt(site, 'stays');
      const exited = site.shutDown();
      assert.match((await stream.next()) ?? '', /^retry: \d+$/);
      assert.equal(await stream.next(), undefined);
      assert.equal(await exited, recipe.exitCode ?? 0);
    });
  });
}

/** A person whose page listens already. */
async function listenerAt(site: Site, name: string) {
  const person = personAt(site.origin, name);
  const created = await person.create();
  const stream = await person.listen(created);
  assert.equal(await stream.next(), messageOf(created.status));
  return { created, stream };
}

function messageOf(status: string): string {
  return `event: status\ndata: ${JSON.stringify({ status })}`;
}

/** One that decides nothing, with the one signature that covers each byte of the body. */
async function webhookTo({ origin, webhookSecret }: Site, sessionId: string) {
  const event = { session_id: sessionId, status: 'In Progress', name: 'Zoë' };
  const { headers, ...init } = await signWebhook(event, webhookSecret);
  const kept = Object.entries(headers).filter(([name]) => !/-(V2|Simple)$/.test(name));
  return { url: `${origin}/api/didit/webhook`, init: { ...init, headers: kept } };
}
