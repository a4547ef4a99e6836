import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DiditStorage } from '../../src/server/index.js';
import { SharedSessions, type SharedSession } from '../../src/server/shared-sessions.js';
import { Storage } from '../../src/server/storage.js';
import { trackedSession, type TrackedSession } from '../../src/server/tracked-session.js';
import {
  clock,
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

/** A page's poll at B, which Didit has answered with that word, and B does not know it yet. */
async function pollUnderWay(word: string) {
  const { didit, shut, reached, open } = gatedDidit();
  const { instance, pass } = site(sharedStore(), didit);
  const [a, b] = [instance(), instance()];
  const session = await b.create();
  pass(2);
  didit.set(word);
  shut();
  const reading = b.read(session);
  await reached;
  return { a, b, session, reading, open, pass };
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

  it('keeps a session for as long as its handles are good', async () => {
    const { instance, store } = site();
    await instance({ sessionLifetime: 10 * DAY_S }).create();
    assert.equal(store.ttls.get(KEY), 10 * DAY_S + 60 * 60);
  });

  it('keeps nothing of a session of which no instance knows whose it is', async () => {
    const { instance, store } = site();
    await instance().tell('In Progress');
    assert.deepEqual(store.keys(), []);
  });

  it('brings what a webhook tells to the page of a `{}` user', async () => {
    const { instance, pass, didit } = site();
    const [a, b] = [instance({ getUser: () => ({}) }), instance({ getUser: () => ({}) })];
    const session = await b.create();
    await a.tell('In Progress');
    pass(1);
    assert.equal(await b.read(session), 'In Progress');
    assert.equal(didit.count('decision'), 0);
  });

  it('is not asked for what has ended', async () => {
    const { instance, pass, store } = site();
    const b = instance();
    const session = await b.create();
    await b.tell('Approved');
    const before = { ...store.calls };
    for (let second = 0; second < 5; second++) {
      pass(1);
      await b.read(session);
    }
    assert.deepEqual(store.calls, before);
  });

  it('is asked once in 0.9 s, and no more often where Didit tells of nothing new', async () => {
    const { instance, pass, store, didit } = site();
    const b = instance();
    const session = await b.create();
    const { get } = store.calls;
    pass(0.899);
    await b.read(session);
    assert.equal(store.calls.get, get);
    pass(0.001);
    await b.read(session);
    assert.equal(store.calls.get, get + 1);
    pass(2);
    await b.read(session);
    assert.deepEqual([store.calls.get, didit.count('decision')], [get + 2, 1]);
  });

  it('has an end known in the background without a call to Didit', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const { instance, pass, didit } = site();
    const [a, b] = [instance(), instance()];
    await b.create();
    await a.tell('Approved');
    pass(2);
    while (b.heard().length === 0) {
      test.mock.timers.tick(1000);
      await settle();
    }
    assert.deepEqual([b.heard(), didit.count('decision')], [['Approved'], 1]);
  });

  it('is written again where it has lost everything', async () => {
    const { instance, store, pass } = site();
    const b = instance();
    const session = await b.create();
    pass(1);
    await b.read(session);
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

  it('takes a repeat for one, though it has told of nothing new the first time', async () => {
    const { instance, pass } = site();
    const [a, b] = [instance(), instance()];
    const session = await b.create();
    await a.tell('In Progress', { event_id: 'event-1' });
    pass(1);
    assert.equal(await b.read(session), 'In Progress');
    await a.tell('In Progress', { event_id: 'event-2' });
    for (const one of [instance(), b]) {
      await one.tell('In Progress', { event_id: 'event-2' });
      assert.deepEqual(
        one.types().filter((type) => type.startsWith('webhook')),
        ['webhook.ignored'],
      );
    }
  });

  it('takes a repeat for one that the store has failed to keep at first', async () => {
    const { instance, store, pass } = site();
    let isDown = false;
    const setItem: DiditStorage['setItem'] = (...all) =>
      isDown ? Promise.reject(new RangeError('down')) : store.storage.setItem(...all);
    const b = instance({ storage: { ...store.storage, setItem } });
    const session = await b.create();
    isDown = true;
    await b.tell('Not Started', { event_id: 'event-1' });
    isDown = false;
    pass(5);
    await b.read(session);
    const anew = instance();
    await anew.tell('Not Started', { event_id: 'event-1' });
    assert.ok(anew.types().includes('webhook.ignored'));
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
    const { a, session, reading, open, pass } = await pollUnderWay('In Progress');
    await a.tell('Awaiting User');
    open();
    assert.equal(await reading, 'Awaiting User');
    pass(1);
    assert.equal(await a.read(session), 'Awaiting User');
  });

  it('decides what Didit said to be decided, although another has heard of an earlier step', async () => {
    const { a, b, reading, open } = await pollUnderWay('Approved');
    await a.tell('In Progress');
    open();
    assert.equal(await reading, 'Approved');
    assert.deepEqual([b.decisions.length, b.heard()], [1, ['In Progress', 'Approved']]);
  });

  it('takes up no review where another instance knows the end by now', async () => {
    const { a, b, reading, open } = await pollUnderWay('In Review');
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
    const theirs = store.items.get(KEY);
    pass(1);
    assert.equal(await b.read(session), 'Not Started');
    pass(1);
    assert.equal(await b.read(session), 'Not Started');
    assert.equal(store.items.get(KEY), theirs);
  });

  it('leaves what another version has written as it is', async () => {
    const { instance, store, pass } = site();
    const b = instance();
    const session = await b.create();
    const item = JSON.stringify({ version: 2, expiresAt: 9e15 });
    store.items.set(KEY, item);
    for (let second = 0; second < 3; second++) {
      pass(1);
      await b.read(session);
    }
    assert.equal(store.items.get(KEY), item);
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

  for (const [how, failing] of [
    ['was written over', null],
    ['was not kept', 'setItem'],
    ['was written over, and cannot be read for a while', 'getItem'],
  ] as const) {
    it(`has an end again that ${how}`, async (test) => {
      test.mock.timers.enable({ apis: ['setTimeout'] });
      const store = sharedStore();
      const { instance, pass, now } = site(store);
      let failsUntil = 0;
      const isDown = (name: string) => failing === name && now() < failsUntil;
      const down = () => Promise.reject(new RangeError('down'));
      const storage: DiditStorage = {
        ...store.storage,
        getItem: (key) => (isDown('getItem') ? down() : store.storage.getItem(key)),
        setItem: (...all) => (isDown('setItem') ? down() : store.storage.setItem(...all)),
      };
      const [a, b] = [instance({ storage }), instance()];
      await b.create();
      await b.tell('In Progress');
      const before = store.items.get(KEY)!;
      if (failing === 'setItem') failsUntil = now() + 3000;
      await a.tell('Approved');
      if (failing === 'getItem') failsUntil = now() + 6000;
      store.items.set(KEY, before);
      for (let second = 0; second < 20; second++) {
        pass(1);
        test.mock.timers.tick(1000);
        for (let turn = 0; turn < 10; turn++) await settle();
      }
      assert.equal(store.item(KEY)?.status, 'Approved');
    });
  }

  it('has the webhooks of both known to both, where they came in one second', async () => {
    const store = sharedStore();
    const { instance } = site(store);
    const { storage, shut, reached, open } = gatedStore(store, 'setItem');
    const [a, b] = [instance({ storage }), instance()];
    await b.create();
    shut();
    const telling = a.tell('In Progress', { event_id: 'event-1' });
    await reached;
    await b.tell('Awaiting User', { event_id: 'event-2' });
    open();
    await telling;
    await b.tell('In Progress', { event_id: 'event-1' });
    assert.equal(b.types().filter((type) => type === 'webhook.received').length, 1);
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

  it('is not written to because it could not be read', async () => {
    const { instance, store, pass } = site();
    let isDown = false;
    const getItem = (key: string) =>
      isDown ? Promise.reject(new RangeError('down')) : store.storage.getItem(key);
    const b = instance({ storage: { ...store.storage, getItem } });
    const session = await b.create();
    const { set } = store.calls;
    pass(1);
    isDown = true;
    await b.read(session);
    isDown = false;
    pass(5);
    await b.read(session);
    assert.equal(store.calls.set, set);
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

describe('SharedSessions', () => {
  /** A session of this process, and what it shares it by; what it adopts is written down. */
  function sharing(store = sharedStore(), given = store.storage) {
    const { now, pass } = clock();
    const session = trackedSession({
      ...{ sessionId: SESSION_ID, sessionToken: undefined, vendorData: VENDOR_DATA },
      ...{ createdAt: now(), expiresAt: now(), firstWaitMs: 0 },
      ...{ background: true, status: 'In Progress' },
    });
    const adopted: SharedSession[] = [];
    const report = () => undefined;
    const shared = new SharedSessions(new Storage(given, now), now, {
      find: (sessionId) => (sessionId === SESSION_ID ? session : undefined),
      adopt: (_, news) => void adopted.push(news),
      report,
    });
    const share = (facts: Partial<TrackedSession> = {}) => {
      Object.assign(session, { ...facts, unshared: true });
      return shared.share(session, report);
    };
    const catchUp = () => shared.catchUp(session, report);
    /** What somebody else writes. */
    const put = (facts: Partial<SharedSession>) =>
      store.items.set(KEY, JSON.stringify({ ...store.item(KEY), ...facts }));
    return { shared, session, adopted, store, share, catchUp, put, now, pass };
  }

  it('has whoever comes while somebody looks wait for that', async () => {
    const store = sharedStore();
    const { storage, shut, reached, open } = gatedStore(store, 'getItem');
    const { catchUp } = sharing(store, storage);
    shut();
    const first = catchUp();
    await reached;
    let isDone = false;
    const second = catchUp().then(() => (isDone = true));
    await settle();
    assert.equal(isDone, false);
    open();
    await Promise.all([first, second]);
  });

  it('looks for an end once more, after two and a half seconds, and no more', async () => {
    const { shared, share, store, pass } = sharing();
    await share({ status: 'Approved', over: true });
    const { get, set } = store.calls;
    const counts = [];
    for (const seconds of [0, 2.499, 0.001, 60]) {
      pass(seconds);
      await shared.confirmEnds();
      counts.push([shared.hasEnds, store.calls.get - get, store.calls.set - set]);
    }
    assert.deepEqual(counts, [
      [true, 0, 0],
      [true, 0, 0],
      [false, 1, 0],
      [false, 1, 0],
    ]);
  });

  for (const [when, ...steps] of [
    ['begins', 'close', 'watch'],
    ['is done', 'watch', 'close'],
  ] as const) {
    it(`hears of no changes once it is closed before watching ${when}`, async () => {
      const store = watchedStore();
      const { shared } = sharing(store);
      for (const step of steps) shared[step]();
      await settle();
      assert.equal(store.listeners.size, 0);
    });
  }

  it('looks for nothing that has not ended', async () => {
    const { shared, share } = sharing();
    await share();
    assert.equal(shared.hasEnds, false);
  });

  for (const [what, own, there, isWritten] of [
    ['stands less far', { changedAt: 5 }, { changedAt: 4 }, true],
    ['stands as far', { changedAt: 5 }, { changedAt: 5 }, false],
    ['stands further', { changedAt: 5 }, { changedAt: 6 }, false],
    ['has ended', { changedAt: 5 }, { changedAt: 4, over: true }, false],
    [
      'stands less far, and is somebody else’s',
      { changedAt: 5 },
      { changedAt: 4, vendorData: '' },
      false,
    ],
    [
      'has not ended, by a clock that is ahead',
      { over: true },
      { changedAt: 9e14, over: false },
      true,
    ],
    ['has ended, too', { over: true }, { over: true }, false],
  ] as const) {
    it(`${isWritten ? 'writes over' : 'leaves'} what ${what}`, async () => {
      const { shared, share, catchUp, put, store, pass } = sharing();
      await share(own);
      put(there);
      const { set } = store.calls;
      pass(3);
      await catchUp();
      await shared.confirmEnds();
      assert.equal(store.calls.set - set, isWritten ? 1 : 0);
    });
  }
});

describe('webhooks, where instances tell each other', () => {
  type Site = ReturnType<typeof site>;
  type Instance = ReturnType<Site['instance']>;

  /** In which of the next seconds Didit is asked, while a page asks once a second. */
  async function askedIn({ pass, didit }: Site, page: Instance, session: string, seconds: number) {
    const asked: number[] = [];
    for (let second = 1; second <= seconds; second++) {
      const before = didit.count('decision');
      pass(1);
      await page.read(session);
      if (didit.count('decision') > before) asked.push(second);
    }
    return asked;
  }

  /** Another session’s: it shows that webhooks come, and nothing of this one. */
  const tellOfAnother = (page: Instance) => page.tell('Not Started', { session_id: 'another' });

  it('leave a session that a page asks for to them for a minute', async () => {
    const all = site();
    const b = all.instance();
    const session = await b.create();
    await b.tell('In Progress');
    assert.deepEqual(await askedIn(all, b, session, 121), [60, 120]);
  });

  it('are not counted on for an hour once one was missed', async () => {
    const all = site();
    const b = all.instance();
    const session = await b.create();
    await b.tell('In Progress');
    all.didit.set('Awaiting User');
    assert.deepEqual(await askedIn(all, b, session, 65), [60, 62, 64]);
    all.pass(60 * 60);
    assert.deepEqual(await askedIn(all, b, session, 62), [1, 61]);
  });

  it('are missed, too, for a session that none has told of', async () => {
    const all = site();
    const b = all.instance();
    const session = await b.create();
    await tellOfAnother(b);
    assert.deepEqual(await askedIn(all, b, session, 60), [60]);
    all.didit.set('In Progress');
    assert.deepEqual(await askedIn(all, b, session, 63), [60, 62]);
  });

  it('are missed, too, where the site fails to take up what they have not told', async () => {
    const all = site();
    let fails = false;
    const b = all.instance({
      onDecision: () => {
        if (fails) throw new RangeError('down');
      },
    });
    const session = await b.create();
    await b.tell('In Progress');
    all.didit.set('In Review');
    fails = true;
    assert.deepEqual(await askedIn(all, b, session, 64), [60]);
    fails = false;
    assert.deepEqual(await askedIn(all, b, session, 4), [1, 3]);
  });

  it('are not missed where a session was just opened, of which nothing was known', async () => {
    const all = site();
    const session = await all.instance().create();
    all.store.items.clear();
    const anew = all.instance();
    await tellOfAnother(anew);
    all.didit.set('In Progress');
    assert.deepEqual(await askedIn(all, anew, session, 62), [1, 61]);
  });

  it('are not missed where the page has what the site failed to take up', async () => {
    const all = site();
    let fails = true;
    const b = all.instance({
      onDecision: () => {
        if (fails) throw new RangeError('down');
      },
    });
    const session = await b.create();
    assert.equal(await b.tell('In Review'), 503);
    fails = false;
    assert.deepEqual(await askedIn(all, b, session, 66), [5, 65]);
    assert.deepEqual(b.heard(), ['In Review']);
  });

  it('are not missed where another instance has heard of the change while Didit was asked', async () => {
    const { didit, shut, reached, open } = gatedDidit();
    const all = site(sharedStore(), didit);
    const [a, b] = [all.instance(), all.instance()];
    const session = await b.create();
    assert.deepEqual(await askedIn(all, b, session, 2), [1]);
    all.pass(1);
    didit.set('In Progress');
    shut();
    const reading = b.read(session);
    await reached;
    await a.tell('Awaiting User');
    open();
    assert.equal(await reading, 'Awaiting User');
    assert.deepEqual(await askedIn(all, b, session, 61), [60]);
  });

  it('are known to come where another instance has heard one, for a day', async () => {
    const all = site();
    const [a, b] = [all.instance(), all.instance()];
    const session = await b.create();
    await a.tell('In Progress');
    all.pass(DAY_S - 10);
    assert.deepEqual(await askedIn(all, b, session, 32), [1, 16, 31]);
  });

  it('are not known to come where another instance has asked', async () => {
    const all = site();
    const [a, b] = [all.instance(), all.instance()];
    const session = await b.create();
    all.pass(2);
    all.didit.set('In Progress');
    assert.equal(await a.read(session), 'In Progress');
    assert.deepEqual(await askedIn(all, b, session, 4), [1, 3]);
  });
});
