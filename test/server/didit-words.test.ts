import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redact, wordsForLog } from '../../src/server/didit-words.js';

describe('wordsForLog', () => {
  const CASES: [string, string, string][] = [
    ['message', '{"message":"No balance."}', 'No balance.'],
    ['error', '{"error":"invalid_client"}', 'invalid_client'],
    ['detail', '{"detail":"Not found."}', 'Not found.'],
    ['message before others', '{"detail":"b","message":"a"}', 'a'],
    ['strings only', '{"message":{"a":1},"detail":"b"}', 'b'],
    [
      'lists by field',
      '{"scope":["Unknown.","Really."],"vendor_data":["Too long."],"code":7}',
      'scope: Unknown. Really.; vendor_data: Too long.',
    ],
    ['a list with other things in it', '{"scope":[{"toString":1},"Wrong."]}', 'scope: Wrong.'],
    ['a string', '"Busy."', 'Busy.'],
    ['plain text', 'Bad gateway', 'Bad gateway'],
    ['broken JSON', '{"message":', '{"message":'],
    ['nothing', '', ''],
    ['HTML', ' <!doctype html><p>you sent x', '(a page of HTML)'],
  ];
  for (const [what, body, words] of CASES) {
    it(`reads ${what}`, () => {
      assert.equal(wordsForLog(body, []), words);
    });
  }

  it('takes secrets out, also where JSON spelled them in ASCII', () => {
    const body = '{"message":"No user Zo\\u00eb"}';
    assert.equal(wordsForLog(body, ['Zoë']), 'No user [redacted]');
  });
});

describe('redact', () => {
  it('takes out every occurrence of every secret', () => {
    assert.equal(redact('a-b-a', ['a', 'b']), '[redacted]-[redacted]-[redacted]');
  });

  it('takes out what JSON and URLs make of a secret', () => {
    const secret = 'a "b" ë&';
    for (const spelling of [JSON.stringify(secret), encodeURIComponent(secret), secret]) {
      const text = redact(`got ${spelling}.`, [secret]);
      assert.match(text, /^got "?\[redacted\]"?\.$/);
    }
  });

  it('takes out the longer one first', () => {
    assert.equal(redact('key is abcdef', ['abc', 'abcdef']), 'key is [redacted]');
  });

  it('cuts to 300 characters, but only what is redacted', () => {
    const secret = 'S'.repeat(20);
    const text = redact('x'.repeat(290) + secret, [secret]);
    assert.equal(text, `${'x'.repeat(290)}[redacted]`);
    assert.equal(redact('x'.repeat(1000), []).length, 300);
  });

  it('passes over empty secrets and lone surrogates', () => {
    assert.equal(redact('abc', ['', '\ud800']), 'abc');
  });
});
