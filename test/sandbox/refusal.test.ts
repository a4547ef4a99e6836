import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../src/sandbox/refusal.js';

test('a refusal in words has them in the member that its API names', async () => {
  const response = new Refusal(401, 'No.', { 'WWW-Authenticate': 'Basic' }).answer('detail');
  assert.equal(response.status, 401);
  assert.equal(response.headers.get('WWW-Authenticate'), 'Basic');
  assert.deepEqual(await response.json(), { detail: 'No.' });
});

test('a refusal field by field has the fields alone', async () => {
  const response = new Refusal(400, { a: ['Wrong.'], b: ['Missing.'] }).answer('detail');
  assert.equal(response.status, 400);
  assert.deepEqual(await response.json(), { a: ['Wrong.'], b: ['Missing.'] });
});
