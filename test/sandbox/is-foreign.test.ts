import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForeign } from '../../src/sandbox/is-foreign.js';

for (const [headers, expected] of [
  [{}, false],
  [{ 'Sec-Fetch-Site': 'same-origin' }, false],
  [{ 'Sec-Fetch-Site': 'same-site' }, true],
  [{ 'Sec-Fetch-Site': 'cross-site' }, true],
  [{ Origin: 'https://sandbox.test' }, false],
  [{ Origin: 'https://phone.test', Host: 'Phone.test' }, false],
  [{ Origin: 'https://evil.test' }, true],
  [{ Origin: 'null' }, true],
] as [Record<string, string>, boolean][]) {
  test(`${JSON.stringify(headers)} is ${expected ? '' : 'not '}foreign`, () => {
    const request = new Request('http://sandbox.test/', { method: 'POST', headers });
    assert.equal(isForeign(request, new URL(request.url)), expected);
  });
}
