import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../src/sandbox/sandbox.js';

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
  const sandbox = createSandbox({
    log: () => {
      throw new Error('full disk');
    },
  });
  const request = new Request('http://sandbox.test/auth/v2/token/', {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa('sandbox:sandbox-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  assert.equal((await sandbox.fetch(request)).status, 200);
});
