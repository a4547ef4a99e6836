import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reporter, type Incident } from '../../src/server/log.js';
import { clock, recordedLog, settings, settle } from './helpers.js';

const INCIDENT: Incident = { type: 'user.readable-by-anyone' };

describe('reporter', () => {
  it('adds the time and the correlation id', () => {
    const { now } = clock(1000);
    const { events, log } = recordedLog();
    reporter(settings({ now, log }), 'c-1')({ type: 'request.refused', code: 'forbidden' });
    assert.deepEqual(events, [
      { type: 'request.refused', code: 'forbidden', at: 1000, correlationId: 'c-1' },
    ]);
  });

  it('tells everything at once and in order, each with its own time', () => {
    const { now, pass } = clock(1000);
    const { events, log } = recordedLog();
    const report = reporter(settings({ now, log }), 'c-1');
    report({ type: 'session.created', sessionId: 'a' });
    pass(1);
    report({ type: 'session.status', sessionId: 'a', status: 'retrieved' });
    const common = { sessionId: 'a', correlationId: 'c-1' };
    assert.deepEqual(events, [
      { type: 'session.created', at: 1000, ...common },
      { type: 'session.status', status: 'retrieved', at: 2000, ...common },
    ]);
  });

  it('does without a log', () => {
    assert.doesNotThrow(() => reporter(settings(), 'c-1')(INCIDENT));
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
      assert.doesNotThrow(() => report(INCIDENT));
      await settle();
    });
  }

  it('passes over a clock that throws', () => {
    const now = () => {
      throw new Error('no clock');
    };
    const { log } = recordedLog();
    assert.doesNotThrow(() => reporter(settings({ now, log }), 'c-1')(INCIDENT));
  });
});
