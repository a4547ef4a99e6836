import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SandboxCall } from '../../src/sandbox/fault.js';
import { settle } from '../server/helpers.js';
import {
  START,
  assertRefused,
  fields,
  setUp,
  setUpDataTransfer,
  setUpVerification,
  VERIFICATION,
} from './helpers.js';

describe('a call that is not carried out', () => {
  for (const [kind, status] of [
    ['unauthorized', 401],
    ['rate-limited', 429],
    ['failing', 500],
  ] as const) {
    test(`${kind} is ${status}, with the words where its API has them`, async () => {
      const { fail, token, create, events } = setUpDataTransfer();
      fail({ kind });
      await assertRefused(await create({ scope: 'names' }), status);
      await assertRefused(await token(), status);
      const verification = setUpVerification();
      verification.fail({ kind });
      await assertRefused(await verification.create({ workflow_id: 'w' }), status, 'detail');
      assert.deepEqual(events, [
        { type: 'fault.applied', at: START, fault: kind, call: 'create' },
        { type: 'fault.applied', at: START, fault: kind, call: 'token' },
      ]);
    });
  }

  test('is told when to come again, if it is rate-limited', async () => {
    const { fail, create } = setUpVerification();
    fail({ kind: 'rate-limited', times: 1 }, { kind: 'rate-limited', retryAfter: 60 });
    for (const seconds of ['5', '60']) {
      const response = await create({ workflow_id: 'w' });
      assert.equal(response.headers.get('Retry-After'), seconds);
      assert.equal(response.headers.get('Didit-Sandbox'), 'true');
    }
  });
});

describe('a call that is carried out', () => {
  test('has only half of its answer if that is broken', async () => {
    const { fail, create, events } = setUpVerification();
    fail({ kind: 'broken-json' });
    const response = await create({ workflow_id: 'w' });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('Content-Type'), 'application/json');
    const text = await response.text();
    assert.ok(text.startsWith('{"session_id":"'));
    assert.throws(() => JSON.parse(text), SyntaxError);
    assert.equal(events.at(-1)?.type, 'session.created');
  });

  test('breaks an error, too', async () => {
    const { fail, create } = setUpVerification();
    fail({ kind: 'broken-json' });
    const response = await create({});
    assert.equal(response.status, 400);
    await assert.rejects(response.json(), SyntaxError);
  });

  test('stays as it is if there is nothing to break', async () => {
    const { fail, session, call } = setUpVerification();
    const { session_id } = await session();
    fail({ kind: 'broken-json' });
    const path = `${VERIFICATION}${session_id}/delete/`;
    const response = await call(path, { method: 'DELETE', headers: { 'X-Api-Key': 'key' } });
    assert.equal(response.status, 204);
  });

  test('has a body that fails if the connection is cut', async () => {
    const { fail, create, events } = setUpVerification();
    fail({ kind: 'cut' });
    const response = await create({ workflow_id: 'w' });
    await assert.rejects(response.text(), /cut the connection/);
    assert.equal(events.at(-1)?.type, 'session.created');
  });

  test('comes after a while if it is slow', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { fail, create, events, told } = setUpVerification();
    fail({ kind: 'slow', times: 1 }, { kind: 'slow', delay: 0.5 });
    for (const milliseconds of [3000, 500]) {
      events.length = 0;
      const response = create({ workflow_id: 'w' });
      await told('fault.applied');
      t.mock.timers.tick(milliseconds - 1);
      await settle();
      assert.equal(events.length, 1);
      t.mock.timers.tick(1);
      assert.equal((await response).status, 201);
      assert.equal(events.length, 2);
    }
  });

  test('comes at once if the sandbox is closed meanwhile', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { fail, create, told, close } = setUpVerification();
    fail({ kind: 'slow' });
    const response = create({ workflow_id: 'w' });
    await told('fault.applied');
    close();
    assert.equal((await response).status, 201);
  });
});

describe('which calls are meant', () => {
  test('so many times, then no more', async () => {
    const { fail, create } = setUpVerification();
    fail({ kind: 'failing', times: 2 }, { kind: 'rate-limited', times: 1 });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await create({ workflow_id: 'w' })).status);
    assert.deepEqual(statuses, [500, 500, 429, 201]);
  });

  for (const call of ['token', 'create', 'status', 'decision'] as const) {
    test(`${call} alone, in data transfer`, async () => {
      const { fail, token, create, session, get } = setUpDataTransfer();
      const { session_id, session_token } = await session();
      fail({ kind: 'failing', call });
      const path = `/auth/v2/session/${session_id}`;
      const headers = { 'X-Api-Key': 'key', 'Data-Session-Token': session_token };
      const statuses: Partial<Record<SandboxCall, number>> = {
        token: (await token()).status,
        create: (await create({ scope: 'names' })).status,
        status: (await get(`${path}/status/`, headers)).status,
        decision: (await get(`${path}/decision/`)).status,
      };
      const good = { token: 200, create: 201, status: 200, decision: 200 };
      assert.deepEqual(statuses, { ...good, [call]: 500 });
    });
  }

  for (const call of ['create', 'decision', 'delete'] as const) {
    test(`${call} alone, in verification`, async () => {
      const { fail, create, session, get, call: request } = setUpVerification();
      const { session_id } = await session();
      fail({ kind: 'failing', call });
      const path = `${VERIFICATION}${session_id}`;
      const remove = { method: 'DELETE', headers: { 'X-Api-Key': 'key' } };
      const statuses: Partial<Record<SandboxCall, number>> = {
        create: (await create({ workflow_id: 'w' })).status,
        decision: (await get(`${path}/decision/`)).status,
        delete: (await request(`${path}/delete/`, remove)).status,
      };
      assert.deepEqual(statuses, { create: 201, decision: 200, delete: 204, [call]: 500 });
    });
  }

  test('never the phone page', async () => {
    const { fail, session, open, answer, heal, status } = setUpVerification();
    const created = await session();
    fail({ kind: 'failing' });
    assert.equal((await open(created)).status, 200);
    assert.equal((await answer(created, 'approve')).status, 303);
    heal();
    assert.equal(await status(created), 'Approved');
  });

  test('only what was told last, and nothing once it is healed', async () => {
    const { fail, heal, create } = setUpVerification();
    fail({ kind: 'failing' });
    fail({ kind: 'rate-limited', call: 'decision' });
    assert.equal((await create({ workflow_id: 'w' })).status, 201);
    fail({ kind: 'failing' });
    heal();
    assert.equal((await create({ workflow_id: 'w' })).status, 201);
  });
});

test('what is no fault throws, and leaves what was told before', async () => {
  const { fail, call } = setUp();
  fail({ kind: 'failing', times: 3 });
  assert.throws(() => fail({ kind: 'cut' }, { kind: 'cut', times: 0 }), TypeError);
  assert.deepEqual(await fields(await call('/sandbox/faults')), [{ kind: 'failing', times: 3 }]);
});
