import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../../src/server/hex.js';

describe('hex', () => {
  it('writes two digits for each byte', () => {
    assert.equal(toHex(new Uint8Array([0, 1, 15, 16, 255]).buffer), '00010f10ff');
  });

  it('reads what it writes, in either case', () => {
    assert.deepEqual(fromHex('00010f10ff', 5), new Uint8Array([0, 1, 15, 16, 255]));
    assert.deepEqual(fromHex('FF', 1), new Uint8Array([255]));
  });

  for (const text of ['', '0', '000', '0g', '0x', ' 00', '00\n', '００']) {
    it(`reads nothing from ${JSON.stringify(text)}`, () => assert.equal(fromHex(text, 1), null));
  }
});
