import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isRequestBound, SharedTasks } from '../../src/server/shared-tasks.js';
import { deferred, settle } from './helpers.js';

/** Gives the test a global of another platform, and takes it away afterwards. */
function setGlobal(test: TestContext, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  test.after(() => {
    if (before) Object.defineProperty(globalThis, name, before);
    else Reflect.deleteProperty(globalThis, name);
  });
}

/** The platforms whose promises end with the request that made them. */
const REQUEST_BOUND: Record<string, (test: TestContext) => void> = {
  'Cloudflare Workers': (test) => {
    setGlobal(test, 'navigator', { userAgent: 'Cloudflare-Workers' });
  },
  'an edge runtime': (test) => setGlobal(test, 'EdgeRuntime', 'edge-runtime'),
};

const neverRun = () => assert.fail('a second task was started');

/** What became of a promise, without waiting for it. */
function watch(promise: Promise<unknown>) {
  const seen: { outcome: unknown } = { outcome: 'pending' };
  promise.then(
    (value) => (seen.outcome = value),
    (error: unknown) => (seen.outcome = error),
  );
  return seen;
}

describe('isRequestBound', () => {
  it('is false here', () => {
    assert.equal(isRequestBound(), false);
  });

  for (const [platform, become] of Object.entries(REQUEST_BOUND)) {
    it(`is true on ${platform}`, (t) => {
      become(t);
      assert.equal(isRequestBound(), true);
    });
  }

  for (const navigator of [undefined, {}, { userAgent: 'Node.js/22' }, { userAgent: 'Deno/2' }]) {
    it(`is false with the navigator ${JSON.stringify(navigator)}`, (t) => {
      setGlobal(t, 'navigator', navigator);
      assert.equal(isRequestBound(), false);
    });
  }
});

/** What holds on every platform. */
function sharesTasks(prepare: (test: TestContext) => void): void {
  it('runs one task for all who want it at the same time', async (t) => {
    prepare(t);
    const tasks = new SharedTasks<number>();
    const { promise, resolve } = deferred<number>();
    const all = [tasks.run('a', () => promise), tasks.run('a', neverRun), tasks.run('a', neverRun)];
    resolve(7);
    assert.deepEqual(await Promise.all(all), [7, 7, 7]);
  });

  it('tells a failure to all who wanted it, as it is', async (t) => {
    prepare(t);
    const tasks = new SharedTasks<number>();
    const { promise, reject } = deferred<number>();
    const all = Promise.allSettled([tasks.run('a', () => promise), tasks.run('a', neverRun)]);
    const reason = new Error('down');
    reject(reason);
    for (const outcome of await all) assert.deepEqual(outcome, { status: 'rejected', reason });
  });

  it('starts anew as soon as a task has ended, either way', async (t) => {
    prepare(t);
    const tasks = new SharedTasks<number>();
    assert.equal(await tasks.run('a', async () => 1), 1);
    assert.equal(await tasks.run('a', async () => 2), 2);
    await assert.rejects(tasks.run('a', () => Promise.reject(new Error('down'))));
    assert.equal(await tasks.run('a', async () => 3), 3);
  });

  it('keeps keys apart', async (t) => {
    prepare(t);
    const tasks = new SharedTasks<number>();
    const both = [tasks.run('a', async () => 1), tasks.run('b', async () => 2)];
    assert.deepEqual(await Promise.all(both), [1, 2]);
  });

  it('knows whether somebody could be joined', async (t) => {
    prepare(t);
    const tasks = new SharedTasks<number>();
    assert.equal(tasks.has('a'), false);
    const { promise, resolve } = deferred<number>();
    const running = tasks.run('a', () => promise);
    assert.deepEqual([tasks.has('a'), tasks.has('b')], [true, false]);
    resolve(1);
    await running;
    assert.equal(tasks.has('a'), false);
  });

  it('takes undefined for an outcome, too', async (t) => {
    prepare(t);
    const tasks = new SharedTasks<undefined>();
    const { promise, resolve } = deferred<undefined>();
    const all = [tasks.run('a', () => promise), tasks.run('a', neverRun)];
    resolve(undefined);
    assert.deepEqual(await Promise.all(all), [undefined, undefined]);
  });
}

describe('SharedTasks', () => {
  sharesTasks(() => undefined);

  it('lets those who join have the very promise, without a timer', (t) => {
    const timer = t.mock.method(globalThis, 'setTimeout');
    const tasks = new SharedTasks<number>();
    const first = tasks.run('a', async () => 1);
    assert.equal(tasks.run('a', neverRun), first);
    assert.equal(timer.mock.callCount(), 0);
  });

  it('abandons no task, however long it takes', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const tasks = new SharedTasks<number>();
    const { promise, resolve } = deferred<number>();
    const first = tasks.run('a', () => promise);
    t.mock.timers.tick(24 * 60 * 60_000);
    const second = tasks.run('a', neverRun);
    resolve(1);
    assert.deepEqual(await Promise.all([first, second]), [1, 1]);
  });
});

for (const [platform, become] of Object.entries(REQUEST_BOUND)) {
  describe(`SharedTasks on ${platform}`, () => sharesTasks(become));
}

describe('SharedTasks where promises belong to requests', () => {
  const LOOK_MS = 25;
  const ABANDONED_MS = 1500;

  /** Tasks on such a platform, and a clock that runs by what `pass` says. */
  function boundTasks(test: TestContext) {
    REQUEST_BOUND['Cloudflare Workers']?.(test);
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= LOOK_MS) {
        await settle();
        test.mock.timers.tick(Math.min(left, LOOK_MS));
      }
      await settle();
    };
    return { tasks: new SharedTasks<string>(), pass };
  }

  const forever = () => new Promise<never>(() => undefined);

  /** Runs a task in a request that is ended from outside: none of its timers fires any more. */
  function runAndDie(tasks: SharedTasks<string>, task: () => Promise<string> = forever) {
    const { setTimeout } = globalThis;
    Object.assign(globalThis, { setTimeout: () => undefined });
    const result = tasks.run('a', task);
    Object.assign(globalThis, { setTimeout });
    return result;
  }

  it('wakes those who join by timers of their own alone', async (t) => {
    const { tasks, pass } = boundTasks(t);
    const { promise, resolve } = deferred<string>();
    const first = tasks.run('a', () => promise);
    const joined = watch(tasks.run('a', neverRun));
    resolve('done');
    assert.equal(await first, 'done');
    await pass(LOOK_MS - 1);
    assert.equal(joined.outcome, 'pending');
    await pass(1);
    assert.equal(joined.outcome, 'done');
  });

  it('looks again until there is an outcome', async (t) => {
    const { tasks, pass } = boundTasks(t);
    const { promise, reject } = deferred<string>();
    const first = watch(tasks.run('a', () => promise));
    const joined = watch(tasks.run('a', neverRun));
    await pass(40 * LOOK_MS);
    assert.equal(joined.outcome, 'pending');
    const reason = new Error('down');
    reject(reason);
    await pass(LOOK_MS);
    assert.deepEqual([first.outcome, joined.outcome], [reason, reason]);
  });

  it('waits as long as it takes while the request that runs the task lives', async (t) => {
    const { tasks, pass } = boundTasks(t);
    void tasks.run('a', forever);
    const joined = watch(tasks.run('a', neverRun));
    await pass(60_000);
    assert.equal(joined.outcome, 'pending');
    assert.equal(tasks.has('a'), true);
  });

  it('starts the task again where the request that ran it was ended from outside', async (t) => {
    const { tasks, pass } = boundTasks(t);
    void runAndDie(tasks);
    const joined = watch(tasks.run('a', async () => 'by the second'));
    await pass(ABANDONED_MS);
    assert.equal(joined.outcome, 'pending');
    await pass(LOOK_MS);
    assert.equal(joined.outcome, 'by the second');
  });

  it('takes one who comes to an abandoned task for its next runner at once', async (t) => {
    const { tasks, pass } = boundTasks(t);
    void runAndDie(tasks);
    await pass(ABANDONED_MS + LOOK_MS);
    assert.equal(await tasks.run('a', async () => 'by the second'), 'by the second');
  });

  it('starts it again once, however many had joined', async (t) => {
    const { tasks, pass } = boundTasks(t);
    let starts = 0;
    const again = async () => `start ${++starts}`;
    void runAndDie(tasks);
    const joined = Array.from({ length: 10 }, () => watch(tasks.run('a', again)));
    await pass(ABANDONED_MS + 2 * LOOK_MS);
    assert.deepEqual(new Set(joined.map(({ outcome }) => outcome)), new Set(['start 1']));
    assert.equal(starts, 1);
  });

  it('does not let the end of an abandoned task end the one in its place', async (t) => {
    const { tasks, pass } = boundTasks(t);
    const slow = deferred<string>();
    const second = deferred<string>();
    const first = runAndDie(tasks, () => slow.promise);
    const joined = watch(tasks.run('a', () => second.promise));
    await pass(ABANDONED_MS + LOOK_MS);
    slow.resolve('late');
    assert.equal(await first, 'late');
    assert.equal(tasks.has('a'), true);
    const third = watch(tasks.run('a', neverRun));
    second.resolve('by the second');
    await pass(LOOK_MS);
    assert.deepEqual([joined.outcome, third.outcome], ['by the second', 'by the second']);
  });
});
