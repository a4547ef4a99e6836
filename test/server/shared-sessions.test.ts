import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { DecisionContext, WebhookBody } from '../../src/server/index.js';
import { signWebhook } from '../../src/server/sign-webhook.js';
import {
  clock,
  deferred,
  type Differing,
  fakeDidit,
  json,
  options,
  pageRequest,
  recordedLog,
  SESSION_ID,
  settle,
  SITE,
  statusRequest,
  VENDOR_DATA,
  VERIFICATION,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';
import { sharedStore, watchedStore } from './stores.js';

const SECRET = 'secret-of-the-webhook';
const KEY = `didit-verify:session:${SESSION_ID}`;
const DAY_S = 24 * 60 * 60;

/** Instances of one site before one Didit, on a clock that stands still. */
function site(store: ReturnType<typeof sharedStore> = sharedStore(), didit = fakeDidit()) {
  const time = clock();
  didit.people.set(SESSION_ID, VENDOR_DATA);
  didit.set('Not Started');

  const instance = (differing: Differing = {}) => {
    const { log, types, events } = recordedLog();
    const decisions: DecisionContext[] = [];
    const parts = createDidit(
      options({
        ...VERIFICATION,
        webhookSecrets: [SECRET],
        fetch: didit.fetch,
        now: time.now,
        storage: store.storage,
        log,
        onDecision: (_, context) => void decisions.push(context),
        ...differing,
      }),
    );
    const create = async () => {
      const response = await parts.session(pageRequest());
      return ((await response.json()) as { status_url: string }).status_url;
    };
    const read = async (reference: string) => {
      const response = await parts.session(statusRequest(reference));
      return ((await response.json()) as { status?: string }).status ?? response.status;
    };
    /** What Didit's webhook does when a session has moved on; with its time, one that comes late. */
    const tell = async (status: string, more: Partial<WebhookBody> = {}) => {
      if (!more.timestamp) didit.set(status);
      const timestamp = Math.floor(time.now() / 1000);
      const body = { session_id: SESSION_ID, status, timestamp, vendor_data: VENDOR_DATA, ...more };
      const signed = await signWebhook(body, SECRET, time.now());
      return (await parts.webhook(new Request(`${SITE}/webhook`, signed))).status;
    };
    /** The messages of a stream, one after another. */
    const listen = async (test: TestContext, reference: string) => {
      const { body } = await parts.session(statusRequest(`${reference}&events`));
      const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
      test.after(() => reader.cancel());
      return async () => /"status":"(.*)"/.exec((await reader.read()).value ?? '')?.[1];
    };
    return { ...parts, create, read, tell, listen, decisions, types, events };
  };
  return { instance, store, didit, ...time };
}

describe('storage', () => {
  it('brings what a webhook tells one instance to a page of another', async () => {
    const { instance, pass, didit } = site();
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    assert.equal(await b.read(session), 'Not Started');
    await a.tell('In Progress');
    pass(1);
    assert.equal(await b.read(session), 'In Progress');
    assert.equal(didit.count('decision'), 0);
  });

  it('is asked once a second for a page, however often that asks', async () => {
    const { instance, pass, store } = site();
    const b = instance();
    const session = await b.create();
    pass(1);
    const before = store.calls.get;
    for (let time = 0; time < 5; time++) await b.read(session);
    assert.equal(store.calls.get, before + 1);
    pass(1);
    await Promise.all([b.read(session), b.read(session)]);
    assert.equal(store.calls.get, before + 2);
  });

  it('has a decision taken up once for all instances', async () => {
    const { instance, pass, didit } = site();
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    assert.equal(await a.tell('Approved'), 200);
    pass(2);
    assert.equal(await b.read(session), 'Approved');
    assert.deepEqual([a.decisions.length, b.decisions.length, didit.count('decision')], [1, 0, 1]);
    assert.equal(a.decisions[0]?.vendorData, VENDOR_DATA);
  });

  it('passes a refusal on', async () => {
    const { instance, pass } = site();
    const [a, b] = [instance({ onDecision: () => ({ accept: false }) }), instance()];
    const session = await b.create();
    await a.tell('Approved');
    pass(2);
    assert.equal(await b.read(session), 'declined');
    assert.equal(b.decisions.length, 0);
  });

  it('passes no decision on that the site has not taken up', async () => {
    const { instance, pass } = site();
    const failing = instance({ onDecision: () => Promise.reject(new Error('down')) });
    const b = instance();
    const session = await b.create();
    assert.equal(await failing.tell('Approved'), 503);
    pass(2);
    assert.equal(await b.read(session), 'Approved');
    assert.equal(b.decisions.length, 1);
  });

  it('settles what another instance has settled without asking Didit', async () => {
    const { instance, didit } = site();
    const [a, b] = [instance(), instance()];
    await b.create();
    didit.set('Approved');
    assert.equal(await a.settle(SESSION_ID), 'Approved');
    assert.equal(await b.settle(SESSION_ID), 'Approved');
    assert.deepEqual([a.decisions.length, b.decisions.length, didit.count('decision')], [1, 0, 1]);
  });

  it('says in the log of each instance what its pages hear', async () => {
    const { instance, pass } = site();
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    await a.tell('In Progress');
    pass(1);
    await b.read(session);
    assert.equal(b.types().filter((type) => type === 'session.status').length, 1);
  });

  it('keeps neither the authorize URL nor a token or a handle in the clear', async () => {
    const { instance, store } = site();
    const b = instance({ sessionLifetime: 600 });
    const response = await b.session(pageRequest({}, { 'Idempotency-Key': 'key-1' }));
    const { url, status_url } = (await response.json()) as Record<string, string>;
    const all = JSON.stringify([...store.items]);
    const handle = new URLSearchParams(status_url).get('session')!;
    for (const secret of [url!, url!.slice(-15), handle]) assert.ok(!all.includes(secret), secret);
    assert.match(all, /session:/);
  });

  it('has keys of letters, digits, ":", "_" and "-" alone', async () => {
    const { instance, store } = site();
    const b = instance({ sessionLifetime: 600 });
    await b.session(pageRequest({}, { 'Idempotency-Key': 'a/key?with=all~of{it}' }));
    assert.equal(store.keys().length, 3);
    for (const key of store.keys()) assert.match(key, /^[\w:-]+$/);
  });

  it('keeps a session for eight days after its last change', async () => {
    const { instance, store, now, pass } = site();
    const b = instance();
    await b.create();
    assert.equal(store.ttls.get(KEY), 8 * DAY_S);
    pass(DAY_S);
    await b.tell('In Progress');
    assert.equal(store.item(KEY)?.expiresAt, now() + 8 * DAY_S * 1000);
  });

  it('is written again where it has lost everything', async () => {
    const { instance, store, pass } = site();
    const b = instance();
    const session = await b.create();
    store.items.clear();
    pass(1);
    await b.read(session);
    assert.equal(store.item(KEY)?.vendorData, VENDOR_DATA);
  });

  it('is not written again where the session was deleted at Didit, too', async () => {
    const deleted = fakeDidit({ decision: () => json({ detail: 'not found' }, 404) });
    const { instance, store, pass } = site(sharedStore(), deleted);
    const b = instance();
    const session = await b.create();
    pass(2);
    assert.equal(await b.read(session), 502);
    store.items.clear();
    for (let second = 0; second < 60; second++) {
      pass(1);
      await b.read(session);
    }
    assert.deepEqual(store.keys(), []);
  });

  it('is left as it is where nothing has changed', async () => {
    const { instance, store, pass } = site();
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    await a.tell('In Progress');
    const { set } = store.calls;
    for (let second = 0; second < 5; second++) {
      pass(1);
      await b.read(session);
    }
    assert.equal(store.calls.set, set);
  });
});

describe('storage, an instance that has started anew', () => {
  it('tells a page at once what was known, and asks Didit for nothing', async () => {
    const { instance, didit } = site();
    const session = await instance().create();
    await instance().tell('Approved');
    const anew = instance();
    assert.equal(await anew.read(session), 'Approved');
    assert.deepEqual([anew.decisions.length, didit.count('decision')], [0, 1]);
  });

  it('takes a repeat for one', async () => {
    const { instance, pass } = site();
    await instance().create();
    await instance().tell('Approved', { event_id: 'event-1' });
    pass(30);
    const anew = instance();
    assert.equal(await anew.tell('Approved', { event_id: 'event-1' }), 200);
    assert.deepEqual(
      anew.events.flatMap((event) => ('reason' in event ? event.reason : [])),
      ['repeated'],
    );
  });

  it('ignores what is older than what was taken up', async () => {
    const { instance, now, pass } = site();
    const session = await instance().create();
    pass(100);
    await instance().tell('Awaiting User');
    const anew = instance();
    await anew.tell('In Progress', { timestamp: Math.floor(now() / 1000) - 50 });
    assert.equal(await anew.read(session), 'Awaiting User');
  });

  it('gives the same session again to the same idempotency key', async () => {
    const { instance, didit } = site();
    const ask = async (parts: { session: (request: Request) => Promise<Response> }) => {
      const response = await parts.session(pageRequest({}, { 'Idempotency-Key': 'key-1' }));
      return (await response.json()) as Record<string, string>;
    };
    const first = await ask(instance());
    const anew = instance();
    assert.deepEqual(await ask(anew), first);
    assert.equal(didit.count('session'), 1);
    assert.deepEqual(anew.types(), ['session.repeated']);
    assert.equal(await anew.read(first.status_url!), 'Not Started');
  });

  it('shows the person’s unopened session again', async () => {
    const { instance, didit, pass } = site();
    const ask = async (differing: Differing = {}) => {
      const anew = instance({ sessionLifetime: 600, ...differing });
      const response = await anew.session(pageRequest());
      return ((await response.json()) as { expires_in: number }).expires_in;
    };
    assert.equal(await ask(), 600);
    pass(100);
    assert.equal(await ask(), 500);
    assert.equal(didit.count('session'), 1);
    assert.equal(await ask({ getUser: () => ({ vendorData: 'somebody else' }) }), 600);
    assert.equal(didit.count('session'), 2);
  });

  it('has a webhook’s decision checked against whose session it is', async () => {
    const { instance, didit } = site();
    const session = await instance().create();
    didit.people.set(SESSION_ID, 'somebody else');
    didit.set('Approved');
    const anew = instance();
    assert.equal(await anew.tell('Approved'), 200);
    assert.equal(anew.decisions.length, 0);
    assert.ok(anew.types().includes('decision.mismatched'));
    assert.equal(await anew.read(session), 'declined');
  });
});

describe('storage, one change after another', () => {
  it('goes on although the clock of one instance is an hour ahead', async () => {
    const { instance, pass, now } = site();
    const ahead = instance({ now: () => now() + 200_000 });
    const b = instance();
    const session = await b.create();
    await ahead.tell('In Progress');
    pass(1);
    assert.equal(await b.read(session), 'In Progress');
    await b.tell('Awaiting User');
    pass(1);
    assert.equal(await ahead.read(session), 'Awaiting User');
    await b.tell('In Review');
    pass(1);
    assert.equal(await ahead.read(session), 'In Review');
  });

  it('never takes back an end', async () => {
    const { instance, pass, store } = site();
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    await a.tell('Approved');
    const ended = store.items.get(KEY)!;
    pass(1);
    assert.equal(await b.read(session), 'Approved');
    store.items.set(
      KEY,
      ended.replace('"over":true', '"over":false').replace('Approved', 'In Progress'),
    );
    pass(1);
    assert.equal(await b.read(session), 'Approved');
    assert.equal(await a.read(session), 'Approved');
  });

  it('drops what Didit said to one instance before a webhook told another', async () => {
    const asked = deferred();
    const held = deferred();
    const didit: ReturnType<typeof fakeDidit> = fakeDidit({
      decision: async ({ sessionId }) => {
        const said = json(didit.decisionBody(sessionId));
        asked.resolve();
        await held.promise;
        return said;
      },
    });
    const { instance, pass } = site(sharedStore(), didit);
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    pass(2);
    didit.set('In Progress');
    const reading = b.read(session);
    await asked.promise;
    await a.tell('Awaiting User');
    held.resolve();
    assert.equal(await reading, 'Awaiting User');
    pass(1);
    assert.equal(await a.read(session), 'Awaiting User');
  });

  it('ignores a webhook that is older than what another instance has asked for', async () => {
    const { instance, pass, now, didit } = site();
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    pass(100);
    didit.set('In Review');
    assert.equal(await b.read(session), 'In Review');
    await a.tell('In Progress', { timestamp: Math.floor(now() / 1000) - 50 });
    pass(1);
    assert.equal(await b.read(session), 'In Review');
    assert.equal(await a.read(session), 'In Review');
  });

  it('tells nobody of another person’s session', async () => {
    const { instance, store, pass } = site();
    const b = instance();
    const session = await b.create();
    const item = store.items.get(KEY)!;
    const others = item.replace('Not Started', 'Approved').replace('"over":false', '"over":true');
    store.items.set(KEY, JSON.stringify({ ...JSON.parse(others), vendorData: 'somebody else' }));
    pass(1);
    assert.equal(await b.read(session), 'Not Started');
  });

  for (const [member, value] of [
    ['vendorData', 5],
    ['status', ''],
    ['changedAt', '9'],
    ['asOf', null],
    ['decided', { stage: 'ready', status: 'Not Started' }],
    ['decided', { stage: 'approved' }],
    ['over', 1],
    ['webhooks', null],
    ['webhooks', { at: 1, keys: [5] }],
  ] as const) {
    it(`passes over what is none: ${member} ${JSON.stringify(value)}`, async () => {
      const { instance, store, pass, didit } = site();
      const [a, b] = [instance(), instance()];
      const session = await b.create();
      await a.tell('In Progress');
      didit.set('Not Started');
      store.items.set(KEY, JSON.stringify({ ...store.item(KEY), [member]: value }));
      pass(1);
      assert.equal(await b.read(session), 'Not Started');
    });
  }
});

describe('storage, pages that listen', () => {
  it('hear within a second where the store tells of nothing', async (test) => {
    const { instance, pass } = site();
    const [a, b] = [instance(), instance()];
    const next = await b.listen(test, await b.create());
    assert.equal(await next(), 'Not Started');
    await a.tell('In Progress');
    pass(1);
    assert.equal(await next(), 'In Progress');
  });

  it('hear at once where it tells of changes, and it is asked less often then', async (test) => {
    const { instance, pass, store } = site(watchedStore());
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    const next = await b.listen(test, session);
    assert.equal(await next(), 'Not Started');
    await a.tell('In Progress');
    // No time has passed for them.
    assert.equal(await next(), 'In Progress');
    const { get } = store.calls;
    pass(9);
    await b.read(session);
    assert.equal(store.calls.get, get);
    pass(1);
    await b.read(session);
    assert.equal(store.calls.get, get + 1);
  });

  it('hear soon where it tells of its own instance’s changes alone', async (test) => {
    const store = watchedStore();
    const { instance, pass } = site(store);
    const [a, b] = [instance(), instance({ storage: store.storage })];
    const session = await b.create();
    const next = await b.listen(test, session);
    await next();
    await a.tell('In Progress');
    await next();
    store.listeners.clear();
    await a.tell('Awaiting User');
    pass(10);
    assert.equal(await b.read(session), 'Awaiting User');
    await a.tell('In Progress');
    // Having missed one, it is asked once a second again.
    pass(1);
    assert.equal(await b.read(session), 'In Progress');
  });

  it('have it told of nothing that their own instance writes', async (test) => {
    const { instance, store } = site(watchedStore());
    const b = instance();
    const next = await b.listen(test, await b.create());
    await next();
    const { get } = store.calls;
    await b.tell('In Progress');
    assert.equal(await next(), 'In Progress');
    await settle();
    // Before the webhook is taken up, and before it is written down.
    assert.equal(store.calls.get, get + 2);
  });

  it('are not told of after close()', async (test) => {
    const store = watchedStore();
    const { instance } = site(store);
    const b = instance();
    await (
      await b.listen(test, await b.create())
    )();
    assert.equal(store.listeners.size, 1);
    b.close();
    await settle();
    assert.equal(store.listeners.size, 0);
  });
});

describe('storage that fails', () => {
  const failing = {
    getItem: () => Promise.reject(new RangeError('down')),
    setItem: () => Promise.reject(new RangeError('down')),
    removeItem: () => Promise.reject(new RangeError('down')),
  };

  it('holds up nothing but what instances hear of each other', async () => {
    const { instance, pass } = site();
    const b = instance({ storage: failing });
    const session = await b.create();
    assert.equal(await b.tell('Approved'), 200);
    assert.equal(await b.read(session), 'Approved');
    assert.equal(b.decisions.length, 1);
    pass(10);
    assert.equal(await b.tell('Approved'), 200);
    assert.equal(b.decisions.length, 1);
    assert.ok(b.types().includes('storage.failed'));
  });

  it('is told, when it is back, what it has missed', async () => {
    const { instance, store, pass } = site();
    let isDown = false;
    const storage = {
      ...store.storage,
      setItem: (...all: Parameters<typeof store.storage.setItem>) =>
        isDown ? Promise.reject(new RangeError('down')) : store.storage.setItem(...all),
    };
    const [a, b] = [instance({ storage }), instance()];
    const session = await a.create();
    isDown = true;
    await a.tell('In Progress');
    isDown = false;
    pass(5);
    assert.equal(await a.read(session), 'In Progress');
    assert.equal(await b.read(session), 'In Progress');
  });
});
