import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { sleep } from '../../src/server/sleep.js';
import { settle } from './helpers.js';

function watched(promise: Promise<void>) {
  const state = { done: false };
  void promise.then(() => (state.done = true));
  return state;
}

describe('sleep', () => {
  it('waits as long as it is told', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const state = watched(sleep(1000));
    test.mock.timers.tick(999);
    await settle();
    assert.equal(state.done, false);
    test.mock.timers.tick(1);
    await settle();
    assert.equal(state.done, true);
  });

  it('ends when its signal aborts, and leaves no timer', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const cleared = test.mock.method(globalThis, 'clearTimeout');
    const controller = new AbortController();
    const state = watched(sleep(1000, controller.signal));
    controller.abort();
    await settle();
    assert.equal(state.done, true);
    assert.equal(cleared.mock.callCount(), 1);
  });

  it('leaves no listener on its signal', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const { signal } = new AbortController();
    const state = watched(sleep(1000, signal));
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    test.mock.timers.tick(1000);
    await settle();
    assert.equal(state.done, true);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('does not begin where its signal has aborted', async () => {
    await sleep(1e9, AbortSignal.abort());
  });
});
