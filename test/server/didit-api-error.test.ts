import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiditApiError, invalidAnswer } from '../../src/server/didit-api-error.js';

describe('DiditApiError', () => {
  it('is an error that knows what happened', () => {
    const error = new DiditApiError('rate-limited', { status: 429, detail: 'slow', retryAfter: 7 });
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'DiditApiError');
    const { reason, status, detail, retryAfter } = error;
    assert.deepEqual(
      { reason, status, detail, retryAfter },
      { reason: 'rate-limited', status: 429, detail: 'slow', retryAfter: 7 },
    );
  });

  it('has nothing to tell of an answer that never came', () => {
    const { status, detail, retryAfter } = new DiditApiError('timeout');
    assert.deepEqual([status, detail, retryAfter], [undefined, undefined, undefined]);
  });

  it('says the reason, and the status where there is one', () => {
    assert.equal(new DiditApiError('timeout').message, 'Didit: timeout');
    const refused = new DiditApiError('refused', { status: 402 });
    assert.equal(refused.message, 'Didit: refused (HTTP 402)');
  });

  it('quotes no detail in its message and stack, which may end up anywhere', () => {
    const error = new DiditApiError('refused', { status: 400, detail: 'words of Didit' });
    assert.doesNotMatch(`${error} ${error.stack}`, /words of Didit/);
  });
});

describe('invalidAnswer', () => {
  it('says what is wrong with which answer', () => {
    const error = invalidAnswer(201, 'no url');
    assert.ok(error instanceof DiditApiError);
    const { reason, status, detail } = error;
    assert.deepEqual([reason, status, detail], ['invalid-answer', 201, 'no url']);
  });
});
