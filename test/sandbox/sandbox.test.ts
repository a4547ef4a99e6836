import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSandbox } from '../../src/sandbox/sandbox.js';
import {
  ORIGIN,
  SESSION,
  START,
  TOKEN,
  assertRefused,
  base64,
  fields,
  setUpDataTransfer,
  setUpVerification,
  VERIFICATION,
} from './helpers.js';

/** As an answer of the sandbox, which nobody stores, sniffs, or is told of. */
function assertMarked(answers: readonly Response[]): void {
  for (const { headers } of answers) {
    assert.equal(headers.get('Didit-Sandbox'), 'true');
    assert.equal(headers.get('Cache-Control'), 'no-store');
    assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
    assert.equal(headers.get('Referrer-Policy'), 'no-referrer');
  }
}

describe('every answer', () => {
  test('is marked, not stored, not sniffed and sends no referrer', async () => {
    const { call, token, create, session, answer, open, get } = setUpDataTransfer();
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
    assertMarked(answers);
    const statuses = new Set(answers.map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), [200, 201, 303, 400, 401, 403, 404, 405]);
  });

  test('is marked in verification, too', async () => {
    const { call, create, session, answer, open, get } = setUpVerification();
    const live = await session();
    const answers = [
      await create({}),
      await create({ workflow_id: 'w' }),
      await create({ workflow_id: 'w' }, {}),
      await get(`${VERIFICATION}${live.session_id}/decision/`),
      await get(`${VERIFICATION}unknown/decision/`),
      await get(`${VERIFICATION}${live.session_id}/decision`),
      await call(VERIFICATION),
      await open(live),
      await answer(live, 'approve', { Origin: 'https://evil.test' }),
      await answer(live, 'approve'),
      await call('/session/unknown'),
    ];
    assertMarked(answers);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [400, 201, 403, 200, 404, 301, 405, 200, 403, 303, 404],
    );
  });

  test('is marked where tests play the phone, too', async () => {
    const { call, session } = setUpVerification();
    const { session_id } = await session();
    assertMarked([
      await call('/sandbox/faults'),
      await call('/sandbox/faults', { method: 'PUT', body: '{"kind":"cut"}' }),
      await call(`/sandbox/sessions/${session_id}/open`, { method: 'POST' }),
      await call(`/sandbox/sessions/${session_id}/nothing`, { method: 'POST' }),
      await call(VERIFICATION, { method: 'POST' }),
    ]);
  });

  test('elsewhere is 404, in JSON', async () => {
    const { call } = setUpDataTransfer();
    const paths = ['/', '/auth/v2/', '/auth/v2/session/a/b/', '/authorize/', '/favicon.ico'];
    for (const path of [
      ...paths,
      '/v3/',
      '/v3/session/a/b/',
      '/v3/session/a/',
      '/session/',
      '/sandbox/',
      '/sandbox/sessions/a',
    ]) {
      await assertRefused(await call(path), 404);
    }
  });

  for (const [path, wrong, allow, member] of [
    [TOKEN, 'GET', 'POST'],
    [SESSION, 'GET', 'POST'],
    [`${SESSION}x/status/`, 'POST', 'GET'],
    [`${SESSION}x/decision`, 'DELETE', 'GET'],
    ['/authorize/x', 'PUT', 'GET, HEAD, POST'],
    [VERIFICATION, 'GET', 'POST', 'detail'],
    [`${VERIFICATION}x/decision/`, 'DELETE', 'GET', 'detail'],
    ['/session/x', 'PUT', 'GET, HEAD, POST', 'detail'],
  ] as const) {
    test(`${wrong} ${path} is 405 and says what is allowed`, async () => {
      const response = await setUpDataTransfer().call(path, { method: wrong });
      assert.equal(response.headers.get('Allow'), allow);
      await assertRefused(response, 405, member);
    });
  }
});

describe('log', () => {
  test('tells what happened and when, in order', async () => {
    const { token, session, open, answer, events, clock } = setUpDataTransfer();
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

  test('tells of verification as well, and what was given again', async () => {
    const { session, open, answer, events } = setUpVerification();
    const { session_id: sessionId, ...rest } = await session({ vendor_data: 'user-1' });
    const created = { session_id: sessionId, ...rest };
    await open(created);
    await session({ vendor_data: 'user-1' });
    await answer(created, 'approve');
    assert.deepEqual(events, [
      { type: 'session.created', at: START, sessionId, status: 'Not Started' },
      { type: 'session.status', at: START, sessionId, status: 'In Progress' },
      { type: 'session.reused', at: START, sessionId, status: 'In Progress' },
      { type: 'session.status', at: START, sessionId, status: 'Approved' },
    ]);
    const text = JSON.stringify(events);
    for (const secret of [created.session_token, 'key', 'user-1', 'workflow-1']) {
      assert.ok(!text.includes(secret));
    }
  });

  test('never has a token, a secret, a key or vendor data', async () => {
    const { token, session, open, answer, events } = setUpDataTransfer();
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
