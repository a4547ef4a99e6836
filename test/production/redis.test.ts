import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { LogEvent } from '../../src/server/index.js';
import { startDidit } from './didit-stub.js';
import { leftOut, startRedis } from './redis.js';
import { heard, instanceHere, startInstance } from './redis-instances.js';

const run = promisify(execFile);

const LIMIT = { timeout: 300_000, skip: leftOut };

/** What a webhook has to reach a page of another instance in. */
const HEARD_MS = 2000;
const ALL_HEARD_MS = 5000;

describe('two instances with one Redis', LIMIT, () => {
  it('a webhook to one reaches a page that listens to the other within two seconds', async (test) => {
    const { url } = await startRedis(test);
    const didit = await startDidit(test);
    const a = await startInstance(test, didit, url);
    const b = await startInstance(test, didit, url);
    const { status_url } = await b.create('zoe');
    const next = await b.listen('zoe', status_url);
    await heard(next, 'Not Started');
    for (const status of ['In Progress', 'Approved']) {
      didit.set('zoe', status);
      const sentAt = performance.now();
      assert.equal(await a.tell('zoe', status), 200);
      const ms = (await heard(next, status)) - sentAt;
      test.diagnostic(`${status}: heard after ${ms.toFixed(0)} ms`);
      assert.ok(ms < HEARD_MS, `${ms} ms`);
    }
    const decided = (events: LogEvent[]) =>
      events.filter(({ type }) => type === 'decision.accepted');
    assert.deepEqual([decided(a.events).length, decided(b.events).length], [1, 0]);
  });

  it('lose nothing when both are killed and started again', async (test) => {
    const { url } = await startRedis(test);
    const didit = await startDidit(test);
    const a = await startInstance(test, didit, url);
    const b = await startInstance(test, didit, url);
    const zoe = await b.create('zoe', 'key-of-zoe');
    const ali = await b.create('ali');
    const mio = await b.create('mio');
    didit.set('zoe', 'Approved');
    assert.equal(await a.tell('zoe', 'Approved', 'event-1'), 200);
    assert.equal(await a.tell('ali', 'In Progress'), 200);
    await Promise.all([a.kill(), b.kill()]);

    // Didit's webhook finds nobody, and is sent again later.
    didit.set('mio', 'Declined');
    await assert.rejects(a.tell('mio', 'Declined'));
    const { creates, decisions } = didit.calls;
    const anew = await startInstance(test, didit, url);
    assert.equal(await anew.tell('mio', 'Declined'), 200);
    assert.equal(await anew.tell('zoe', 'Approved', 'event-1'), 200);

    assert.equal(await anew.read('zoe', zoe.status_url), 'Approved');
    assert.equal(await anew.read('mio', mio.status_url), 'Declined');
    assert.equal((await anew.create('zoe', 'key-of-zoe')).session_id, zoe.session_id);
    // Mio's decision alone: what was known is not asked for.
    assert.deepEqual([didit.calls.creates, didit.calls.decisions], [creates, decisions + 1]);
    const types = anew.events.map((event) => ('reason' in event ? event.reason : event.type));
    assert.ok(types.includes('repeated'));
    assert.equal(types.filter((type) => type === 'decision.accepted').length, 1);

    didit.set('ali', 'In Progress');
    const next = await anew.listen('ali', ali.status_url);
    await heard(next, 'In Progress');
  });

  it('refuse a decision that is not on the person whom another has created it for', async (test) => {
    const { url } = await startRedis(test);
    const didit = await startDidit(test);
    const instance = (options?: object) => {
      const made = instanceHere(didit.url, url, options);
      test.after(made.end);
      return made;
    };
    await instance().create('zoe');
    const a = instance({ fetch: forSomebodyElse });
    didit.set('zoe', 'Approved');
    assert.equal(await a.tell('zoe', 'Approved'), 200);
    const types = a.events.map(({ type }) => type);
    assert.ok(types.includes('decision.mismatched'));
    assert.ok(!types.includes('decision.accepted'));
  });

  it('go on without Redis, and hear of each other when it is back', async (test) => {
    const redis = await startRedis(test);
    const didit = await startDidit(test);
    const a = await startInstance(test, didit, redis.url);
    const b = await startInstance(test, didit, redis.url);
    const zoe = await b.create('zoe');
    const next = await b.listen('zoe', zoe.status_url);
    await heard(next, 'Not Started');
    await redis.stop();
    const ali = await a.create('ali');
    assert.equal(await a.tell('ali', 'In Progress'), 200);
    didit.set('ali', 'In Progress');
    assert.equal(await a.read('ali', ali.status_url), 'In Progress');
    await redis.start();
    // It was emptied, and instances look for it again after a while.
    const hearing = heard(next, 'In Progress');
    while (!b.events.some((event) => event.type === 'session.status')) {
      await setTimeout(250);
      assert.equal(await a.tell('zoe', 'In Progress'), 200);
    }
    await hearing;
    assert.ok(a.events.some(({ type }) => type === 'storage.failed'));
  });

  it('bring 5,000 webhooks to 5,000 pages of the other, each within five seconds', async (test) => {
    const { url } = await startRedis(test);
    const didit = await startDidit(test, 'Approved');
    const a = await startInstance(test, didit, url);
    const env = { ...process.env, DIDIT_URL: didit.url, REDIS_URL: url, OTHER: a.origin };
    const args = ['--import', 'tsx', 'test/production/redis-pages.ts'];
    const { stdout } = await run(process.execPath, args, { env, maxBuffer: 1e8 });
    const delays = (JSON.parse(stdout) as number[]).sort((one, other) => one - other);
    const [half, most] = [delays[2500]!, delays.at(-1)!];
    test.diagnostic(`heard after ${half.toFixed(0)} ms (median), ${most.toFixed(0)} ms (most)`);
    assert.equal(delays.length, 5000);
    assert.ok(most < ALL_HEARD_MS, `${most} ms`);
  });
});

/** Didit's answer, had it the session for another person. */
async function forSomebodyElse(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const body = (await response.json()) as object;
  return Response.json({ ...body, vendor_data: 'eve' }, { status: response.status });
}
