import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createSandbox,
  type SandboxEvent,
  type SandboxOptions,
} from '../../src/sandbox/sandbox.js';

const ORIGIN = 'http://sandbox.test';
const TOKEN = '/auth/v2/token/';
const SESSION = '/auth/v2/session/';
const START = Date.UTC(2025, 5, 1, 12);

interface Created {
  session_id: string;
  session_token: string;
  url: string;
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** A sandbox with a clock that stands still, an API key `key`, and short ways to call it. */
function setUp(options: SandboxOptions = {}) {
  const clock = { time: START };
  const events: SandboxEvent[] = [];
  const { fetch } = createSandbox({
    apiKey: 'key',
    now: () => clock.time,
    log: (event) => events.push(event),
    ...options,
  });
  const call = (path: string, init?: RequestInit) => fetch(new Request(ORIGIN + path, init));
  const get = (path: string, headers: HeadersInit = { 'X-Api-Key': 'key' }) =>
    call(path, { headers });
  const token = (credentials = 'sandbox:sandbox-secret', init: RequestInit = {}) =>
    call(TOKEN, {
      method: 'POST',
      headers: { Authorization: `Basic ${base64(credentials)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      ...init,
    });
  const create = (body: unknown, headers: HeadersInit = { 'X-Api-Key': 'key' }, path = SESSION) =>
    call(path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const session = async (scope = 'names email') =>
    (await (await create({ scope, vendor_data: 'user-1' })).json()) as Created;
  const answer = ({ session_token }: Created, action: string, headers: HeadersInit = {}) =>
    call(`/authorize/${session_token}`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ action }),
    });
  const status = async ({ session_id, session_token }: Created) => {
    const headers = { 'X-Api-Key': 'key', 'Data-Session-Token': session_token };
    return fields(await get(`${SESSION}${session_id}/status/`, headers)).then((all) => all.status);
  };
  const decision = async ({ session_id }: Created) =>
    fields(await get(`${SESSION}${session_id}/decision/`));
  const open = ({ session_token }: Created) => call(`/authorize/${session_token}`);
  return {
    fetch,
    clock,
    events,
    call,
    get,
    token,
    create,
    session,
    answer,
    status,
    decision,
    open,
  };
}

const fields = async (response: Response) => (await response.json()) as Record<string, unknown>;

async function assertRefused(response: Response, status: number) {
  assert.equal(response.status, status);
  const body = await fields(response);
  assert.deepEqual(Object.keys(body), ['message']);
  assert.equal(typeof body.message, 'string');
}

describe('every answer', () => {
  test('is marked, not stored, not sniffed and sends no referrer', async () => {
    const { call, token, create, session, answer, open, get } = setUp();
    const live = await session();
    const answers = [
      await token(),
      await token('wrong'),
      await create({ scope: 'names' }),
      await create('{'),
      await create({}, {}),
      await get(`${SESSION}${live.session_id}/status/`),
      await get(`${SESSION}${live.session_id}/decision/`),
      await get(`${SESSION}unknown/decision/`),
      await open(live),
      await call(`/authorize/${live.session_token}`, { method: 'HEAD' }),
      await answer(live, 'confirm', { Origin: 'https://evil.test' }),
      await answer(live, 'nonsense'),
      await answer(live, 'confirm'),
      await open(live),
      await call('/authorize/unknown'),
      await call('/authorize/unknown', { method: 'DELETE' }),
      await call('/'),
      await call('/auth/v2/nothing/'),
    ];
    for (const { headers } of answers) {
      assert.equal(headers.get('Didit-Sandbox'), 'true');
      assert.equal(headers.get('Cache-Control'), 'no-store');
      assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
      assert.equal(headers.get('Referrer-Policy'), 'no-referrer');
    }
    assert.deepEqual([...new Set(answers.map((each) => each.status))].sort(), [
      ...[200, 201, 303, 400, 401, 403, 404, 405],
    ]);
  });

  test('elsewhere is 404, in JSON', async () => {
    const { call } = setUp();
    for (const path of ['/', '/auth/v2/', '/auth/v2/session/a/b/', '/authorize/', '/favicon.ico']) {
      await assertRefused(await call(path), 404);
    }
  });

  for (const [path, wrong, allow] of [
    [TOKEN, 'GET', 'POST'],
    [SESSION, 'GET', 'POST'],
    [`${SESSION}x/status/`, 'POST', 'GET'],
    [`${SESSION}x/decision`, 'DELETE', 'GET'],
    ['/authorize/x', 'PUT', 'GET, HEAD, POST'],
  ] as const) {
    test(`${wrong} ${path} is 405 and says what is allowed`, async () => {
      const response = await setUp().call(path, { method: wrong });
      assert.equal(response.headers.get('Allow'), allow);
      await assertRefused(response, 405);
    });
  }
});

describe('client token', () => {
  test('has the documented members', async () => {
    const response = await setUp().token();
    assert.equal(response.status, 200);
    const { access_token, ...rest } = await fields(response);
    assert.match(String(access_token), /^[\w-]{64}$/);
    assert.deepEqual(rest, {
      iss: ORIGIN,
      iat: START / 1000,
      sub: 'sandbox',
      client_id: 'sandbox',
      organization_id: 'sandbox',
      expires_in: 86_400,
      exp: START / 1000 + 86_400,
    });
  });

  test('is also given without the last slash, and with a charset', async () => {
    const { call } = setUp();
    const response = await call('/auth/v2/token', {
      method: 'POST',
      headers: {
        Authorization: `basic ${base64('sandbox:sandbox-secret')}`,
        'Content-Type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8',
      },
      body: 'grant_type=client_credentials',
    });
    assert.equal(response.status, 200);
  });

  test('credentials are UTF-8, and a secret may have colons', async () => {
    const { token } = setUp({ clientId: 'büro', clientSecret: 'ключ:鍵' });
    assert.equal((await token('büro:ключ:鍵')).status, 200);
    await assertRefused(await token('büro:ключ'), 401);
  });

  const BAD = {
    'a wrong secret': `Basic ${base64('sandbox:wrong')}`,
    'a wrong id': `Basic ${base64('wrong:sandbox-secret')}`,
    'no colon': `Basic ${base64('sandbox')}`,
    'no base64': 'Basic ***',
    'no UTF-8': `Basic ${btoa('\xff:\xff')}`,
    'another scheme': 'Bearer sandbox:sandbox-secret',
    nothing: '',
  };
  for (const [name, Authorization] of Object.entries(BAD)) {
    test(`${name} for credentials is 401`, async () => {
      const response = await setUp().token('', { headers: { Authorization } });
      assert.equal(response.headers.get('WWW-Authenticate'), 'Basic');
      await assertRefused(response, 401);
    });
  }

  test('another grant, or none, is 400', async () => {
    const { token } = setUp();
    const body = new URLSearchParams({ grant_type: 'password' });
    await assertRefused(await token(undefined, { body }), 400);
    await assertRefused(await token(undefined, { body: new URLSearchParams() }), 400);
  });

  test('another content type is 415', async () => {
    const { call } = setUp();
    const Authorization = `Basic ${base64('sandbox:sandbox-secret')}`;
    for (const type of ['application/json', 'application/x-www-form-urlencodedx', '']) {
      const headers = { Authorization, 'Content-Type': type };
      const body = 'grant_type=client_credentials';
      await assertRefused(await call(TOKEN, { method: 'POST', headers, body }), 415);
    }
  });

  test('opens the API until it expires', async () => {
    const { token, create, clock } = setUp({ tokenLifetime: 60 });
    const { access_token, expires_in } = await fields(await token());
    assert.equal(expires_in, 60);
    const headers = { Authorization: `Bearer ${String(access_token)}` };
    clock.time += 59_999;
    assert.equal((await create({ scope: '' }, headers)).status, 201);
    clock.time += 1;
    await assertRefused(await create({ scope: '' }, headers), 401);
  });

  test('is worth nothing in another sandbox', async () => {
    const { access_token } = await fields(await setUp().token());
    const headers = { Authorization: `Bearer ${String(access_token)}` };
    await assertRefused(await setUp().create({ scope: '' }, headers), 401);
  });

  test('the oldest of more than 10,000 is forgotten', async () => {
    const { token, create } = setUp();
    const headers = async (response: Response) => ({
      Authorization: `Bearer ${String((await fields(response)).access_token)}`,
    });
    const first = await headers(await token());
    const second = await headers(await token());
    for (let i = 2; i <= 10_000; i++) await token();
    assert.equal((await create({ scope: '' }, first)).status, 401);
    assert.equal((await create({ scope: '' }, second)).status, 201);
  });
});

describe('create session', () => {
  test('answers 201 with id, token and url', async () => {
    const response = await setUp().create({ scope: 'names', vendor_data: 'user-1' });
    assert.equal(response.status, 201);
    const created = await fields(response);
    assert.deepEqual(Object.keys(created), ['session_id', 'session_token', 'url']);
    assert.match(String(created.session_token), /^[\w-]{32}$/);
    assert.equal(created.url, `${ORIGIN}/authorize/${String(created.session_token)}`);
  });

  test('also without the last slash', async () => {
    const response = await setUp().create({ scope: 'names' }, undefined, '/auth/v2/session');
    assert.equal(response.status, 201);
  });

  for (const publicUrl of ['https://phone.test/sandbox', 'https://phone.test/sandbox/']) {
    test(`the url starts with publicUrl ${publicUrl}`, async () => {
      const { url, session_token } = await setUp({ publicUrl }).session();
      assert.equal(url, `https://phone.test/sandbox/authorize/${session_token}`);
    });
  }

  const BAD = {
    'broken JSON': '{"scope":',
    'an empty body': '',
    'no object': '"names"',
    null: 'null',
    'a list': '["names"]',
    'a scope that is a list': { scope: ['names'] },
    'a scope that is null': { scope: null },
    'vendor_data that is a number': { scope: 'names', vendor_data: 7 },
  };
  for (const [name, body] of Object.entries(BAD)) {
    test(`${name} is 400`, async () => assertRefused(await setUp().create(body), 400));
  }

  test('a session without a scope is one that asks for nothing', async () => {
    assert.equal((await setUp().create({})).status, 201);
  });

  test('a body over 16 kB is 413', async () => {
    await assertRefused(await setUp().create({ scope: 'x'.repeat(16_384) }), 413);
  });

  for (const headers of [
    {},
    { 'X-Api-Key': 'wrong' },
    { Authorization: 'Bearer wrong' },
    { Authorization: 'Bearer ' },
    { Authorization: `Basic ${base64('sandbox:sandbox-secret')}` },
  ] as Record<string, string>[]) {
    test(`is refused with ${JSON.stringify(headers)}`, async () => {
      await assertRefused(await setUp().create({ scope: 'names' }, headers), 401);
    });
  }

  test('without the option there is no API key, not an empty one either', async () => {
    for (const apiKey of [undefined, '']) {
      const { create } = setUp({ apiKey });
      await assertRefused(await create({ scope: '' }, { 'X-Api-Key': '' }), 401);
      await assertRefused(await create({ scope: '' }, { 'X-Api-Key': 'undefined' }), 401);
    }
  });
});

describe('status', () => {
  test('is told to who has the session token', async () => {
    const { session, get } = setUp();
    const { session_id, session_token } = await session();
    for (const path of [`${SESSION}${session_id}/status/`, `${SESSION}${session_id}/status`]) {
      const response = await get(path, { 'X-Api-Key': 'key', 'Data-Session-Token': session_token });
      assert.deepEqual(await fields(response), { status: 'initialized' });
    }
  });

  test('is 403 without it or with that of another session', async () => {
    const { session, get } = setUp();
    const [one, other] = [await session(), await session()];
    const path = `${SESSION}${one.session_id}/status/`;
    await assertRefused(await get(path), 403);
    const headers = { 'X-Api-Key': 'key', 'Data-Session-Token': other.session_token };
    await assertRefused(await get(path, headers), 403);
  });

  test('is 401 with nothing but the session token, 404 for an unknown session', async () => {
    const { session, get } = setUp();
    const { session_id, session_token } = await session();
    const headers = { 'Data-Session-Token': session_token };
    await assertRefused(await get(`${SESSION}${session_id}/status/`, headers), 401);
    await assertRefused(await get(`${SESSION}${crypto.randomUUID()}/status/`), 404);
  });
});

describe('decision', () => {
  test('has the documented members, and no data before the person confirms', async () => {
    const { session, decision } = setUp();
    const created = await session('names is_over_18');
    assert.deepEqual(await decision(created), {
      session_id: created.session_id,
      session_number: 1,
      status: 'Initialized',
      vendor_data: 'user-1',
      scope: 'names is_over_18',
      user_data: {},
      created_at: '2025-06-01T12:00:00.000Z',
    });
  });

  test('once confirmed, it has the data asked for and no other', async () => {
    const userData = { names: { full_name: 'Kim' }, shoe_size: 42 };
    const { session, answer, decision } = setUp({ userData });
    const created = await session('  names is_over_18 names\tshoe_size unknown __proto__ ');
    await answer(created, 'confirm');
    const { status, user_data } = await decision(created);
    assert.equal(status, 'Confirmed');
    assert.deepEqual(user_data, { names: { full_name: 'Kim' }, is_over_18: true, shoe_size: 42 });
  });

  test('a declined session has no data', async () => {
    const { session, answer, decision } = setUp();
    const created = await session();
    await answer(created, 'decline');
    const { status, user_data } = await decision(created);
    assert.deepEqual([status, user_data], ['Declined', {}]);
  });

  test('vendor_data is null where none was given; sessions are numbered', async () => {
    const { session, create, decision } = setUp();
    await session();
    const created = (await (await create({ scope: '' })).json()) as Created;
    const { vendor_data, session_number, user_data } = await decision(created);
    assert.deepEqual([vendor_data, session_number, user_data], [null, 2, {}]);
  });

  test('takes a client token, no last slash; 401 without any, 404 if unknown', async () => {
    const { session, token, get } = setUp();
    const { session_id } = await session();
    const { access_token } = await fields(await token());
    const Authorization = `Bearer ${String(access_token)}`;
    assert.equal((await get(`${SESSION}${session_id}/decision`, { Authorization })).status, 200);
    await assertRefused(await get(`${SESSION}${session_id}/decision/`, {}), 401);
    await assertRefused(await get(`${SESSION}unknown/decision/`), 404);
  });
});

describe('phone page', () => {
  test('opening it turns initialized into retrieved', async () => {
    const { session, open, status } = setUp();
    const created = await session();
    const response = await open(created);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'text/html; charset=utf-8');
    assert.equal(await status(created), 'retrieved');
  });

  test('HEAD answers like GET, without a body, and opens nothing', async () => {
    const { session, call, status } = setUp();
    const created = await session();
    const response = await call(`/authorize/${created.session_token}`, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'text/html; charset=utf-8');
    assert.equal(await response.text(), '');
    assert.equal(await status(created), 'initialized');
  });

  test('a browser that prefetches it opens nothing', async () => {
    const { session, call, status } = setUp();
    const created = await session();
    const headers = { 'Sec-Purpose': 'prefetch;prerender' };
    assert.equal((await call(`/authorize/${created.session_token}`, { headers })).status, 200);
    assert.equal(await status(created), 'initialized');
  });

  test('an answer of another site is refused by what the browser says of it', async () => {
    const { session, call, status } = setUp();
    const created = await session();
    const answered = await call(`/authorize/${created.session_token}`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site' },
      body: new URLSearchParams({ action: 'confirm' }),
    });
    assert.equal(answered.status, 403);
    assert.equal(await status(created), 'initialized');
  });

  test('the policy lets nothing through but the style of this very answer', async () => {
    const { session, open } = setUp();
    const created = await session();
    const nonces = [];
    for (const response of [await open(created), await open(created)]) {
      const nonce = /<style nonce="([\w-]{24})">/.exec(await response.text())?.[1];
      assert.equal(
        response.headers.get('Content-Security-Policy'),
        `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; ` +
          `frame-ancestors 'self'; base-uri 'none'`,
      );
      nonces.push(nonce);
    }
    assert.notEqual(nonces[0], nonces[1]);
  });

  test('shows who asks, and for what', async () => {
    const { session, open } = setUp();
    const text = await (await open(await session('names email unknown_thing'))).text();
    for (const part of ['Demo application', 'Alex Sample', 'alex@example.com', 'unknown_thing']) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(!text.includes('Phone number'));
  });

  test('escapes the application’s name and the scopes', async () => {
    const { session, open } = setUp({ applicationName: '<script>a</script>' });
    const text = await (await open(await session('<script>b</script>'))).text();
    assert.doesNotMatch(text, /<script/);
    assert.match(text, /&#60;script&#62;a&#60;/);
    assert.match(text, /&#60;script&#62;b&#60;/);
  });

  for (const [action, state, words] of [
    ['confirm', 'confirmed', 'Your sample data is shared'],
    ['decline', 'declined', 'Nothing was shared'],
    ['cancel', 'cancelled', 'This request was taken back'],
  ] as const) {
    test(`${action} leads to ${state}, and back to the page`, async () => {
      const { session, answer, open, status } = setUp();
      const created = await session();
      await open(created);
      const response = await answer(created, action);
      assert.equal(response.status, 303);
      const location = response.headers.get('Location') ?? '';
      assert.equal(new URL(location, created.url).href, created.url);
      assert.equal(await status(created), state);
      assert.ok((await (await open(created)).text()).includes(words));
      assert.equal(await status(created), state);
    });
  }

  test('the way back holds behind a prefix and with the last slash', async () => {
    const { session, call } = setUp();
    const { session_token } = await session();
    const path = `/authorize/${session_token}/`;
    assert.equal((await call(path)).status, 200);
    const body = new URLSearchParams({ action: 'confirm' });
    const { headers } = await call(path, { method: 'POST', body });
    const { href } = new URL(headers.get('Location') ?? '', `https://proxy.test/sandbox${path}`);
    assert.equal(href, `https://proxy.test/sandbox/authorize/${session_token}`);
  });

  test('a second answer changes nothing, and the page tells the first', async () => {
    const { session, answer, open, status, events } = setUp();
    const created = await session();
    await answer(created, 'confirm');
    for (const action of ['confirm', 'decline']) {
      assert.equal((await answer(created, action)).status, 303);
    }
    assert.equal(await status(created), 'confirmed');
    assert.match(await (await open(created)).text(), /<h1>Confirmed<\/h1>/);
    assert.equal(events.filter(({ type }) => type === 'session.status').length, 1);
  });

  test('answers that arrive together: the first holds', async () => {
    const { session, answer, status, events } = setUp();
    const created = await session();
    await Promise.all([answer(created, 'confirm'), answer(created, 'decline')]);
    assert.equal(await status(created), 'confirmed');
    assert.equal(events.filter(({ type }) => type === 'session.status').length, 1);
  });

  test('an answer after expiry changes nothing, and the page tells so', async () => {
    const { session, answer, open, status, decision, clock } = setUp({ sessionLifetime: 10 });
    const created = await session();
    await open(created);
    clock.time += 10_000;
    assert.equal((await answer(created, 'confirm')).status, 303);
    assert.equal(await status(created), 'expired');
    assert.deepEqual((await decision(created)).user_data, {});
    assert.match(await (await open(created)).text(), /<h1>Expired<\/h1>/);
  });

  test('a session that nobody opened expires after 300 seconds', async () => {
    const { session, status, clock } = setUp();
    const created = await session();
    clock.time += 299_999;
    assert.equal(await status(created), 'initialized');
    clock.time += 1;
    assert.equal(await status(created), 'expired');
  });

  test('an unknown token is a 404 page, for GET, HEAD and POST', async () => {
    const { call } = setUp();
    for (const method of ['GET', 'HEAD', 'POST']) {
      const response = await call('/authorize/unknown%3Cscript%3E', { method });
      assert.equal(response.status, 404);
      assert.match(response.headers.get('Content-Security-Policy') ?? '', /^default-src 'none'/);
      const text = await response.text();
      if (method !== 'HEAD') assert.match(text, /<h1>Not found<\/h1>/);
      assert.doesNotMatch(text, /unknown/);
    }
  });

  for (const action of ['', 'Confirm', 'constructor', 'expired']) {
    test(`the action “${action}” is 400 and changes nothing`, async () => {
      const { session, answer, status } = setUp();
      const created = await session();
      await assertRefused(await answer(created, action), 400);
      assert.equal(await status(created), 'initialized');
    });
  }

  for (const Origin of ['https://evil.test', 'null', 'http://sandbox.test:8080', 'nonsense']) {
    test(`an answer from ${Origin} is 403 and changes nothing`, async () => {
      const { session, answer, status } = setUp();
      const created = await session();
      await assertRefused(await answer(created, 'confirm', { Origin }), 403);
      assert.equal(await status(created), 'initialized');
    });
  }

  for (const headers of [
    { Origin: 'http://sandbox.test' },
    { Origin: 'https://sandbox.test' },
    { Origin: 'https://phone.test:8443', Host: 'phone.test:8443' },
    { Origin: 'https://phone.test', Host: 'Phone.test' },
  ] as Record<string, string>[]) {
    test(`an answer with ${JSON.stringify(headers)} is the page’s own`, async () => {
      const { session, answer, status } = setUp();
      const created = await session();
      assert.equal((await answer(created, 'confirm', headers)).status, 303);
      assert.equal(await status(created), 'confirmed');
    });
  }
});

describe('log', () => {
  test('tells what happened and when, in order', async () => {
    const { token, session, open, answer, events, clock } = setUp();
    await token();
    clock.time += 1;
    const { session_id: sessionId, ...rest } = await session();
    const created = { session_id: sessionId, ...rest };
    clock.time += 1;
    await open(created);
    await answer(created, 'decline');
    assert.deepEqual(events, [
      { type: 'token.issued', at: START },
      { type: 'session.created', at: START + 1, sessionId, status: 'initialized' },
      { type: 'session.status', at: START + 2, sessionId, status: 'retrieved' },
      { type: 'session.status', at: START + 2, sessionId, status: 'declined' },
    ]);
  });

  test('never has a token, a secret, a key or vendor data', async () => {
    const { token, session, open, answer, events } = setUp();
    const { access_token } = await fields(await token());
    const created = await session();
    await open(created);
    await answer(created, 'confirm');
    const text = JSON.stringify(events);
    const secrets = [
      String(access_token),
      created.session_token,
      'sandbox-secret',
      'key',
      'user-1',
    ];
    for (const secret of secrets) assert.ok(!text.includes(secret));
  });
});

test('all options have defaults, and fetch needs no this', async () => {
  const { fetch } = createSandbox();
  const response = await fetch(
    new Request(`${ORIGIN}${TOKEN}`, {
      method: 'POST',
      headers: { Authorization: `Basic ${base64('sandbox:sandbox-secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    }),
  );
  const { iat, access_token } = await fields(response);
  assert.ok(Math.abs(Number(iat) - Date.now() / 1000) < 60);
  const created = await fetch(
    new Request(`${ORIGIN}${SESSION}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${String(access_token)}` },
      body: JSON.stringify({ scope: 'names' }),
    }),
  );
  assert.equal(created.status, 201);
});

for (const options of [
  { sessionLifetime: 0 },
  { sessionLifetime: NaN },
  { tokenLifetime: -1 },
  { tokenLifetime: '60' as unknown as number },
  { clientId: '' },
  { clientSecret: '' },
]) {
  test(`${JSON.stringify(options)} makes no sense and throws`, () => {
    assert.throws(() => createSandbox(options), new RegExp(Object.keys(options)[0]!));
  });
}

test('a log that throws breaks nothing', async () => {
  const sandbox = createSandbox({
    log: () => {
      throw new Error('full disk');
    },
  });
  const request = new Request('http://sandbox.test/auth/v2/token/', {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa('sandbox:sandbox-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  assert.equal((await sandbox.fetch(request)).status, 200);
});
