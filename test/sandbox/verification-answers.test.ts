import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createdAnswer, decisionAnswer } from '../../src/sandbox/verification-answers.js';

const session = {
  id: 'id',
  token: 'token',
  number: 7,
  vendorData: 'user-1',
  asked: { workflowId: 'workflow-1', vendorData: 'user-1', callback: null, metadata: [1] },
  createdAt: Date.UTC(2025, 5, 1),
  endsAt: Date.UTC(2025, 5, 2),
};

test('a new session leads to its page', () => {
  const { url, session_token } = createdAnswer({ ...session, status: 'Not Started' }, 'http://a');
  assert.deepEqual([url, session_token], ['http://a/session/token', 'token']);
});

test('a decision has neither the token nor the page, and checks only once approved', () => {
  const userData = { names: { first_name: 'Alex' } };
  const approved = decisionAnswer({ ...session, status: 'Approved' }, userData);
  assert.equal(approved.id_verifications.length, 1);
  assert.equal(approved.created_at, '2025-06-01T00:00:00.000Z');
  assert.ok(!JSON.stringify(approved).includes('token'));
  const declined = decisionAnswer({ ...session, status: 'Declined' }, userData);
  assert.deepEqual(declined.id_verifications, []);
});
