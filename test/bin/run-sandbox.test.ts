import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventLine } from '../../src/bin/run-sandbox.js';

test('an event is one line, in the order when, what, and the rest', () => {
  const at = Date.UTC(2025, 5, 1, 12, 30, 0, 7);
  assert.equal(
    eventLine({ type: 'session.status', at, sessionId: 'id', status: 'In Review' }),
    '2025-06-01T12:30:00.007Z session.status sessionId="id" status="In Review"',
  );
  assert.equal(eventLine({ type: 'token.issued', at }), '2025-06-01T12:30:00.007Z token.issued');
});
