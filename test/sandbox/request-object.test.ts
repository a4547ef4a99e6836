import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../src/sandbox/refusal.js';
import { isObject, requestJson, requestObject } from '../../src/sandbox/request-object.js';

const read = (body: string) =>
  requestObject(new Request('http://sandbox.test/', { method: 'POST', body }));

const refused = (status: number) => (error: unknown) =>
  error instanceof Refusal && error.status === status;

test('an object is given as it is', async () => {
  assert.deepEqual(await read('{ "a": [1, null] }'), { a: [1, null] });
});

for (const body of ['', '{', 'null', '[]', '"text"', '7']) {
  test(`${JSON.stringify(body)} is refused`, async () => {
    await assert.rejects(read(body), refused(400));
  });
}

test('16,384 characters are read, one more is too long', async () => {
  const body = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
  assert.equal(body(16_384).length, 16_384);
  assert.ok(await read(body(16_384)));
  await assert.rejects(read(body(16_385)), refused(413));
});

test('lists and nothing are no objects', () => {
  assert.deepEqual([{}, [], null, undefined, ''].map(isObject), [true, false, false, false, false]);
});

test('any JSON can be asked for; undefined if it is none', async () => {
  const json = (body: string) =>
    requestJson(new Request('http://sandbox.test/', { method: 'POST', body }));
  assert.deepEqual(await json('[1]'), [1]);
  assert.equal(await json('null'), null);
  for (const body of ['', '{']) assert.equal(await json(body), undefined);
  await assert.rejects(json(`"${'x'.repeat(16_384)}"`), refused(413));
});
