import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessToken } from '../../src/server/access-token.js';
import { DiditApiError } from '../../src/server/didit-api-error.js';
import {
  ACCESS_TOKEN,
  CLIENT_ID,
  CLIENT_SECRET,
  clock,
  fakeDidit,
  json,
  settings,
} from './helpers.js';

/** A token source whose answers are numbered `token-1`, `token-2`… and have these members too. */
function numbered(members: Record<string, unknown>, start?: number) {
  let number = 0;
  const time = clock(start);
  const token = () => json({ access_token: `token-${++number}`, ...members });
  const didit = fakeDidit({ token });
  const source = new AccessToken(settings({ fetch: didit.fetch, now: time.now }));
  return { source, didit, ...time };
}

describe('AccessToken', () => {
  it('asks as documented', async () => {
    const { fetch, calls } = fakeDidit();
    const token = await new AccessToken(settings({ fetch })).get();
    assert.equal(token.value, ACCESS_TOKEN);
    assert.equal(calls[0]?.url, 'https://apx.didit.me/auth/v2/token/');
    assert.equal(calls[0]?.init.method, 'POST');
    assert.equal(calls[0]?.init.body, 'grant_type=client_credentials');
    assert.equal(calls[0]?.headers.get('Content-Type'), 'application/x-www-form-urlencoded');
    const [scheme, credentials = ''] = calls[0]?.headers.get('Authorization')?.split(' ') ?? [];
    assert.equal(scheme, 'Basic');
    // The secret has a letter beyond ASCII.
    assert.equal(Buffer.from(credentials, 'base64').toString(), `${CLIENT_ID}:${CLIENT_SECRET}`);
  });

  it('keeps base64 right for letters that Latin-1 does not have', async () => {
    const { fetch, calls } = fakeDidit();
    await new AccessToken(settings({ fetch, clientSecret: '密码🔑' })).get();
    const credentials = calls[0]?.headers.get('Authorization')?.slice('Basic '.length) ?? '';
    assert.equal(Buffer.from(credentials, 'base64').toString(), `${CLIENT_ID}:密码🔑`);
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
      pass(0.002);
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
    const source = new AccessToken(settings({ fetch, now }));
    await source.get();
    pass(41);
    await source.get();
    assert.equal(count('token'), 2);
  });

  it('asks once, however many wait', async () => {
    const { source, didit } = numbered({});
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => source.get()));
    assert.equal(didit.count('token'), 1);
    assert.equal(new Set(tokens).size, 1);
  });

  it('does not keep a failure, and tells it to all who waited', async () => {
    let fails = true;
    const { fetch, count } = fakeDidit({
      token: () => (fails ? json({}, 500) : json({ access_token: 'fine' })),
    });
    const source = new AccessToken(settings({ fetch }));
    const outcomes = await Promise.allSettled([source.get(), source.get()]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(count('token'), 1);
    fails = false;
    assert.equal((await source.get()).value, 'fine');
  });

  it('renews a token that was refused', async () => {
    const { source } = numbered({});
    const refused = await source.get();
    assert.equal((await source.renew(refused)).value, 'token-2');
  });

  it('gives the token that somebody else renewed already, even if it reads the same', async () => {
    const { fetch, count } = fakeDidit();
    const source = new AccessToken(settings({ fetch }));
    const refused = await source.get();
    await Promise.all([source.renew(refused), source.renew(refused)]);
    await source.renew(refused);
    assert.equal(count('token'), 2);
  });

  for (const access_token of [undefined, null, '', 5, {}, 'a b', 'a\nb', 'é']) {
    it(`refuses ${JSON.stringify(access_token)} as a token`, async () => {
      const { fetch } = fakeDidit({ token: () => json({ access_token }) });
      await assert.rejects(new AccessToken(settings({ fetch })).get(), (error) => {
        assert.ok(error instanceof DiditApiError);
        assert.equal(error.reason, 'invalid-answer');
        return true;
      });
    });
  }

  it('refuses a token that comes with another status than 200', async () => {
    const { fetch } = fakeDidit({ token: () => json({ access_token: 'x' }, 201) });
    await assert.rejects(new AccessToken(settings({ fetch })).get(), { reason: 'invalid-answer' });
  });

  it('keeps the credentials out of the details of a failure', async () => {
    const { fetch } = fakeDidit({
      token: (call) => json({ error: `bad ${call.headers.get('Authorization')}` }, 401),
    });
    await assert.rejects(new AccessToken(settings({ fetch })).get(), (error) => {
      assert.ok(error instanceof DiditApiError);
      assert.equal(error.facts.detail, 'bad Basic [redacted]');
      return true;
    });
  });
});
