import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../src/sandbox/sandbox.js';
import { checkOptions } from '../../src/sandbox/sandbox-options.js';
import { setUpDataTransfer } from './helpers.js';

for (const options of [
  { sessionLifetime: 0 },
  { sessionLifetime: NaN },
  { tokenLifetime: -1 },
  { tokenLifetime: '60' as unknown as number },
  { clientId: '' },
  { clientSecret: '' },
  { webhookUrl: 'https://site.test/' },
  { webhookSecret: 'secret' },
  { webhookSecret: '', webhookUrl: 'https://site.test/' },
  { webhookUrl: 'site.test/webhook', webhookSecret: 'secret' },
  { webhookUrl: 'ftp://site.test/', webhookSecret: 'secret' },
  { webhookUrl: 'https://user:password@site.test/', webhookSecret: 'secret' },
  { webhookUrl: new URL('https://site.test/') as unknown as string, webhookSecret: 'secret' },
  { webhookRetryDelays: [-1] },
  { webhookRetryDelays: [NaN] },
  { webhookRetryDelays: [1, 86_401] },
  { webhookRetryDelays: 5 as unknown as number[] },
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

test('webhooks go nowhere, or are tried four times', () => {
  assert.equal(checkOptions({}).webhook, null);
  const webhook = { webhookUrl: 'http://localhost:3000/webhook', webhookSecret: 'secret' };
  assert.deepEqual(checkOptions(webhook).webhook, {
    url: 'http://localhost:3000/webhook',
    secret: 'secret',
    retryDelays: [1, 5, 25],
  });
  const never = checkOptions({ ...webhook, webhookRetryDelays: [] });
  assert.deepEqual(never.webhook?.retryDelays, []);
});
