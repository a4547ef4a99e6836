import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import type { ErrorBody } from '../../src/server/index.js';
import {
  ACCESS_TOKEN,
  AUTHORIZE_URL,
  clock,
  DIDIT_TEXT,
  type Differing,
  fakeDidit,
  json,
  options,
  pageRequest,
  PRIVATE,
  recordedLog,
  send,
  SESSION_BODY,
  SESSION_ID,
  SESSION_TOKEN,
  settle,
  SITE,
  statusRequest,
  TOKEN_BODY,
  upstream,
  VENDOR_DATA,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';

const SHOP = 'https://shop.example';
const EVIL = 'https://evil.example';

/** The server part before a fake Didit, and what it told its log. */
function site(differing: Differing = {}, didit = fakeDidit()) {
  const { events, log, types } = recordedLog();
  const { session } = createDidit(
    options({ fetch: didit.fetch, log, allowedOrigins: [SHOP], ...differing }),
  );
  return { session, events, types, didit };
}

/** A request that has no JSON body. */
function bare(method: string, headers: Record<string, string> = {}): Request {
  return new Request(`${SITE}/didit`, { method, headers });
}

async function errorOf(response: Response): Promise<ErrorBody> {
  return (await response.json()) as ErrorBody;
}

function assertEverywhere({ headers }: Response): void {
  assert.equal(headers.get('Cache-Control'), 'no-store');
  assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
  assert.equal(headers.get('Referrer-Policy'), 'no-referrer');
  assert.equal(headers.get('Vary'), 'Origin');
}

function assertNothingPrivate(...things: unknown[]): void {
  for (const thing of things) {
    const text = typeof thing === 'string' ? thing : JSON.stringify(thing);
    for (const secret of PRIVATE) {
      for (const spelling of [secret, JSON.stringify(secret).slice(1, -1)]) {
        assert.ok(!text.includes(spelling), `${text} has ${secret}`);
      }
    }
  }
}

describe('createDidit', () => {
  it('throws at start-up', () => {
    assert.throws(() => createDidit(options({ clientSecret: '' })), TypeError);
  });

  it('answers wherever it is mounted, without its receiver', async () => {
    const { session } = site();
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
    for (const path of ['/', '/api/didit/session', '/x?y=z']) {
      assert.equal((await session(new Request(SITE + path, init))).status, 201);
    }
  });
});

describe('settle', () => {
  it('gives the word, and tells the log under an id of its own', async () => {
    const didit = fakeDidit();
    const { log, events } = recordedLog();
    const { settle: settleSession } = createDidit(options({ fetch: didit.fetch, log }));
    didit.set('confirmed');
    assert.equal(await settleSession(SESSION_ID), 'confirmed');
    assert.deepEqual(
      events.map(({ type }) => type),
      ['decision.accepted', 'session.status'],
    );
    assert.match(events[0]!.correlationId, /^[\da-f]{8}-/);
    assert.equal(events[0]?.correlationId, events[1]?.correlationId);
  });

  it('rejects for what is no id', async () => {
    await assert.rejects(createDidit(options()).settle('a/b'), TypeError);
  });
});

describe('session, who may ask', () => {
  it('tells a preflight of an allowed origin what it may do', async () => {
    const { session, types } = site();
    const response = await session(
      bare('OPTIONS', {
        Origin: SHOP,
        'Sec-Fetch-Site': 'cross-site',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,x-csrf-token',
      }),
    );
    assert.equal(response.status, 204);
    assert.equal(response.body, null);
    assertEverywhere(response);
    const cors = [...response.headers].filter(([name]) => name.startsWith('access-control-'));
    assert.deepEqual(Object.fromEntries(cors), {
      'access-control-allow-origin': SHOP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'content-type,x-csrf-token',
      'access-control-expose-headers': 'Retry-After',
      'access-control-max-age': '600',
    });
    assert.deepEqual(types(), []);
  });

  for (const origin of [EVIL, 'null', 'http://shop.example.evil.example']) {
    it(`refuses a preflight of ${origin}`, async () => {
      const response = await site().session(
        bare('OPTIONS', { Origin: origin, Host: 'site.example' }),
      );
      assert.equal(response.status, 403);
      assert.equal((await errorOf(response)).code, 'forbidden');
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), null);
      assertEverywhere(response);
    });
  }

  const PLAIN: Record<string, string>[] = [
    {},
    { 'Sec-Fetch-Site': 'cross-site' },
    { Origin: SITE, 'Sec-Fetch-Site': 'same-origin' },
  ];
  for (const headers of PLAIN) {
    it(`answers OPTIONS with Allow for ${JSON.stringify(headers)}`, async () => {
      const response = await site().session(bare('OPTIONS', headers));
      assert.equal(response.status, 204);
      assert.equal(response.headers.get('Allow'), 'GET, POST, OPTIONS');
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), null);
      assertEverywhere(response);
    });
  }

  for (const method of ['HEAD', 'PUT', 'PATCH', 'DELETE']) {
    it(`does not know ${method}`, async () => {
      const { session, didit } = site();
      const response = await session(bare(method));
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('Allow'), 'GET, POST, OPTIONS');
      assert.equal((await errorOf(response)).code, 'method-not-allowed');
      assert.equal(didit.calls.length, 0);
    });

    it(`tells a foreign page 403 for ${method}, not 405`, async () => {
      assert.equal((await site().session(bare(method, { Origin: EVIL }))).status, 403);
    });
  }

  it('refuses a foreign page before anything of it is looked at', async () => {
    const { session, didit } = site({ getUser: () => assert.fail('was asked') });
    const headers = { Origin: EVIL, 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'text/plain' };
    const response = await session(pageRequest('{', headers));
    assert.equal(response.status, 403);
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), null);
    assert.equal(didit.calls.length, 0);
  });

  it('gives an allowed origin its CORS headers on a session and on an error', async () => {
    const { session } = site();
    const headers = { Origin: SHOP, 'Sec-Fetch-Site': 'cross-site' };
    for (const request of [
      pageRequest({}, headers),
      pageRequest('{', headers),
      bare('GET', headers),
    ]) {
      const response = await session(request);
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), SHOP);
      assert.equal(response.headers.get('Access-Control-Allow-Credentials'), 'true');
      assert.equal(response.headers.get('Access-Control-Expose-Headers'), 'Retry-After');
      assertEverywhere(response);
    }
  });

  it('gives its own pages none', async () => {
    const response = await site().session(pageRequest({}, { Origin: SITE }));
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), null);
  });
});

describe('session, its answers', () => {
  it('are no-store JSON', async () => {
    const { session } = site({ sessionLifetime: 300 });
    const response = await session(pageRequest());
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('Content-Type'), 'application/json');
    assertEverywhere(response);
    const { status_url, events_url, ...body } = (await response.json()) as Record<string, string>;
    assert.deepEqual(body, {
      ...{ session_id: SESSION_ID, url: AUTHORIZE_URL },
      ...{ status: 'initialized', expires_in: 300 },
    });
    assert.match(status_url ?? '', /^\?session=[\w-]+$/);
    assert.equal(events_url, `${status_url}&events`);
  });

  const REFUSED: [string, () => Request, Differing, number, string][] = [
    [
      'a form',
      () => pageRequest({}, { 'Content-Type': 'text/plain' }),
      {},
      415,
      'unsupported-media-type',
    ],
    ['nobody', () => pageRequest(), { getUser: () => null }, 401, 'unauthorized'],
    ['broken JSON', () => pageRequest('{'), {}, 400, 'bad-request'],
    ['a scope that is not allowed', () => pageRequest({ scope: 'x' }), {}, 400, 'bad-request'],
    ['a bad key', () => pageRequest({}, { 'Idempotency-Key': 'a b' }), {}, 400, 'bad-request'],
    ['a large body', () => pageRequest('x'.repeat(16_385)), {}, 413, 'too-large'],
  ];
  for (const [what, request, differing, status, code] of REFUSED) {
    it(`are ${status} ${code} for ${what}, and Didit is not asked`, async () => {
      const { session, events, didit } = site(differing);
      const response = await session(request());
      const body = await errorOf(response);
      assert.equal(response.status, status);
      assert.equal(body.code, code);
      assertEverywhere(response);
      assert.equal(didit.calls.length, 0);
      assert.deepEqual(
        events.map((event) => ({ ...event, at: 0 })),
        [{ type: 'request.refused', code, at: 0, correlationId: body.correlation_id }],
      );
    });
  }

  it('have a new correlation id each time, the one of their events', async () => {
    const { session, events } = site();
    const first = await errorOf(await session(pageRequest('{')));
    const second = await errorOf(await session(pageRequest('{')));
    assert.match(first.correlation_id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.deepEqual(
      events.map((event) => event.correlationId),
      [first.correlation_id, second.correlation_id],
    );
    assert.notEqual(first.correlation_id, second.correlation_id);
  });
});

describe('session, many at once', () => {
  it('asks for one token for 1,000 sessions of 1,000 people', async () => {
    const { session, didit } = site({
      getUser: ({ headers }) => ({ vendorData: headers.get('X-User')! }),
    });
    const all = Array.from({ length: 1000 }, (_, index) =>
      session(pageRequest({}, { 'X-User': `${index}` })),
    );
    for (const { status } of await Promise.all(all)) assert.equal(status, 201);
    assert.equal(didit.count('token'), 1);
    assert.equal(didit.count('session'), 1000);
  });

  it('asks for one token more where the token ends in mid-flight', async () => {
    let tokens = 0;
    const didit = fakeDidit({
      token: () => json({ access_token: `token-${++tokens}` }),
      session: ({ headers }) =>
        headers.get('Authorization') === 'Bearer token-1'
          ? json({ detail: DIDIT_TEXT }, 401)
          : json(SESSION_BODY, 201),
    });
    const { session } = site({ limit: () => true }, didit);
    const all = Array.from({ length: 1000 }, () => session(pageRequest()));
    for (const { status } of await Promise.all(all)) assert.equal(status, 201);
    assert.equal(tokens, 2);
  });

  it('asks for one session for 1,000 requests with the same key', async () => {
    const { session, didit, types } = site();
    const key = { 'Idempotency-Key': 'key-1' };
    await Promise.all(Array.from({ length: 1000 }, () => session(pageRequest({}, key))));
    assert.equal(didit.count('session'), 1);
    assert.equal(types().filter((type) => type === 'session.created').length, 1);
    assert.equal(types().filter((type) => type === 'session.repeated').length, 999);
  });
});

describe('session, failures of the site', () => {
  const HOOKS: [string, Differing, string, RegExp][] = [
    [
      'getUser throws',
      {
        getUser: () => {
          throw new RangeError(`no such user: ${VENDOR_DATA}`);
        },
      },
      'getUser',
      /^RangeError$/,
    ],
    ['getUser gives an empty id', { getUser: () => ({ vendorData: '' }) }, 'getUser', /empty/],
    [
      'getUser gives an undefined id',
      { getUser: () => ({ vendorData: undefined }) },
      'getUser',
      /undefined/,
    ],
    [
      'onSession throws',
      { onSession: () => Promise.reject(new Error(`cannot link ${VENDOR_DATA}`)) },
      'onSession',
      /^Error$/,
    ],
  ];
  for (const [what, differing, hook, reason] of HOOKS) {
    it(`is 500 where ${what}, and the log knows why`, async () => {
      const { session, events, types } = site(differing);
      const response = await session(pageRequest());
      const text = await response.text();
      assert.equal(response.status, 500);
      assert.equal((JSON.parse(text) as ErrorBody).code, 'internal');
      assert.doesNotMatch(text, new RegExp(SESSION_ID));
      assert.deepEqual(types(), ['hook.failed', 'request.refused']);
      const event = events[0];
      assert.ok(event?.type === 'hook.failed');
      assert.equal(event.hook, hook);
      assert.match(event.reason, reason);
      assertNothingPrivate(text, events);
    });
  }

  it('is 500 where a body parser was there first', async () => {
    const { session, events } = site();
    const request = pageRequest();
    await request.text();
    assert.equal((await session(request)).status, 500);
    assert.ok(events[0]?.type === 'internal.failed');
    assert.equal(events[0].reason, 'BodyAlreadyRead');
  });

  it('is 500 where the site’s clock throws', async () => {
    const now = () => {
      throw new Error('no clock');
    };
    const response = await site({ now }).session(pageRequest());
    assert.equal(response.status, 500);
    assert.equal((await errorOf(response)).code, 'internal');
  });

  const NONSENSE: unknown[] = [undefined, null, {}, 'request'];
  for (const nonsense of NONSENSE) {
    it(`is 500 for ${JSON.stringify(nonsense)} in place of a request`, async () => {
      assert.equal((await site().session(nonsense as Request)).status, 500);
    });
  }

  it('does not come from a log that throws', async () => {
    const log = () => {
      throw new Error('disk full');
    };
    assert.equal((await site({ log }).session(pageRequest())).status, 201);
    assert.equal((await site({ log }).session(pageRequest('{'))).status, 400);
  });
});

/** The answer to the create, or to the GET of its status where there is a session. */
async function createAndRead(differing: Differing) {
  const { now, pass } = clock();
  const { session, events } = site({ fetch: undefined, now, ...differing });
  const created = await session(pageRequest());
  if (created.status !== 201) return { answer: created, events };
  const { status_url } = (await created.json()) as { status_url: string };
  pass(2);
  return { answer: await session(statusRequest(status_url)), events };
}

const confirmed = (_: unknown, response: ServerResponse) =>
  send(response, 200, { status: 'confirmed' });

describe('session, on the wire to Didit', () => {
  it('asks for a token and then for a session, with the slashes at the end', async (t) => {
    const { url, requests } = await upstream(t);
    const { session } = createDidit(options({ apiUrl: `${url}/`, scope: 'names' }));
    const response = await session(pageRequest());
    assert.equal(response.status, 201);
    const { session_id, url: shown } = (await response.json()) as Record<string, string>;
    assert.deepEqual([session_id, shown], [SESSION_ID, AUTHORIZE_URL]);
    const [token, create] = requests;
    assert.equal(`${token?.method} ${token?.path}`, 'POST /auth/v2/token/');
    assert.match(token?.headers.authorization ?? '', /^Basic [\w+/]+=*$/);
    assert.equal(token?.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(token?.body, 'grant_type=client_credentials');
    assert.equal(`${create?.method} ${create?.path}`, 'POST /auth/v2/session/');
    assert.equal(create?.headers.authorization, `Bearer ${ACCESS_TOKEN}`);
    assert.equal(create?.headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(create?.body ?? ''), { scope: 'names', vendor_data: VENDOR_DATA });
  });

  it('keeps a path of the base URL', async (t) => {
    const { url, requests } = await upstream(t);
    await createDidit(options({ apiUrl: `${url}/proxy/` })).session(pageRequest());
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/proxy/auth/v2/token/', '/proxy/auth/v2/session/'],
    );
  });

  it('asks for one token for 50 sessions at once', async (t) => {
    const { url, count } = await upstream(t);
    const { session } = createDidit(options({ apiUrl: url, limit: () => true }));
    const all = Array.from({ length: 50 }, () => session(pageRequest()));
    for (const { status } of await Promise.all(all)) assert.equal(status, 201);
    assert.equal(count('/token/'), 1);
    assert.equal(count('/session/'), 50);
  });

  it('carries on when the page goes away', async (t) => {
    const page = new AbortController();
    const { url } = await upstream(t, {
      session: (_, response) => {
        page.abort();
        send(response, 201, SESSION_BODY);
      },
    });
    const linked: string[] = [];
    const onSession = ({ session_id }: { session_id: string }) => linked.push(session_id);
    const request = new Request(pageRequest(), { signal: page.signal });
    await createDidit(options({ apiUrl: url, onSession })).session(request);
    assert.deepEqual(linked, [SESSION_ID]);
  });

  it('renews a token that Didit refuses, once', async (t) => {
    let tokens = 0;
    const { url, count } = await upstream(t, {
      token: (_, response) => send(response, 200, { access_token: `token-${++tokens}` }),
      session: ({ headers }, response) =>
        headers.authorization === 'Bearer token-1'
          ? send(response, 401, { detail: 'Token expired.' })
          : send(response, 201, SESSION_BODY),
    });
    const { session } = createDidit(options({ apiUrl: url }));
    assert.equal((await session(pageRequest())).status, 201);
    assert.equal((await session(pageRequest())).status, 201);
    assert.deepEqual([count('/token/'), count('/session/')], [2, 3]);
  });

  it('gives up where Didit refuses every token', async (t) => {
    const { url, count } = await upstream(t, {
      session: (_, response) => send(response, 401, { detail: 'No.' }),
    });
    const response = await createDidit(options({ apiUrl: url })).session(pageRequest());
    assert.equal(response.status, 502);
    assert.deepEqual([count('/token/'), count('/session/')], [2, 2]);
  });

  it('follows no redirect, with its credentials', async (t) => {
    const elsewhere = await upstream(t);
    for (const end of ['token', 'session', 'status', 'decision'] as const) {
      for (const status of [301, 302, 303, 307, 308]) {
        const redirect = (_: unknown, response: ServerResponse) =>
          send(response, status, '', { Location: `${elsewhere.url}/auth/v2/${end}/` });
        const { url } = await upstream(t, { status: confirmed, [end]: redirect });
        const { answer, events } = await createAndRead({ apiUrl: url });
        assert.equal((await errorOf(answer)).code, 'upstream-refused');
        const failure = events.find(({ type }) => type === 'upstream.failed');
        assert.ok(failure?.type === 'upstream.failed' && failure.reason === 'redirected');
      }
    }
    assert.equal(elsewhere.requests.length, 0);
  });

  /** `ok` is the status that Didit documents for a success. */
  type Misbehaviour = (response: ServerResponse, ok: number) => void;
  const UPSTREAM: [string, Misbehaviour, number, string, string][] = [
    ['400', (r) => send(r, 400, { message: 'Bad.' }), 502, 'upstream-refused', 'refused'],
    ['401', (r) => send(r, 401, { message: 'Bad.' }), 502, 'upstream-refused', 'refused'],
    ['402', (r) => send(r, 402, { message: 'Bad.' }), 502, 'upstream-refused', 'refused'],
    ['403', (r) => send(r, 403, { message: 'Bad.' }), 502, 'upstream-refused', 'refused'],
    ['404', (r) => send(r, 404, { message: 'Bad.' }), 502, 'upstream-refused', 'refused'],
    ['422', (r) => send(r, 422, { message: 'Bad.' }), 502, 'upstream-refused', 'refused'],
    ['429', (r) => send(r, 429, { message: 'Slow.' }), 503, 'upstream-busy', 'rate-limited'],
    ['500', (r) => send(r, 500, '<p>oops'), 502, 'upstream-busy', 'failed'],
    ['503', (r) => send(r, 503, ''), 502, 'upstream-busy', 'failed'],
    ['HTML', (r, ok) => send(r, ok, '<!doctype html>'), 502, 'upstream-refused', 'invalid-answer'],
    ['broken JSON', (r, ok) => send(r, ok, '{"url":'), 502, 'upstream-refused', 'invalid-answer'],
    ['nothing', (r) => send(r, 204, ''), 502, 'upstream-refused', 'invalid-answer'],
    ['an empty object', (r, ok) => send(r, ok, {}), 502, 'upstream-refused', 'invalid-answer'],
    ['a reset', (r) => r.destroy(), 502, 'upstream-refused', 'unreachable'],
    [
      'half a body',
      (r, ok) => {
        r.writeHead(ok, { 'Content-Length': '100' });
        r.write('{"session_id":', () => r.destroy());
      },
      502,
      'upstream-refused',
      'unreachable',
    ],
    [
      'an endless body',
      (r, ok) => {
        r.writeHead(ok);
        const more = () => {
          if (!r.destroyed) r.write(' '.repeat(16_384), () => setImmediate(more));
        };
        more();
      },
      502,
      'upstream-refused',
      'invalid-answer',
    ],
  ];
  for (const end of ['token', 'session', 'status', 'decision'] as const) {
    for (const [what, misbehave, status, code, reason] of UPSTREAM) {
      it(`answers ${status} ${code} to ${what} for a ${end}`, async (t) => {
        const ok = end === 'session' ? 201 : 200;
        const handler = (_: unknown, response: ServerResponse) => misbehave(response, ok);
        const { url, count } = await upstream(t, { status: confirmed, [end]: handler });
        const onDecision = () => assert.fail('was asked');
        const { answer, events } = await createAndRead({ apiUrl: url, onDecision });
        const text = await answer.text();
        assert.equal(answer.status, status);
        assert.equal((JSON.parse(text) as ErrorBody).code, code);
        assertEverywhere(answer);
        const failure = events.find(({ type }) => type === 'upstream.failed');
        assert.ok(failure?.type === 'upstream.failed');
        assert.equal(failure.reason, reason);
        assert.doesNotMatch(text, /Bad|Slow|oops/);
        // A token that is refused is renewed once; nothing else is tried again.
        const isToken = end === 'token';
        assert.equal(count('/session/'), isToken ? 0 : what === '401' && end === 'session' ? 2 : 1);
      });
    }
  }

  it('calls a 200 for a create no session, and does not log its token', async (t) => {
    const { url } = await upstream(t, { session: (_, r) => send(r, 200, SESSION_BODY) });
    const { session, events } = site({ apiUrl: url, fetch: undefined });
    const response = await session(pageRequest());
    assert.equal((await errorOf(response)).code, 'upstream-refused');
    assert.ok(events[0]?.type === 'upstream.failed');
    assert.equal(events[0].status, 200);
    assert.doesNotMatch(JSON.stringify(events), new RegExp(SESSION_TOKEN));
  });

  it('answers 502 where nobody listens', async (t) => {
    const { url } = await upstream(t);
    const { session, events } = site({ apiUrl: url.replace(/\d+$/, '1'), fetch: undefined });
    assert.equal((await session(pageRequest())).status, 502);
    assert.ok(events[0]?.type === 'upstream.failed');
    assert.equal(events[0].reason, 'unreachable');
  });

  for (const [value, passed] of [
    ['17', '17'],
    ['0', '1'],
    // A minute after the clock of these tests.
    ['Sun, 15 Jun 2025 15:07:40 GMT', '60'],
    ['<script>', null],
  ] as const) {
    it(`${passed ? 'passes on' : 'drops'} Retry-After: ${value}`, async (t) => {
      const { url } = await upstream(t, {
        session: (_, r) => send(r, 429, {}, { 'Retry-After': value }),
      });
      const { now } = clock();
      const response = await createDidit(options({ apiUrl: url, now })).session(pageRequest());
      assert.equal(response.status, 503);
      assert.equal(response.headers.get('Retry-After'), passed);
    });
  }

  it('tells nobody what Didit said, whatever that quotes', async (t) => {
    const { url } = await upstream(t, {
      session: ({ headers, body }, response) => {
        send(response, 400, { message: `${headers.authorization} ${body} ${PRIVATE.join(' ')}` });
      },
    });
    const { session, events } = site({ apiUrl: url, fetch: undefined });
    const response = await session(pageRequest());
    assertNothingPrivate(await response.text(), [...response.headers], events);
    assert.deepEqual(
      events.map(({ at: _at, correlationId: _id, ...event }) => event),
      [
        { type: 'upstream.failed', reason: 'refused', status: 400 },
        { type: 'request.refused', code: 'upstream-refused' },
      ],
    );
  });
});

describe('session, without an answer of Didit', () => {
  for (const end of ['token', 'session', 'status', 'decision'] as const) {
    it(`answers 504 after 8 seconds without a ${end}`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      const never = () => new Promise<never>(() => undefined);
      const didit = fakeDidit({ [end]: never });
      didit.set('confirmed');
      const answered = createAndRead({ fetch: didit.fetch });
      while (didit.count(end) === 0) await settle();
      t.mock.timers.tick(8000);
      const { answer, events } = await answered;
      assert.equal(answer.status, 504);
      assert.equal((await errorOf(answer)).code, 'upstream-timeout');
      const failure = events.find(({ type }) => type === 'upstream.failed');
      assert.ok(failure?.type === 'upstream.failed' && failure.reason === 'timeout');
    });
  }
});

describe('session, answered by the sandbox in production', () => {
  for (const end of ['token', 'session'] as const) {
    it(`refuses its ${end}`, async (t) => {
      const before = process.env.NODE_ENV;
      process.env.NODE_ENV = 'production';
      t.after(() => {
        if (before === undefined) delete process.env.NODE_ENV;
        else process.env.NODE_ENV = before;
      });
      const flag = { 'Didit-Sandbox': 'true' };
      const { session, events } = site(
        {},
        fakeDidit({
          token: () => json(TOKEN_BODY, 200, end === 'token' ? flag : {}),
          session: () => json(SESSION_BODY, 201, end === 'session' ? flag : {}),
        }),
      );
      const response = await session(pageRequest());
      assert.equal(response.status, 502);
      assert.equal((await errorOf(response)).code, 'upstream-refused');
      assert.ok(events[0]?.type === 'upstream.failed');
      assert.equal(events[0].reason, 'sandbox-in-production');
    });
  }
});
