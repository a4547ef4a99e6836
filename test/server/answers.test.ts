import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal, toResponse, type ErrorCode } from '../../src/server/answers.js';

const STATUSES: Record<ErrorCode, number> = {
  unauthorized: 401,
  forbidden: 403,
  'bad-request': 400,
  'unsupported-media-type': 415,
  'too-large': 413,
  'method-not-allowed': 405,
  'upstream-refused': 502,
  'upstream-busy': 502,
  'upstream-timeout': 504,
  internal: 500,
};

describe('Refusal', () => {
  for (const [code, status] of Object.entries(STATUSES) as [ErrorCode, number][]) {
    it(`answers ${code} with ${status} and a fixed sentence`, () => {
      const answer = new Refusal(code).answer('c-1');
      const body = answer.body as Record<string, unknown>;
      assert.equal(answer.status, status);
      assert.deepEqual(Object.keys(body), ['code', 'message', 'correlation_id']);
      assert.equal(body.code, code);
      assert.match(String(body.message), /^[A-Z].*\.$/);
      assert.equal(body.correlation_id, 'c-1');
    });
  }

  it('may have headers and another status', () => {
    const answer = new Refusal('upstream-busy', { 'Retry-After': '7' }, 503).answer('c-1');
    assert.equal(answer.status, 503);
    assert.deepEqual(answer.headers, { 'Retry-After': '7' });
  });
});

describe('toResponse', () => {
  const EVERYWHERE = {
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    vary: 'Origin',
    'x-content-type-options': 'nosniff',
  };

  it('sends JSON with the headers that every answer has', async () => {
    const response = toResponse({ status: 201, body: { a: 1 } }, {});
    assert.equal(response.status, 201);
    const headers = Object.fromEntries(response.headers);
    assert.deepEqual(headers, { ...EVERYWHERE, 'content-type': 'application/json' });
    assert.deepEqual(await response.json(), { a: 1 });
  });

  it('sends an empty answer without a type', async () => {
    const response = toResponse({ status: 204, headers: { Allow: 'POST' } }, {});
    assert.deepEqual(Object.fromEntries(response.headers), { ...EVERYWHERE, allow: 'POST' });
    assert.equal(response.body, null);
  });

  it('adds the CORS headers', () => {
    const response = toResponse({ status: 204 }, { 'Access-Control-Allow-Origin': 'https://a.b' });
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), 'https://a.b');
  });
});
