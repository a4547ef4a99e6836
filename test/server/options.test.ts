import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkOptions, scopeWords, type DiditOptions } from '../../src/server/options.js';
import { CLIENT_ID, CLIENT_SECRET, options, settings } from './helpers.js';

/** Whatever markup-free JavaScript may pass. */
function checkAnything(differing: Record<string, unknown>) {
  return () => checkOptions({ ...options(), ...differing });
}

describe('checkOptions', () => {
  const WRONG: [string, Record<string, unknown>, RegExp][] = [
    ['no clientId', { clientId: undefined }, /clientId/],
    ['an empty clientId', { clientId: '' }, /clientId/],
    ['a clientId of white space', { clientId: ' ' }, /clientId/],
    ['a clientId that is no string', { clientId: 4711 }, /clientId/],
    ['no clientSecret', { clientSecret: undefined }, /clientSecret/],
    ['an empty clientSecret', { clientSecret: '' }, /clientSecret/],
    ['no getUser', { getUser: undefined }, /getUser/],
    ['a getUser that is no function', { getUser: { vendorData: 'x' } }, /getUser/],
    ['an onSession that is no function', { onSession: 'x' }, /onSession/],
    ['a fetch that is no function', { fetch: {} }, /fetch/],
    ['a now that is no function', { now: 5 }, /now/],
    ['a log that is no function', { log: console }, /log/],
    ['an http apiUrl', { apiUrl: 'http://apx.didit.me' }, /apiUrl/],
    [
      'an apiUrl that only looks like loopback',
      { apiUrl: 'http://127.0.0.1.evil.example' },
      /apiUrl/,
    ],
    ['another name that ends like loopback', { apiUrl: 'http://notlocalhost' }, /apiUrl/],
    ['a relative apiUrl', { apiUrl: '/auth' }, /apiUrl/],
    ['an empty apiUrl', { apiUrl: '' }, /apiUrl/],
    ['an apiUrl that is no string', { apiUrl: new URL('https://apx.didit.me') }, /apiUrl/],
    ['an apiUrl of another scheme', { apiUrl: 'ftp://localhost' }, /apiUrl/],
    ['an apiUrl with a user', { apiUrl: `https://${CLIENT_ID}:pw@apx.didit.me` }, /apiUrl/],
    ['an apiUrl with a user alone', { apiUrl: 'https://user@apx.didit.me' }, /apiUrl/],
    ['an apiUrl with a password alone', { apiUrl: 'https://:pw@apx.didit.me' }, /apiUrl/],
    ['a clientId with a colon', { clientId: 'a:b' }, /clientId/],
    ['an origin that is no page’s', { allowedOrigins: ['ftp://a.example'] }, /allowedOrigins/],
    ['an apiUrl with a query', { apiUrl: 'https://apx.didit.me/?a=b' }, /apiUrl/],
    ['an apiUrl with a fragment', { apiUrl: 'https://apx.didit.me/#a' }, /apiUrl/],
    ['a scope that is no string', { scope: ['names'] }, /scope/],
    ['a null scope', { scope: null }, /scope/],
    ['a scope beyond allowedScopes', { scope: 'names email', allowedScopes: 'names' }, /scope/],
    ['a scope where nothing is allowed', { scope: 'names', allowedScopes: [] }, /scope/],
    ['allowedScopes that are no list', { allowedScopes: 5 }, /allowedScopes/],
    ['allowedScopes with a number', { allowedScopes: ['names', 5] }, /allowedScopes/],
    ['a sessionLifetime of zero', { sessionLifetime: 0 }, /sessionLifetime/],
    ['a negative sessionLifetime', { sessionLifetime: -1 }, /sessionLifetime/],
    ['an endless sessionLifetime', { sessionLifetime: Infinity }, /sessionLifetime/],
    ['a sessionLifetime that is no number', { sessionLifetime: '300' }, /sessionLifetime/],
    ['NaN as sessionLifetime', { sessionLifetime: NaN }, /sessionLifetime/],
    ['allowedOrigins that are no list', { allowedOrigins: 'https://a.example' }, /allowedOrigins/],
    ['an origin with a slash', { allowedOrigins: ['https://a.example/'] }, /allowedOrigins/],
    ['an origin with a path', { allowedOrigins: ['https://a.example/x'] }, /allowedOrigins/],
    ['an origin in capitals', { allowedOrigins: ['https://A.example'] }, /allowedOrigins/],
    ['an origin with its default port', { allowedOrigins: ['https://a.example:443'] }, /allowedOr/],
    ['a bare host', { allowedOrigins: ['a.example'] }, /allowedOrigins/],
    ['a wildcard', { allowedOrigins: ['*'] }, /allowedOrigins/],
    ['the null origin', { allowedOrigins: ['null'] }, /allowedOrigins/],
  ];

  for (const [what, differing, message] of WRONG) {
    it(`refuses ${what}, quoting no value`, () => {
      assert.throws(checkAnything(differing), (error) => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, message);
        for (const value of [CLIENT_ID, CLIENT_SECRET]) assert.ok(!error.message.includes(value));
        return true;
      });
    });
  }

  it('refuses no options at all', () => {
    assert.throws(() => checkOptions(undefined as unknown as DiditOptions), /options must be/);
  });

  it('has defaults', () => {
    const { apiUrl, scope, allowedScopes, allowedOrigins, sessionLifetime, now } = settings();
    assert.equal(apiUrl, 'https://apx.didit.me');
    assert.equal(scope, undefined);
    assert.deepEqual([...allowedScopes], []);
    assert.deepEqual([...allowedOrigins], []);
    assert.equal(sessionLifetime, undefined);
    assert.ok(Math.abs(now() - Date.now()) < 1000);
  });

  const API_URLS: [string, string][] = [
    ['https://apx.didit.me', 'https://apx.didit.me'],
    ['https://apx.didit.me/', 'https://apx.didit.me'],
    ['https://proxy.example/didit/', 'https://proxy.example/didit'],
    ['https://proxy.example/didit', 'https://proxy.example/didit'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://didit.localhost:8080/', 'http://didit.localhost:8080'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
    ['http://127.9.8.7:1', 'http://127.9.8.7:1'],
    ['http://[::1]:1', 'http://[::1]:1'],
  ];
  for (const [given, taken] of API_URLS) {
    it(`takes the apiUrl ${given}`, () => {
      assert.equal(settings({ apiUrl: given }).apiUrl, taken);
    });
  }

  it('allows by default what it asks for', () => {
    assert.deepEqual([...settings({ scope: 'names email' }).allowedScopes], ['names', 'email']);
  });

  it('takes allowedScopes as a list or as a string, unknown ones too', () => {
    for (const allowedScopes of ['names email brand_new', ['names', 'email', 'brand_new']]) {
      const taken = settings({ scope: 'email', allowedScopes });
      assert.deepEqual([...taken.allowedScopes], ['names', 'email', 'brand_new']);
      assert.equal(taken.scope, 'email');
    }
  });

  it('takes an empty scope as none', () => {
    assert.equal(settings({ scope: '' }).scope, undefined);
  });

  it('takes exact origins', () => {
    const allowedOrigins = ['https://a.example', 'http://localhost:5173'];
    assert.deepEqual([...settings({ allowedOrigins }).allowedOrigins], allowedOrigins);
  });

  it('looks up the platform’s fetch and clock at each call', async (t) => {
    const { fetch, now } = settings();
    t.mock.method(globalThis, 'fetch', async () => new Response('mine'));
    t.mock.method(Date, 'now', () => 42);
    assert.equal(await (await fetch('https://site.example')).text(), 'mine');
    assert.equal(now(), 42);
  });
});

describe('scopeWords', () => {
  it('splits at any white space', () => {
    assert.deepEqual(scopeWords(' names\temail \n phone '), ['names', 'email', 'phone']);
    assert.deepEqual(scopeWords(''), []);
  });
});
