import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessToken } from '../../src/server/access-token.js';
import type { Upstream } from '../../src/server/call-didit.js';
import { DiditApiError } from '../../src/server/didit-api-error.js';
import {
  ACCESS_TOKEN,
  CLIENT_ID,
  CLIENT_SECRET,
  clock,
  fakeDidit,
  json,
  upstreamTo,
} from './helpers.js';

function tokenSource(differing: Partial<Upstream>, clientSecret = CLIENT_SECRET) {
  return new AccessToken(upstreamTo(differing), { clientId: CLIENT_ID, clientSecret });
}

/** A token source whose answers are numbered `token-1`, `token-2`… and have these members too. */
function numbered(members: Record<string, unknown> = {}) {
  let number = 0;
  const time = clock();
  const token = () => json({ access_token: `token-${++number}`, ...members });
  const didit = fakeDidit({ token });
  const source = tokenSource({ fetch: didit.fetch, now: time.now });
  return { source, didit, ...time };
}

function credentialsIn(headers: Headers | undefined): [scheme: string, credentials: string] {
  const [scheme = '', encoded = ''] = headers?.get('Authorization')?.split(' ') ?? [];
  return [scheme, Buffer.from(encoded, 'base64').toString()];
}

describe('AccessToken', () => {
  it('asks as documented', async () => {
    const { fetch, calls } = fakeDidit();
    const token = await tokenSource({ fetch }).get();
    assert.equal(token.value, ACCESS_TOKEN);
    const [call] = calls;
    assert.equal(call?.url, 'https://apx.didit.me/auth/v2/token/');
    assert.equal(call.init.method, 'POST');
    assert.equal(call.init.redirect, 'manual');
    assert.equal(call.init.body, 'grant_type=client_credentials');
    assert.equal(call.headers.get('Content-Type'), 'application/x-www-form-urlencoded');
    // The secret has a letter beyond ASCII.
    assert.deepEqual(credentialsIn(call.headers), ['Basic', `${CLIENT_ID}:${CLIENT_SECRET}`]);
  });

  it('asks the Didit that it was told of', async () => {
    const { fetch, calls } = fakeDidit();
    await tokenSource({ fetch, apiUrl: 'https://proxy.example/didit' }).get();
    assert.equal(calls[0]?.url, 'https://proxy.example/didit/auth/v2/token/');
  });

  it('keeps base64 right for letters that Latin-1 does not have', async () => {
    const { fetch, calls } = fakeDidit();
    await tokenSource({ fetch }, '密码🔑').get();
    assert.deepEqual(credentialsIn(calls[0]?.headers), ['Basic', `${CLIENT_ID}:密码🔑`]);
  });

  // Lifetime in seconds by what the answer tells; margin: a minute, or a tenth if that is less.
  const LIFETIMES: [string, Record<string, unknown>, number][] = [
    ['expires_in', { expires_in: 86_400, iat: 0, exp: 50 }, 86_400 - 60],
    ['a short expires_in', { expires_in: 100 }, 90],
    ['an expires_in of 600', { expires_in: 600 }, 540],
    ['exp and iat', { iat: 1000, exp: 4600 }, 3600 - 60],
    ['exp alone', { exp: 4600 }, 270],
    ['nothing', {}, 270],
    ['nonsense', { expires_in: 'soon', exp: 1, iat: 2 }, 270],
    ['an expires_in of nothing', { expires_in: 0 }, 270],
  ];
  for (const [what, members, seconds] of LIFETIMES) {
    it(`keeps a token for ${seconds} s by ${what}`, async () => {
      const { source, didit, pass } = numbered(members);
      assert.equal((await source.get()).value, 'token-1');
      pass(seconds - 0.001);
      assert.equal((await source.get()).value, 'token-1');
      assert.equal(didit.count('token'), 1);
      pass(0.001);
      assert.equal((await source.get()).value, 'token-2');
    });
  }

  it('counts from when it asked, not from when the answer came', async () => {
    const { now, pass } = clock();
    const { fetch, count } = fakeDidit({
      token: () => {
        pass(50);
        return json({ access_token: 'slow', expires_in: 100 });
      },
    });
    const source = tokenSource({ fetch, now });
    await source.get();
    pass(41);
    await source.get();
    assert.equal(count('token'), 2);
  });

  it('asks once, however many wait', async () => {
    const { source, didit } = numbered();
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => source.get()));
    assert.equal(didit.count('token'), 1);
    assert.equal(new Set(tokens).size, 1);
  });

  it('asks once for all whose token ended at the same time', async () => {
    const { source, didit, pass } = numbered();
    await source.get();
    pass(3600);
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => source.get()));
    assert.equal(didit.count('token'), 2);
    assert.deepEqual(new Set(tokens.map(({ value }) => value)), new Set(['token-2']));
  });

  it('does not keep a failure, and tells it to all who waited', async () => {
    let fails = true;
    const { fetch, count } = fakeDidit({
      token: () => (fails ? json({}, 500) : json({ access_token: 'fine' })),
    });
    const source = tokenSource({ fetch });
    const outcomes = await Promise.allSettled([source.get(), source.get()]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(count('token'), 1);
    fails = false;
    assert.equal((await source.get()).value, 'fine');
  });

  for (const access_token of [undefined, null, '', 5, {}, 'a b', 'a\nb', 'é']) {
    it(`refuses ${JSON.stringify(access_token)} as a token`, async () => {
      const { fetch } = fakeDidit({ token: () => json({ access_token }) });
      await assert.rejects(tokenSource({ fetch }).get(), (error) => {
        assert.ok(error instanceof DiditApiError);
        assert.equal(error.reason, 'invalid-answer');
        return true;
      });
    });
  }

  it('refuses a token that comes with another status than 200', async () => {
    const { fetch } = fakeDidit({ token: () => json({ access_token: 'x' }, 201) });
    await assert.rejects(tokenSource({ fetch }).get(), { reason: 'invalid-answer' });
  });

  it('keeps the credentials out of the details of a failure', async () => {
    const { fetch } = fakeDidit({
      token: ({ headers }) => json({ error: `bad ${headers.get('Authorization')}` }, 401),
    });
    await assert.rejects(tokenSource({ fetch }).get(), { detail: 'bad Basic [redacted]' });
  });
});

describe('AccessToken, a token that was refused', () => {
  it('is renewed', async () => {
    const { source } = numbered();
    const refused = await source.get();
    assert.equal((await source.renew(refused)).value, 'token-2');
    assert.equal((await source.get()).value, 'token-2');
  });

  it('is renewed once, however many were refused it', async () => {
    const { source, didit } = numbered();
    const refused = await source.get();
    const renewed = await Promise.all(Array.from({ length: 1000 }, () => source.renew(refused)));
    assert.equal(didit.count('token'), 2);
    assert.deepEqual(new Set(renewed.map(({ value }) => value)), new Set(['token-2']));
  });

  it('gives way to the one that somebody else got already, even if that reads the same', async () => {
    const { fetch, count } = fakeDidit();
    const source = tokenSource({ fetch });
    const refused = await source.get();
    const renewed = await source.renew(refused);
    assert.equal(await source.renew(refused), renewed);
    assert.notEqual(renewed, refused);
    assert.equal(count('token'), 2);
  });

  it('is given back itself where it was renewed less than 10 s ago', async () => {
    const { source, didit, pass } = numbered();
    const second = await source.renew(await source.get());
    for (const seconds of [0, 5, 4.999]) {
      pass(seconds);
      assert.equal(await source.renew(second), second);
    }
    assert.equal(await source.get(), second);
    assert.equal(didit.count('token'), 2);
    pass(0.001);
    assert.equal((await source.renew(second)).value, 'token-3');
  });

  it('is given back for the next 10 s after each renewal', async () => {
    const { source, didit, pass } = numbered();
    const second = await source.renew(await source.get());
    pass(10);
    const third = await source.renew(second);
    pass(9.999);
    assert.equal(await source.renew(third), third);
    assert.equal(didit.count('token'), 3);
  });

  it('may be renewed at once if it was not renewed itself, however new it is', async () => {
    const { source, didit, pass } = numbered();
    await source.renew(await source.get());
    pass(3600);
    const third = await source.get();
    assert.equal((await source.renew(third)).value, 'token-4');
    assert.equal(didit.count('token'), 4);
  });

  it('is renewed all the same where the clock was put back', async () => {
    const { source, pass } = numbered();
    const second = await source.renew(await source.get());
    pass(-3600);
    assert.equal((await source.renew(second)).value, 'token-3');
  });

  it('is not used again where its renewal failed', async () => {
    let number = 0;
    const { fetch } = fakeDidit({
      token: () => (++number === 2 ? json({}, 500) : json({ access_token: `token-${number}` })),
    });
    const source = tokenSource({ fetch });
    await assert.rejects(source.renew(await source.get()), { reason: 'failed' });
    assert.equal((await source.get()).value, 'token-3');
  });
});
