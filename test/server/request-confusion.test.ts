import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  clock,
  type Differing,
  fakeDidit,
  numberedSessions,
  options,
  pageRequest,
  recordedLog,
  SITE,
  statusRequest,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';

const SHOP = 'https://shop.example';
const EVIL = 'https://evil.example';

interface Created {
  session_id: string;
  status_url: string;
  events_url: string;
}

/** A site whose people are told apart by a header. */
function site(differing: Differing = {}) {
  const didit = fakeDidit({ session: numberedSessions() });
  const { events, log } = recordedLog();
  const { now, pass } = clock();
  const getUser = ({ headers }: Request) => ({ vendorData: headers.get('Person') ?? 'zoe' });
  const all = { fetch: didit.fetch, log, now, getUser, allowedOrigins: [SHOP] };
  const parts = createDidit(options({ ...all, ...differing }));
  const create = async (headers: Record<string, string> = {}, url = `${SITE}/didit`) => {
    const page = pageRequest({}, headers);
    const request = new Request(url, { method: 'POST', headers: page.headers, body: '{}' });
    const response = await parts.session(request);
    assert.equal(response.status, 201);
    return (await response.json()) as Created;
  };
  return { ...parts, create, events, didit, now, pass };
}

/** The handle of a reference. */
function handleOf(reference: string): string {
  return new URLSearchParams(reference).get('session')!;
}

describe('a query that says more than one thing', () => {
  it('is the first session of two, and never that of another person', async () => {
    const { session, create, pass, didit } = site();
    const own = handleOf((await create()).status_url);
    const others = handleOf((await create({ Person: 'eve' })).status_url);
    didit.set('retrieved', 'session-1');
    pass(2);
    const cases: [query: string, status: number][] = [
      [`?session=${own}&session=${others}`, 200],
      [`?session=${others}&session=${own}`, 404],
      [`?session=&session=${own}`, 404],
      [`?session[]=${own}`, 404],
      [`?Session=${own}`, 404],
      [`?SESSION=${own}`, 404],
      [`?session%00=${own}`, 404],
      [`?session=${own}%00`, 404],
      [`?session=${own}%20`, 404],
      [`?session=${own},${others}`, 404],
      [`?session=${own};events`, 404],
      [`?;session=${own}`, 404],
      [`?session=${own}#events`, 200],
      [`?&&&session=${own}&&`, 200],
      [`?%73ession=${own}`, 200],
    ];
    for (const [query, status] of cases) {
      const response = await session(statusRequest(query));
      assert.equal(response.status, status, query);
      assert.equal(response.headers.get('Content-Type'), 'application/json');
    }
  });

  it('wants events wherever it says so, with whatever value', async () => {
    const { session, create } = site();
    const { status_url } = await create();
    for (const events of ['&events', '&events=', '&events=0', '&events=false', '&events&events']) {
      const response = await session(statusRequest(status_url + events));
      assert.equal(response.headers.get('Content-Type'), 'text/event-stream', events);
      await response.body!.cancel();
    }
    for (const other of ['&Events', '&events[]', '&event', '&=events']) {
      const response = await session(statusRequest(status_url + other));
      assert.equal(response.headers.get('Content-Type'), 'application/json', other);
    }
    assert.equal((await session(statusRequest('?events&session'))).status, 404);
  });

  it('is not that of a create: it neither reads nor listens', async () => {
    const { session, create } = site();
    const other = await create({ Person: 'eve' });
    const request = new Request(`${SITE}/didit?session=${handleOf(other.status_url)}&events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const response = await session(request);
    assert.equal(response.status, 201);
    const own = (await response.json()) as Created;
    assert.notEqual(own.session_id, other.session_id);
    const query = new URLSearchParams(own.status_url);
    assert.deepEqual([...query.keys()], ['session']);
    assert.notEqual(query.get('session'), handleOf(other.status_url));
  });
});

describe('a path', () => {
  const PATHS = [
    ...['/', '//', '///didit', '/didit/', '/didit//', '/./didit', '/didit/..', '/../../etc/passwd'],
    ...[
      '/didit;events',
      '/didit;session=x',
      '/%2e%2e/',
      '/didit%2f..%2f',
      '/didit%00',
      '/%',
      '/\\',
    ],
    ...['/__proto__', '/constructor', '//evil.example/didit', '/http://evil.example/'],
  ];
  for (const path of PATHS) {
    it(`is the site’s own matter: ${path}`, async () => {
      const { session, create, pass } = site();
      const { status_url, events_url } = await create({}, SITE + path);
      assert.match(status_url, /^\?session=[\w-]+$/);
      assert.match(events_url, /^\?session=[\w-]+&events$/);
      pass(2);
      const read = await session(new Request(SITE + path + status_url));
      assert.equal(read.status, 200);
    });
  }
});

describe('a host', () => {
  const HOSTS = [
    'evil.example',
    'evil.example:80',
    '',
    'a b',
    '"><script>',
    '[::1]',
    'x'.repeat(5000),
  ];
  for (const host of HOSTS) {
    it(`has no part in what is answered: ${host.slice(0, 20)}`, async () => {
      const { create } = site();
      const headers = {
        Host: host,
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'http',
        'X-Original-URL': '/evil.example',
        Forwarded: 'host=evil.example;proto=http',
      };
      const created = await create(headers);
      assert.doesNotMatch(JSON.stringify(created), /evil/);
      assert.match(created.status_url, /^\?session=[\w-]+$/);
    });
  }

  /** What says that a request was sent to another host than it was. */
  const SPOOFED: readonly Record<string, string>[] = [
    { 'X-Forwarded-Host': 'evil.example' },
    { 'X-Host': 'evil.example' },
    { 'X-Original-Host': 'evil.example' },
    { 'X-Forwarded-Server': 'evil.example' },
    { 'X-HTTP-Host-Override': 'evil.example' },
    { Forwarded: 'host=evil.example' },
    { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '443' },
    { Referer: `${SITE}/` },
  ];
  for (const spoofed of SPOOFED) {
    it(`is not believed where it is only claimed: ${Object.keys(spoofed).join(', ')}`, async () => {
      const { session, didit } = site();
      const headers = {
        'Content-Type': 'application/json',
        Origin: EVIL,
        Host: 'site.example',
        ...spoofed,
      };
      const init = { method: 'POST', headers, body: '{}' };
      assert.equal((await session(new Request(`${SITE}/didit`, init))).status, 403);
      assert.equal(didit.calls.length, 0);
    });
  }
});

describe('an origin', () => {
  const REFUSED = [
    ...['null', EVIL, `${SHOP}.evil.example`, `${SHOP}@evil.example`, `${SHOP}:444`],
    ...['https://shop.example.', `${SHOP}, ${SHOP}`],
    ...[`${SHOP},${EVIL}`, `${EVIL} ${SHOP}`, '*', 'file://', 'https://', '%00'],
    ...['data:text/html,x', 'chrome-extension://abc', `https://user@site.example.evil.example`],
    ...['https://site.example.evil.example', 'https://evilsite.example'],
  ];
  for (const origin of REFUSED) {
    it(`is refused without CORS headers: ${origin}`, async () => {
      const { session, didit } = site();
      for (const method of ['POST', 'GET', 'OPTIONS', 'PUT']) {
        const headers = { 'Content-Type': 'application/json', Origin: origin };
        const body = ['GET', 'OPTIONS'].includes(method) ? null : '{}';
        const response = await session(new Request(`${SITE}/didit`, { method, headers, body }));
        assert.equal(response.status, 403, method);
        for (const [name] of response.headers) {
          assert.doesNotMatch(name, /^access-control/i);
        }
      }
      assert.equal(didit.calls.length, 0);
    });
  }

  // In older browsers a host that is allowed is its own, whatever the scheme is behind a proxy.
  for (const origin of ['http://shop.example', `${SHOP}/`, 'https://SHOP.example']) {
    it(`reads no answer where it is not one that is allowed: ${origin}`, async () => {
      const { session } = site();
      const headers = { 'Content-Type': 'application/json', Origin: origin };
      const init = { method: 'POST', headers, body: '{}' };
      const older = await session(new Request(`${SITE}/didit`, init));
      assert.equal(older.headers.get('Access-Control-Allow-Origin'), null);
      const today = { ...init, headers: { ...headers, 'Sec-Fetch-Site': 'cross-site' } };
      assert.equal((await session(new Request(`${SITE}/didit`, today))).status, 403);
    });
  }

  it('is refused where the browser says that it is another’s, whatever the host', async () => {
    const { session } = site();
    for (const value of ['cross-site', 'same-site', 'same-origin, cross-site', 'SAME-ORIGIN', '']) {
      const headers = {
        'Content-Type': 'application/json',
        Origin: SITE,
        Host: 'site.example',
        'Sec-Fetch-Site': value,
      };
      const init = { method: 'POST', headers, body: '{}' };
      assert.equal((await session(new Request(`${SITE}/didit`, init))).status, 403, value);
    }
  });
});

describe('a method', () => {
  const METHODS = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'get2', 'PROPFIND', 'POST2', 'G', 'M-SEARCH'];
  for (const method of METHODS) {
    it(`is not supported, whatever it is overridden with: ${method}`, async () => {
      const { session, didit, create } = site();
      const { status_url } = await create();
      const calls = didit.calls.length;
      for (const override of [
        'X-HTTP-Method-Override',
        'X-HTTP-Method',
        'X-Method-Override',
        '_method',
      ]) {
        for (const other of ['GET', 'POST', 'OPTIONS']) {
          const request = new Request(`${SITE}/didit${status_url}&_method=${other}`, {
            method,
            headers: { 'Content-Type': 'application/json', [override]: other },
          });
          const response = await session(request);
          assert.equal(response.status, 405);
          assert.equal(response.headers.get('Allow'), 'GET, POST, OPTIONS');
        }
      }
      assert.equal(didit.calls.length, calls);
    });
  }

  it('is what it is: a POST with an override creates, a GET with one reads', async () => {
    const { session, create, pass, didit } = site();
    const { status_url } = await create({ 'X-HTTP-Method-Override': 'GET' });
    pass(2);
    const read = await session(statusRequest(status_url, { 'X-HTTP-Method-Override': 'POST' }));
    assert.equal(read.status, 200);
    assert.equal(didit.count('session'), 1);
  });
});
