import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../src/server/answers.js';
import { Idempotency, idempotencyKey } from '../../src/server/idempotency.js';
import { clock, deferred, pageRequest } from './helpers.js';

describe('idempotencyKey', () => {
  it('is null where there is none', () => {
    assert.equal(idempotencyKey(pageRequest()), null);
  });

  for (const key of [
    'a',
    'x'.repeat(255),
    '3f2e8c1a-0000-4000-8000-000000000001',
    '"quoted"',
    '!~',
  ]) {
    it(`takes ${key.slice(0, 40)}`, () => {
      assert.equal(idempotencyKey(pageRequest({}, { 'Idempotency-Key': key })), key);
    });
  }

  for (const key of ['', 'x'.repeat(256), 'a b', 'a\tb', 'é', 'one, two']) {
    it(`refuses ${JSON.stringify(key.slice(0, 40))}`, () => {
      const request = pageRequest({}, { 'Idempotency-Key': key });
      assert.throws(
        () => idempotencyKey(request),
        (error) => error instanceof Refusal && error.code === 'bad-request',
      );
    });
  }
});

/** Counts its runs, and gives the count. */
function counted() {
  let runs = 0;
  return { task: async () => ++runs, runs: () => runs };
}

describe('Idempotency', () => {
  const TEN_MINUTES = 600;

  it('runs once for all who come meanwhile', async () => {
    const idempotency = new Idempotency<number>(clock().now, () => true);
    const { promise, resolve } = deferred<number>();
    const first = idempotency.run('a', () => promise);
    const second = idempotency.run('a', () => assert.fail('ran twice'));
    resolve(7);
    assert.deepEqual(await Promise.all([first, second]), [7, 7]);
  });

  it('gives the very same value again', async () => {
    const idempotency = new Idempotency<object>(clock().now, () => true);
    const value = await idempotency.run('a', async () => ({}));
    assert.equal(await idempotency.run('a', async () => ({})), value);
  });

  it('repeats for ten minutes, and not longer', async () => {
    const { now, pass } = clock();
    const { task } = counted();
    const idempotency = new Idempotency<number>(now, () => true);
    await idempotency.run('a', task);
    pass(TEN_MINUTES - 0.001);
    assert.equal(await idempotency.run('a', task), 1);
    pass(0.001);
    assert.equal(await idempotency.run('a', task), 2);
    assert.equal(await idempotency.run('a', task), 2);
  });

  it('counts from when a run started', async () => {
    const { now, pass } = clock();
    const { task } = counted();
    const idempotency = new Idempotency<number>(now, () => true);
    await idempotency.run('a', async () => {
      pass(TEN_MINUTES - 1);
      return task();
    });
    pass(0.999);
    assert.equal(await idempotency.run('a', task), 1);
    pass(0.001);
    assert.equal(await idempotency.run('a', task), 2);
  });

  it('joins a run however long that takes', async () => {
    const { now, pass } = clock();
    const idempotency = new Idempotency<number>(now, () => true);
    const { promise, resolve } = deferred<number>();
    const first = idempotency.run('a', () => promise);
    pass(2 * TEN_MINUTES);
    const second = idempotency.run('a', () => assert.fail('ran twice'));
    resolve(7);
    assert.deepEqual(await Promise.all([first, second]), [7, 7]);
  });

  it('keeps keys apart', async () => {
    const { task } = counted();
    const idempotency = new Idempotency<number>(clock().now, () => true);
    assert.equal(await idempotency.run('a', task), 1);
    assert.equal(await idempotency.run('b', task), 2);
    assert.equal(await idempotency.run('a', task), 1);
  });

  it('frees the key of a run that failed', async () => {
    const { task } = counted();
    const idempotency = new Idempotency<number>(clock().now, () => true);
    const { promise, reject } = deferred<number>();
    const both = Promise.allSettled([
      idempotency.run('a', () => promise),
      idempotency.run('a', task),
    ]);
    reject(new Error('down'));
    assert.deepEqual(
      (await both).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(await idempotency.run('a', task), 1);
    assert.equal(await idempotency.run('a', task), 1);
  });

  it('runs again where the result is of no use any more', async () => {
    const { task } = counted();
    const useful = new Set([1, 2]);
    const idempotency = new Idempotency<number>(clock().now, (value) => useful.has(value));
    await idempotency.run('a', task);
    useful.delete(1);
    assert.equal(await idempotency.run('a', task), 2);
    assert.equal(await idempotency.run('a', task), 2);
  });

  it('keeps 10,000 results; the oldest go first', async () => {
    const { task, runs } = counted();
    const idempotency = new Idempotency<number>(clock().now, () => true);
    for (let key = 0; key <= 10_000; key++) await idempotency.run(`${key}`, task);
    assert.equal(runs(), 10_001);
    await idempotency.run('1', task);
    await idempotency.run('10000', task);
    assert.equal(runs(), 10_001);
    await idempotency.run('0', task);
    assert.equal(runs(), 10_002);
  });

  it('counts a run that took the place of a useless one as new', async () => {
    const { task, runs } = counted();
    const useless = new Set([2]);
    const idempotency = new Idempotency<number>(clock().now, (value) => !useless.has(value));
    for (const key of ['old', 'a', 'b', 'a']) await idempotency.run(key, task);
    for (let key = 0; key < 9_999; key++) await idempotency.run(`${key}`, task);
    const before = runs();
    await idempotency.run('a', task);
    assert.equal(runs(), before);
  });
});
