import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { HandleSeal } from '../../src/server/handle.js';
import type { DecisionContext, Didit, DiditOptions, ErrorBody } from '../../src/server/index.js';
import { SessionStatus } from '../../src/server/session-status.js';
import { StatusTracker } from '../../src/server/status-tracker.js';
import {
  client,
  clock,
  deferred,
  type Differing,
  fakeDidit,
  json,
  numberedSessions,
  options,
  pageRequest,
  recordedLog,
  SESSION_ID,
  settings,
  settle,
  SITE,
  statusRequest,
  VENDOR_DATA,
  VERIFICATION,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';

const SECRET = 'a secret of at least 32 bytes, one';
const OTHER_SECRET = 'a secret of at least 32 bytes, two';
const SHOP = 'https://shop.example';
const EVIL = 'https://evil.example';

interface Created {
  session_id: string;
  status_url: string;
  events_url: string;
}

async function create(didit: Didit, headers: Record<string, string> = {}): Promise<Created> {
  const response = await didit.session(pageRequest({}, headers));
  assert.equal(response.status, 201);
  return (await response.json()) as Created;
}

async function statusOf(didit: Didit, url: string, headers: Record<string, string> = {}) {
  const response = await didit.session(statusRequest(url, headers));
  const body = (await response.json()) as Partial<ErrorBody & { status: string }>;
  return { http: response.status, ...body, headers: response.headers };
}

/** A site before a fake Didit, on a clock that stands still. */
function site(differing: Differing = {}, upstream = fakeDidit()) {
  const { now, pass } = clock();
  const log = recordedLog();
  const all: DiditOptions = options({ fetch: upstream.fetch, now, log: log.log, ...differing });
  const didit = createDidit(all);
  return { didit, upstream, now, pass, ...log, again: () => createDidit(all) };
}

/** The messages of a stream, one at each call. */
function messagesOf(response: Response) {
  const reader = response.body!.getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  return { next, cancel: () => reader.cancel() };
}

/** What a promise gives without that time passes on a fake clock; else undefined. */
async function soon<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, settle().then(() => undefined)]);
}

/** Lets a fake clock run, and whatever waits for it. */
async function run(test: TestContext, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    test.mock.timers.tick(1000);
    // Sealing and hashing are done by the platform, elsewhere.
    for (let turn = 0; turn < 3; turn++) await settle();
  }
}

describe('GET, the status', () => {
  it('is Didit’s word, asked once it is due', async () => {
    const { didit, upstream, pass } = site();
    const { status_url } = await create(didit);
    assert.equal((await statusOf(didit, status_url)).status, 'initialized');
    assert.equal(upstream.count('status'), 0);
    upstream.set('Retrieved');
    pass(2);
    const answer = await statusOf(didit, status_url);
    assert.deepEqual([answer.http, answer.status], [200, 'Retrieved']);
    assert.equal(upstream.count('status'), 1);
    assert.equal((await statusOf(didit, status_url)).status, 'Retrieved');
    assert.equal(upstream.count('status'), 1);
  });

  it('has the headers of every answer, and nothing but the status', async () => {
    const { didit, upstream, pass } = site();
    const { status_url } = await create(didit);
    upstream.set('confirmed');
    pass(2);
    const response = await didit.session(statusRequest(status_url));
    assert.deepEqual(await response.json(), { status: 'confirmed' });
    assert.deepEqual(Object.fromEntries(response.headers), {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      vary: 'Origin',
    });
  });

  it('is asked of Didit as documented', async () => {
    const { didit, upstream, pass } = site();
    const { status_url } = await create(didit);
    pass(2);
    await statusOf(didit, status_url);
    const call = upstream.calls.find(({ kind }) => kind === 'status');
    assert.equal(call?.url, `https://apx.didit.me/auth/v2/session/${SESSION_ID}/status/`);
    assert.equal(call?.init.method, 'GET');
    assert.equal(call?.init.redirect, 'manual');
    assert.equal(call?.headers.get('Data-Session-Token'), 'session-token-1');
  });

  it('is the decision’s in verification, by one call', async () => {
    const seen: string[] = [];
    const onDecision: DiditOptions['onDecision'] = ({ status }) => void seen.push(status);
    const { didit, upstream, pass } = site({ ...VERIFICATION, onDecision });
    const { status_url } = await create(didit);
    assert.equal((await statusOf(didit, status_url)).status, 'Not Started');
    upstream.set('Approved');
    pass(2);
    assert.equal((await statusOf(didit, status_url)).status, 'Approved');
    assert.equal(upstream.count('status', 'decision'), 1);
    assert.deepEqual(seen, ['Approved']);
  });

  it('is asked once for all pages that want it at the same time', async () => {
    const { didit, upstream, pass } = site();
    const { status_url } = await create(didit);
    upstream.set('retrieved');
    pass(2);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => statusOf(didit, status_url)),
    );
    assert.ok(answers.every(({ status }) => status === 'retrieved'));
    assert.equal(upstream.count('status'), 1);
  });

  it('holds wherever the handler is mounted, and keeps the query', async () => {
    const { didit } = site();
    const url = `${SITE}/deep/path?tenant=a%20b&session=x&events`;
    const request = new Request(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const { status_url, events_url } = (await (await didit.session(request)).json()) as Created;
    const resolved = new URL(status_url, url);
    assert.equal(resolved.pathname, '/deep/path');
    assert.deepEqual([...resolved.searchParams.keys()], ['tenant', 'session']);
    assert.equal(resolved.searchParams.get('tenant'), 'a b');
    assert.ok(new URL(events_url, url).searchParams.has('events'));
    assert.equal((await didit.session(new Request(resolved))).status, 200);
  });

  it('is the last one known while the budget is spent, and the log tells it once', async () => {
    const upstream = fakeDidit({ session: numberedSessions() });
    const { didit, types, pass } = site({ statusBudget: 1 }, upstream);
    const [one, other] = [await create(didit), await create(didit)];
    upstream.set('retrieved', one.session_id);
    upstream.set('retrieved', other.session_id);
    pass(2);
    assert.equal((await statusOf(didit, one.status_url)).status, 'retrieved');
    assert.equal((await statusOf(didit, other.status_url)).status, 'initialized');
    assert.equal((await statusOf(didit, other.status_url)).status, 'initialized');
    assert.equal(types().filter((type) => type === 'budget.exhausted').length, 1);
    pass(60);
    assert.equal((await statusOf(didit, other.status_url)).status, 'retrieved');
    assert.equal(upstream.count('status'), 2);
  });
});

describe('GET, who may ask', () => {
  it('is every instance that has the secret, and none that has another', async () => {
    const { didit, upstream, now } = site({ secret: SECRET });
    const { status_url } = await create(didit);
    const instance = (differing: Differing) =>
      createDidit(options({ fetch: upstream.fetch, now, secret: SECRET, ...differing }));
    const rotated = [OTHER_SECRET, SECRET];
    const INSTANCES: [Differing, number][] = [
      [{}, 200],
      [{ secret: rotated }, 200],
      [{ secret: OTHER_SECRET }, 404],
      [{ clientId: 'another', clientSecret: 'secret' }, 404],
      [{ ...VERIFICATION }, 404],
      [{ apiKey: 'api-key-of-the-site' }, 404],
    ];
    for (const [differing, expected] of INSTANCES) {
      assert.equal((await statusOf(instance(differing), status_url)).http, expected);
    }
  });

  it('is a session’s own person alone', async () => {
    const getUser = ({ headers }: Request) => {
      const vendorData = headers.get('X-User');
      return vendorData === 'anonymous' ? {} : vendorData === null ? null : { vendorData };
    };
    const { didit, types } = site({ getUser });
    const own = await create(didit, { 'X-User': 'a' });
    const anonymous = await create(didit, { 'X-User': 'anonymous' });
    const ROWS: [string, string | null, number][] = [
      [own.status_url, 'a', 200],
      [own.status_url, 'b', 404],
      [own.status_url, 'anonymous', 404],
      [own.status_url, null, 401],
      // Whoever holds the handle of an anonymous session may read it.
      [anonymous.status_url, 'anonymous', 200],
      [anonymous.status_url, 'b', 200],
      [anonymous.status_url, null, 401],
    ];
    for (const [url, user, expected] of ROWS) {
      const headers: Record<string, string> = user === null ? {} : { 'X-User': user };
      assert.equal((await statusOf(didit, url, headers)).http, expected, `${user}`);
      const events = await didit.session(statusRequest(`${url}&events`, headers));
      assert.equal(events.status, expected);
      await events.body?.cancel();
    }
    assert.ok(types().includes('handle.refused'));
  });

  it('is nobody with a handle that was changed, cut or made up, and all hear the same', async () => {
    const { didit, events, upstream } = site();
    const { status_url } = await create(didit);
    const middle = Math.floor(status_url.length / 2);
    const changed = status_url[middle] === 'A' ? 'B' : 'A';
    const WRONG = [
      status_url.slice(0, middle) + changed + status_url.slice(middle + 1),
      status_url.slice(0, -1),
      status_url.slice(0, middle),
      '?session=',
      '?',
      '?session=x',
      `?session=${SESSION_ID}`,
      `?session=${'A'.repeat(5000)}`,
      `?session=x&session=${status_url.slice('?session='.length)}`,
    ];
    const answers = new Set<string>();
    for (const url of WRONG) {
      const { headers, ...answer } = await statusOf(didit, url);
      answers.add(JSON.stringify([{ ...answer, correlation_id: '' }, [...headers]]));
    }
    assert.equal(answers.size, 1);
    assert.match([...answers][0]!, /"http":404.*"code":"session-not-found"/);
    const reasons = events.flatMap((event) =>
      event.type === 'handle.refused' ? event.reason : [],
    );
    assert.deepEqual(reasons, Array(WRONG.length).fill('unreadable'));
    assert.equal(upstream.count('status'), 0);
  });

  it('is nobody once the handle has ended', async () => {
    const HOUR = 3600;
    const LIFETIMES: [Differing, number][] = [
      [{}, 24 * HOUR],
      [VERIFICATION, 8 * 24 * HOUR],
      [{ sessionLifetime: 300 }, 300 + HOUR],
    ];
    for (const [differing, seconds] of LIFETIMES) {
      const { didit, events, pass } = site(differing);
      const { status_url } = await create(didit);
      pass(seconds - 1);
      assert.equal((await statusOf(didit, status_url)).http, 200);
      pass(1);
      assert.equal((await statusOf(didit, status_url)).http, 404);
      const refused = events.find(({ type }) => type === 'handle.refused');
      assert.ok(refused?.type === 'handle.refused' && refused.reason === 'expired');
    }
  });

  // Each header alone, as a page on another site or an old browser would send it.
  const FOREIGN: [Record<string, string>, number][] = [
    [{}, 200],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 200],
    [{ 'Sec-Fetch-Site': 'none' }, 200],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ Origin: SITE }, 200],
    [{ Origin: EVIL }, 403],
    [{ Origin: 'null' }, 403],
    [{ Origin: SHOP }, 200],
    [{ Origin: SHOP, 'Sec-Fetch-Site': 'cross-site' }, 200],
    [{ Origin: EVIL, 'Sec-Fetch-Site': 'same-origin', Host: 'evil.example' }, 200],
    [{ 'X-Forwarded-Host': 'evil.example', Origin: EVIL }, 403],
  ];
  for (const [headers, expected] of FOREIGN) {
    it(`answers ${expected} to ${JSON.stringify(headers)}`, async () => {
      const { didit } = site({ allowedOrigins: [SHOP] });
      const { status_url } = await create(didit);
      for (const url of [status_url, `${status_url}&events`]) {
        const request = new Request(new URL(url, SITE), { headers });
        const response = await didit.session(request);
        assert.equal(response.status, expected);
        const allowed = headers.Origin === SHOP ? SHOP : null;
        assert.equal(response.headers.get('Access-Control-Allow-Origin'), allowed);
        await response.body?.cancel();
      }
    });
  }
});

describe('GET, the events', () => {
  it('are a stream that no proxy keeps', async () => {
    const { didit } = site({ allowedOrigins: [SHOP] });
    const { events_url } = await create(didit);
    const response = await didit.session(statusRequest(events_url, { Origin: SHOP }));
    assert.equal(response.status, 200);
    assert.deepEqual(Object.fromEntries(response.headers), {
      'access-control-allow-credentials': 'true',
      'access-control-allow-origin': SHOP,
      'access-control-expose-headers': 'Retry-After',
      'cache-control': 'no-store, no-transform',
      'content-type': 'text/event-stream',
      'referrer-policy': 'no-referrer',
      vary: 'Origin',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    await response.body!.cancel();
  });

  it('are for twenty pages of a session at a time: others may poll', async () => {
    const { didit } = site();
    const { events_url, status_url } = await create(didit);
    const pages = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const page = messagesOf(await didit.session(statusRequest(events_url)));
        await page.next();
        return page;
      }),
    );
    const refused = await didit.session(statusRequest(events_url));
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('Retry-After'), '30');
    assert.equal((await didit.session(statusRequest(status_url))).status, 200);
    await pages[0]!.cancel();
    const again = await didit.session(statusRequest(events_url));
    assert.equal(again.status, 200);
    await again.body!.cancel();
    for (const page of pages.slice(1)) await page.cancel();
  });

  it('begin at once, follow the session, and end with it', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { didit, upstream, types } = site({ now: () => Date.now() });
    const { events_url } = await create(didit);
    const { next } = messagesOf(await didit.session(statusRequest(events_url)));
    assert.equal(await next(), 'event: status\ndata: {"status":"initialized"}\n\n');
    for (const status of ['retrieved', 'confirmed']) {
      upstream.set(status);
      const message = next();
      await run(test, 3);
      assert.equal(await message, `event: status\ndata: {"status":"${status}"}\n\n`);
    }
    assert.equal(await next(), '');
    assert.ok(types().includes('events.opened') && types().includes('events.closed'));
    didit.close();
  });

  it('ask Didit once for all who listen', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { didit, upstream } = site({ now: () => Date.now() });
    const { events_url } = await create(didit);
    const listeners = await Promise.all(
      Array.from({ length: 50 }, async () =>
        messagesOf(await didit.session(statusRequest(events_url))),
      ),
    );
    await Promise.all(listeners.map(({ next }) => next()));
    upstream.set('retrieved');
    const messages = listeners.map(({ next }) => next());
    await run(test, 3);
    for (const message of await Promise.all(messages)) assert.match(message, /retrieved/);
    assert.equal(upstream.count('status'), 1);
    didit.close();
  });

  it('hear at once what settle() brings, and Didit is asked no more for it', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { didit, upstream } = site({ now: () => Date.now() });
    const { events_url } = await create(didit);
    const streams = [];
    for (let count = 0; count < 2; count++) {
      streams.push(messagesOf(await didit.session(statusRequest(events_url))));
    }
    await Promise.all(streams.map(({ next }) => next()));
    upstream.set('confirmed');
    const messages = streams.map(({ next }) => next());
    assert.equal(await didit.settle(SESSION_ID), 'confirmed');
    for (const message of messages) assert.match((await soon(message)) ?? '', /confirmed/);
    for (const { next } of streams) assert.equal(await soon(next()), '');
    assert.deepEqual([upstream.count('status'), upstream.count('decision')], [1, 1]);
    didit.close();
  });

  it('hear at once what another page’s poll brings', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { didit, upstream } = site({ now: () => Date.now() });
    const { status_url, events_url } = await create(didit);
    const { next, cancel } = messagesOf(await didit.session(statusRequest(events_url)));
    await next();
    for (const status of ['retrieved', 'In Progress']) {
      upstream.set(status);
      const message = next();
      test.mock.timers.setTime(Date.now() + 2000);
      assert.equal((await statusOf(didit, status_url)).status, status);
      assert.match((await soon(message)) ?? '', new RegExp(status));
    }
    assert.equal(upstream.count('status'), 2);
    await cancel();
    didit.close();
  });

  it('hear nothing before the site has heard of the decision', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const hook = deferred<undefined>();
    const called = deferred();
    const onDecision = () => {
      called.resolve();
      return hook.promise;
    };
    const { didit, upstream } = site({ now: () => Date.now(), onDecision });
    const { events_url } = await create(didit);
    const { next } = messagesOf(await didit.session(statusRequest(events_url)));
    await next();
    upstream.set('confirmed');
    const message = next();
    const settled = didit.settle(SESSION_ID);
    await called.promise;
    assert.equal(await soon(message), undefined);
    hook.resolve(undefined);
    await settled;
    assert.match((await soon(message)) ?? '', /confirmed/);
    didit.close();
  });

  it('are first heard from Didit on an instance that does not know the session', async () => {
    const { didit, again, upstream } = site();
    const { events_url } = await create(didit);
    upstream.set('retrieved');
    const { next, cancel } = messagesOf(await again().session(statusRequest(events_url)));
    assert.match(await next(), /retrieved/);
    await cancel();
  });

  it('end for a page that went, also where the platform does not cancel them', async () => {
    const page = new AbortController();
    const { didit, types } = site();
    const { events_url } = await create(didit);
    const request = new Request(statusRequest(events_url), { signal: page.signal });
    const { next } = messagesOf(await didit.session(request));
    assert.match(await next(), /initialized/);
    assert.ok(!types().includes('events.closed'));
    page.abort();
    assert.ok(types().includes('events.closed'));
    assert.match(await next(), /^retry: /);
    assert.equal(await next(), '');
  });

  it('have a heart that beats by the site’s clock', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { didit } = site({ now: () => 2 * Date.now() });
    const { events_url } = await create(didit);
    const { next } = messagesOf(await didit.session(statusRequest(events_url)));
    await next();
    const message = next();
    await run(test, 4);
    assert.equal(await message, ':\n\n');
    didit.close();
  });

  it('end at once for a page that went while it was asked who it is', async () => {
    const page = new AbortController();
    const { didit, types } = site({
      getUser: () => {
        if (asked) page.abort();
        return { vendorData: VENDOR_DATA };
      },
    });
    let asked = false;
    const { events_url } = await create(didit);
    asked = true;
    const request = new Request(statusRequest(events_url), { signal: page.signal });
    const { next } = messagesOf(await didit.session(request));
    assert.match(await next(), /^retry: /);
    assert.equal(await next(), '');
    assert.ok(types().includes('events.closed'));
  });

  it('are not there where the site does not want them', async () => {
    const { didit } = site({ events: false });
    const created = await create(didit);
    assert.equal(created.events_url, undefined);
    const answer = await statusOf(didit, `${created.status_url}&events`);
    assert.deepEqual([answer.http, answer.code], [400, 'bad-request']);
    assert.equal((await statusOf(didit, created.status_url)).http, 200);
  });

  it('end with close(), and the background with them', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { didit, upstream } = site({ now: () => Date.now() });
    const { events_url } = await create(didit);
    const { next } = messagesOf(await didit.session(statusRequest(events_url)));
    await next();
    didit.close();
    const last = next();
    await run(test, 1);
    assert.match(await last, /^retry: \d+\n\n$/);
    assert.equal(await next(), '');
    await run(test, 60);
    assert.equal(upstream.count('status'), 0);
  });
});

describe('SessionStatus, whoever listens', () => {
  /** A stream that has begun, and the session that it is of. */
  async function listening(test: TestContext) {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const didit = fakeDidit();
    const all = { fetch: didit.fetch, now: () => Date.now() };
    const tracker = new StatusTracker(settings(all), client(all));
    const seal = new HandleSeal([SECRET], 'test');
    const status = new SessionStatus(settings(all), seal, tracker);
    const facts = {
      ...{ sessionId: SESSION_ID, sessionToken: undefined, vendorData: VENDOR_DATA },
      ...{ createdAt: Date.now(), expiresAt: Infinity },
    };
    didit.people.set(SESSION_ID, VENDOR_DATA);
    const session = tracker.addCreated(facts, undefined);
    const page = new AbortController();
    const url = `?session=${await seal.seal({ ...facts, expiresAt: 1e12 })}&events`;
    const request = new Request(statusRequest(url), { signal: page.signal });
    const { body } = await status.answer(request, () => undefined);
    const { next, cancel } = messagesOf(new Response(body as ReadableStream<Uint8Array>));
    const listeners = () => session.listeners?.size ?? null;
    assert.equal(listeners(), null);
    assert.match(await next(), /initialized/);
    assert.equal(listeners(), 1);
    return { didit, tracker, status, listeners, page, next, cancel };
  }
  type Listening = Awaited<ReturnType<typeof listening>>;

  const ENDS: Record<string, (test: TestContext, all: Listening) => Promise<unknown>> = {
    'a cancel': (_, { cancel }) => cancel(),
    'a cancel between two looks': async (test, { next, cancel }) => {
      void next();
      await run(test, 2);
      await cancel();
    },
    'a page that went': async (_, { page }) => page.abort(),
    'the end of the session': async (_, { didit, tracker, next }) => {
      didit.set('confirmed');
      await tracker.settle(SESSION_ID, () => undefined);
      assert.match((await soon(next())) ?? '', /confirmed/);
      assert.equal(await soon(next()), '');
    },
    'close()': async (test, { status, next }) => {
      const last = next();
      status.close();
      await run(test, 1);
      assert.match(await last, /^retry: /);
      await next();
    },
    'the end of its time': async (test, { next }) => {
      const listened = (async () => {
        while (await next());
      })();
      await run(test, 601);
      await listened;
    },
  };
  for (const [end, bring] of Object.entries(ENDS)) {
    it(`is forgotten after ${end}`, async (test) => {
      const all = await listening(test);
      await bring(test, all);
      assert.equal(all.listeners(), null);
    });
  }
});

describe('GET, the decision', () => {
  /** Both APIs, and their words. */
  const APIS = [
    { name: 'data transfer', differing: {}, approved: 'confirmed', declined: 'declined' },
    {
      name: 'verification',
      differing: VERIFICATION,
      approved: 'Approved',
      declined: 'Declined',
    },
  ];
  for (const { name, differing, approved, declined } of APIS) {
    it(`is taken up before the page hears of it, in ${name}`, async () => {
      const order: string[] = [];
      const onDecision: DiditOptions['onDecision'] = async ({ status }, { source }) => {
        await settle();
        order.push(`${source} ${status}`);
      };
      const { didit, upstream, pass, types } = site({ ...differing, onDecision });
      const { status_url } = await create(didit);
      upstream.set(approved);
      pass(2);
      order.push((await statusOf(didit, status_url)).status!);
      assert.deepEqual(order, [`status ${approved}`, approved]);
      assert.ok(types().includes('decision.accepted'));
      // And once only.
      pass(60);
      assert.equal((await statusOf(didit, status_url)).status, approved);
      assert.equal(order.length, 2);
    });

    it(`is asked again after a failure, and heard once, in ${name}`, async () => {
      const keys: string[] = [];
      const onDecision = (_: unknown, { idempotencyKey }: DecisionContext) => {
        keys.push(idempotencyKey);
        if (keys.length <= 2) throw new Error('database down');
      };
      const { didit, upstream, pass, types } = site({ ...differing, onDecision });
      const { status_url } = await create(didit);
      upstream.set(approved);
      pass(2);
      const heard = [];
      for (let second = 0; second < 20; second++) {
        const { http, status, code, headers } = await statusOf(didit, status_url);
        heard.push(http === 200 ? status : code);
        if (http !== 200) assert.equal(http, 503);
        if (http !== 200) assert.ok(Number(headers.get('Retry-After')) > 0);
        pass(1);
      }
      // 5 s after the first failure, 10 s after the second.
      assert.deepEqual(heard, [
        ...Array<string>(15).fill('decision-failed'),
        ...Array<string>(5).fill(approved),
      ]);
      assert.deepEqual(new Set(keys), new Set([`${SESSION_ID}:approved`]));
      assert.equal(keys.length, 3);
      assert.equal(types().filter((type) => type === 'decision.failed').length, 2);
    });

    it(`is declined for the page where the site refuses it, in ${name}`, async () => {
      const { didit, upstream, pass, types } = site({
        ...differing,
        onDecision: () => ({ accept: false }),
      });
      const { status_url } = await create(didit);
      upstream.set(approved);
      pass(2);
      assert.equal((await statusOf(didit, status_url)).status, 'declined');
      assert.ok(types().includes('decision.refused'));
    });

    it(`is told of a no, too, in ${name}`, async () => {
      const seen: string[] = [];
      const onDecision: DiditOptions['onDecision'] = (_, { idempotencyKey }) =>
        void seen.push(idempotencyKey);
      const { didit, upstream, pass } = site({ ...differing, onDecision });
      const { status_url } = await create(didit);
      upstream.set(declined);
      pass(2);
      assert.equal((await statusOf(didit, status_url)).status, declined);
      assert.deepEqual(seen, [`${SESSION_ID}:declined`]);
    });

    for (const member of ['session_id', 'vendor_data'] as const) {
      it(`of another ${member} never reaches the hook, in ${name}`, async () => {
        const onDecision = () => assert.fail('was asked');
        const upstream = fakeDidit({
          decision: ({ sessionId }) =>
            json({ ...upstream.decisionBody(sessionId), [member]: 'another' }),
        });
        const { didit, types, pass } = site({ ...differing, onDecision }, upstream);
        const { status_url } = await create(didit);
        upstream.set(approved);
        pass(2);
        assert.equal((await statusOf(didit, status_url)).status, 'declined');
        assert.ok(types().includes('decision.mismatched'));
        assert.ok(!types().includes('decision.failed'));
      });
    }
  }

  it('is told who asked for it', async () => {
    const ROWS: [string, string][] = [
      ['status_url', 'status'],
      ['events_url', 'events'],
    ];
    for (const [member, source] of ROWS) {
      const contexts: DecisionContext[] = [];
      const onDecision = (_: unknown, context: DecisionContext) => void contexts.push(context);
      const { didit, upstream, pass } = site({ onDecision });
      const created = await create(didit);
      upstream.set('confirmed');
      pass(2);
      const request = statusRequest(created[member as keyof Created]);
      const { next } = messagesOf(await didit.session(request));
      assert.match(await next(), /confirmed/);
      assert.deepEqual([contexts[0]?.source, contexts[0]?.request], [source, request]);
    }
  });

  it('has the last word: its status wins over the one that led to it', async () => {
    const STATUSES: [string, string, number][] = [
      ['Declined', 'Declined', 1],
      ['In Progress', 'In Progress', 0],
      ['Expired', 'Expired', 0],
      ['a new word', 'a new word', 0],
    ];
    for (const [status, expected, calls] of STATUSES) {
      let hooks = 0;
      const upstream = fakeDidit({
        status: () => json({ status: 'confirmed' }),
        decision: ({ sessionId }) => json({ ...upstream.decisionBody(sessionId), status }),
      });
      const { didit, pass } = site(
        {
          onDecision: () => {
            hooks++;
          },
        },
        upstream,
      );
      const { status_url } = await create(didit);
      pass(2);
      assert.equal((await statusOf(didit, status_url)).status, expected);
      assert.equal(hooks, calls);
    }
  });

  it('is not fetched where there is none', async () => {
    for (const status of ['cancelled', 'expired', 'Abandoned', 'Kyc Expired']) {
      const { didit, upstream, pass } = site({ onDecision: () => assert.fail('was asked') });
      const { status_url } = await create(didit);
      upstream.set(status);
      pass(2);
      assert.equal((await statusOf(didit, status_url)).status, status);
      assert.equal(upstream.count('decision'), 0);
      // Nothing more can come.
      pass(60);
      await statusOf(didit, status_url);
      assert.equal(upstream.count('status'), 1);
    }
  });

  it('is asked about again when a review ends', async () => {
    const seen: string[] = [];
    const onDecision: DiditOptions['onDecision'] = (_, { status, idempotencyKey }) =>
      void seen.push(status, idempotencyKey);
    const { didit, upstream, pass } = site({ ...VERIFICATION, onDecision });
    const { status_url } = await create(didit);
    for (const status of ['In Review', 'In Review', 'Approved', 'Approved']) {
      upstream.set(status);
      pass(30);
      assert.equal((await statusOf(didit, status_url)).status, status);
    }
    assert.deepEqual(seen, [
      ...['In Review', `${SESSION_ID}:in-review`],
      ...['Approved', `${SESSION_ID}:approved`],
    ]);
  });

  it('that hangs is 503 after 20 seconds, and asked again', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    let calls = 0;
    const called = deferred();
    const onDecision = () => {
      called.resolve();
      return ++calls === 1 ? new Promise<never>(() => undefined) : undefined;
    };
    const { didit, upstream } = site({ onDecision, now: () => Date.now() });
    const { status_url } = await create(didit);
    upstream.set('confirmed');
    test.mock.timers.setTime(Date.now() + 2000);
    const answers = [statusOf(didit, status_url), statusOf(didit, status_url)];
    let answered = 0;
    for (const answer of answers) void answer.then(() => answered++);
    await called.promise;
    await run(test, 19);
    assert.equal(answered, 0);
    await run(test, 1);
    for (const { http, code, headers } of await Promise.all(answers)) {
      assert.deepEqual([http, code], [503, 'decision-failed']);
      assert.equal(headers.get('Retry-After'), '5');
    }
    assert.equal(calls, 1);
    await run(test, 5);
    assert.equal((await statusOf(didit, status_url)).status, 'confirmed');
    assert.equal(calls, 2);
    didit.close();
  });

  it('is heard by a stream once, after it failed twice', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    let calls = 0;
    const onDecision = () => {
      if (++calls <= 2) throw new Error('database down');
    };
    const { didit, upstream } = site({ onDecision, now: () => Date.now() });
    const { events_url } = await create(didit);
    const { next } = messagesOf(await didit.session(statusRequest(events_url)));
    await next();
    upstream.set('confirmed');
    const messages: string[] = [];
    const listening = (async () => {
      for (let message = await next(); message; message = await next()) messages.push(message);
    })();
    await run(test, 20);
    await listening;
    const told = messages.filter((message) => message !== ':\n\n');
    assert.deepEqual(told, ['event: status\ndata: {"status":"confirmed"}\n\n']);
    assert.equal(calls, 3);
    didit.close();
  });
});

describe('GET, on two instances without shared memory', () => {
  for (const differing of [{}, VERIFICATION]) {
    it(`works by round robin with ${JSON.stringify(Object.keys(differing))}`, async () => {
      const keys: string[] = [];
      const onDecision: DiditOptions['onDecision'] = (_, { idempotencyKey }) =>
        void keys.push(idempotencyKey);
      const { didit, again, upstream, pass } = site({ ...differing, onDecision });
      const instances = [didit, again()];
      let turn = 0;
      const next = () => instances[turn++ % 2]!;
      const { status_url, events_url } = await create(next());
      const { next: message, cancel } = messagesOf(await next().session(statusRequest(events_url)));
      assert.match(await message(), /initialized|Not Started/);
      await cancel();
      for (const status of ['In Progress', 'Approved']) {
        upstream.set(status);
        pass(3);
        for (let count = 0; count < 4; count++) {
          assert.equal((await statusOf(next(), status_url)).status, status);
        }
      }
      // At least once, and the site can tell that it is the same.
      assert.ok(keys.length >= 1 && keys.length <= 2);
      assert.equal(new Set(keys).size, 1);
    });
  }

  it('may call the hook on both at once, with the same key and the same person', async () => {
    const contexts: DecisionContext[] = [];
    const onDecision = async (_: unknown, context: DecisionContext) => {
      contexts.push(context);
      while (contexts.length < 2) await settle();
    };
    const { didit, again, upstream, pass } = site({ onDecision });
    const { status_url } = await create(didit);
    upstream.set('confirmed');
    pass(2);
    const answers = await Promise.all(
      [didit, again()].map((instance) => statusOf(instance, status_url)),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['confirmed', 'confirmed'],
    );
    assert.equal(contexts.length, 2);
    assert.equal(contexts[0]?.idempotencyKey, contexts[1]?.idempotencyKey);
    for (const { vendorData } of contexts) assert.equal(vendorData, VENDOR_DATA);
  });
});
