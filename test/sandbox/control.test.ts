import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertRefused, fields, setUp, setUpDataTransfer, setUpVerification } from './helpers.js';

const FAULTS = '/sandbox/faults';

describe('faults over HTTP', () => {
  test('are set, counted down, shown and healed', async () => {
    const { call, create } = setUpVerification();
    const put = (body: unknown) => call(FAULTS, { method: 'PUT', body: JSON.stringify(body) });
    const fault = { kind: 'rate-limited', call: 'create', times: 2, retryAfter: 9 };
    const response = await put(fault);
    assert.equal(response.status, 200);
    assert.deepEqual(await fields(response), [fault]);
    assert.equal((await create({ workflow_id: 'w' })).headers.get('Retry-After'), '9');
    assert.deepEqual(await fields(await call(FAULTS)), [{ ...fault, times: 1 }]);
    assert.equal((await create({ workflow_id: 'w' })).status, 429);
    assert.equal((await create({ workflow_id: 'w' })).status, 201);
    await put([{ kind: 'failing' }, { kind: 'cut' }]);
    assert.equal((await create({ workflow_id: 'w' })).status, 500);
    const healed = await call(FAULTS, { method: 'DELETE' });
    assert.deepEqual([healed.status, await healed.json()], [200, []]);
    assert.equal((await create({ workflow_id: 'w' })).status, 201);
  });

  test('are the same as those of fail() and heal()', async () => {
    const { call, fail, heal } = setUp();
    fail({ kind: 'slow', delay: 1 }, { kind: 'cut' });
    assert.deepEqual(await fields(await call(`${FAULTS}/`)), [
      { kind: 'slow', delay: 1 },
      { kind: 'cut' },
    ]);
    heal();
    assert.deepEqual(await fields(await call(FAULTS)), []);
  });

  for (const [body, words] of [
    ['', /must be an object/],
    ['{', /must be an object/],
    ['"cut"', /must be an object/],
    ['{"kind":"fast"}', /kind must be one of slow, unauthorized/],
    ['[{"kind":"cut"},{"kind":"cut","times":0}]', /times must be a whole number/],
    ['{"kind":"cut","api":"slow"}', /no member "api"/],
  ] as const) {
    test(`${body || 'nothing'} is 400 and changes nothing`, async () => {
      const { call, fail } = setUp();
      fail({ kind: 'cut' });
      const response = await call(FAULTS, { method: 'PUT', body });
      assert.match(String((await fields(response.clone())).message), words);
      await assertRefused(response, 400);
      assert.deepEqual(await fields(await call(FAULTS)), [{ kind: 'cut' }]);
    });
  }

  test('too long a list is 413, any other method 405', async () => {
    const { call } = setUp();
    await assertRefused(await call(FAULTS, { method: 'PUT', body: 'x'.repeat(16_385) }), 413);
    await assertRefused(await call(FAULTS, { method: 'POST' }), 405);
  });
});

describe('the phone', () => {
  test('is played in verification, by HTTP and by play()', async () => {
    const { call, play, session, status } = setUpVerification();
    const created = await session();
    const path = `/sandbox/sessions/${created.session_id}`;
    const opened = await call(`${path}/open`, { method: 'POST' });
    assert.equal(opened.status, 200);
    const { session_id } = created;
    assert.deepEqual(await fields(opened), { session_id, status: 'In Progress' });
    assert.equal(play(session_id, 'approve'), 'Approved');
    assert.equal(await status(created), 'Approved');
    const declined = await call(`${path}/decline/`, { method: 'POST' });
    assert.deepEqual(await fields(declined), { session_id, status: 'Approved' });
  });

  test('is played in data transfer', async () => {
    const { call, play, session, status } = setUpDataTransfer();
    const created = await session();
    assert.equal(play(created.session_id, 'open'), 'retrieved');
    const path = `/sandbox/sessions/${created.session_id}/confirm`;
    assert.equal((await fields(await call(path, { method: 'POST' }))).status, 'confirmed');
    assert.equal(await status(created), 'confirmed');
  });

  test('is not that of a session or for an action that there is not', async () => {
    const { call, play, session, status } = setUpVerification();
    const created = await session();
    const post = (path: string) => call(`/sandbox/sessions/${path}`, { method: 'POST' });
    await assertRefused(await post('unknown/approve'), 404);
    await assertRefused(await post(`${created.session_token}/approve`), 404);
    const response = await post(`${created.session_id}/confirm`);
    assert.match(String((await fields(response.clone())).message), /open, approve, decline, /);
    await assertRefused(response, 400);
    assert.throws(() => play('unknown', 'approve'), /No such session/);
    assert.throws(() => play(created.session_id, 'toString'), /must be one of open, approve/);
    assert.equal(await status(created), 'Not Started');
  });

  test('is not played by another site, nor by GET', async () => {
    const { call, session, status } = setUpVerification();
    const created = await session();
    const path = `/sandbox/sessions/${created.session_id}/approve`;
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.test' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ];
    for (const headers of foreign) {
      await assertRefused(await call(path, { method: 'POST', headers }), 403);
    }
    await assertRefused(await call(path), 405);
    assert.equal(await status(created), 'Not Started');
  });
});
