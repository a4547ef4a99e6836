import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as entry from '../../src/sandbox/index.js';
import { createSandbox } from '../../src/sandbox/sandbox.js';

test('the entry point gives createSandbox, and nothing else at run time', () => {
  assert.deepEqual(Object.keys(entry), ['createSandbox']);
  assert.equal(entry.createSandbox, createSandbox);
});
