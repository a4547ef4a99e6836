import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ORIGIN,
  SESSION,
  assertRefused,
  base64,
  fields,
  setUpDataTransfer,
  type Created,
} from './helpers.js';

describe('create session', () => {
  test('answers 201 with id, token and url', async () => {
    const response = await setUpDataTransfer().create({ scope: 'names', vendor_data: 'user-1' });
    assert.equal(response.status, 201);
    const created = await fields(response);
    assert.deepEqual(Object.keys(created), ['session_id', 'session_token', 'url']);
    assert.match(String(created.session_token), /^[\w-]{32}$/);
    assert.equal(created.url, `${ORIGIN}/authorize/${String(created.session_token)}`);
  });

  test('also without the last slash', async () => {
    const response = await setUpDataTransfer().create(
      { scope: 'names' },
      undefined,
      '/auth/v2/session',
    );
    assert.equal(response.status, 201);
  });

  for (const publicUrl of ['https://phone.test/sandbox', 'https://phone.test/sandbox/']) {
    test(`the url starts with publicUrl ${publicUrl}`, async () => {
      const { url, session_token } = await setUpDataTransfer({ publicUrl }).session();
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
    test(`${name} is 400`, async () => assertRefused(await setUpDataTransfer().create(body), 400));
  }

  test('a session without a scope is one that asks for nothing', async () => {
    assert.equal((await setUpDataTransfer().create({})).status, 201);
  });

  test('a body over 16 kB is 413', async () => {
    await assertRefused(await setUpDataTransfer().create({ scope: 'x'.repeat(16_384) }), 413);
  });

  for (const headers of [
    {},
    { 'X-Api-Key': 'wrong' },
    { Authorization: 'Bearer wrong' },
    { Authorization: 'Bearer ' },
    { Authorization: `Basic ${base64('sandbox:sandbox-secret')}` },
  ] as Record<string, string>[]) {
    test(`is refused with ${JSON.stringify(headers)}`, async () => {
      await assertRefused(await setUpDataTransfer().create({ scope: 'names' }, headers), 401);
    });
  }

  test('without the option there is no API key, not an empty one either', async () => {
    for (const apiKey of [undefined, '']) {
      const { create } = setUpDataTransfer({ apiKey });
      await assertRefused(await create({ scope: '' }, { 'X-Api-Key': '' }), 401);
      await assertRefused(await create({ scope: '' }, { 'X-Api-Key': 'undefined' }), 401);
    }
  });
});

describe('status', () => {
  test('is told to who has the session token', async () => {
    const { session, get } = setUpDataTransfer();
    const { session_id, session_token } = await session();
    for (const path of [`${SESSION}${session_id}/status/`, `${SESSION}${session_id}/status`]) {
      const response = await get(path, { 'X-Api-Key': 'key', 'Data-Session-Token': session_token });
      assert.deepEqual(await fields(response), { status: 'initialized' });
    }
  });

  test('is 403 without it or with that of another session', async () => {
    const { session, get } = setUpDataTransfer();
    const [one, other] = [await session(), await session()];
    const path = `${SESSION}${one.session_id}/status/`;
    await assertRefused(await get(path), 403);
    const headers = { 'X-Api-Key': 'key', 'Data-Session-Token': other.session_token };
    await assertRefused(await get(path, headers), 403);
  });

  test('is 401 with nothing but the session token, 404 for an unknown session', async () => {
    const { session, get } = setUpDataTransfer();
    const { session_id, session_token } = await session();
    const headers = { 'Data-Session-Token': session_token };
    await assertRefused(await get(`${SESSION}${session_id}/status/`, headers), 401);
    await assertRefused(await get(`${SESSION}${crypto.randomUUID()}/status/`), 404);
  });

  test('is expired after 300 seconds, where the sandbox has no other lifetime', async () => {
    const { session, status, clock } = setUpDataTransfer();
    const created = await session();
    clock.time += 299_999;
    assert.equal(await status(created), 'initialized');
    clock.time += 1;
    assert.equal(await status(created), 'expired');
  });
});

describe('decision', () => {
  test('has the documented members, and no data before the person confirms', async () => {
    const { session, decision } = setUpDataTransfer();
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
    const { session, answer, decision } = setUpDataTransfer({ userData });
    const created = await session('  names is_over_18 names\tshoe_size unknown __proto__ ');
    await answer(created, 'confirm');
    const { status, user_data } = await decision(created);
    assert.equal(status, 'Confirmed');
    assert.deepEqual(user_data, { names: { full_name: 'Kim' }, is_over_18: true, shoe_size: 42 });
  });

  test('a declined session has no data', async () => {
    const { session, answer, decision } = setUpDataTransfer();
    const created = await session();
    await answer(created, 'decline');
    const { status, user_data } = await decision(created);
    assert.deepEqual([status, user_data], ['Declined', {}]);
  });

  test('vendor_data is null where none was given; sessions are numbered', async () => {
    const { session, create, decision } = setUpDataTransfer();
    await session();
    const created = (await (await create({ scope: '' })).json()) as Created;
    const { vendor_data, session_number, user_data } = await decision(created);
    assert.deepEqual([vendor_data, session_number, user_data], [null, 2, {}]);
  });

  test('takes a client token, no last slash; 401 without any, 404 if unknown', async () => {
    const { session, token, get } = setUpDataTransfer();
    const { session_id } = await session();
    const { access_token } = await fields(await token());
    const Authorization = `Bearer ${String(access_token)}`;
    assert.equal((await get(`${SESSION}${session_id}/decision`, { Authorization })).status, 200);
    await assertRefused(await get(`${SESSION}${session_id}/decision/`, {}), 401);
    await assertRefused(await get(`${SESSION}unknown/decision/`), 404);
  });
});

describe('the action expire', () => {
  for (const isOpened of [true, false]) {
    test(`ends at once what is ${isOpened ? '' : 'not '}opened`, async () => {
      const { session, open, answer, status, decision } = setUpDataTransfer();
      const created = await session();
      if (isOpened) await open(created);
      assert.equal((await answer(created, 'expire')).status, 303);
      assert.equal(await status(created), 'expired');
      assert.equal((await decision(created)).status, 'Expired');
    });
  }

  test('changes nothing about what was answered', async () => {
    const { session, answer, status } = setUpDataTransfer();
    const created = await session();
    await answer(created, 'confirm');
    await answer(created, 'expire');
    assert.equal(await status(created), 'confirmed');
  });
});
