import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../src/sandbox/refusal.js';
import { checkVerification } from '../../src/sandbox/verification-request.js';

/** The body of the refusal. */
async function errorsOf(fields: Record<string, unknown>): Promise<unknown> {
  try {
    checkVerification(fields);
  } catch (error) {
    if (error instanceof Refusal && error.status === 400) return error.answer('detail').json();
    throw error;
  }
  return null;
}

test('all that Didit documents is taken, and what matters is kept', () => {
  assert.deepEqual(
    checkVerification({
      workflow_id: 'workflow-1',
      vendor_data: 'user-1',
      callback: 'https://shop.example/back?a=b#c',
      callback_method: 'both',
      metadata: { plan: ['a'] },
      language: 'pt-BR',
      contact_details: { email: 'alex@example.com' },
      expected_details: { first_name: 'Alex' },
    }),
    {
      workflowId: 'workflow-1',
      vendorData: 'user-1',
      callback: 'https://shop.example/back?a=b#c',
      metadata: { plan: ['a'] },
    },
  );
});

test('a workflow is all that it needs; what is null or empty is not there', () => {
  const none = { workflowId: 'w', vendorData: null, callback: null, metadata: null };
  assert.deepEqual(checkVerification({ workflow_id: 'w' }), none);
  const nulls = { vendor_data: null, callback: null, metadata: null, language: null };
  assert.deepEqual(checkVerification({ workflow_id: 'w', ...nulls }), none);
  assert.deepEqual(checkVerification({ workflow_id: 'w', vendor_data: '' }), none);
});

test('an app’s own scheme is taken for a callback', () => {
  const { callback } = checkVerification({ workflow_id: 'w', callback: 'shop:back' });
  assert.equal(callback, 'shop:back');
});

for (const [name, value, words] of [
  ['workflow_id', undefined, 'This field is required.'],
  ['workflow_id', null, 'This field is required.'],
  ['workflow_id', '', 'This field may not be blank.'],
  ['workflow_id', 7, 'Not a valid string.'],
  ['vendor_data', 7, 'Not a valid string.'],
  ['callback', ['https://shop.example'], 'Not a valid string.'],
  ['callback', '/back', 'Not a valid URL.'],
  ['callback', '', 'Not a valid URL.'],
  ['callback_method', 'nobody', 'Not a valid choice.'],
  ['language', {}, 'Not a valid string.'],
  ['contact_details', 'alex@example.com', 'Not a valid object.'],
  ['expected_details', [], 'Not a valid object.'],
] as const) {
  test(`${name}: ${JSON.stringify(value)} is refused in a list of its own`, async () => {
    assert.deepEqual(await errorsOf({ workflow_id: 'w', [name]: value }), { [name]: [words] });
  });
}

test('all that is wrong is told at once', async () => {
  const errors = await errorsOf({ vendor_data: 7, language: 7 });
  assert.deepEqual(Object.keys(errors as object), ['workflow_id', 'vendor_data', 'language']);
});
