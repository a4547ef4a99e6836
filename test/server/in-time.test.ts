import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inTime, LateError } from '../../src/server/in-time.js';

describe('inTime', () => {
  it('gives what the call gives, or what its promise resolves to', async () => {
    assert.equal(await inTime(1000, () => 1), 1);
    assert.equal(await inTime(1000, async () => 2), 2);
  });

  it('fails as the call does', async () => {
    const error = new RangeError('down');
    await assert.rejects(
      inTime(1000, () => Promise.reject(error)),
      error,
    );
    await assert.rejects(
      inTime(1000, () => {
        throw error;
      }),
      error,
    );
  });

  it('waits for so long, and says so', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const answer = inTime(1500, () => new Promise(() => undefined));
    t.mock.timers.tick(1500);
    await assert.rejects(answer, new LateError('no answer in 1.5 s'));
  });

  it('leaves no timer behind', async (t) => {
    const set = t.mock.method(globalThis, 'setTimeout');
    const cleared = t.mock.method(globalThis, 'clearTimeout');
    await inTime(1000, async () => 1);
    assert.equal(set.mock.callCount(), 1);
    assert.equal(cleared.mock.calls[0]?.arguments[0], set.mock.calls[0]?.result);
  });

  it('has no timer for what is there at once', async (t) => {
    const set = t.mock.method(globalThis, 'setTimeout');
    for (const value of [1, null, undefined, {}]) {
      assert.equal(await inTime(1000, () => value), value);
    }
    assert.equal(set.mock.callCount(), 0);
  });

  it('waits for whatever has a then', async () => {
    const thenable = { then: (resolve: (value: number) => void) => resolve(3) };
    assert.equal(await inTime(1000, () => thenable as unknown as Promise<number>), 3);
  });
});
