import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../src/sandbox/sandbox.js';
import { setUpDataTransfer } from './helpers.js';

for (const options of [
  { sessionLifetime: 0 },
  { sessionLifetime: NaN },
  { tokenLifetime: -1 },
  { tokenLifetime: '60' as unknown as number },
  { clientId: '' },
  { clientSecret: '' },
]) {
  test(`${JSON.stringify(options)} makes no sense and throws`, () => {
    assert.throws(() => createSandbox(options), new RegExp(Object.keys(options)[0]!));
  });
}

test('a log that throws breaks nothing', async () => {
  const log = () => {
    throw new Error('full disk');
  };
  assert.equal((await setUpDataTransfer({ log }).token()).status, 200);
});
