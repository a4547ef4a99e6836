import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DiditStorage } from '../../src/server/index.js';
import {
  fakeDidit,
  json,
  pageRequest,
  SESSION_ID,
  settle,
  statusRequest,
  VENDOR_DATA,
} from './helpers.js';
import { type Differing } from './helpers.js';
import { gatedDidit, gatedStore, gate, site } from './instances.js';
import { sharedStore, watchedStore } from './stores.js';

const KEY = `didit-verify:session:${SESSION_ID}`;
const DAY_S = 24 * 60 * 60;

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
    const { didit, shut, reached, open } = gatedDidit();
    const { instance, pass } = site(sharedStore(), didit);
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    pass(2);
    didit.set('In Progress');
    shut();
    const reading = b.read(session);
    await reached;
    await a.tell('Awaiting User');
    open();
    assert.equal(await reading, 'Awaiting User');
    pass(1);
    assert.equal(await a.read(session), 'Awaiting User');
  });

  it('takes up no review where another instance knows the end by now', async () => {
    const { didit, shut, reached, open } = gatedDidit();
    const { instance, pass } = site(sharedStore(), didit);
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    pass(2);
    didit.set('In Review');
    shut();
    const reading = b.read(session);
    await reached;
    await a.tell('Approved');
    open();
    assert.equal(await reading, 'Approved');
    assert.equal(b.decisions.length, 0);
    assert.deepEqual(b.heard(), ['Approved']);
  });

  it('takes nothing back while the site thinks about a review', async () => {
    const { pass: wait, shut, reached, open } = gate();
    const { instance, pass, didit } = site();
    const [a, b] = [instance(), instance({ onDecision: wait })];
    const session = await b.create();
    pass(2);
    didit.set('In Review');
    shut();
    const reading = b.read(session);
    await reached;
    pass(2);
    await a.tell('Approved');
    const other = b.read(session);
    while (b.heard().length === 0) await settle();
    open();
    assert.deepEqual(await Promise.all([reading, other]), ['Approved', 'Approved']);
    assert.deepEqual(b.heard(), ['Approved']);
  });

  it('leaves a review as it is where a word of the same second comes late', async () => {
    const { instance, pass, now } = site();
    const b = instance();
    const session = await b.create();
    pass(2.4);
    await b.tell('In Review');
    await b.tell('In Progress', { timestamp: Math.floor(now() / 1000), event_id: 'late' });
    assert.equal(await b.read(session), 'In Review');
  });

  it('hears a webhook although another instance, ahead in time, has asked before', async () => {
    const { instance, pass, now, didit } = site();
    const ahead = instance({ now: () => now() + 200_000 });
    const b = instance();
    const session = await b.create();
    pass(2);
    didit.set('In Progress');
    assert.equal(await ahead.read(session), 'In Progress');
    pass(10);
    await b.tell('Awaiting User');
    assert.equal(await b.read(session), 'Awaiting User');
  });

  it('keeps to the newer word of a session that Didit gives again', async () => {
    const given = { session_id: SESSION_ID, url: 'https://verify.didit.me/session/x' };
    let status = 'Not Started';
    const didit = fakeDidit({ session: () => json({ ...given, status }, 201) });
    const { instance, pass } = site(sharedStore(), didit);
    await instance().create();
    pass(100);
    status = 'In Progress';
    const response = await instance().session(pageRequest());
    assert.equal(((await response.json()) as { status: string }).status, 'In Progress');
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

  it('hear at once where it tells of changes', async (test) => {
    const { instance } = site(watchedStore());
    const [a, b] = [instance(), instance()];
    const next = await b.listen(test, await b.create());
    assert.equal(await next(), 'Not Started');
    await a.tell('In Progress');
    // No time has passed for them.
    assert.equal(await next(), 'In Progress');
  });

  it('hear within a second even so, where it tells of some changes alone', async (test) => {
    const store = watchedStore();
    const { instance, pass } = site(store);
    const [a, b] = [instance(), instance()];
    const next = await b.listen(test, await b.create());
    await next();
    await a.tell('In Progress');
    await next();
    store.listeners.clear();
    await a.tell('Awaiting User');
    pass(1);
    assert.equal(await next(), 'Awaiting User');
  });

  it('hear from others while Didit takes its time', async (test) => {
    const { didit, shut, reached, open } = gatedDidit();
    const { instance, pass } = site(sharedStore(), didit);
    const [a, b] = [instance(), instance()];
    const next = await b.listen(test, await b.create());
    pass(2);
    shut();
    assert.equal(await next(), 'Not Started');
    await reached;
    await a.tell('In Progress');
    pass(1);
    assert.equal(await next(), 'In Progress');
    open();
  });

  it('hear at once where they came while a webhook was looking whose session it is', async (test) => {
    const store = sharedStore();
    const { instance, pass } = site(store);
    const { storage, shut, reached, open } = gatedStore(store, 'getItem');
    const [a, b] = [instance({ storage }), instance()];
    const session = await b.create();
    pass(1);
    shut();
    const telling = a.tell('In Review');
    await reached;
    const next = await a.listen(test, session);
    const first = next();
    while (!a.types().includes('events.opened')) await settle();
    open();
    await telling;
    const said = await first;
    assert.equal(said === 'In Review' ? said : await next(), 'In Review');
  });

  it('share one watch', async (test) => {
    const store = watchedStore();
    const { instance } = site(store);
    const b = instance();
    const session = await b.create();
    for (let page = 0; page < 3; page++) await (await b.listen(test, session))();
    assert.equal(store.listeners.size, 1);
  });

  it('are watched for again where the store failed at first', async (test) => {
    const store = watchedStore();
    const { instance, pass } = site(store);
    let isDown = true;
    const watch: DiditStorage['watch'] = (listener) => {
      if (isDown) throw new RangeError('down');
      return store.storage.watch?.(listener);
    };
    const b = instance({ storage: { ...store.storage, watch } });
    const session = await b.create();
    await (
      await b.listen(test, session)
    )();
    isDown = false;
    pass(5);
    await (
      await b.listen(test, session)
    )();
    assert.equal(store.listeners.size, 1);
  });

  it('are looked for on behalf of nobody else', async () => {
    const store = watchedStore();
    const { instance } = site(store);
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    const { body } = await b.session(statusRequest(`${session}&events`));
    const reader = body!.getReader();
    await reader.read();
    await reader.cancel();
    await settle();
    const { get } = store.calls;
    await a.tell('In Progress');
    // Before the webhook is taken up, and before it is written down.
    assert.equal(store.calls.get, get + 2);
  });

  it('do not suffer from a store that tells of what is no key', async (test) => {
    const store = watchedStore();
    const { instance } = site(store);
    const b = instance();
    await (
      await b.listen(test, await b.create())
    )();
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    for (const listener of store.listeners) listener('update', undefined as never);
    await settle();
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });

  for (const isDown of [false, true]) {
    it(`are not told of after close()${isDown ? ', the store having just failed' : ''}`, async (test) => {
      const store = watchedStore();
      const { instance, pass } = site(store);
      let fails = false;
      const getItem = (key: string) =>
        fails ? Promise.reject(new RangeError('down')) : store.storage.getItem(key);
      const b = instance({ storage: { ...store.storage, getItem } });
      const session = await b.create();
      await (
        await b.listen(test, session)
      )();
      assert.equal(store.listeners.size, 1);
      fails = isDown;
      pass(1);
      await b.read(session);
      b.close();
      await settle();
      assert.equal(store.listeners.size, 0);
      await b.session(statusRequest(`${session}&events`));
      assert.equal(store.listeners.size, 0);
    });
  }
});

describe('storage, several writers', () => {
  it('has what was written last by one instance, however long the first took', async () => {
    const store = sharedStore();
    const { instance, pass } = site(store);
    const { storage, shut, reached, open } = gatedStore(store, 'setItem');
    const a = instance({ storage });
    shut();
    const creating = a.create();
    await reached;
    pass(1);
    const telling = a.tell('In Progress');
    while (!a.heard().includes('In Progress')) await settle();
    open();
    await Promise.all([creating, telling]);
    assert.equal(store.item(KEY)?.status, 'In Progress');
  });

  it('loses no key where two write at once', async () => {
    const store = sharedStore();
    const { instance, pass } = site(store);
    const { storage, shut, reached, open } = gatedStore(store, 'setItem');
    const [a, b] = [instance({ storage }), instance()];
    await b.create();
    pass(1);
    shut();
    const telling = a.tell('Awaiting User', { event_id: 'event-1' });
    await reached;
    await b.tell('In Progress', { event_id: 'event-2' });
    await b.tell('Resubmitted', { event_id: 'event-3' });
    open();
    await telling;
    await b.tell('In Progress', { event_id: 'event-4' });
    await a.tell('Awaiting User', { event_id: 'event-1' });
    assert.equal(a.types().filter((type) => type === 'webhook.received').length, 1);
  });

  for (const how of ['written over', 'not kept'] as const) {
    it(`has an end again that was ${how}`, async (test) => {
      test.mock.timers.enable({ apis: ['setTimeout'] });
      const store = sharedStore();
      const { instance, pass } = site(store);
      let isDown = false;
      const setItem: DiditStorage['setItem'] = (...all) =>
        isDown ? Promise.reject(new RangeError('down')) : store.storage.setItem(...all);
      const [a, b] = [instance({ storage: { ...store.storage, setItem } }), instance()];
      await b.create();
      await b.tell('In Progress');
      const before = store.items.get(KEY)!;
      isDown = how === 'not kept';
      await a.tell('Approved');
      isDown = false;
      store.items.set(KEY, before);
      for (let second = 0; second < 10; second++) {
        pass(1);
        test.mock.timers.tick(1000);
        for (let turn = 0; turn < 10; turn++) await settle();
      }
      assert.equal(store.item(KEY)?.status, 'Approved');
    });
  }
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

  it('keeps no page from what is newer than a failure of Didit', async () => {
    const { instance, pass, didit } = site();
    let isDown = false;
    const fetch: typeof didit.fetch = (...all) =>
      isDown ? Promise.reject(new TypeError('no way')) : didit.fetch(...all);
    const [a, b] = [instance(), instance({ fetch })];
    const session = await b.create();
    pass(2);
    isDown = true;
    assert.equal(await b.read(session), 502);
    await a.tell('In Progress');
    pass(1);
    assert.equal(await b.read(session), 'In Progress');
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
    assert.equal(store.item(KEY)?.status, 'In Progress');
    assert.equal(await b.read(session), 'In Progress');
  });
});
