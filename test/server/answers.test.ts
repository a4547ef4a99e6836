import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Refusal,
  retryAfter,
  toResponse,
  upstreamRefusal,
  type ErrorCode,
} from '../../src/server/answers.js';
import { DiditApiError, type UpstreamFailure } from '../../src/server/didit-api-error.js';
import { DIDIT_TEXT } from './helpers.js';

const STATUSES: Record<ErrorCode, number> = {
  unauthorized: 401,
  forbidden: 403,
  'bad-request': 400,
  'unsupported-media-type': 415,
  'too-large': 413,
  'method-not-allowed': 405,
  'rate-limited': 429,
  'session-not-found': 404,
  'upstream-refused': 502,
  'upstream-busy': 502,
  'upstream-timeout': 504,
  'decision-failed': 503,
  internal: 500,
};

describe('Refusal', () => {
  for (const [code, status] of Object.entries(STATUSES) as [ErrorCode, number][]) {
    it(`answers ${code} with ${status} and a fixed sentence`, () => {
      const answer = new Refusal(code).answer('c-1');
      const body = answer.body as Record<string, unknown>;
      assert.equal(answer.status, status);
      assert.deepEqual(answer.headers, {});
      assert.deepEqual(Object.keys(body), ['code', 'message', 'correlation_id']);
      assert.equal(body.code, code);
      assert.match(String(body.message), /^[A-Z].*\.$/);
      assert.equal(body.correlation_id, 'c-1');
    });
  }

  it('has a sentence of its own for each code', () => {
    const messages = Object.keys(STATUSES).map((code) => new Refusal(code as ErrorCode).message);
    assert.equal(new Set(messages).size, messages.length);
  });

  it('may have headers and another status', () => {
    const answer = new Refusal('upstream-busy', { 'Retry-After': '7' }, 503).answer('c-1');
    assert.equal(answer.status, 503);
    assert.deepEqual(answer.headers, { 'Retry-After': '7' });
  });
});

describe('retryAfter', () => {
  const CASES: [number, string][] = [
    [30, '30'],
    [1.2, '2'],
    [0.2, '1'],
    [0, '1'],
    [-5, '1'],
  ];
  for (const [seconds, header] of CASES) {
    it(`tells ${seconds} s as ${header}`, () => {
      assert.deepEqual(retryAfter(seconds), { 'Retry-After': header });
    });
  }
});

describe('upstreamRefusal', () => {
  const ANSWERS: Record<UpstreamFailure, [ErrorCode, number]> = {
    refused: ['upstream-refused', 502],
    unreachable: ['upstream-refused', 502],
    redirected: ['upstream-refused', 502],
    'invalid-answer': ['upstream-refused', 502],
    'sandbox-in-production': ['upstream-refused', 502],
    failed: ['upstream-busy', 502],
    'rate-limited': ['upstream-busy', 503],
    timeout: ['upstream-timeout', 504],
  };
  for (const [reason, expected] of Object.entries(ANSWERS)) {
    it(`answers ${reason} with ${expected.join(' ')}, and nothing of what Didit said`, () => {
      const facts = { status: 418, detail: DIDIT_TEXT };
      const refusal = upstreamRefusal(new DiditApiError(reason as UpstreamFailure, facts));
      assert.deepEqual([refusal.code, refusal.status], expected);
      assert.deepEqual(refusal.headers, {});
      assert.doesNotMatch(JSON.stringify(refusal.answer('c-1')), new RegExp(`${DIDIT_TEXT}|418`));
    });
  }

  const limited = new DiditApiError('rate-limited', { status: 429, retryAfter: 30 });

  it('passes on when Didit wants to be asked again', () => {
    assert.deepEqual(upstreamRefusal(limited).headers, { 'Retry-After': '30' });
  });

  it('tells a whole second where Didit says at once', () => {
    const atOnce = new DiditApiError('rate-limited', { retryAfter: 0 });
    assert.deepEqual(upstreamRefusal(atOnce).headers, { 'Retry-After': '1' });
  });

  it('prefers the seconds that are left by now', () => {
    assert.deepEqual(upstreamRefusal(limited, 12.5).headers, { 'Retry-After': '13' });
  });

  it('tells no time for any other failure', () => {
    for (const reason of Object.keys(ANSWERS).filter((name) => name !== 'rate-limited')) {
      const failure = new DiditApiError(reason as UpstreamFailure, { retryAfter: 30 });
      assert.deepEqual(upstreamRefusal(failure, 30).headers, {}, reason);
    }
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

  it('sends an empty answer without a type', () => {
    const response = toResponse({ status: 204, headers: { Allow: 'POST' } }, {});
    assert.deepEqual(Object.fromEntries(response.headers), { ...EVERYWHERE, allow: 'POST' });
    assert.equal(response.body, null);
  });

  it('sends a stream as it is, with its own type', async () => {
    const body = new Blob(['data: {}\n\n']).stream();
    const headers = { 'Content-Type': 'text/event-stream' };
    const response = toResponse({ status: 200, body, headers }, {});
    const expected = { ...EVERYWHERE, 'content-type': 'text/event-stream' };
    assert.deepEqual(Object.fromEntries(response.headers), expected);
    assert.equal(await response.text(), 'data: {}\n\n');
  });

  it('calls a stream without a type no JSON', () => {
    const response = toResponse({ status: 200, body: new Blob(['x']).stream() }, {});
    assert.equal(response.headers.get('Content-Type'), null);
  });

  it('adds the CORS headers', () => {
    const response = toResponse({ status: 204 }, { 'Access-Control-Allow-Origin': 'https://a.b' });
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), 'https://a.b');
  });

  it('lets an answer have a header its own way', () => {
    const headers = { 'Cache-Control': 'no-store, no-transform' };
    const response = toResponse({ status: 200, body: {}, headers }, {});
    assert.equal(response.headers.get('Cache-Control'), 'no-store, no-transform');
  });
});
