import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiditApiError } from '../../src/server/didit-api-error.js';
import {
  DiditClient,
  isId,
  type DiditClientOptions,
  type SessionRequest,
} from '../../src/server/didit-client.js';
import {
  ACCESS_TOKEN,
  API_KEY,
  AUTHORIZE_URL,
  client,
  CLIENT_ID,
  CLIENT_SECRET,
  clock,
  fakeDidit,
  json,
  SESSION_BODY,
  SESSION_ID,
  SESSION_TOKEN,
  settle,
  USER_DATA,
  VENDOR_DATA,
  VERIFICATION,
  WORKFLOW_ID,
  type Differing,
  type SeenCall,
} from './helpers.js';

const REQUEST = { scope: 'names', vendorData: VENDOR_DATA };
const KEY = { apiKey: API_KEY };

/** Each API, each way to be known to it. */
const APIS: [string, Differing][] = [
  ['data transfer by client token', {}],
  ['data transfer by API key', KEY],
  ['verification', VERIFICATION],
];

type Fields = Record<string, unknown>;

/** What "create session" makes of an answer of Didit. */
function answered(body: Fields, credentials: Differing = {}) {
  const { fetch } = fakeDidit({ session: () => json(body, 201) });
  return client({ ...credentials, fetch }).createSession(REQUEST);
}

/** The one call to Didit besides that for the token. */
async function callOf(
  credentials: Differing,
  ask: (client: DiditClient) => Promise<unknown>,
): Promise<SeenCall> {
  const { fetch, calls } = fakeDidit();
  await ask(client({ ...credentials, fetch }));
  const [call, ...others] = calls.filter(({ kind }) => kind !== 'token');
  assert.ok(call);
  assert.equal(others.length, 0);
  return call;
}

function bodyOf({ body }: SeenCall): unknown {
  return JSON.parse(body);
}

const kindsOf = (calls: SeenCall[]) => calls.map(({ kind }) => kind);

describe('DiditClient', () => {
  it('needs credentials, and options that are right', () => {
    const WRONG: [unknown, RegExp][] = [
      [undefined, /options must be an object/],
      ['api-key', /options must be an object/],
      [{}, /clientId and clientSecret, or apiKey/],
      [{ clientId: CLIENT_ID }, /clientSecret/],
      [{ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, ...KEY }, /do not go with/],
      [{ workflowId: WORKFLOW_ID }, /workflowId does not work without apiKey/],
      [{ ...KEY, fetch: {} }, /fetch must be a function/],
      [{ ...KEY, now: 5 }, /now must be a function/],
      [{ ...KEY, apiUrl: 'http://apx.didit.me' }, /apiUrl/],
    ];
    for (const [options, message] of WRONG) {
      const make = () => new DiditClient(options as DiditClientOptions);
      assert.throws(make, { name: 'TypeError', message });
    }
  });

  it('sends nothing before it is asked to', async () => {
    const { fetch, calls } = fakeDidit();
    for (const [, credentials] of APIS) client({ ...credentials, fetch });
    await settle();
    assert.equal(calls.length, 0);
  });

  it('looks up the platform’s fetch and clock at each call', async (t) => {
    const { fetch, calls, count } = fakeDidit();
    const own = client();
    t.mock.method(globalThis, 'fetch', fetch);
    const now = t.mock.method(Date, 'now', () => 42);
    await own.createSession();
    now.mock.mockImplementation(() => 42 + 86_400_000);
    await own.createSession();
    assert.equal(count('token'), 2);
    assert.equal(calls.length, 4);
  });

  it('calls the fetch that it is given, without a receiver', async () => {
    const receivers: unknown[] = [];
    await client({
      ...KEY,
      async fetch(this: unknown) {
        receivers.push(this);
        return json({ session_id: SESSION_ID, url: AUTHORIZE_URL }, 201);
      },
    }).createSession();
    assert.deepEqual(receivers, [undefined]);
  });

  for (const [api, credentials] of APIS) {
    it(`keeps to the base URL that it is given, in ${api}`, async () => {
      const apiUrl = 'https://proxy.example/didit/';
      const { fetch, calls } = fakeDidit();
      await client({ ...credentials, fetch, apiUrl }).createSession();
      for (const { url } of calls) {
        assert.match(url, /^https:\/\/proxy\.example\/didit\/(auth\/v2|v3)\/\w+\/$/);
      }
    });
  }
});

describe('DiditClient, on the wire', () => {
  const token = { Authorization: `Bearer ${ACCESS_TOKEN}` };
  const key = { 'X-Api-Key': API_KEY };
  const opener = { 'Data-Session-Token': SESSION_TOKEN };
  const isJson = { 'Content-Type': 'application/json' };
  const create = (it: DiditClient) => it.createSession(REQUEST);
  const status = (it: DiditClient) => it.getStatus(SESSION_ID, SESSION_TOKEN);
  const decision = (it: DiditClient) => it.getDecision(SESSION_ID);
  const remove = (it: DiditClient) => it.deleteSession(SESSION_ID);

  const TRANSFER = 'https://apx.didit.me/auth/v2/session/';
  const V3 = 'https://verification.didit.me/v3/session/';
  const CALLS: [
    string,
    Differing,
    (client: DiditClient) => Promise<unknown>,
    [method: string, url: string, headers: Record<string, string>],
  ][] = [
    ['createSession', {}, create, ['POST', TRANSFER, { ...token, ...isJson }]],
    ['createSession by key', KEY, create, ['POST', TRANSFER, { ...key, ...isJson }]],
    ['createSession of verification', VERIFICATION, create, ['POST', V3, { ...key, ...isJson }]],
    ['getStatus', {}, status, ['GET', `${TRANSFER}${SESSION_ID}/status/`, { ...token, ...opener }]],
    [
      'getStatus by key',
      KEY,
      status,
      ['GET', `${TRANSFER}${SESSION_ID}/status/`, { ...key, ...opener }],
    ],
    [
      'getStatus of verification',
      VERIFICATION,
      status,
      ['GET', `${V3}${SESSION_ID}/decision/`, key],
    ],
    ['getDecision', {}, decision, ['GET', `${TRANSFER}${SESSION_ID}/decision/`, token]],
    ['getDecision by key', KEY, decision, ['GET', `${TRANSFER}${SESSION_ID}/decision/`, key]],
    [
      'getDecision of verification',
      VERIFICATION,
      decision,
      ['GET', `${V3}${SESSION_ID}/decision/`, key],
    ],
    [
      'deleteSession of verification',
      VERIFICATION,
      remove,
      ['DELETE', `${V3}${SESSION_ID}/delete/`, key],
    ],
  ];
  for (const [name, credentials, ask, [method, url, headers]] of CALLS) {
    it(`sends ${name} as documented, and follows no redirect`, async () => {
      const call = await callOf(credentials, ask);
      assert.equal(call.init.method, method);
      assert.equal(call.url, url);
      assert.deepEqual(call.init.headers, { Accept: 'application/json', ...headers });
      assert.equal(call.init.redirect, 'manual');
      if (method !== 'POST') assert.equal(call.init.body, undefined);
    });
  }

  it('asks for no token where it has an API key', async () => {
    for (const credentials of [KEY, VERIFICATION]) {
      const { fetch, count } = fakeDidit();
      const own = client({ ...credentials, fetch });
      for (const ask of [create, status, decision]) await ask(own);
      assert.equal(count('token'), 0);
    }
  });

  it('shares one client token among all calls', async () => {
    const { fetch, count } = fakeDidit();
    const own = client({ fetch });
    await Promise.all(Array.from({ length: 1000 }, () => create(own)));
    await Promise.all([status(own), decision(own)]);
    assert.deepEqual([count('token'), count('session')], [1, 1000]);
  });

  it('sends no workflow and no key where it has a client token', async () => {
    const call = await callOf({}, create);
    assert.equal(call.headers.get('X-Api-Key'), null);
    assert.doesNotMatch(call.body, /workflow/);
  });
});

describe('DiditClient, what a session is created with', () => {
  /** The JSON that goes out for a request. */
  async function sentFor(credentials: Differing, request?: SessionRequest): Promise<unknown> {
    return bodyOf(await callOf(credentials, (own) => own.createSession(request)));
  }

  const fields = { callback: 'https://site.example/done', metadata: { cart: 5 }, language: 'de' };

  for (const [api, credentials] of APIS.slice(0, 2)) {
    it(`is the scope and the person, in ${api}`, async () => {
      const body = { scope: 'names', vendor_data: VENDOR_DATA };
      assert.deepEqual(await sentFor(credentials, REQUEST), body);
      assert.deepEqual(await sentFor(credentials, { ...REQUEST, fields }), body);
    });

    it(`may be nothing, in ${api}`, async () => {
      assert.deepEqual(await sentFor(credentials), {});
      const nothing = { scope: undefined, vendorData: undefined, fields: undefined };
      assert.deepEqual(await sentFor(credentials, nothing), {});
    });
  }

  it('is the workflow, the person and the fields, in verification', async () => {
    const body = { ...fields, workflow_id: WORKFLOW_ID, vendor_data: VENDOR_DATA };
    assert.deepEqual(await sentFor(VERIFICATION, { ...REQUEST, fields }), body);
  });

  it('is at least the workflow, in verification', async () => {
    assert.deepEqual(await sentFor(VERIFICATION), { workflow_id: WORKFLOW_ID });
  });

  it('is the own workflow and person, whatever the fields say', async () => {
    const foreign = { workflow_id: 'of-another', vendor_data: 'somebody else', callback: 'x' };
    const body = { callback: 'x', workflow_id: WORKFLOW_ID, vendor_data: VENDOR_DATA };
    assert.deepEqual(await sentFor(VERIFICATION, { ...REQUEST, fields: foreign }), body);
  });

  it('is nobody rather than somebody of the fields', async () => {
    const foreign = { vendor_data: 'somebody else' };
    const body = { workflow_id: WORKFLOW_ID };
    assert.deepEqual(await sentFor(VERIFICATION, { fields: foreign }), body);
  });
});

describe('DiditClient, Didit’s answer to a created session', () => {
  it('is given whole, token included', async () => {
    const body = {
      session_id: SESSION_ID,
      session_token: SESSION_TOKEN,
      url: AUTHORIZE_URL,
      session_number: 5,
    };
    for (const [, credentials] of APIS) assert.deepEqual(await answered(body, credentials), body);
  });

  it('tells the status in verification', async () => {
    const body = { session_id: SESSION_ID, url: AUTHORIZE_URL, status: 'Not Started' };
    assert.equal((await answered(body, VERIFICATION)).status, 'Not Started');
  });

  for (const url of [undefined, null]) {
    it(`has a url made of the token where it is ${url}, in data transfer`, async () => {
      const body = { session_id: SESSION_ID, session_token: 'a/b ?', url };
      for (const credentials of [{}, KEY]) {
        const session = await answered(body, credentials);
        assert.equal(session.url, 'https://app.didit.me/authorize/a%2Fb%20%3F');
      }
    });

    it(`must have a url other than ${url}, in verification`, async () => {
      const body = { session_id: SESSION_ID, session_token: SESSION_TOKEN, url };
      await assert.rejects(answered(body, VERIFICATION), { reason: 'invalid-answer' });
    });
  }

  for (const nonsense of [null, '', 5, {}, 'a b', 'a\nb', 'é', 'x'.repeat(2001)]) {
    it(`is not lost for a token that is ${JSON.stringify(nonsense).slice(0, 9)}`, async () => {
      const session = await answered({ ...SESSION_BODY, session_token: nonsense });
      assert.equal(session.session_id, SESSION_ID);
      assert.ok(!('session_token' in session));
    });
  }

  for (const nonsense of [null, '', 5, {}, 'x'.repeat(65)]) {
    it(`is not lost for a status that is ${JSON.stringify(nonsense).slice(0, 9)}`, async () => {
      const session = await answered({ ...SESSION_BODY, status: nonsense }, VERIFICATION);
      assert.equal(session.session_id, SESSION_ID);
      assert.ok(!('status' in session));
    });
  }

  it('cannot be asked for in disguise', async () => {
    const didit = fakeDidit();
    const fields = { toJSON: () => ({ workflow_id: 'evil' }) };
    await client({ ...VERIFICATION, fetch: didit.fetch }).createSession({ fields });
    assert.deepEqual(JSON.parse(didit.calls[0]?.body ?? ''), { workflow_id: WORKFLOW_ID });
  });

  it('has Didit’s own url, if there is one', async () => {
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
    it(`is refused with ${what}`, async () => {
      for (const [, credentials] of APIS) {
        const failure = answered(body, credentials);
        await assert.rejects(failure, { reason: 'invalid-answer', status: 201 });
      }
    });
  }

  it('is quoted by no error', async () => {
    const failure = answered({ session_id: 'a b', session_token: 't0k3n', url: AUTHORIZE_URL });
    await assert.rejects(failure, (error) => {
      assert.ok(error instanceof DiditApiError);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /t0k3n|a b|authorize/);
      return true;
    });
  });

  it('may have a session_id of 128 characters, and a token of broken Unicode', async () => {
    const session_id = `_-${'x'.repeat(126)}`;
    assert.equal((await answered({ session_id, url: AUTHORIZE_URL })).session_id, session_id);
    const { url } = await answered({ session_id, session_token: '\ud800' });
    assert.match(url, /%EF%BF%BD$/);
  });

  it('must come with 201', async () => {
    for (const [, credentials] of APIS) {
      const { fetch } = fakeDidit({
        session: () => json({ session_id: 'a', url: AUTHORIZE_URL }, 200),
      });
      const failure = client({ ...credentials, fetch }).createSession();
      await assert.rejects(failure, { reason: 'invalid-answer', status: 200 });
    }
  });
});

describe('DiditClient, getStatus', () => {
  for (const [api, credentials] of APIS) {
    it(`gives Didit’s word alone, in ${api}`, async () => {
      const { fetch, set } = fakeDidit();
      set('In Review');
      const status = await client({ ...credentials, fetch }).getStatus(SESSION_ID, SESSION_TOKEN);
      assert.deepEqual(status, { status: 'In Review' });
    });
  }

  it('needs no session token in verification', async () => {
    const { fetch } = fakeDidit();
    const { status } = await client({ ...VERIFICATION, fetch }).getStatus(SESSION_ID);
    assert.equal(status, 'initialized');
  });

  for (const token of [undefined, null, '', 'a b', 'a\r\nX-Api-Key: b', 'é', 5, {}]) {
    it(`sends nothing for ${JSON.stringify(token)} as a session token in data transfer`, async () => {
      for (const credentials of [{}, KEY]) {
        const { fetch, calls } = fakeDidit();
        const failure = client({ ...credentials, fetch }).getStatus(SESSION_ID, token as string);
        await assert.rejects(failure, { name: 'TypeError', message: /needs the session token/ });
        assert.equal(calls.length, 0);
      }
    });
  }

  for (const status of [undefined, null, '', 5, {}, ['approved'], 'x'.repeat(65)]) {
    it(`refuses ${JSON.stringify(status)} as a status`, async () => {
      const reply = () => json({ session_id: SESSION_ID, status });
      const { fetch } = fakeDidit({ status: reply, decision: reply });
      for (const [, credentials] of APIS) {
        const failure = client({ ...credentials, fetch }).getStatus(SESSION_ID, SESSION_TOKEN);
        await assert.rejects(failure, { reason: 'invalid-answer', status: 200 });
      }
    });
  }

  it('takes a word of 64 characters', async () => {
    const word = 'x'.repeat(64);
    const { fetch } = fakeDidit({ status: () => json({ status: word }) });
    const { status } = await client({ fetch }).getStatus(SESSION_ID, SESSION_TOKEN);
    assert.equal(status, word);
  });

  it('keeps the session token out of the details of a failure', async () => {
    const { fetch } = fakeDidit({
      status: ({ headers }) => json({ detail: `no ${headers.get('Data-Session-Token')}` }, 403),
    });
    const failure = client({ fetch }).getStatus(SESSION_ID, SESSION_TOKEN);
    await assert.rejects(failure, { reason: 'refused', status: 403, detail: 'no [redacted]' });
  });
});

describe('DiditClient, getDecision', () => {
  for (const [api, credentials] of APIS) {
    it(`gives Didit’s answer whole, in ${api}`, async () => {
      const { fetch, set, decisionBody } = fakeDidit();
      set('Approved');
      const own = client({ ...credentials, fetch });
      await own.createSession(REQUEST);
      const decision = await own.getDecision(SESSION_ID);
      assert.deepEqual(decision, decisionBody(SESSION_ID));
      assert.equal(decision.status, 'Approved');
      assert.equal(decision.vendor_data, VENDOR_DATA);
      assert.deepEqual(decision.user_data, USER_DATA);
    });
  }

  const INVALID: [string, unknown][] = [
    ['no session_id', { status: 'approved' }],
    ['a session_id that is a number', { session_id: 5, status: 'approved' }],
    ['no status', { session_id: SESSION_ID }],
    ['an empty status', { session_id: SESSION_ID, status: '' }],
    ['a status that is no string', { session_id: SESSION_ID, status: { word: 'approved' } }],
    ['a status of 65 characters', { session_id: SESSION_ID, status: 'x'.repeat(65) }],
    ['a list', [{ session_id: SESSION_ID, status: 'approved' }]],
  ];
  for (const [what, body] of INVALID) {
    it(`refuses ${what}, quoting nothing of it`, async () => {
      const { fetch } = fakeDidit({ decision: () => json(body) });
      await assert.rejects(client({ fetch }).getDecision(SESSION_ID), (error) => {
        assert.ok(error instanceof DiditApiError);
        assert.deepEqual([error.reason, error.status], ['invalid-answer', 200]);
        assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /approved|3f2e8c1a|xxx/);
        return true;
      });
    });
  }
});

describe('DiditClient, deleteSession', () => {
  it('gives nothing', async () => {
    const { fetch, count } = fakeDidit();
    assert.equal(await client({ ...VERIFICATION, fetch }).deleteSession(SESSION_ID), undefined);
    assert.equal(count('delete'), 1);
  });

  it('takes 200 for success, too', async () => {
    const { fetch } = fakeDidit({ delete: () => json({ deleted: true }, 200) });
    assert.equal(await client({ ...VERIFICATION, fetch }).deleteSession(SESSION_ID), undefined);
  });

  for (const status of [201, 202]) {
    it(`takes ${status} for no success`, async () => {
      const { fetch } = fakeDidit({ delete: () => json({}, status) });
      const failure = client({ ...VERIFICATION, fetch }).deleteSession(SESSION_ID);
      await assert.rejects(failure, { reason: 'invalid-answer', status });
    });
  }

  it('tells of a session that is not there', async () => {
    const { fetch } = fakeDidit({ delete: () => json({ detail: 'Not found.' }, 404) });
    const failure = client({ ...VERIFICATION, fetch }).deleteSession(SESSION_ID);
    await assert.rejects(failure, { reason: 'refused', status: 404, detail: 'Not found.' });
  });

  for (const [api, credentials] of APIS.slice(0, 2)) {
    it(`sends nothing in ${api}`, async () => {
      const { fetch, calls } = fakeDidit();
      const failure = client({ ...credentials, fetch }).deleteSession(SESSION_ID);
      await assert.rejects(failure, { name: 'TypeError', message: /verification API alone/ });
      assert.equal(calls.length, 0);
    });
  }
});

describe('DiditClient, ids of sessions', () => {
  const IDS = [SESSION_ID, 'a', '0', '_', '-', 'x'.repeat(128)];
  const OTHERS = [
    ...['', 'x'.repeat(129), '..', '../x', 'a/b', 'a%2fb', 'a b', 'a\n', 'a?b', 'a#b', 'é', 'a.b'],
    ...[undefined, null, 5, {}, ['a'], { toString: () => 'a' }],
  ];

  it('are letters, digits, _ and -, at most 128', () => {
    for (const id of IDS) assert.equal(isId(id), true, id);
    for (const other of OTHERS) assert.equal(isId(other), false, JSON.stringify(other));
  });

  it('are put into the path as they are', async () => {
    for (const id of IDS) {
      const { url } = await callOf(VERIFICATION, (own) => own.getDecision(id));
      assert.equal(url, `https://verification.didit.me/v3/session/${id}/decision/`);
    }
  });

  const ASKS: [string, (own: DiditClient, id: string) => Promise<unknown>][] = [
    ['getStatus', (own, id) => own.getStatus(id, SESSION_TOKEN)],
    ['getDecision', (own, id) => own.getDecision(id)],
    ['deleteSession', (own, id) => own.deleteSession(id)],
  ];
  for (const [name, ask] of ASKS) {
    it(`are checked by ${name} before anything is sent`, async () => {
      for (const [, credentials] of APIS) {
        const { fetch, calls } = fakeDidit();
        const own = client({ ...credentials, fetch });
        for (const other of OTHERS) {
          const failure = ask(own, other as string);
          await assert.rejects(failure, { name: 'TypeError', message: /sessionId must have/ });
        }
        assert.equal(calls.length, 0);
      }
    });
  }
});

describe('DiditClient, a client token that Didit refuses', () => {
  /** A Didit of numbered tokens that refuses everything but one of them. */
  function taking(valid: string | null) {
    const taken = { valid };
    let number = 0;
    const isTaken = ({ headers }: SeenCall) =>
      headers.get('Authorization') === `Bearer ${taken.valid}`;
    const reply = (status: number, body: Fields) => async (call: SeenCall) => {
      await settle();
      return isTaken(call) ? json(body, status) : json({ message: 'expired' }, 401);
    };
    const didit = fakeDidit({
      token: () => json({ access_token: `token-${++number}` }),
      session: reply(201, { session_id: 'a', url: AUTHORIZE_URL }),
      status: reply(200, { status: 'approved' }),
      decision: reply(200, { session_id: 'a', status: 'approved' }),
    });
    return { ...didit, taken };
  }

  it('is renewed, and the same is asked once more', async () => {
    const { fetch, calls } = taking('token-2');
    assert.equal((await client({ fetch }).createSession(REQUEST)).session_id, 'a');
    assert.deepEqual(kindsOf(calls), ['token', 'session', 'token', 'session']);
    const [, first, , second] = calls;
    assert.equal(first?.body, second?.body);
    assert.equal(first?.url, second?.url);
  });

  it('is renewed for every kind of call', async () => {
    const status = taking('token-2');
    await client({ fetch: status.fetch }).getStatus('a', SESSION_TOKEN);
    assert.deepEqual(kindsOf(status.calls), ['token', 'status', 'token', 'status']);
    assert.equal(status.calls[3]?.headers.get('Data-Session-Token'), SESSION_TOKEN);
    const decision = taking('token-2');
    await client({ fetch: decision.fetch }).getDecision('a');
    assert.deepEqual(kindsOf(decision.calls), ['token', 'decision', 'token', 'decision']);
  });

  it('is renewed once for all who were refused it together', async () => {
    const { fetch, count, taken } = taking('token-1');
    const own = client({ fetch });
    await own.createSession(REQUEST);
    taken.valid = 'token-2';
    await Promise.all(Array.from({ length: 50 }, () => own.createSession(REQUEST)));
    assert.equal(count('token'), 2);
  });

  it('costs two creates and two tokens where Didit refuses each', async () => {
    const { fetch, calls } = taking(null);
    const failure = client({ fetch }).createSession(REQUEST);
    await assert.rejects(failure, { reason: 'refused', status: 401, detail: 'expired' });
    assert.deepEqual(kindsOf(calls), ['token', 'session', 'token', 'session']);
  });

  it('costs no further token for the next 100 attempts', async () => {
    const { now } = clock();
    const { fetch, count } = taking(null);
    const own = client({ fetch, now });
    for (let i = 0; i <= 100; i++) await assert.rejects(own.createSession(), { status: 401 });
    assert.deepEqual([count('token'), count('session')], [2, 102]);
  });

  it('costs no further token for 100 attempts at once either', async () => {
    const { now } = clock();
    const { fetch, count } = taking(null);
    const own = client({ fetch, now });
    await Promise.allSettled(Array.from({ length: 100 }, () => own.createSession()));
    assert.deepEqual([count('token'), count('session')], [2, 200]);
  });

  it('costs one more token every 10 s', async () => {
    const { now, pass } = clock();
    const { fetch, count } = taking(null);
    const own = client({ fetch, now });
    await assert.rejects(own.createSession());
    for (const [seconds, tokens] of [
      [9.999, 2],
      [0.001, 3],
      [9.999, 3],
      [0.001, 4],
    ] as const) {
      pass(seconds);
      await assert.rejects(own.createSession());
      assert.equal(count('token'), tokens);
    }
  });

  it('works again once Didit takes it', async () => {
    const { now, pass } = clock();
    const { fetch, taken } = taking(null);
    const own = client({ fetch, now });
    await assert.rejects(own.createSession());
    taken.valid = 'token-2';
    pass(1);
    assert.equal((await own.createSession()).session_id, 'a');
  });

  for (const status of [400, 402, 403, 404, 429, 500]) {
    it(`is not what ${status} is about, so nothing is asked again`, async () => {
      const { fetch, calls } = fakeDidit({ session: () => json({}, status) });
      await assert.rejects(client({ fetch }).createSession(REQUEST), { status });
      assert.equal(calls.length, 2);
    });
  }

  it('is not what a refusal of the credentials is about', async () => {
    const { fetch, calls } = fakeDidit({ token: () => json({}, 401) });
    await assert.rejects(client({ fetch }).createSession(REQUEST), { status: 401 });
    assert.equal(calls.length, 1);
  });

  it('is not what a refusal of an API key is about', async () => {
    for (const credentials of [KEY, VERIFICATION]) {
      const { fetch, calls } = fakeDidit({ session: () => json({}, 401) });
      const failure = client({ ...credentials, fetch }).createSession(REQUEST);
      await assert.rejects(failure, { reason: 'refused', status: 401 });
      assert.equal(calls.length, 1);
    }
  });
});

describe('DiditClient, the details of a failure', () => {
  const echo = ({ body, headers }: SeenCall) => {
    const credentials = headers.get('Authorization') ?? headers.get('X-Api-Key');
    return json({ message: `no ${credentials} ${body}` }, 400);
  };

  const BODY = '{"scope":"names","vendor_data":"[redacted]"}';
  const DETAILS: Record<string, string> = {
    'data transfer by client token': `no Bearer [redacted] ${BODY}`,
    'data transfer by API key': `no [redacted] ${BODY}`,
    verification: `no [redacted] {"workflow_id":"${WORKFLOW_ID}","vendor_data":"[redacted]"}`,
  };
  for (const [api, credentials] of APIS) {
    it(`have Didit’s words without what is secret, in ${api}`, async () => {
      const { fetch } = fakeDidit({ session: echo });
      const failure = client({ ...credentials, fetch }).createSession(REQUEST);
      await assert.rejects(failure, { reason: 'refused', status: 400, detail: DETAILS[api] });
    });
  }

  it('have neither client id nor secret', async () => {
    const detail = `${CLIENT_ID} and ${CLIENT_SECRET} do not match`;
    const { fetch } = fakeDidit({ decision: () => json({ detail }, 403) });
    const failure = client({ fetch }).getDecision(SESSION_ID);
    await assert.rejects(failure, { detail: '[redacted] and [redacted] do not match' });
  });

  it('tell when to ask again, from seconds or a date', async () => {
    const now = () => Date.UTC(2030, 0, 1);
    for (const retryAfter of ['30', 'Tue, 01 Jan 2030 00:00:30 GMT']) {
      const decision = () => json({ detail: 'Slow.' }, 429, { 'Retry-After': retryAfter });
      const { fetch } = fakeDidit({ decision });
      const failure = client({ ...KEY, now, fetch }).getDecision(SESSION_ID);
      await assert.rejects(failure, { reason: 'rate-limited', retryAfter: 30, detail: 'Slow.' });
    }
  });
});
