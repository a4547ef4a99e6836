import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byMethod, publicBase, type Call } from '../../src/sandbox/api.js';
import { Refusal } from '../../src/sandbox/refusal.js';

function callOf(method: string): Call {
  const request = new Request('http://sandbox.test/path?query', { method });
  return { request, url: new URL(request.url), key: '' };
}

test('a call goes to the handler of its method', async () => {
  const handle = byMethod({ GET: () => new Response('got'), PUT: () => new Response('put') });
  assert.equal(await (await handle(callOf('PUT'))).text(), 'put');
});

for (const method of ['POST', 'constructor', 'toString']) {
  test(`the method ${method} is refused, with those there are`, () => {
    const handle = byMethod({ GET: () => new Response(), PUT: () => new Response() });
    assert.throws(
      () => handle(callOf(method)),
      (error: unknown) =>
        error instanceof Refusal && error.status === 405 && error.headers.Allow === 'GET, PUT',
    );
  });
}

test('the base is publicUrl, or the origin that is asked', () => {
  assert.equal(publicBase(undefined, callOf('GET')), 'http://sandbox.test');
  assert.equal(publicBase('https://phone.test/a//', callOf('GET')), 'https://phone.test/a');
});
