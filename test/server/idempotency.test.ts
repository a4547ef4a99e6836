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
    assert.deepEqual([await first.result, first.repeated], [7, false]);
    assert.deepEqual([await second.result, second.repeated], [7, true]);
  });

  it('repeats for ten minutes, and not longer', async () => {
    const { now, pass } = clock();
    const { task } = counted();
    const idempotency = new Idempotency<number>(now, () => true);
    await idempotency.run('a', task).result;
    pass(TEN_MINUTES - 0.001);
    assert.equal(await idempotency.run('a', task).result, 1);
    pass(0.001);
    const late = idempotency.run('a', task);
    assert.deepEqual([await late.result, late.repeated], [2, false]);
  });

  it('keeps keys apart', async () => {
    const { task } = counted();
    const idempotency = new Idempotency<number>(clock().now, () => true);
    assert.equal(await idempotency.run('a', task).result, 1);
    assert.equal(await idempotency.run('b', task).result, 2);
  });

  it('frees the key of a run that failed', async () => {
    const { task } = counted();
    const idempotency = new Idempotency<number>(clock().now, () => true);
    const failure = Promise.reject<number>(new Error('down'));
    const [first, joined] = [idempotency.run('a', () => failure), idempotency.run('a', task)];
    await assert.rejects(first.result, /down/);
    await assert.rejects(joined.result, /down/);
    const again = idempotency.run('a', task);
    assert.deepEqual([await again.result, again.repeated], [1, false]);
  });

  it('runs again where the result is of no use any more', async () => {
    const { task } = counted();
    let usable = true;
    const idempotency = new Idempotency<number>(clock().now, () => usable);
    await idempotency.run('a', task).result;
    usable = false;
    assert.equal(await idempotency.run('a', task).result, 2);
  });

  it('does not let a late failure free the key of a newer run', async () => {
    const { now, pass } = clock();
    const { task, runs } = counted();
    const idempotency = new Idempotency<number>(now, () => true);
    const { promise, reject } = deferred<number>();
    const slow = idempotency.run('a', () => promise);
    pass(TEN_MINUTES);
    await idempotency.run('a', task).result;
    reject(new Error('late'));
    await assert.rejects(slow.result);
    await idempotency.run('a', task).result;
    assert.equal(runs(), 1);
  });

  it('keeps 10,000 runs; the oldest go first', async () => {
    const { task, runs } = counted();
    const idempotency = new Idempotency<number>(clock().now, () => true);
    for (let key = 0; key <= 10_000; key++) await idempotency.run(`${key}`, task).result;
    assert.equal(runs(), 10_001);
    await idempotency.run('1', task).result;
    await idempotency.run('10000', task).result;
    assert.equal(runs(), 10_001);
    await idempotency.run('0', task).result;
    assert.equal(runs(), 10_002);
  });

  it('counts a run that took the place of a useless one as new', async () => {
    const { task, runs } = counted();
    const useless = new Set([2]);
    const idempotency = new Idempotency<number>(clock().now, (value) => !useless.has(value));
    for (const key of ['old', 'a', 'b', 'a']) await idempotency.run(key, task).result;
    for (let key = 0; key < 9_999; key++) await idempotency.run(`${key}`, task).result;
    const before = runs();
    await idempotency.run('a', task).result;
    assert.equal(runs(), before);
  });
});
