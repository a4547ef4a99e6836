import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signWebhook } from '../../src/server/sign-webhook.js';
import { WebhookSignature } from '../../src/server/webhook-signature.js';

const SECRET = 'webhook-secret';
const NOW = 1_750_000_000_400;
const EVENT = { session_id: 'session-1', status: 'Approved' };

describe('signWebhook', () => {
  it('is a webhook of a changed status, just now', async () => {
    const { method, headers, body } = await signWebhook(EVENT, SECRET, NOW);
    assert.equal(method, 'POST');
    assert.equal(headers['Content-Type'], 'application/json');
    assert.equal(headers['X-Timestamp'], '1750000000');
    assert.deepEqual(JSON.parse(body), {
      webhook_type: 'status.updated',
      timestamp: 1_750_000_000,
      created_at: 1_750_000_000,
      ...EVENT,
    });
    const before = Math.floor(Date.now() / 1000);
    const { timestamp } = JSON.parse((await signWebhook(EVENT, SECRET)).body) as typeof body & {
      timestamp: number;
    };
    assert.ok(timestamp >= before && timestamp <= Date.now() / 1000);
  });

  it('has each of the signatures', async () => {
    const { headers, body } = await signWebhook({ ...EVENT, name: 'Zoë' }, SECRET, NOW);
    const bytes = new TextEncoder().encode(body);
    for (const [name, trust] of [
      ['X-Signature', 'full'],
      ['X-Signature-V2', 'full'],
      ['X-Signature-Simple', 'simple'],
    ] as const) {
      const alone = new Headers({ [name]: headers[name]! });
      assert.equal(await new WebhookSignature([SECRET]).check(alone, bytes), trust);
    }
  });

  it('says what it is told to, whatever that is', async () => {
    const event = { ...EVENT, webhook_type: 'data.updated', timestamp: 1, decision: { a: [1] } };
    const { body } = await signWebhook(event, SECRET, NOW);
    assert.deepEqual(JSON.parse(body), { created_at: 1_750_000_000, ...event });
  });
});
