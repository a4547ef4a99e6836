import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callHook, HookError, nameOf } from '../../src/server/hooks.js';

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
        assert.equal(error.hook, 'onSession');
        assert.equal(error.reason, 'RangeError');
        assert.ok(!error.message.includes('Zoë'));
        return true;
      });
    });
  }
});

describe('nameOf', () => {
  it('never quotes', () => {
    assert.equal(nameOf(new TypeError('Zoë')), 'TypeError');
    assert.equal(nameOf('Zoë'), 'a thrown string');
    assert.equal(nameOf(undefined), 'a thrown undefined');
  });
});
