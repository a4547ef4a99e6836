import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { callHook, HookError, nameOf } from '../../src/server/hooks.js';
import { deferred, settle } from './helpers.js';

describe('callHook', () => {
  it('gives what the function gives, now or later', async () => {
    assert.equal(await callHook('getUser', () => 1), 1);
    assert.equal(await callHook('getUser', async () => 2), 2);
  });

  const failing = {
    throws: () => {
      throw new RangeError('Zoë is too young');
    },
    rejects: () => Promise.reject(new RangeError('Zoë is too young')),
  };
  for (const [how, call] of Object.entries(failing)) {
    it(`turns a function that ${how} into a HookError without its message`, async () => {
      await assert.rejects(callHook('onSession', call), (error) => {
        assert.ok(error instanceof HookError);
        assert.equal(error.name, 'HookError');
        assert.equal(error.hook, 'onSession');
        assert.equal(error.reason, 'RangeError');
        assert.equal(error.message, 'onSession failed: RangeError');
        assert.equal(error.cause, undefined);
        return true;
      });
    });
  }

  it('does not repeat what a HookError of the site says', async () => {
    const failure = callHook('limit', () => {
      throw new HookError('getUser', 'Zoë came too often');
    });
    await assert.rejects(failure, { name: 'HookError', hook: 'limit', reason: 'HookError' });
  });
});

describe('callHook, within its limit', () => {
  const LIMIT_MS = 20_000;

  /** A call of `onDecision` that is not over yet, and what became of it. */
  function pending(test: TestContext) {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const hands = deferred<string>();
    let outcome: unknown = 'pending';
    callHook('onDecision', () => hands.promise).then(
      (value) => (outcome = value),
      (error: unknown) => (outcome = error),
    );
    const after = async (ms: number) => {
      test.mock.timers.tick(ms);
      await settle();
      return outcome;
    };
    return { ...hands, after };
  }

  it('gives up on a function that takes too long', async (t) => {
    const { after } = pending(t);
    assert.equal(await after(LIMIT_MS - 1), 'pending');
    const error = await after(1);
    assert.ok(error instanceof HookError);
    assert.equal(error.hook, 'onDecision');
    assert.equal(error.reason, 'no answer in 20 s');
  });

  it('takes what comes in time', async (t) => {
    const { after, resolve } = pending(t);
    await after(LIMIT_MS - 1);
    resolve('in time');
    assert.equal(await after(0), 'in time');
  });

  // A rejection that nobody handles would end the process, and so this test.
  it('passes over what becomes of the function later', async (t) => {
    const { after, reject } = pending(t);
    const error = await after(LIMIT_MS);
    reject(new Error('late'));
    assert.equal(await after(0), error);
  });

  for (const [how, call] of [
    ['answers', async () => 1],
    ['fails', () => Promise.reject(new Error('down'))],
  ] as const) {
    it(`leaves no timer behind where the function ${how}`, async (t) => {
      const set = t.mock.method(globalThis, 'setTimeout');
      const cleared = t.mock.method(globalThis, 'clearTimeout');
      await callHook('onDecision', call).catch(() => undefined);
      assert.equal(set.mock.callCount(), 1);
      assert.equal(cleared.mock.calls[0]?.arguments[0], set.mock.calls[0]?.result);
    });
  }
});

describe('nameOf', () => {
  it('never quotes', () => {
    assert.equal(nameOf(new TypeError('Zoë')), 'TypeError');
    assert.equal(nameOf('Zoë'), 'a thrown string');
    assert.equal(nameOf(undefined), 'a thrown undefined');
    assert.equal(nameOf(Object.assign(new Error(), { name: 5 })), 'an error without a name');
  });

  it('does not throw where the name does', () => {
    const error = Object.defineProperty(new Error(), 'name', { get: () => assert.fail('no') });
    assert.equal(nameOf(error), 'an error without a name');
  });
});
