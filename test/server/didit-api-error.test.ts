import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiditApiError, invalidAnswer } from '../../src/server/didit-api-error.js';

describe('DiditApiError', () => {
  it('is an error that knows what happened', () => {
    const error = new DiditApiError('rate-limited', { status: 429, retryAfter: '7' });
    assert.ok(error instanceof Error);
    assert.equal(error.reason, 'rate-limited');
    assert.deepEqual(error.facts, { status: 429, retryAfter: '7' });
    assert.match(error.message, /rate-limited/);
  });

  it('quotes no detail in its message, which may end up anywhere', () => {
    assert.doesNotMatch(new DiditApiError('refused', { detail: 'words' }).message, /words/);
  });
});

describe('invalidAnswer', () => {
  it('says what is wrong with which answer', () => {
    const { reason, facts } = invalidAnswer(201, 'no url');
    assert.deepEqual(
      { reason, facts },
      {
        reason: 'invalid-answer',
        facts: { status: 201, detail: 'no url' },
      },
    );
  });
});
