import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../src/server/answers.js';
import { CreatePause } from '../../src/server/create-pause.js';
import { DiditApiError } from '../../src/server/didit-api-error.js';
import { clock } from './helpers.js';

function pause() {
  const time = clock();
  const subject = new CreatePause(time.now);
  /** The seconds that are left, or null. */
  const left = () => {
    try {
      subject.demandNone();
      return null;
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
      assert.deepEqual([error.code, error.status], ['upstream-busy', 503]);
      return error.headers['Retry-After'];
    }
  };
  const limited = (retryAfter?: number) =>
    subject.note(new DiditApiError('rate-limited', { status: 429, retryAfter }));
  return { subject, left, limited, ...time };
}

describe('CreatePause', () => {
  it('is none at first, nor after another failure', () => {
    const { subject, left } = pause();
    assert.equal(left(), null);
    for (const error of [new DiditApiError('failed', { status: 500 }), new Error('x'), undefined]) {
      subject.note(error);
      assert.equal(left(), null);
    }
  });

  it('is as long as Didit says, ten seconds where it says nothing, five minutes at most', () => {
    for (const [told, seconds] of [
      [30, 30],
      [undefined, 10],
      [1e9, 300],
    ] as const) {
      const { left, limited, pass } = pause();
      limited(told);
      assert.equal(left(), `${seconds}`);
      pass(seconds - 0.5);
      assert.equal(left(), '1');
      pass(0.5);
      assert.equal(left(), null);
    }
  });

  it('ends where the clock is put back', () => {
    const { left, limited, pass } = pause();
    limited(60);
    pass(-3600);
    assert.equal(left(), null);
  });
});
