import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signWebhook } from '../../src/server/index.js';
import {
  clock,
  type Differing,
  fakeDidit,
  json,
  numberedSessions,
  options,
  pageRequest,
  recordedLog,
  statusRequest,
  VERIFICATION,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';

const WEBHOOK_SECRET = 'secret-of-the-webhook';

interface Created {
  session_id: string;
  status_url: string;
  events_url: string;
}

/** A site of verification whose people are told apart by a header; without it they are nobody. */
function site(differing: Differing = {}, didit = fakeDidit({ session: numberedSessions() })) {
  const { events, log } = recordedLog();
  const { now, pass } = clock();
  const getUser = ({ headers }: Request) => {
    const vendorData = headers.get('Person');
    return vendorData === null ? null : vendorData === 'anybody' ? {} : { vendorData };
  };
  const parts = createDidit(
    options({ ...VERIFICATION, fetch: didit.fetch, log, now, getUser, ...differing }),
  );
  const post = (Person: string, headers: Record<string, string> = {}) =>
    parts.session(pageRequest({}, { Person, ...headers }));
  const create = async (person: string) => {
    const response = await post(person);
    assert.equal(response.status, 201);
    return (await response.json()) as Created;
  };
  const listen = async (Person: string, url: string) => {
    const response = await parts.session(statusRequest(url, { Person }));
    if (response.status !== 200) return { http: response.status, response, end: async () => {} };
    const reader = response.body!.getReader();
    await reader.read();
    return { http: 200, response, end: () => reader.cancel() };
  };
  return { ...parts, post, create, listen, events, didit, now, pass };
}

/** How many answers there were of each status. */
async function tally(answers: readonly Promise<Response>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of await Promise.all(answers)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('a flood of creates', () => {
  it('of one person is twenty calls to Didit, at once and one after another', async () => {
    const { post, didit, pass } = site();
    const keyed = (index: number) => ({ 'Idempotency-Key': `key-${index}` });
    const atOnce = await tally(times(500, (index) => post('eve', keyed(index))));
    assert.deepEqual(atOnce, { 201: 20, 429: 480 });
    for (let index = 0; index < 500; index++) {
      assert.equal((await post('eve')).status, 429);
      pass(1);
    }
    assert.equal(didit.count('session'), 20);
    assert.equal((await post('zoe')).status, 201);
  });

  it('of nobody asks Didit for nothing', async () => {
    const { session, didit } = site();
    const answers = times(500, () => session(pageRequest()));
    assert.deepEqual(await tally(answers), { 401: 500 });
    assert.equal(didit.count('session'), 0);
  });

  it('of people who cannot be told apart is twenty calls a minute', async () => {
    const { post, didit, pass } = site();
    for (let minute = 1; minute <= 3; minute++) {
      assert.deepEqual(await tally(times(200, () => post('anybody'))), { 201: 20, 429: 180 });
      assert.equal(didit.count('session'), 20 * minute);
      pass(60);
    }
  });

  it('of one person who comes again with the same key is one call', async () => {
    const { post, didit } = site();
    const answers = times(500, () => post('eve', { 'Idempotency-Key': 'key' }));
    assert.deepEqual(await tally(answers), { 201: 500 });
    assert.equal(didit.count('session'), 1);
  });

  it('of many people counts each, and does not make room for one that has had theirs', async () => {
    const { post, pass } = site();
    for (let count = 0; count < 20; count++) await post('eve');
    for (let person = 0; person < 1000; person++) await post(`person-${person}`);
    assert.equal((await post('eve')).status, 429);
    pass(3600);
    assert.equal((await post('eve')).status, 201);
  });

  it('while Didit is down is a handful of calls', async () => {
    const { post, didit, pass } = site(
      {},
      fakeDidit({ session: () => json({}, 500), decision: () => json({}, 500) }),
    );
    // One after another, as those at once are under way when the first fails.
    for (let index = 0; index < 500; index++) {
      assert.equal((await post(`person-${index}`)).status, 502);
    }
    assert.equal(didit.count('session'), 5);
    for (let round = 1; round <= 3; round++) {
      pass(5);
      assert.deepEqual(await tally(times(200, (index) => post(`other-${index}`))), { 502: 200 });
      assert.equal(didit.count('session'), 5 + round);
    }
  });

  it('while Didit limits the rate is one call for as long as it says', async () => {
    const limited = fakeDidit({ session: () => json({}, 429, { 'Retry-After': '40' }) });
    const { post, didit, pass } = site({}, limited);
    for (const calls of [1, 2]) {
      for (let index = 0; index < 200; index++) {
        const response = await post(`person-${index}`);
        assert.equal(response.status, 503);
        assert.equal(response.headers.get('Retry-After'), '40');
      }
      assert.equal(didit.count('session'), calls);
      pass(39);
      assert.equal((await post('zoe')).headers.get('Retry-After'), '1');
      pass(1);
    }
  });

  it('that Didit limits takes nobody’s own away', async () => {
    let isLimited = true;
    const next = numberedSessions();
    const { post, pass } = site(
      {},
      fakeDidit({ session: (call) => (isLimited ? json({}, 429) : next(call)) }),
    );
    for (let index = 0; index < 50; index++) assert.equal((await post('zoe')).status, 503);
    isLimited = false;
    pass(10);
    for (let count = 0; count < 20; count++) assert.equal((await post('zoe')).status, 201);
    assert.equal((await post('zoe')).status, 429);
  });
});

describe('a flood of what is kept', () => {
  it('of handles that do not open asks nobody, and keeps nothing', async () => {
    const { session, create, didit, events } = site();
    const { status_url } = await create('zoe');
    const calls = didit.count('session');
    const answers = times(1000, (index) => {
      const wrong = status_url.replace('session=', `session=${index.toString(36)}A`);
      return session(statusRequest(index % 2 ? wrong : `${wrong}&events`, { Person: 'eve' }));
    });
    assert.deepEqual(await tally(answers), { 404: 1000 });
    assert.equal(didit.count('session'), calls);
    assert.equal(events.filter(({ type }) => type === 'handle.refused').length, 1000);
  });

  it('of questions for one session asks Didit as often as one would', async () => {
    const { session, create, didit, pass } = site();
    const { status_url } = await create('eve');
    const calls = didit.calls.length;
    for (let second = 1; second <= 10; second++) {
      pass(1);
      const ask = () => session(statusRequest(status_url, { Person: 'eve' }));
      assert.deepEqual(await tally(times(100, ask)), { 200: 100 });
    }
    assert.ok(didit.calls.length - calls <= 6, `${didit.calls.length - calls} calls`);
  });
});

describe('a flood of changes', () => {
  it('is one message for a page that does not read: the last', async () => {
    const { session, create, webhook, now } = site({ webhookSecrets: [WEBHOOK_SECRET] });
    const { events_url, session_id } = await create('eve');
    const response = await session(statusRequest(events_url, { Person: 'eve' }));
    const reader = response.body!.getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    assert.match(await next(), /"status":"Not Started"/);
    for (let change = 1; change <= 1000; change++) {
      const event = { session_id, status: `Word ${change}`, event_id: `${change}` };
      const signed = await signWebhook(event, WEBHOOK_SECRET, now());
      const taken = await webhook(new Request('https://site.example/webhook', signed));
      assert.equal(taken.status, 200);
    }
    assert.equal(await next(), 'event: status\ndata: {"status":"Word 1000"}\n\n');
    await reader.cancel();
  });
});

describe('a flood of streams', () => {
  it('of one session is twenty, also where they come at once', async () => {
    const { create, listen } = site();
    const { events_url } = await create('eve');
    const streams = await Promise.all(times(300, () => listen('eve', events_url)));
    const open = streams.filter(({ http }) => http === 200);
    assert.equal(open.length, 20);
    const refused = streams.find(({ http }) => http !== 200)!;
    assert.equal(refused.http, 429);
    assert.equal(refused.response.headers.get('Retry-After'), '30');
    for (const { end } of open) await end();
  });

  it('of one person is a hundred, however many sessions they have', async () => {
    const { create, listen } = site({ limit: () => true });
    const open: Awaited<ReturnType<typeof listen>>[] = [];
    const refused: Awaited<ReturnType<typeof listen>>[] = [];
    for (let session = 0; session < 40; session++) {
      const { events_url } = await create('eve');
      const streams = await Promise.all(times(5, () => listen('eve', events_url)));
      for (const stream of streams) (stream.http === 200 ? open : refused).push(stream);
    }
    assert.deepEqual([open.length, refused.length], [100, 100]);
    assert.deepEqual([...new Set(refused.map(({ http }) => http))], [429]);
    assert.equal(refused[0]!.response.headers.get('Retry-After'), '30');

    // Nobody else is kept out, and who was may still ask.
    const other = await create('zoe');
    const others = await listen('zoe', other.events_url);
    assert.equal(others.http, 200);
    await others.end();
    const own = await create('eve');
    const asked = await listen('eve', own.status_url);
    assert.equal(asked.http, 200);

    // Whoever goes makes room.
    await open.pop()!.end();
    const next = await listen('eve', own.events_url);
    assert.equal(next.http, 200);
    open.push(next);
    for (const { end } of open) await end();
    const again = await Promise.all(times(20, () => listen('eve', own.events_url)));
    assert.deepEqual([...new Set(again.map(({ http }) => http))], [200]);
    for (const { end } of again) await end();
  });

  it('of people who cannot be told apart is not that of one of them', async () => {
    const { create, listen } = site({ limit: () => true });
    const open = [];
    for (let session = 0; session < 30; session++) {
      const { events_url } = await create('anybody');
      open.push(...(await Promise.all(times(5, () => listen('anybody', events_url)))));
    }
    assert.deepEqual([...new Set(open.map(({ http }) => http))], [200]);
    for (const { end } of open) await end();
  });
});
