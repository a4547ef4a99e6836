import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { corsHeaders, isSameSite, preflightHeaders } from '../../src/server/same-site.js';

const ALLOWED = new Set(['https://shop.example', 'http://localhost:5173']);

function request(headers: Record<string, string>, url = 'http://site.example/didit'): Request {
  return new Request(url, { method: 'POST', headers });
}

type Case = [string, Record<string, string>, boolean, string?];

describe('isSameSite', () => {
  const CASES: Case[] = [
    ['neither header, as curl sends it', {}, true],
    ['Sec-Fetch-Site same-origin', { 'Sec-Fetch-Site': 'same-origin' }, true],
    ['Sec-Fetch-Site none', { 'Sec-Fetch-Site': 'none' }, true],
    ['Sec-Fetch-Site same-site', { 'Sec-Fetch-Site': 'same-site' }, false],
    ['Sec-Fetch-Site cross-site', { 'Sec-Fetch-Site': 'cross-site' }, false],
    ['an unknown Sec-Fetch-Site', { 'Sec-Fetch-Site': 'next-door' }, false],
    ['an empty Sec-Fetch-Site', { 'Sec-Fetch-Site': '' }, false],
    [
      'an allowed origin, whatever Sec-Fetch-Site says',
      { Origin: 'https://shop.example', 'Sec-Fetch-Site': 'cross-site' },
      true,
    ],
    [
      'an allowed origin of another scheme, cross-site',
      { Origin: 'http://shop.example', 'Sec-Fetch-Site': 'cross-site' },
      false,
    ],
    [
      'same-origin, the Host being rewritten by a proxy',
      { Origin: 'https://site.example', 'Sec-Fetch-Site': 'same-origin', Host: 'inner:8080' },
      true,
    ],
    [
      'cross-site, although the hosts agree',
      { Origin: 'https://site.example', 'Sec-Fetch-Site': 'cross-site', Host: 'site.example' },
      false,
    ],
    [
      'a null origin that claims to be same-origin by host only',
      { Origin: 'null', Host: 'null' },
      false,
    ],
    ['the own host', { Origin: 'http://site.example', Host: 'site.example' }, true],
    [
      'the own host behind a TLS proxy',
      { Origin: 'https://site.example', Host: 'site.example' },
      true,
    ],
    [
      'the own host with the default port spelled out',
      { Origin: 'https://site.example', Host: 'site.example:443' },
      true,
    ],
    ['the own host and port', { Origin: 'http://a.example:81', Host: 'a.example:81' }, true],
    ['another port', { Origin: 'http://a.example:82', Host: 'a.example:81' }, false],
    ['another host', { Origin: 'https://evil.example', Host: 'site.example' }, false],
    [
      'a host that begins like the own',
      { Origin: 'https://site.example.evil.example', Host: 'site.example' },
      false,
    ],
    [
      'a forwarded host',
      {
        Origin: 'https://evil.example',
        Host: 'site.example',
        'X-Forwarded-Host': 'evil.example',
      },
      false,
    ],
    ['the Host header over the URL', { Origin: 'http://site.example', Host: 'b.example' }, false],
    ['the URL’s host where Host is missing', { Origin: 'https://site.example' }, true],
    ['another host than the URL’s', { Origin: 'https://evil.example' }, false],
    ['an allowed host, its scheme aside', { Origin: 'http://shop.example', Host: 'i:80' }, true],
    ['an allowed host on another port', { Origin: 'http://localhost:5174', Host: 'i' }, false],
    ['a null origin', { Origin: 'null', Host: 'site.example' }, false],
    ['an empty origin', { Origin: '', Host: 'site.example' }, false],
    ['an origin that is no URL', { Origin: 'https://', Host: 'site.example' }, false],
    ['an extension', { Origin: 'moz-extension://site.example', Host: 'site.example' }, false],
    [
      'a scheme that ends like https',
      { Origin: 'web+https://site.example', Host: 'site.example' },
      false,
    ],
    [
      'a scheme that begins like http',
      { Origin: 'httpx://site.example', Host: 'site.example' },
      false,
    ],
    ['two origins', { Origin: 'https://site.example, https://b.c', Host: 'site.example' }, false],
    ['a Host that is none', { Origin: 'https://site.example', Host: ':::' }, false],
  ];
  for (const [what, headers, passes, url] of CASES) {
    it(`${passes ? 'lets pass' : 'stops'}: ${what}`, () => {
      assert.equal(isSameSite(request(headers, url), ALLOWED), passes);
    });
  }
});

describe('corsHeaders', () => {
  it('echo one allowed origin', () => {
    assert.deepEqual(corsHeaders(request({ Origin: 'https://shop.example' }), ALLOWED), {
      'Access-Control-Allow-Origin': 'https://shop.example',
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'Retry-After',
    });
  });

  for (const origin of ['https://evil.example', 'http://shop.example', 'null']) {
    it(`are not given to ${origin}`, () => {
      assert.deepEqual(corsHeaders(request({ Origin: origin }), ALLOWED), {});
    });
  }

  it('are not given without an origin', () => {
    assert.deepEqual(corsHeaders(request({}), ALLOWED), {});
  });
});

describe('preflightHeaders', () => {
  it('allow the methods, and the headers asked for, for ten minutes', () => {
    const asked = 'content-type, idempotency-key,x-csrf-token';
    assert.deepEqual(preflightHeaders(request({ 'Access-Control-Request-Headers': asked })), {
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
      'Access-Control-Allow-Headers': asked,
      'Access-Control-Max-Age': '600',
    });
  });

  for (const asked of ['', 'a b', 'a,,b', ',a', 'a;b', '"a"', '<script>', 'a: b']) {
    it(`do not echo ${JSON.stringify(asked)}`, () => {
      const headers = preflightHeaders(request({ 'Access-Control-Request-Headers': asked }));
      assert.ok(!('Access-Control-Allow-Headers' in headers));
    });
  }
});
