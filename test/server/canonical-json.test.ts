import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { canonicalJson } from '../../src/server/canonical-json.js';

interface Vector {
  text: string;
  unicode: string;
  ascii: string;
}

/** Made by `canonical-json-vectors.py`. */
const vectors = JSON.parse(
  readFileSync(new URL('canonical-json-vectors.json', import.meta.url), 'utf8'),
) as Vector[];

describe('canonicalJson', () => {
  for (const { text, unicode, ascii } of vectors) {
    it(`writes as Python does: ${text.slice(0, 60)}`, () => {
      assert.equal(canonicalJson(text, 'unicode'), unicode);
      assert.equal(canonicalJson(text, 'ascii'), ascii);
    });
  }

  it('is the same for what is canonical already', () => {
    for (const { ascii } of vectors.filter(({ ascii }) => ascii !== 'Infinity')) {
      assert.equal(canonicalJson(ascii, 'ascii'), ascii);
    }
  });

  for (const text of [
    '',
    '{',
    '{"a":1,}',
    '[1 2]',
    '{"a":01}',
    'NaN',
    '"a',
    '{"a":1}x',
    "{'a':1}",
  ]) {
    it(`throws for ${text || 'nothing'}`, () => {
      assert.throws(() => canonicalJson(text, 'ascii'), SyntaxError);
    });
  }

  it('throws for what is nested too deep, before the stack ends', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    assert.equal(canonicalJson(nested(100), 'ascii'), nested(100));
    for (const levels of [102, 400_000]) {
      assert.throws(() => canonicalJson(nested(levels), 'ascii'), SyntaxError);
    }
  });
});
