import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reporter } from '../../src/server/log.js';
import { clock, recordedLog, settings, settle } from './helpers.js';

describe('reporter', () => {
  it('adds the time and the correlation id', () => {
    const { now } = clock(1000);
    const { events, log } = recordedLog();
    reporter(settings({ now, log }), 'c-1')({ type: 'session.refused', code: 'forbidden' });
    assert.deepEqual(events, [
      { type: 'session.refused', code: 'forbidden', at: 1000, correlationId: 'c-1' },
    ]);
  });

  it('does without a log', () => {
    assert.doesNotThrow(() => reporter(settings(), 'c-1')({ type: 'user.readable-by-anyone' }));
  });

  // A rejection that nobody handles would end the process, and so this test.
  const FAILING: Record<string, () => unknown> = {
    throws: () => {
      throw new Error('disk full');
    },
    rejects: () => Promise.reject(new Error('disk full')),
  };
  for (const [how, log] of Object.entries(FAILING)) {
    it(`passes over a log that ${how}`, async () => {
      const report = reporter(settings({ log }), 'c-1');
      assert.doesNotThrow(() => report({ type: 'user.readable-by-anyone' }));
      await settle();
    });
  }

  it('passes over a clock that throws', () => {
    const now = () => {
      throw new Error('no clock');
    };
    assert.doesNotThrow(() =>
      reporter(settings({ now }), 'c')({ type: 'user.readable-by-anyone' }),
    );
  });
});
