import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ORIGIN,
  START,
  TOKEN,
  assertRefused,
  base64,
  fields,
  setUpDataTransfer,
} from './helpers.js';

describe('client token', () => {
  test('has the documented members', async () => {
    const response = await setUpDataTransfer().token();
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
    const { call } = setUpDataTransfer();
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
    const { token } = setUpDataTransfer({ clientId: 'büro', clientSecret: 'ключ:鍵' });
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
      const response = await setUpDataTransfer().token('', { headers: { Authorization } });
      assert.equal(response.headers.get('WWW-Authenticate'), 'Basic');
      await assertRefused(response, 401);
    });
  }

  test('another grant, or none, is 400', async () => {
    const { token } = setUpDataTransfer();
    const body = new URLSearchParams({ grant_type: 'password' });
    await assertRefused(await token(undefined, { body }), 400);
    await assertRefused(await token(undefined, { body: new URLSearchParams() }), 400);
  });

  test('another content type is 415', async () => {
    const { call } = setUpDataTransfer();
    const Authorization = `Basic ${base64('sandbox:sandbox-secret')}`;
    for (const type of ['application/json', 'application/x-www-form-urlencodedx', '']) {
      const headers = { Authorization, 'Content-Type': type };
      const body = 'grant_type=client_credentials';
      await assertRefused(await call(TOKEN, { method: 'POST', headers, body }), 415);
    }
  });

  test('opens the API until it expires', async () => {
    const { token, create, clock } = setUpDataTransfer({ tokenLifetime: 60 });
    const { access_token, expires_in } = await fields(await token());
    assert.equal(expires_in, 60);
    const headers = { Authorization: `Bearer ${String(access_token)}` };
    clock.time += 59_999;
    assert.equal((await create({ scope: '' }, headers)).status, 201);
    clock.time += 1;
    await assertRefused(await create({ scope: '' }, headers), 401);
  });

  test('is worth nothing in another sandbox', async () => {
    const { access_token } = await fields(await setUpDataTransfer().token());
    const headers = { Authorization: `Bearer ${String(access_token)}` };
    await assertRefused(await setUpDataTransfer().create({ scope: '' }, headers), 401);
  });

  test('the oldest of more than 10,000 is forgotten', async () => {
    const { token, create } = setUpDataTransfer();
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
