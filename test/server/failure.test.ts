import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiditApiError } from '../../src/server/didit-api-error.js';
import {
  failureAfter,
  incidentOf,
  isGone,
  pauseAfter,
  refusalOf,
} from '../../src/server/failure.js';
import { HookError } from '../../src/server/hooks.js';

const UPSTREAM = new DiditApiError('failed', { status: 500, detail: 'x' });
const HOOK = new HookError('onDecision', 'RangeError');

function limited(retryAfter?: number): DiditApiError {
  return new DiditApiError('rate-limited', { status: 429, detail: 'x', retryAfter });
}

/** How long is waited after each of so many failures in a row, in seconds. */
function waits(error: unknown, count: number): number[] {
  let failure = failureAfter(null, error, 0);
  return Array.from({ length: count }, () => {
    const { waitMs } = failure;
    failure = failureAfter(failure, error, 0);
    return waitMs / 1000;
  });
}

describe('failureAfter', () => {
  it('waits for longer and longer, up to half a minute', () => {
    assert.deepEqual(waits(UPSTREAM, 6), [2, 4, 8, 16, 30, 30]);
    assert.deepEqual(waits(HOOK, 5), [5, 10, 20, 30, 30]);
    assert.deepEqual(waits(new TypeError(), 2), [2, 4]);
  });

  it('waits for as long as Didit says, five minutes at the most', () => {
    assert.deepEqual(waits(limited(60), 2), [60, 60]);
    assert.deepEqual(waits(limited(3600), 1), [300]);
    assert.deepEqual(waits(limited(1), 3), [2, 4, 8]);
    assert.deepEqual(waits(limited(), 1), [10]);
    assert.equal(pauseAfter(limited(3600)), 300_000);
  });
});

describe('refusalOf', () => {
  it('says for how long to wait yet', () => {
    const refusal = refusalOf(failureAfter(null, HOOK, 1000), 3000);
    const { status, headers } = refusal.answer('id');
    assert.equal(refusal.code, 'decision-failed');
    assert.deepEqual([status, headers?.['Retry-After']], [503, '3']);
  });

  it('is what went wrong', () => {
    assert.equal(refusalOf(failureAfter(null, UPSTREAM, 0), 0).code, 'upstream-busy');
    assert.equal(refusalOf(failureAfter(null, new TypeError(), 0), 0).code, 'internal');
  });
});

describe('incidentOf', () => {
  it('says what went wrong, and quotes nobody', () => {
    assert.deepEqual(incidentOf(HOOK, 'a'), {
      type: 'decision.failed',
      sessionId: 'a',
      reason: 'RangeError',
    });
    assert.deepEqual(incidentOf(UPSTREAM, 'a'), {
      ...{ type: 'upstream.failed', sessionId: 'a' },
      ...{ reason: 'failed', status: 500 },
    });
    assert.deepEqual(incidentOf(new TypeError('Zoë'), 'a'), {
      type: 'internal.failed',
      reason: 'TypeError',
    });
  });
});

describe('isGone', () => {
  it('is what Didit knows nothing of', () => {
    const gone = new DiditApiError('refused', { status: 404, detail: 'x' });
    assert.equal(isGone(failureAfter(null, gone, 0)), true);
    for (const error of [UPSTREAM, HOOK]) assert.equal(isGone(failureAfter(null, error, 0)), false);
    assert.equal(isGone(null), false);
  });
});
