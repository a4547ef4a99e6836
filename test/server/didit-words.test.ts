import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redact, wordsOfBody } from '../../src/server/didit-words.js';

describe('wordsOfBody', () => {
  const CASES: [string, string, string][] = [
    ['message', '{"message":"No balance."}', 'No balance.'],
    ['error', '{"error":"invalid_client"}', 'invalid_client'],
    ['detail', '{"detail":"Not found."}', 'Not found.'],
    ['message before others', '{"detail":"c","error":"b","message":"a"}', 'a'],
    ['error before detail', '{"detail":"c","error":"b"}', 'b'],
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
    ['null', 'null', 'null'],
    ['a number', '503', '503'],
    ['an object without words', '{"code":7,"data":{"a":1}}', ''],
    ['an empty message as it is', '{"message":"","detail":"b"}', ''],
    ['HTML', ' <!doctype html><p>you sent x', '(a page of HTML)'],
  ];
  for (const [what, body, words] of CASES) {
    it(`reads ${what}`, () => {
      assert.equal(wordsOfBody(body, []), words);
    });
  }

  it('takes secrets out, also where JSON spelled them in ASCII', () => {
    const body = '{"message":"No user Zo\\u00eb"}';
    assert.equal(wordsOfBody(body, ['Zoë']), 'No user [redacted]');
  });
});

describe('redact', () => {
  it('takes out every occurrence of every secret', () => {
    assert.equal(redact('a-b-a', ['a', 'b']), '[redacted]-[redacted]-[redacted]');
  });

  it('takes out what JSON, URLs and forms make of a secret', () => {
    const secret = 'a "b" ë&\'';
    const asForm = new URLSearchParams({ v: secret }).toString().slice('v='.length);
    const spelt = [secret, JSON.stringify(secret), encodeURIComponent(secret), asForm];
    const asAsciiJson = '"a \\"b\\" \\u00eb&\'"';
    assert.equal(JSON.parse(asAsciiJson), secret);
    for (const spelling of [...spelt, asAsciiJson, asForm.toLowerCase()]) {
      const text = redact(`got ${spelling}.`, [secret]);
      assert.match(text, /^got "?\[redacted\]"?\.$/);
    }
  });

  it('takes nothing out of what it put in, and reads no secret as a pattern', () => {
    assert.equal(redact('abc e', ['abc', 'e']), '[redacted] [redacted]');
    assert.equal(redact('a.c abc', ['a.c']), '[redacted] abc');
    assert.equal(redact('(a|b)\\d$ 🔑', ['(a|b)\\d$', '🔑']), '[redacted] [redacted]');
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
