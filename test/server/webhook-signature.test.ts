import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { signatureHeaders, WebhookSignature } from '../../src/server/webhook-signature.js';

const SECRET = 'whsec_Zoë';
const BODY =
  '{"session_id":"session-1", "status":"In Review","webhook_type":"status.updated","timestamp":1750000000,"name":"Zoë","score":1.0}';
const V2 = {
  unicode:
    '{"name":"Zoë","score":1,"session_id":"session-1","status":"In Review","timestamp":1750000000,"webhook_type":"status.updated"}',
  ascii:
    '{"name":"Zo\\u00eb","score":1,"session_id":"session-1","status":"In Review","timestamp":1750000000,"webhook_type":"status.updated"}',
};
const SIMPLE = '1750000000:session-1:In Review:status.updated';

/** By another implementation than the one that is tested. */
function hmac(message: string | Uint8Array, secret = SECRET): string {
  return createHmac('sha256', secret).update(message).digest('hex');
}

const bytes = (text: string) => new TextEncoder().encode(text);

function check(headers: Record<string, string>, body = BODY, secrets = [SECRET]) {
  return new WebhookSignature(secrets).check(new Headers(headers), bytes(body));
}

/** The text with another character in each of its places, some of them. */
function changed(text: string): string[] {
  const places = Array.from({ length: 8 }, (_, index) => Math.floor((index * text.length) / 8));
  return places.map(
    (at) => text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1),
  );
}

describe('WebhookSignature', () => {
  it('vouches for all of the body as it came', async () => {
    assert.equal(await check({ 'X-Signature': hmac(BODY) }), 'full');
    assert.equal(await check({ 'X-Signature': hmac(BODY).toUpperCase() }), 'full');
  });

  it('vouches for a body that is no text', async () => {
    const body = Uint8Array.of(0xff, 0, 0xfe);
    const headers = new Headers({ 'X-Signature': hmac(body) });
    assert.equal(await new WebhookSignature([SECRET]).check(headers, body), 'full');
  });

  for (const writing of ['unicode', 'ascii'] as const) {
    it(`vouches for all of its canonical form, ${writing}`, async () => {
      assert.equal(await check({ 'X-Signature-V2': hmac(V2[writing]) }), 'full');
    });
  }

  it('vouches for four fields by the simple one', async () => {
    assert.equal(await check({ 'X-Signature-Simple': hmac(SIMPLE) }), 'simple');
    const more = BODY.replace('"score":1.0', '"score":2.0');
    assert.equal(await check({ 'X-Signature-Simple': hmac(SIMPLE) }, more), 'simple');
  });

  it('knows a field that is neither text nor number as an empty one', async () => {
    const body = '{"timestamp":true,"session_id":null,"status":{},"name":"Zoë"}';
    assert.equal(await check({ 'X-Signature-Simple': hmac(':::') }, body), 'simple');
  });

  it('vouches for no form of what is no UTF-8, not even as it would be mended', async () => {
    const body = Uint8Array.from([...bytes('{"name":"'), 0xff, ...bytes('"}')]);
    const headers = new Headers({
      'X-Signature-V2': hmac('{"name":"\ufffd"}'),
      'X-Signature-Simple': hmac(':::'),
    });
    assert.equal(await new WebhookSignature([SECRET]).check(headers, body), null);
  });

  it('keeps the secrets where no script can read them', async (t) => {
    const { mock } = t.mock.method(crypto.subtle, 'importKey');
    await check({ 'X-Signature': hmac(BODY) });
    assert.equal(mock.callCount(), 1);
    const key = await (mock.calls[0]!.result as unknown as Promise<CryptoKey>);
    assert.deepEqual([key.extractable, key.usages], [false, ['verify']]);
  });

  it('goes by the strongest of those that fit', async () => {
    const [raw, simple] = [hmac(BODY), hmac(SIMPLE)];
    assert.equal(await check({ 'X-Signature-Simple': simple, 'X-Signature': raw }), 'full');
    assert.equal(await check({ 'X-Signature-Simple': simple, 'X-Signature': hmac('x') }), 'simple');
    assert.equal(
      await check({ 'X-Signature-V2': hmac(V2.ascii), 'X-Signature': hmac('x') }),
      'full',
    );
  });

  it('takes any of several secrets, so that they can be changed', async () => {
    for (const secret of ['old', 'new']) {
      for (const [name, message] of [
        ['X-Signature', BODY],
        ['X-Signature-V2', V2.unicode],
      ] as const) {
        assert.equal(await check({ [name]: hmac(message, secret) }, BODY, ['old', 'new']), 'full');
      }
    }
  });

  const signatures: [name: string, message: string][] = [
    ['X-Signature', BODY],
    ['X-Signature-V2', V2.unicode],
    ['X-Signature-V2', V2.ascii],
    ['X-Signature-Simple', SIMPLE],
  ];
  for (const [name, message] of signatures) {
    it(`${name}: nothing by another secret, or with one digit changed`, async () => {
      assert.equal(await check({ [name]: hmac(message, 'other') }), null);
      const [first, ...rest] = hmac(message);
      assert.equal(await check({ [name]: (first === '0' ? '1' : '0') + rest.join('') }), null);
    });

    for (const [what, signature] of [
      ['empty', ''],
      ['no hexadecimal', 'g'.repeat(64)],
      ['base64', createHmac('sha256', SECRET).update(message).digest('base64')],
      ['cut', hmac(message).slice(0, 62)],
      ['too long', `${hmac(message)}00`],
    ] as const) {
      it(`${name}: nothing where it is ${what}`, async () => {
        assert.equal(await check({ [name]: signature }), null);
      });
    }
  }

  it('vouches for nothing where there is none, or no secret', async () => {
    assert.equal(await check({}), null);
    assert.equal(await check({ 'X-Signature': hmac(BODY) }, BODY, []), null);
  });

  it('vouches for no body with one character changed', async () => {
    for (const body of changed(BODY)) {
      assert.equal(await check({ 'X-Signature': hmac(BODY) }, body), null, body);
      assert.equal(await check({ 'X-Signature-V2': hmac(V2.unicode) }, body), null, body);
    }
  });

  for (const body of ['', 'no JSON', 'null', '7', '[]']) {
    it(`bears ${body || 'nothing'} in place of a body`, async () => {
      const headers = { 'X-Signature-V2': hmac(V2.ascii), 'X-Signature-Simple': hmac(SIMPLE) };
      assert.equal(await check(headers, body), null);
    });
  }

  it('vouches for what Python has signed, and for no character more', async () => {
    const file = new URL('canonical-json-vectors.json', import.meta.url);
    const vectors = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>[];
    for (const { text = '', unicode = '', ascii = '' } of vectors) {
      for (const form of [unicode, ascii]) {
        const headers = { 'X-Signature-V2': hmac(form) };
        assert.equal(await check(headers, text), 'full', text);
        assert.equal(await check(headers, text.replace(/""|\w/, 'Q')), null, text);
      }
    }
  });
});

describe('signatureHeaders', () => {
  it('signs as it is checked', async () => {
    assert.deepEqual(await signatureHeaders(BODY, SECRET), {
      'X-Signature': hmac(BODY),
      'X-Signature-V2': hmac(V2.ascii),
      'X-Signature-Simple': hmac(SIMPLE),
    });
  });

  it('rejects for what is no JSON', async () => {
    await assert.rejects(signatureHeaders('{', SECRET), SyntaxError);
  });
});
