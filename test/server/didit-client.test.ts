import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiditApiError } from '../../src/server/didit-api-error.js';
import { DiditClient } from '../../src/server/didit-client.js';
import {
  ACCESS_TOKEN,
  AUTHORIZE_URL,
  fakeDidit,
  json,
  SESSION_ID,
  settings,
  settle,
  VENDOR_DATA,
} from './helpers.js';

const REQUEST = { scope: 'names', vendorData: VENDOR_DATA };

type Fields = Record<string, unknown>;

function answered(body: Fields, request = REQUEST) {
  const { fetch } = fakeDidit({ session: () => json(body, 201) });
  return new DiditClient(settings({ fetch })).createSession(request);
}

describe('DiditClient', () => {
  it('asks as documented', async () => {
    const { fetch, calls } = fakeDidit();
    await new DiditClient(settings({ fetch })).createSession(REQUEST);
    const call = calls[1];
    assert.equal(call?.url, 'https://apx.didit.me/auth/v2/session/');
    assert.equal(call?.init.method, 'POST');
    assert.equal(call?.headers.get('Authorization'), `Bearer ${ACCESS_TOKEN}`);
    assert.equal(call?.headers.get('Content-Type'), 'application/json');
    assert.deepEqual(JSON.parse(call?.body ?? ''), { scope: 'names', vendor_data: VENDOR_DATA });
  });

  it('leaves out what there is none of', async () => {
    const { fetch, calls } = fakeDidit();
    const nothing = { scope: undefined, vendorData: undefined };
    await new DiditClient(settings({ fetch })).createSession(nothing);
    assert.equal(calls[1]?.init.body, '{}');
  });

  it('gives Didit’s answer without the token', async () => {
    const body = {
      session_id: SESSION_ID,
      session_token: 'bare-token',
      url: AUTHORIZE_URL,
      session_number: 5,
    };
    const { session_token, ...rest } = body;
    assert.deepEqual(await answered(body), rest);
    assert.equal(session_token, 'bare-token');
  });

  for (const url of [undefined, null]) {
    it(`builds a url that is ${url} from the token`, async () => {
      const session = await answered({ session_id: SESSION_ID, session_token: 'a/b ?', url });
      assert.equal(session.url, 'https://app.didit.me/authorize/a%2Fb%20%3F');
      assert.ok(!('session_token' in session));
    });
  }

  it('prefers Didit’s own url', async () => {
    const url = 'http://127.0.0.1:4000/authorize/x';
    assert.equal((await answered({ session_id: 'a', session_token: 'b', url })).url, url);
  });

  const INVALID: [string, Fields][] = [
    ['no session_id', { url: AUTHORIZE_URL }],
    ['an empty session_id', { session_id: '', url: AUTHORIZE_URL }],
    ['a session_id with a slash', { session_id: '../x', url: AUTHORIZE_URL }],
    ['a session_id with a line break', { session_id: 'abc\n', url: AUTHORIZE_URL }],
    ['a session_id of 129 characters', { session_id: 'x'.repeat(129), url: AUTHORIZE_URL }],
    ['a session_id that is a number', { session_id: 5, url: AUTHORIZE_URL }],
    ['neither url nor token', { session_id: 'a' }],
    ['an empty token and no url', { session_id: 'a', session_token: '' }],
    ['a token that is no string', { session_id: 'a', session_token: 5 }],
    ['a relative url', { session_id: 'a', url: '/authorize/x' }],
    ['an empty url', { session_id: 'a', url: '', session_token: 'x' }],
    ['a url that is no string', { session_id: 'a', url: {} }],
    ['a url of another scheme', { session_id: 'a', url: 'javascript:alert(1)' }],
  ];
  for (const [what, body] of INVALID) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(answered(body), { reason: 'invalid-answer' });
    });
  }

  it('takes a session_id of 128 characters, and a token of broken Unicode', async () => {
    const session_id = `_-${'x'.repeat(126)}`;
    assert.equal((await answered({ session_id, url: AUTHORIZE_URL })).session_id, session_id);
    const { url } = await answered({ session_id, session_token: '\ud800' });
    assert.match(url, /%EF%BF%BD$/);
  });

  it('renews a token that Didit refuses, once', async () => {
    let number = 0;
    const { fetch, calls } = fakeDidit({
      token: () => json({ access_token: `token-${++number}` }),
      session: ({ headers }) =>
        headers.get('Authorization') === 'Bearer token-1'
          ? json({ message: 'expired' }, 401)
          : json({ session_id: 'a', url: AUTHORIZE_URL }, 201),
    });
    const client = new DiditClient(settings({ fetch }));
    assert.equal((await client.createSession(REQUEST)).session_id, 'a');
    assert.deepEqual(
      calls.map(({ kind }) => kind),
      ['token', 'session', 'token', 'session'],
    );
    assert.equal(calls[1]?.body, calls[3]?.body);
  });

  it('gives up where Didit refuses every token', async () => {
    const { fetch, calls } = fakeDidit({ session: () => json({}, 401) });
    const failure = new DiditClient(settings({ fetch })).createSession(REQUEST);
    await assert.rejects(failure, { reason: 'refused' });
    assert.deepEqual(
      calls.map(({ kind }) => kind),
      ['token', 'session', 'token', 'session'],
    );
  });

  it('renews once for all whose token was refused together', async () => {
    let valid = 'token-1';
    let number = 0;
    const { fetch, count } = fakeDidit({
      token: () => json({ access_token: `token-${++number}` }),
      session: async ({ headers }) => {
        await settle();
        return headers.get('Authorization') === `Bearer ${valid}`
          ? json({ session_id: 'a', url: AUTHORIZE_URL }, 201)
          : json({}, 401);
      },
    });
    const client = new DiditClient(settings({ fetch }));
    await client.createSession(REQUEST);
    valid = 'token-2';
    await Promise.all(Array.from({ length: 50 }, () => client.createSession(REQUEST)));
    assert.equal(count('token'), 2);
  });

  for (const status of [400, 402, 403, 404, 429, 500]) {
    it(`does not ask again after ${status}`, async () => {
      const { fetch, calls } = fakeDidit({ session: () => json({}, status) });
      await assert.rejects(
        new DiditClient(settings({ fetch })).createSession(REQUEST),
        DiditApiError,
      );
      assert.equal(calls.length, 2);
    });
  }

  it('does not take a refusal of its credentials for one of its token', async () => {
    const { fetch, calls } = fakeDidit({ token: () => json({}, 401) });
    await assert.rejects(
      new DiditClient(settings({ fetch })).createSession(REQUEST),
      DiditApiError,
    );
    assert.equal(calls.length, 1);
  });

  it('keeps token and vendor data out of the details of a failure', async () => {
    const { fetch } = fakeDidit({
      session: ({ body, headers }) =>
        json({ message: `no ${headers.get('Authorization')} ${body}` }, 400),
    });
    const failure = new DiditClient(settings({ fetch })).createSession(REQUEST);
    await assert.rejects(failure, (error) => {
      assert.ok(error instanceof DiditApiError);
      const words = 'no Bearer [redacted] {"scope":"names","vendor_data":"[redacted]"}';
      assert.equal(error.facts.detail, words);
      return true;
    });
  });
});
