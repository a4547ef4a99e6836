import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  assertRefused,
  fields,
  policyOf,
  setUpDataTransfer,
  setUpVerification,
} from './helpers.js';

describe('phone page of data transfer', () => {
  test('opening it turns initialized into retrieved', async () => {
    const { session, open, status } = setUpDataTransfer();
    const created = await session();
    const response = await open(created);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'text/html; charset=utf-8');
    assert.equal(await status(created), 'retrieved');
  });

  test('HEAD answers like GET, without a body, and opens nothing', async () => {
    const { session, call, status } = setUpDataTransfer();
    const created = await session();
    const response = await call(`/authorize/${created.session_token}`, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'text/html; charset=utf-8');
    assert.equal(await response.text(), '');
    assert.equal(await status(created), 'initialized');
  });

  test('a browser that prefetches it opens nothing', async () => {
    const { session, call, status } = setUpDataTransfer();
    const created = await session();
    const headers = { 'Sec-Purpose': 'prefetch;prerender' };
    assert.equal((await call(`/authorize/${created.session_token}`, { headers })).status, 200);
    assert.equal(await status(created), 'initialized');
  });

  test('an answer of another site is refused by what the browser says of it', async () => {
    const { session, call, status } = setUpDataTransfer();
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
    const { session, open } = setUpDataTransfer();
    const created = await session();
    const nonces = [];
    for (const response of [await open(created), await open(created)]) {
      const nonce = /<style nonce="([\w-]{24})">/.exec(await response.text())?.[1];
      assert.equal(response.headers.get('Content-Security-Policy'), policyOf(nonce));
      nonces.push(nonce);
    }
    assert.notEqual(nonces[0], nonces[1]);
  });

  test('shows who asks, and for what', async () => {
    const { session, open } = setUpDataTransfer();
    const text = await (await open(await session('names email unknown_thing'))).text();
    for (const part of ['Demo application', 'Alex Sample', 'alex@example.com', 'unknown_thing']) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(!text.includes('Phone number'));
  });

  test('escapes the application’s name and the scopes', async () => {
    const { session, open } = setUpDataTransfer({ applicationName: '<script>a</script>' });
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
      const { session, answer, open, status } = setUpDataTransfer();
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
    const { session, call } = setUpDataTransfer();
    const { session_token } = await session();
    const path = `/authorize/${session_token}/`;
    assert.equal((await call(path)).status, 200);
    const body = new URLSearchParams({ action: 'confirm' });
    const { headers } = await call(path, { method: 'POST', body });
    const { href } = new URL(headers.get('Location') ?? '', `https://proxy.test/sandbox${path}`);
    assert.equal(href, `https://proxy.test/sandbox/authorize/${session_token}`);
  });

  test('a second answer changes nothing, and the page tells the first', async () => {
    const { session, answer, open, status, events } = setUpDataTransfer();
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
    const { session, answer, status, events } = setUpDataTransfer();
    const created = await session();
    await Promise.all([answer(created, 'confirm'), answer(created, 'decline')]);
    assert.equal(await status(created), 'confirmed');
    assert.equal(events.filter(({ type }) => type === 'session.status').length, 1);
  });

  test('an answer after expiry changes nothing, and the page tells so', async () => {
    const { session, answer, open, status, decision, clock } = setUpDataTransfer({
      sessionLifetime: 10,
    });
    const created = await session();
    await open(created);
    clock.time += 10_000;
    assert.equal((await answer(created, 'confirm')).status, 303);
    assert.equal(await status(created), 'expired');
    assert.deepEqual((await decision(created)).user_data, {});
    assert.match(await (await open(created)).text(), /<h1>Expired<\/h1>/);
  });

  test('an unknown token is a 404 page, for GET, HEAD and POST', async () => {
    const { call } = setUpDataTransfer();
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
      const { session, answer, status } = setUpDataTransfer();
      const created = await session();
      await assertRefused(await answer(created, action), 400);
      assert.equal(await status(created), 'initialized');
    });
  }

  for (const Origin of ['https://evil.test', 'null', 'http://sandbox.test:8080', 'nonsense']) {
    test(`an answer from ${Origin} is 403 and changes nothing`, async () => {
      const { session, answer, status } = setUpDataTransfer();
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
      const { session, answer, status } = setUpDataTransfer();
      const created = await session();
      assert.equal((await answer(created, 'confirm', headers)).status, 303);
      assert.equal(await status(created), 'confirmed');
    });
  }
});

describe('phone page of verification', () => {
  test('HEAD, a browser that prefetches, and another site open and answer nothing', async () => {
    const { session, call, answer, status } = setUpVerification();
    const created = await session();
    const { pathname } = new URL(created.url);
    assert.equal((await call(pathname, { method: 'HEAD' })).status, 200);
    await call(pathname, { headers: { 'Sec-Purpose': 'prefetch' } });
    const foreign = [
      ['Sec-Fetch-Site', 'same-site'] as const,
      ['Origin', 'https://evil.test'] as const,
    ];
    for (const [name, value] of foreign) {
      const headers = { [name]: value };
      await assertRefused(await answer(created, 'approve', headers), 403, 'detail');
    }
    assert.equal(await status(created), 'Not Started');
  });

  test('has the strict policy, and no script or markup of the application', async () => {
    const { session, open } = setUpVerification({ applicationName: '<script>a</script>' });
    const response = await open(await session());
    const text = await response.text();
    const nonce = /<style nonce="([\w-]{24})">/.exec(text)?.[1];
    assert.equal(response.headers.get('Content-Security-Policy'), policyOf(nonce));
    assert.doesNotMatch(text, /<script/);
    for (const part of ['Alex Sample', '1990-01-01', 'SAMPLE-0001']) assert.ok(text.includes(part));
  });

  test('knows no action of data transfer, and names its own', async () => {
    const { session, answer, status } = setUpVerification();
    const created = await session();
    for (const action of ['confirm', 'cancel']) {
      const response = await answer(created, action);
      assert.equal(response.status, 400);
      assert.match(String((await fields(response)).detail), /approve, decline, review/);
    }
    assert.equal(await status(created), 'Not Started');
  });

  for (const path of ['', '/']) {
    test(`leads back to itself from …${path || ' without a slash'}`, async () => {
      const { session, call } = setUpVerification();
      const { session_token } = await session();
      const body = new URLSearchParams({ action: 'approve' });
      const own = `/session/${session_token}${path}`;
      const { status, headers } = await call(own, { method: 'POST', body });
      assert.equal(status, 303);
      const { href } = new URL(headers.get('Location') ?? '', `https://proxy.test/sandbox${own}`);
      assert.equal(href, `https://proxy.test/sandbox/session/${session_token}`);
    });
  }
});

describe('the way back', () => {
  /** Where the page leads, once the session was answered so. */
  async function wayBack(callback: string | undefined, ...actions: string[]) {
    const { session, open, answer } = setUpVerification();
    const created = await session({ callback });
    await open(created);
    for (const action of actions) await answer(created, action);
    const text = await (await open(created)).text();
    const href = /<a [^>]*href="([^"]*)"/.exec(text)?.[1];
    return { created, href: href?.replaceAll('&#38;', '&') };
  }

  for (const [action, status] of [
    ['approve', 'Approved'],
    ['decline', 'Declined'],
    ['review', 'In+Review'],
    ['expire', 'Abandoned'],
  ] as const) {
    test(`has the session and ${status} appended`, async () => {
      const { created, href } = await wayBack('https://shop.example/back?a=b#c', action);
      const { session_id } = created;
      assert.equal(
        href,
        `https://shop.example/back?a=b&verificationSessionId=${session_id}&status=${status}#c`,
      );
    });
  }

  test('is not there before the end', async () => {
    assert.equal((await wayBack('https://shop.example/')).href, undefined);
    const { href } = await wayBack('https://shop.example/', 'review', 'resubmit');
    assert.equal(href, undefined);
  });

  for (const callback of [undefined, 'javascript:alert(1)', 'data:text/html,a', 'shop:back']) {
    test(`is not there for ${callback}`, async () => {
      assert.equal((await wayBack(callback, 'approve')).href, undefined);
    });
  }
});
