import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { OverdueWatch } from '../../src/sandbox/overdue-watch.js';

/** A watch on a clock that goes with the timers, and the ends of the sessions that it looks at. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1000 });
  const lookedAt: number[] = [];
  const ends: number[] = [];
  const watch = new OverdueWatch(Date.now, () => {
    lookedAt.push(Date.now());
    return Math.min(Infinity, ...ends.filter((endsAt) => endsAt > Date.now()));
  });
  const add = (endsAt: number) => {
    ends.push(endsAt);
    watch.watch(endsAt);
  };
  return { watch, add, ends, lookedAt };
}

/** Second by second, since all that is due within one tick is told the time of its end. */
function pass(t: TestContext, seconds: number): void {
  for (let second = 0; second < seconds; second++) t.mock.timers.tick(1000);
}

test('it looks when a session is overdue, once', (t) => {
  const { add, lookedAt } = setUp(t);
  add(4000);
  add(4000);
  t.mock.timers.tick(2999);
  assert.deepEqual(lookedAt, []);
  t.mock.timers.tick(1);
  assert.deepEqual(lookedAt, [4000]);
  t.mock.timers.tick(10_000);
  assert.equal(lookedAt.length, 1);
});

test('it looks at the end of each, in whatever order they came', (t) => {
  const { add, lookedAt } = setUp(t);
  for (const endsAt of [5000, 2000, 4000, 2000]) add(endsAt);
  pass(t, 10);
  assert.deepEqual(lookedAt, [2000, 4000, 5000]);
});

test('one that has more time by then is looked at again', (t) => {
  const { add, ends, lookedAt } = setUp(t);
  add(2000);
  ends[0] = 5000;
  pass(t, 4);
  assert.deepEqual(lookedAt, [2000, 5000]);
});

test('one that comes while it looks is looked at, too', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1000 });
  const lookedAt: number[] = [];
  const watch: OverdueWatch = new OverdueWatch(Date.now, () => {
    lookedAt.push(Date.now());
    if (Date.now() < 3000) watch.watch(3000);
    return Infinity;
  });
  watch.watch(2000);
  pass(t, 5);
  assert.deepEqual(lookedAt, [2000, 3000]);
});

test('one that ends after the longest timer does not spin', (t) => {
  const { add, lookedAt } = setUp(t);
  add(1000 + 3_000_000_000);
  t.mock.timers.tick(1_000_000);
  assert.deepEqual(lookedAt, []);
});

test('however many sessions there were, it has one timer', (t) => {
  const timers = new Set<unknown>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  t.mock.method(globalThis, 'setTimeout', (...args: Parameters<typeof set>) => {
    const timer = set(...args);
    timers.add(timer);
    return timer;
  });
  t.mock.method(globalThis, 'clearTimeout', (timer: NodeJS.Timeout) => {
    timers.delete(timer);
    clear(timer);
  });
  const watch = new OverdueWatch(Date.now, () => Infinity);
  for (let count = 20_000; count > 0; count--) watch.watch(Date.now() + count * 1_000_000);
  assert.equal(timers.size, 1);
  watch.close();
  assert.equal(timers.size, 0);
});

test('closed, it looks at nothing any more', (t) => {
  const { watch, add, lookedAt } = setUp(t);
  add(2000);
  watch.close();
  add(2000);
  t.mock.timers.tick(10_000);
  assert.deepEqual(lookedAt, []);
});

test('no process waits for it', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const watch = new OverdueWatch(Date.now, () => Infinity);
  watch.watch(Date.now() + 1_000_000);
  assert.equal(timers(), before);
  watch.close();
});
