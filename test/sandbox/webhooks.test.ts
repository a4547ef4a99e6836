import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { WebhookSignature } from '../../src/server/webhook-signature.js';
import { deferred, settle } from '../server/helpers.js';
import type { SandboxOptions } from '../../src/sandbox/sandbox-options.js';
import { START, fields, setUpVerification, webhookServer, VERIFICATION } from './helpers.js';

const SECRET = 'webhook-secret';
const NOWHERE = { webhookUrl: 'http://site.test/webhook', webhookSecret: SECRET };
const AT_ONCE = [0, 0, 0];

interface Body {
  session_id: string;
  status: string;
  event_id: string;
  timestamp: number;
  created_at: number;
  decision?: unknown;
}

/** A site that never answers; the signal of the call, once there is one. */
function hanging() {
  const started = deferred<AbortSignal>();
  const fetch = (_: unknown, init?: RequestInit) => {
    started.resolve(init!.signal!);
    return new Promise<Response>(() => undefined);
  };
  return { fetch, started: started.promise };
}

/** Pauses that are under way would hold up the end. */
const closing: (() => void)[] = [];
after(() => closing.forEach((close) => close()));

function setUpWebhooks(options: SandboxOptions) {
  const all = setUpVerification({ ...NOWHERE, ...options });
  closing.push(all.close);
  return all;
}

/** A sandbox whose webhooks are answered by a function; `sent` has what they said. */
function setUp(
  answer: (count: number) => Response | Promise<Response>,
  webhookRetryDelays: readonly number[] = AT_ONCE,
) {
  const sent: Body[] = [];
  const fetch = async (_: unknown, init?: RequestInit) => {
    sent.push(JSON.parse(init?.body as string) as Body);
    return answer(sent.length);
  };
  return { ...setUpWebhooks({ webhookRetryDelays, fetch }), sent };
}

const statuses = (bodies: readonly Body[]) => bodies.map(({ status }) => status);
const ok = () => new Response();

describe('over HTTP', () => {
  test('each new status is sent, with all three signatures', async (t) => {
    const { webhookUrl, arrived } = await webhookServer(t);
    const { session, open, answer, told, get } = setUpWebhooks({ webhookUrl });
    const created = await session({ vendor_data: 'Zoë', metadata: { plan: 1.5 } });
    await open(created);
    await answer(created, 'approve');
    const { session_id: sessionId } = created;
    const about = { type: 'webhook.delivered', at: START, sessionId, attempt: 1, httpStatus: 200 };
    assert.deepEqual(await told('webhook.delivered', 2), [
      { ...about, status: 'In Progress' },
      { ...about, status: 'Approved' },
    ]);
    const bodies = arrived.map(({ body }) => JSON.parse(body) as Body);
    assert.deepEqual(statuses(bodies), ['In Progress', 'Approved']);
    const decision = await fields(await get(`${VERIFICATION}${sessionId}/decision/`));
    assert.deepEqual(bodies[1]!.decision, decision);
    for (const { headers, body } of arrived) {
      assert.equal(headers['content-type'], 'application/json');
      assert.equal(headers['x-timestamp'], String(START / 1000));
      assert.equal((JSON.parse(body) as Body).timestamp, START / 1000);
      for (const name of ['X-Signature', 'X-Signature-V2', 'X-Signature-Simple']) {
        const signature = headers[name.toLowerCase()] as string;
        const check = (secret: string) =>
          new WebhookSignature([secret]).check(
            new Headers({ [name]: signature }),
            new TextEncoder().encode(body),
          );
        assert.equal(await check(SECRET), name.endsWith('Simple') ? 'simple' : 'full');
        assert.equal(await check('another'), null);
      }
    }
  });

  test('a redirect is not followed, and is the end of it', async (t) => {
    const { webhookUrl, arrived } = await webhookServer(t, (response) =>
      response.writeHead(307, { Location: '/elsewhere' }).end(),
    );
    const { session, open, told } = setUpWebhooks({ webhookUrl });
    await open(await session());
    const [failed] = await told('webhook.failed');
    assert.deepEqual([failed?.httpStatus, failed?.isSentAgain], [307, false]);
    assert.equal(arrived.length, 1);
  });

  test('one that finds nobody is sent again', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { session, open, told } = setUpWebhooks({
      webhookUrl: `http://127.0.0.1:${port}/`,
      webhookRetryDelays: [0],
    });
    await open(await session());
    const failed = await told('webhook.failed', 2);
    assert.deepEqual(
      failed.map(({ attempt, httpStatus, isSentAgain }) => [attempt, httpStatus, isSentAgain]),
      [
        [1, null, true],
        [2, null, false],
      ],
    );
  });

  test('a connection that is cut counts as no answer', async (t) => {
    const { webhookUrl, arrived } = await webhookServer(t, (response, count) => {
      if (count === 1) response.destroy();
      else response.end();
    });
    const { session, open, told } = setUpWebhooks({
      webhookUrl,
      webhookRetryDelays: AT_ONCE,
    });
    await open(await session());
    const [delivered] = await told('webhook.delivered');
    assert.equal(delivered?.attempt, 2);
    assert.equal((await told('webhook.failed'))[0]?.httpStatus, null);
    const [first, second] = arrived.map(({ body }) => (JSON.parse(body) as Body).event_id);
    assert.equal(first, second);
  });
});

describe('sent again', () => {
  for (const status of [404, 500, 503]) {
    test(`is what ${status} answers, as often as there are pauses, with the same event_id`, async () => {
      const { session, open, told, sent } = setUp(() => new Response(null, { status }), [0, 0]);
      await open(await session());
      const failed = await told('webhook.failed', 3);
      assert.deepEqual(
        failed.map((event) => [event.attempt, event.httpStatus, event.isSentAgain]),
        [
          [1, status, true],
          [2, status, true],
          [3, status, false],
        ],
      );
      assert.equal(sent.length, 3);
      assert.equal(new Set(sent.map(({ event_id }) => event_id)).size, 1);
    });
  }

  for (const status of [400, 401, 403, 410, 429]) {
    test(`is not what ${status} answers`, async () => {
      const { session, open, told, sent } = setUp(() => new Response(null, { status }));
      await open(await session());
      assert.equal((await told('webhook.failed'))[0]?.isSentAgain, false);
      assert.equal(sent.length, 1);
    });
  }

  test('it is after each pause, signed anew', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const second = deferred<Response>();
    const third = deferred<Response>();
    const replies = [new Response(null, { status: 500 }), second.promise, third.promise];
    const { session, open, told, sent, clock } = setUp((count) => replies[count - 1]!, [1, 5]);
    const received = async (count: number) => {
      // Its signatures take the platform a while.
      while (sent.length < count) await settle();
    };
    await open(await session());
    await told('webhook.failed');
    t.mock.timers.tick(999);
    await settle();
    assert.equal(sent.length, 1);
    clock.time += 1000;
    t.mock.timers.tick(1);
    await received(2);
    second.resolve(new Response(null, { status: 500 }));
    await told('webhook.failed', 2);
    t.mock.timers.tick(4999);
    await settle();
    assert.equal(sent.length, 2);
    clock.time += 5000;
    t.mock.timers.tick(1);
    await received(3);
    third.resolve(ok());
    await told('webhook.delivered');
    const seconds = (milliseconds: number) => (START + milliseconds) / 1000;
    assert.deepEqual(
      sent.map(({ timestamp, created_at }) => [timestamp, created_at]),
      [0, 1000, 6000].map((milliseconds) => [seconds(milliseconds), seconds(0)]),
    );
  });

  test('is what is not answered within 5 seconds, though the call does not heed its signal', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const asked = deferred();
    const { session, open, told, events } = setUp((count) => {
      if (count > 1) return ok();
      asked.resolve();
      return new Promise<Response>(() => undefined);
    });
    await open(await session());
    await asked.promise;
    t.mock.timers.tick(4999);
    await settle();
    assert.deepEqual(
      events.filter(({ type }) => type.startsWith('webhook')),
      [],
    );
    t.mock.timers.tick(1);
    assert.equal((await told('webhook.failed'))[0]?.httpStatus, null);
    t.mock.timers.tick(0);
    assert.equal((await told('webhook.delivered'))[0]?.attempt, 2);
  });
});

test('a call that takes too long is aborted', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { fetch, started } = hanging();
  const { session, open, told } = setUpWebhooks({ webhookRetryDelays: [], fetch });
  await open(await session());
  const signal = await started;
  assert.equal(signal.aborted, false);
  t.mock.timers.tick(5000);
  await told('webhook.failed');
  assert.equal(signal.aborted, true);
});

describe('order', () => {
  test('the next of a session waits for the one before; those of others do not', async () => {
    const first = deferred<Response>();
    const { session, open, answer, told, sent } = setUp((count) =>
      count === 1 ? first.promise : ok(),
    );
    const one = await session();
    const other = await session();
    await open(one);
    while (sent.length < 1) await settle();
    await answer(one, 'approve');
    await open(other);
    await told('webhook.delivered');
    assert.deepEqual(
      sent.map(({ session_id }) => session_id),
      [one.session_id, other.session_id],
    );
    first.resolve(ok());
    await told('webhook.delivered', 3);
    assert.deepEqual(statuses(sent), ['In Progress', 'In Progress', 'Approved']);
  });

  test('what is given up does not hold up the next', async () => {
    const { session, open, answer, told, sent } = setUp(
      (count) => (count <= 2 ? new Response(null, { status: 500 }) : ok()),
      [0],
    );
    const created = await session();
    await open(created);
    await answer(created, 'approve');
    await told('webhook.delivered');
    assert.deepEqual(statuses(sent), ['In Progress', 'In Progress', 'Approved']);
  });

  test('the phone does not wait', async () => {
    const { session, open, status } = setUp(() => new Promise<Response>(() => undefined));
    const created = await session();
    assert.equal((await open(created)).status, 200);
    assert.equal(await status(created), 'In Progress');
  });
});

describe('time', () => {
  test('a session that is overdue is told of, though nobody asks', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { session, told, clock, sent } = setUp(ok);
    await session();
    clock.time += 300_000;
    t.mock.timers.tick(300_000);
    await told('webhook.delivered');
    assert.deepEqual(statuses(sent), ['Expired']);
  });

  test('without webhooks nothing happens until somebody asks', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { session, status, clock, events } = setUpVerification();
    const created = await session();
    clock.time += 300_000;
    t.mock.timers.tick(300_000);
    assert.equal(events.length, 1);
    assert.equal(await status(created), 'Expired');
  });

  test('also one that was taken up again after a review', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { session, play, told, clock, sent } = setUp(ok);
    const { session_id } = await session();
    play(session_id, 'review');
    clock.time += 1_000_000;
    t.mock.timers.tick(1_000_000);
    play(session_id, 'resubmit');
    await told('webhook.delivered', 2);
    clock.time += 300_000;
    t.mock.timers.tick(300_000);
    await told('webhook.delivered', 3);
    assert.deepEqual(statuses(sent), ['In Review', 'Resubmitted', 'Abandoned']);
  });
});

describe('closed', () => {
  test('nothing is sent any more, nor again', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { session, open, answer, told, close, sent, events } = setUp(
      () => new Response(null, { status: 500 }),
      [1],
    );
    const created = await session();
    await open(created);
    await answer(created, 'approve');
    await told('webhook.failed');
    close();
    t.mock.timers.tick(400_000);
    for (let i = 0; i < 10; i++) await settle();
    assert.equal(sent.length, 1);
    assert.equal(events.filter(({ type }) => type.startsWith('webhook')).length, 1);
  });

  test('no session is looked at any more', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { session, close, clock, events } = setUp(ok);
    await session();
    close();
    clock.time += 300_000;
    t.mock.timers.tick(300_000);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['session.created'],
    );
  });

  test('what is under way is aborted', async () => {
    const { fetch, started } = hanging();
    const { session, open, close } = setUpWebhooks({ fetch });
    await open(await session());
    const signal = await started;
    assert.equal(signal.aborted, false);
    close();
    assert.equal(signal.aborted, true);
  });
});

test('events have no secret', async () => {
  const { session, open, told, events } = setUp(ok);
  const created = await session({ vendor_data: 'user-1' });
  await open(created);
  await told('webhook.delivered');
  const text = JSON.stringify(events);
  for (const secret of [SECRET, created.session_token, 'user-1', 'site.test']) {
    assert.ok(!text.includes(secret));
  }
});
