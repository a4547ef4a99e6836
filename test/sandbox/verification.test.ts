import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ORIGIN,
  SESSION,
  VERIFICATION,
  assertRefused,
  fields,
  setUpDataTransfer,
  setUpVerification,
  type Created,
} from './helpers.js';

const refused = (response: Response, status: number) => assertRefused(response, status, 'detail');

describe('create session', () => {
  test('answers 201 with the documented members', async () => {
    const response = await setUpVerification().create({
      workflow_id: 'workflow-1',
      vendor_data: 'user-1',
      callback: 'https://shop.example/back',
      metadata: { plan: 'basic' },
      language: 'de',
    });
    assert.equal(response.status, 201);
    const { session_id, session_token, ...rest } = await fields(response);
    assert.match(String(session_id), /^[\da-f-]{36}$/);
    assert.match(String(session_token), /^[\w-]{32}$/);
    assert.deepEqual(rest, {
      session_number: 1,
      vendor_data: 'user-1',
      metadata: { plan: 'basic' },
      status: 'Not Started',
      workflow_id: 'workflow-1',
      callback: 'https://shop.example/back',
      url: `${ORIGIN}/session/${String(session_token)}`,
    });
  });

  test('the url starts with publicUrl', async () => {
    const publicUrl = 'https://phone.test/sandbox/';
    const { url, session_token } = await setUpVerification({ publicUrl }).session();
    assert.equal(url, `https://phone.test/sandbox/session/${session_token}`);
  });

  test('without a workflow it is refused field by field', async () => {
    const response = await setUpVerification().create({ vendor_data: 'user-1' });
    assert.equal(response.status, 400);
    assert.deepEqual(await fields(response), { workflow_id: ['This field is required.'] });
  });

  test('what is no JSON object, or too long, is refused in detail', async () => {
    const { create } = setUpVerification();
    for (const body of ['', '{', '[]', 'null']) await refused(await create(body), 400);
    await refused(await create({ workflow_id: 'x'.repeat(16_384) }), 413);
  });

  for (const headers of [
    {},
    { 'X-Api-Key': 'wrong' },
    { 'X-Api-Key': '' },
    { Authorization: 'Bearer key' },
  ] as Record<string, string>[]) {
    test(`is 403 with ${JSON.stringify(headers)}`, async () => {
      await refused(await setUpVerification().create({ workflow_id: 'w' }, headers), 403);
    });
  }

  test('a client token of the data transfer is not taken', async () => {
    const { token, post } = setUpDataTransfer();
    const { access_token } = await fields(await token());
    const Authorization = `Bearer ${String(access_token)}`;
    await refused(await post(VERIFICATION, { workflow_id: 'w' }, { Authorization }), 403);
  });

  test('without the option there is no API key, not an empty one either', async () => {
    for (const apiKey of [undefined, '']) {
      const { create } = setUpVerification({ apiKey });
      for (const key of ['', 'undefined']) {
        await refused(await create({ workflow_id: 'w' }, { 'X-Api-Key': key }), 403);
      }
    }
  });
});

describe('a path without the last slash', () => {
  for (const [method, path] of [
    ['POST', '/v3/session'],
    ['GET', '/v3/session/some-id/decision'],
  ] as const) {
    test(`${method} ${path} is sent to the slash, with nothing done or asked`, async () => {
      const { call, events } = setUpVerification();
      const response = await call(path, { method });
      assert.equal(response.status, 301);
      const location = response.headers.get('Location') ?? '';
      assert.equal(new URL(location, ORIGIN + path).pathname, `${path}/`);
      // Behind a prefix as well.
      const { pathname } = new URL(location, `https://proxy.test/sandbox${path}`);
      assert.equal(pathname, `/sandbox${path}/`);
      assert.deepEqual(events, []);
    });
  }
});

describe('a person’s second session', () => {
  const PERSON = { workflow_id: 'workflow-1', vendor_data: 'user-1' };

  /** Creates two, the second after the first was answered so. */
  async function two(actions: readonly string[], second: object = {}) {
    const all = setUpVerification();
    const first = await all.session({ ...PERSON, callback: 'https://a.example/', metadata: 1 });
    for (const action of actions) {
      if (action === 'open') await all.open(first);
      else await all.answer(first, action);
    }
    const response = await all.create({ ...PERSON, ...second });
    assert.equal(response.status, 201);
    return { ...all, first, second: (await response.json()) as Created & Record<string, unknown> };
  }

  for (const [actions, status] of [
    [[], 'Not Started'],
    [['open'], 'In Progress'],
    [['open', 'await'], 'Awaiting User'],
    [['review', 'resubmit'], 'Resubmitted'],
  ] as const) {
    test(`is the first one again while that is ${status}`, async () => {
      const { first, second, events } = await two(actions, {
        callback: 'https://b.example/',
        metadata: 2,
      });
      const { session_id, session_token, url } = first;
      assert.deepEqual(second, {
        session_id,
        session_token,
        url,
        session_number: 1,
        status,
        workflow_id: 'workflow-1',
        vendor_data: 'user-1',
        callback: 'https://b.example/',
        metadata: 2,
      });
      const { type, sessionId } = events.at(-1) as { type: string; sessionId?: string };
      assert.deepEqual([type, sessionId], ['session.reused', session_id]);
    });
  }

  test('leads back to the callback that was asked for last', async () => {
    const { first, answer, open, decision } = await two([], { callback: 'https://b.example/' });
    await answer(first, 'approve');
    assert.match(await (await open(first)).text(), /href="https:\/\/b\.example\/\?/);
    const { callback, metadata } = await decision(first);
    assert.deepEqual([callback, metadata], ['https://b.example/', null]);
  });

  for (const action of ['approve', 'decline', 'review', 'expire']) {
    test(`is a new one once the first had ${action}`, async () => {
      const { first, second } = await two(['open', action]);
      assert.notEqual(second.session_id, first.session_id);
      assert.notEqual(second.session_token, first.session_token);
      assert.deepEqual([second.session_number, second.status], [2, 'Not Started']);
    });
  }

  test('is a new one once the time of the first is over', async () => {
    const { session, clock } = setUpVerification({ sessionLifetime: 10 });
    const first = await session(PERSON);
    clock.time += 10_000;
    assert.notEqual((await session(PERSON)).session_id, first.session_id);
  });

  for (const [what, other] of Object.entries({
    person: { vendor_data: 'user-2' },
    workflow: { workflow_id: 'workflow-2' },
  })) {
    test(`is a new one for another ${what}`, async () => {
      const { first, second } = await two([], other);
      assert.notEqual(second.session_id, first.session_id);
    });
  }

  test('is a new one for nobody', async () => {
    const { session } = setUpVerification();
    const ids = [await session(), await session(), await session({ vendor_data: '' })];
    assert.equal(new Set(ids.map(({ session_id }) => session_id)).size, 3);
  });
});

describe('decision', () => {
  test('has the documented members, and no data before the end', async () => {
    const { session, decision } = setUpVerification();
    const created = await session({
      vendor_data: 'user-1',
      callback: 'https://shop.example/',
      metadata: { plan: 'basic' },
    });
    assert.deepEqual(await decision(created), {
      session_id: created.session_id,
      session_number: 1,
      status: 'Not Started',
      workflow_id: 'workflow-1',
      features: ['ID_VERIFICATION'],
      vendor_data: 'user-1',
      metadata: { plan: 'basic' },
      callback: 'https://shop.example/',
      id_verifications: [],
      created_at: '2025-06-01T12:00:00.000Z',
    });
  });

  for (const [action, status, has] of [
    ['approve', 'Approved', true],
    ['decline', 'Declined', false],
    ['review', 'In Review', false],
    ['expire', 'Abandoned', false],
  ] as const) {
    test(`after ${action} it is ${status}, with ${has ? 'the person' : 'nobody'}`, async () => {
      const userData = { names: { full_name: 'Kim Test' } };
      const { session, open, answer, decision } = setUpVerification({ userData });
      const created = await session();
      await open(created);
      await answer(created, action);
      const decided = await decision(created);
      assert.equal(decided.status, status);
      const [person] = decided.id_verifications as Record<string, unknown>[];
      assert.equal(person?.full_name, has ? 'Kim Test' : undefined);
    });
  }

  test('is 403 without the key, 404 for an unknown session and one of data transfer', async () => {
    const { session, get, post } = setUpVerification();
    const { session_id } = await session();
    await refused(await get(`${VERIFICATION}${session_id}/decision/`, {}), 403);
    await refused(await get(`${VERIFICATION}unknown/decision/`), 404);
    const transfer = (await (await post(SESSION, { scope: 'names' })).json()) as Created;
    await refused(await get(`${VERIFICATION}${transfer.session_id}/decision/`), 404);
  });

  test('is not to be had from the data transfer, nor is the page', async () => {
    const { session, get, call } = setUpVerification();
    const { session_id, session_token } = await session();
    await assertRefused(await get(`${SESSION}${session_id}/decision/`), 404);
    assert.equal((await call(`/authorize/${session_token}`)).status, 404);
  });
});

describe('statuses', () => {
  test('opening the page begins, or takes up again what was sent back', async () => {
    const { session, open, answer, status } = setUpVerification();
    const created = await session();
    await open(created);
    assert.equal(await status(created), 'In Progress');
    await answer(created, 'review');
    await open(created);
    assert.equal(await status(created), 'In Review');
    await answer(created, 'resubmit');
    assert.equal(await status(created), 'Resubmitted');
    await open(created);
    assert.equal(await status(created), 'In Progress');
  });

  test('what awaits the person goes on doing so when the page is opened', async () => {
    const { session, open, answer, status } = setUpVerification();
    const created = await session();
    await answer(created, 'await');
    await open(created);
    assert.equal(await status(created), 'Awaiting User');
  });

  for (const [action, end] of [
    ['approve', 'Approved'],
    ['decline', 'Declined'],
  ] as const) {
    test(`a reviewer can still ${action}`, async () => {
      const { session, answer, status } = setUpVerification();
      const created = await session();
      await answer(created, 'review');
      await answer(created, action);
      assert.equal(await status(created), end);
    });

    test(`${end} is the end of it`, async () => {
      const { session, answer, status } = setUpVerification();
      const created = await session();
      await answer(created, action);
      for (const later of ['approve', 'decline', 'review', 'resubmit', 'await', 'expire']) {
        assert.equal((await answer(created, later)).status, 303);
      }
      assert.equal(await status(created), end);
    });
  }

  test('only what is in review can be sent back', async () => {
    const { session, answer, status } = setUpVerification();
    const created = await session();
    await answer(created, 'resubmit');
    assert.equal(await status(created), 'Not Started');
  });

  test('what was approved can become too old', async () => {
    const { session, answer, status, decision } = setUpVerification();
    const created = await session();
    await answer(created, 'expire-kyc');
    assert.equal(await status(created), 'Not Started');
    await answer(created, 'approve');
    await answer(created, 'expire-kyc');
    const { status: word, id_verifications } = await decision(created);
    assert.deepEqual([word, id_verifications], ['Kyc Expired', []]);
  });

  for (const [isOpened, end] of [
    [false, 'Expired'],
    [true, 'Abandoned'],
  ] as const) {
    test(`what is ${isOpened ? '' : 'not '}opened ends as ${end}, by time or by expire`, async () => {
      const { session, open, answer, status, clock } = setUpVerification();
      const created = [await session(), await session()] as const;
      for (const each of created) if (isOpened) await open(each);
      await answer(created[0], 'expire');
      assert.equal(await status(created[0]), end);
      clock.time += 299_999;
      assert.notEqual(await status(created[1]), end);
      clock.time += 1;
      assert.equal(await status(created[1]), end);
    });
  }

  test('a review takes as long as it takes', async () => {
    const { session, answer, status, clock } = setUpVerification();
    const created = await session();
    await answer(created, 'review');
    clock.time += 7 * 86_400_000;
    assert.equal(await status(created), 'In Review');
  });
});

describe('delete session', () => {
  const remove = (headers: Record<string, string> = { 'X-Api-Key': 'key' }) => ({
    method: 'DELETE',
    headers,
  });

  test('answers 204, and the session is gone', async () => {
    const { session, call, get, open } = setUpVerification();
    const created = await session({ vendor_data: 'user-1' });
    const path = `${VERIFICATION}${created.session_id}`;
    const response = await call(`${path}/delete/`, remove());
    assert.deepEqual([response.status, await response.text()], [204, '']);
    assert.equal((await get(`${path}/decision/`)).status, 404);
    assert.equal((await open(created)).status, 404);
    await refused(await call(`${path}/delete/`, remove()), 404);
    assert.notEqual((await session({ vendor_data: 'user-1' })).session_id, created.session_id);
  });

  test('needs the key and the slash', async () => {
    const { session, call, status } = setUpVerification();
    const created = await session();
    const path = `${VERIFICATION}${created.session_id}/delete`;
    await refused(await call(`${path}/`, remove({})), 403);
    const response = await call(path, remove());
    assert.deepEqual([response.status, response.headers.get('Location')], [301, 'delete/']);
    assert.equal(await status(created), 'Not Started');
  });
});
