import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { OverdueWatch } from '../../src/sandbox/overdue-watch.js';

/** A watch on a clock that goes with the timers. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1000 });
  const looked: [id: string, at: number][] = [];
  const ends = new Map<string, number>();
  const watch = new OverdueWatch(Date.now, (id) => {
    looked.push([id, Date.now()]);
    const endsAt = ends.get(id);
    return endsAt !== undefined && endsAt > Date.now() ? { endsAt } : undefined;
  });
  return { watch, looked, ends };
}

test('a session is looked at when it is overdue, once', (t) => {
  const { watch, looked } = setUp(t);
  watch.watch('a', 4000);
  watch.watch('a', 4000);
  t.mock.timers.tick(2999);
  assert.deepEqual(looked, []);
  t.mock.timers.tick(1);
  assert.deepEqual(looked, [['a', 4000]]);
  t.mock.timers.tick(10_000);
  assert.equal(looked.length, 1);
});

test('one that has more time by then is looked at again', (t) => {
  const { watch, looked, ends } = setUp(t);
  watch.watch('a', 2000);
  ends.set('a', 5000);
  t.mock.timers.tick(1000);
  t.mock.timers.tick(3000);
  assert.deepEqual(looked, [
    ['a', 2000],
    ['a', 5000],
  ]);
});

test('one that ends after the longest timer does not spin', (t) => {
  const { watch, looked, ends } = setUp(t);
  const endsAt = 1000 + 3_000_000_000;
  ends.set('a', endsAt);
  watch.watch('a', endsAt);
  t.mock.timers.tick(1_000_000);
  assert.deepEqual(looked, []);
});

test('closed, it looks at nothing any more', (t) => {
  const { watch, looked } = setUp(t);
  watch.watch('a', 2000);
  watch.close();
  watch.watch('b', 2000);
  t.mock.timers.tick(10_000);
  assert.deepEqual(looked, []);
});

test('no process waits for it', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const watch = new OverdueWatch(Date.now, () => undefined);
  watch.watch('a', Date.now() + 1_000_000);
  assert.equal(timers(), before);
  watch.close();
});
