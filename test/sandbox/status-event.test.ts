import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VerificationStatus } from '../../src/sandbox/lifecycles.js';
import { checkOptions } from '../../src/sandbox/sandbox-options.js';
import { statusEvent } from '../../src/sandbox/status-event.js';
import { decisionAnswer } from '../../src/sandbox/verification-answers.js';

const settings = checkOptions({ now: () => 1_750_000_000_999 });

function sessionThatIs(status: VerificationStatus, metadata: unknown = null) {
  const asked = { workflowId: 'workflow-1', vendorData: 'user-1', callback: null, metadata };
  const times = { createdAt: 1_749_999_000_000, endsAt: 1_750_000_300_000 };
  return { id: 'id', token: 'token', number: 1, vendorData: 'user-1', status, asked, ...times };
}

test('has what Didit documents, and an id of its own', () => {
  const session = sessionThatIs('In Progress', { plan: 'basic' });
  const { event_id, ...rest } = statusEvent(session, settings);
  assert.match(event_id, /^[\da-f-]{36}$/);
  assert.notEqual(statusEvent(session, settings).event_id, event_id);
  assert.deepEqual(rest, {
    webhook_type: 'status.updated',
    session_id: 'id',
    status: 'In Progress',
    created_at: 1_750_000_000,
    workflow_id: 'workflow-1',
    vendor_data: 'user-1',
    metadata: { plan: 'basic' },
  });
  assert.ok(!JSON.stringify(statusEvent(session, settings)).includes('token'));
});

test('has no metadata where there is none', () => {
  assert.ok(!('metadata' in statusEvent(sessionThatIs('Approved'), settings)));
});

for (const status of ['Approved', 'Declined', 'In Review'] as const) {
  test(`${status} brings along what the decision call gives`, () => {
    const session = sessionThatIs(status);
    const expected = decisionAnswer(session, settings.userData);
    assert.deepEqual(statusEvent(session, settings).decision, expected);
  });
}

for (const status of ['In Progress', 'Abandoned', 'Expired', 'Resubmitted'] as const) {
  test(`${status} brings no decision`, () => {
    assert.ok(!('decision' in statusEvent(sessionThatIs(status), settings)));
  });
}
