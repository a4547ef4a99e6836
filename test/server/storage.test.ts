import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { DiditStorage } from '../../src/server/index.js';
import type { Incident } from '../../src/server/log.js';
import { Storage } from '../../src/server/storage.js';
import { clock, settle } from './helpers.js';
import { sharedStore, watchedStore } from './stores.js';

const KEY = 'didit-verify:session:1';

/** A site's store, on a clock that stands still. */
function stored(given: DiditStorage = sharedStore().storage) {
  const { now, pass } = clock();
  const incidents: Incident[] = [];
  const report = (incident: Incident) => void incidents.push(incident);
  const storage = new Storage(given, now);
  const get = () => storage.get(KEY, report);
  const set = (seconds: number) =>
    storage.set(KEY, { a: 1, expiresAt: now() + seconds * 1000 }, report);
  return { storage, get, set, incidents, report, now, pass };
}

/** Stores that fail, or give what nobody has put there. */
function giving(value: () => unknown): DiditStorage {
  return { getItem: value, setItem: value, removeItem: value, watch: value };
}

describe('Storage', () => {
  it('gives what was set, until it expires', async () => {
    const store = sharedStore();
    const { get, set, now, pass } = stored(store.storage);
    assert.equal(await get(), null);
    assert.equal(await set(10), true);
    pass(9.999);
    assert.deepEqual(await get(), { a: 1, expiresAt: now() + 1 });
    pass(0.001);
    assert.equal(await get(), null);
    assert.deepEqual(store.keys(), []);
  });

  it('passes the lifetime on in whole seconds', async () => {
    const store = sharedStore();
    const { set } = stored(store.storage);
    await set(9.2);
    assert.equal(store.ttls.get(KEY), 10);
  });

  it('keeps nothing that has expired', async () => {
    const store = sharedStore();
    const { set } = stored(store.storage);
    assert.equal(await set(0), true);
    assert.deepEqual(store.keys(), []);
  });

  it('takes objects as well as their JSON', async () => {
    const item = { a: 1, expiresAt: Infinity };
    assert.deepEqual(await stored(giving(() => item)).get(), item);
    assert.deepEqual(await stored(giving(() => '{"a":1,"expiresAt":9e15}')).get(), {
      a: 1,
      expiresAt: 9e15,
    });
  });

  const NONE = [null, undefined, '', '{', '"text"', 5, [], {}, { expiresAt: '9e15' }, 'null'];
  for (const value of NONE) {
    it(`takes ${JSON.stringify(value)} for nothing`, async () => {
      assert.equal(await stored(giving(() => value)).get(), null);
    });
  }
});

describe('Storage, where the store fails', () => {
  const failing = giving(() => Promise.reject(new RangeError('secret of the store')));

  it('gives nothing, says so, and leaves it alone for five seconds', async () => {
    let calls = 0;
    const { get, set, incidents, pass } = stored(
      giving(() => {
        calls++;
        throw new RangeError('secret of the store');
      }),
    );
    assert.equal(await get(), undefined);
    assert.equal(await set(10), false);
    pass(4.999);
    assert.equal(await get(), undefined);
    assert.equal(calls, 1);
    pass(0.001);
    assert.equal(await set(10), false);
    assert.equal(calls, 2);
    const failed = { type: 'storage.failed', reason: 'RangeError' };
    assert.deepEqual(incidents, [failed, failed]);
  });

  it('tells once of calls that were under way together', async () => {
    const { get, set, incidents } = stored(failing);
    assert.deepEqual(await Promise.all([get(), set(10), get()]), [undefined, false, undefined]);
    assert.equal(incidents.length, 1);
  });

  it('waits for two seconds', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { get, incidents } = stored(giving(() => new Promise(() => undefined)));
    let gave: unknown = 'nothing yet';
    void get().then((item) => (gave = item));
    t.mock.timers.tick(1999);
    await settle();
    assert.equal(gave, 'nothing yet');
    t.mock.timers.tick(1);
    await settle();
    assert.equal(gave, undefined);
    assert.deepEqual(incidents, [{ type: 'storage.failed', reason: 'no answer in 2 s' }]);
  });

  it('hears of no changes', async () => {
    const { storage, report, incidents } = stored(failing);
    assert.equal(await storage.watch(() => assert.fail('was told'), report), null);
    assert.equal(incidents.length, 1);
  });
});

describe('Storage, watch()', () => {
  it('hears of changes until that is ended', async () => {
    const store = watchedStore();
    const { storage, set, report } = stored(store.storage);
    const heard: string[] = [];
    const unwatch = await storage.watch((key) => heard.push(key), report);
    await set(10);
    assert.deepEqual(heard, [`shop:${KEY}`]);
    unwatch?.();
    await set(10);
    assert.deepEqual([heard.length, store.listeners.size], [1, 0]);
  });

  it('does without a store that tells of nothing', async () => {
    const { storage, report, incidents } = stored();
    (await storage.watch(() => undefined, report))?.();
    await settle();
    assert.deepEqual(incidents, []);
  });

  it('says where a store does not end it', async () => {
    const unwatch = () => Promise.reject(new RangeError('down'));
    const { storage, report, incidents } = stored(giving(() => unwatch));
    (await storage.watch(() => undefined, report))?.();
    await settle();
    assert.deepEqual(incidents, [{ type: 'storage.failed', reason: 'RangeError' }]);
  });
});
