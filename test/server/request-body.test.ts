import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal, type ErrorCode } from '../../src/server/answers.js';
import { chooseScope, demandJson, readBody } from '../../src/server/request-body.js';
import { pageRequest, settings, SITE } from './helpers.js';

function refusal(code: ErrorCode) {
  return (error: unknown) => error instanceof Refusal && error.code === code;
}

/** A request whose body comes in chunks; with no Content-Length, unless one is given. */
function streamed(
  pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
  headers: Record<string, string> = {},
) {
  const init = { method: 'POST', headers, body: new ReadableStream({ pull }), duplex: 'half' };
  return new Request(SITE, init);
}

/** A JSON object of so many bytes. */
function objectOf(size: number): string {
  return JSON.stringify({ pad: '' }).replace('""', `"${'x'.repeat(size - 10)}"`);
}

describe('demandJson', () => {
  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=utf-8',
    'application/json ;x=y',
    'Application/JSON',
  ]) {
    it(`takes ${type}`, () => {
      assert.doesNotThrow(() => demandJson(pageRequest({}, { 'Content-Type': type })));
    });
  }

  for (const type of [
    'text/plain',
    'text/plain; a=application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json5',
    'application/problem+json',
    'application/json, text/plain',
    'xapplication/json',
    '',
  ]) {
    it(`refuses ${type || 'an empty type'}`, () => {
      const request = pageRequest({}, { 'Content-Type': type });
      assert.throws(() => demandJson(request), refusal('unsupported-media-type'));
    });
  }

  it('refuses no type at all', () => {
    assert.throws(() => demandJson(new Request(SITE)), refusal('unsupported-media-type'));
  });
});

describe('readBody', () => {
  it('gives the object', async () => {
    assert.deepEqual(await readBody(pageRequest({ scope: 'names' })), { scope: 'names' });
  });

  it('takes an empty body as an empty object', async () => {
    assert.deepEqual(await readBody(pageRequest('')), {});
    assert.deepEqual(await readBody(new Request(SITE, { method: 'POST' })), {});
  });

  for (const body of ['{', 'null', '[]', '"x"', '5', 'true', 'scope=names', ' ', '<p>']) {
    it(`refuses ${JSON.stringify(body)}`, async () => {
      await assert.rejects(readBody(pageRequest(body)), refusal('bad-request'));
    });
  }

  it('takes 16,384 bytes and not one more', async () => {
    assert.equal(objectOf(16_384).length, 16_384);
    await assert.doesNotReject(readBody(pageRequest(objectOf(16_384))));
    await assert.rejects(readBody(pageRequest(objectOf(16_385))), refusal('too-large'));
  });

  it('believes a Content-Length that is too large, without reading', async () => {
    const request = pageRequest('{}', { 'Content-Length': '16385' });
    await assert.rejects(readBody(request), refusal('too-large'));
    assert.equal(request.bodyUsed, false);
  });

  it('does not believe one that is too small', async () => {
    const request = pageRequest(objectOf(20_000), { 'Content-Length': '2' });
    await assert.rejects(readBody(request), refusal('too-large'));
  });

  it('counts a body that comes in chunks, and stops', async () => {
    let sent = 0;
    const request = streamed((controller) => {
      sent += 1000;
      controller.enqueue(new Uint8Array(1000).fill(0x20));
    });
    await assert.rejects(readBody(request), refusal('too-large'));
    assert.ok(sent < 25_000);
  });

  const LENGTHS: Record<string, string>[] = [{}, { 'Content-Length': '100' }];
  for (const headers of LENGTHS) {
    it(`refuses a body that breaks off, with ${JSON.stringify(headers)}`, async () => {
      const breakOff = (controller: ReadableStreamDefaultController) =>
        controller.error(new Error('reset'));
      await assert.rejects(readBody(streamed(breakOff, headers)), refusal('bad-request'));
    });
  }

  it('tells by its name that somebody read the body before', async () => {
    const used = pageRequest({});
    await used.text();
    await assert.rejects(readBody(used), { name: 'BodyAlreadyRead' });
    const locked = pageRequest({});
    locked.body?.getReader();
    await assert.rejects(readBody(locked), { name: 'BodyAlreadyRead' });
  });
});

describe('chooseScope', () => {
  const site = settings({ scope: 'names', allowedScopes: 'names email phone' });

  for (const none of [undefined, null, '', '  ']) {
    it(`falls back on the site’s for ${JSON.stringify(none)}`, () => {
      assert.equal(chooseScope(none, site), 'names');
    });
  }

  it('takes what is allowed, in the page’s order', () => {
    assert.equal(chooseScope('phone email', site), 'phone email');
  });

  it('asks for exactly the words it checked', () => {
    assert.equal(chooseScope(' phone\n\temail ', site), 'phone email');
  });

  for (const more of ['names address', 'address', 'NAMES', 5, true, ['names'], { names: true }]) {
    it(`refuses ${JSON.stringify(more)}, never trims`, () => {
      assert.throws(() => chooseScope(more, site), refusal('bad-request'));
    });
  }

  it('refuses any where the site names none', () => {
    assert.throws(() => chooseScope('names', settings()), refusal('bad-request'));
    assert.equal(chooseScope(undefined, settings()), undefined);
  });
});
