import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DecisionContext, ErrorBody, WebhookBody } from '../../src/server/index.js';
import { signWebhook } from '../../src/server/sign-webhook.js';
import {
  clock,
  deferred,
  type Differing,
  fakeDidit,
  json,
  options,
  pageRequest,
  recordedLog,
  SESSION_ID,
  settle,
  SITE,
  statusRequest,
  USER_DATA,
  VENDOR_DATA,
  VERIFICATION,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';

const SECRET = 'secret-of-the-webhook';

/** A site whose webhook is called by hand, on a clock that stands still. */
function site(differing: Differing = {}, didit = fakeDidit()) {
  const time = clock();
  const { log, types, events } = recordedLog();
  const decisions: DecisionContext[] = [];
  const parts = createDidit(
    options({
      ...VERIFICATION,
      webhookSecrets: [SECRET],
      fetch: didit.fetch,
      now: time.now,
      log,
      onDecision: (_, context) => void decisions.push(context),
      ...differing,
    }),
  );
  didit.people.set(SESSION_ID, VENDOR_DATA);
  const eventNow = (status: string, more: object = {}): WebhookBody => ({
    session_id: SESSION_ID,
    status,
    timestamp: Math.floor(time.now() / 1000),
    vendor_data: VENDOR_DATA,
    ...more,
  });
  /** Sends a webhook, and gives the status of the answer. */
  const send = async (body: WebhookBody, headers: Record<string, string | null> = {}) => {
    const signed = await signWebhook(body, SECRET, time.now());
    return post(signed.body, { ...signed.headers, ...headers });
  };
  const post = async (body: BodyInit, headers: Record<string, string | null>) => {
    const given = Object.entries(headers).filter((pair): pair is [string, string] => !!pair[1]);
    const init: RequestInit = { method: 'POST', headers: given, body };
    return parts.webhook(
      new Request(`${SITE}/didit/webhook`, { ...init, duplex: 'half' } as object),
    );
  };
  const tell = async (status: string, more: object = {}) =>
    (await send(eventNow(status, more))).status;
  /** Once so many are being taken up. */
  const received = async (count: number) => {
    while (types().filter((type) => type === 'webhook.received').length < count) await settle();
  };
  const made = { didit, types, events, decisions };
  return { ...parts, ...time, ...made, eventNow, send, post, tell, received };
}

type Site = ReturnType<typeof site>;

/** Creates a session for a page, and gives what asks for its status. */
async function opened({ session }: Site) {
  const { status_url } = (await (await session(pageRequest())).json()) as { status_url: string };
  const read = async () => {
    const response = await session(statusRequest(status_url));
    return ((await response.json()) as { status?: string }).status ?? response.status;
  };
  return { read, status_url };
}

/** The verification API, whose decision call fails so. */
function refusing(status: number, headers: Record<string, string> = {}) {
  return fakeDidit({ decision: () => json({ message: 'no' }, status, headers) });
}

/** The verification API, which gives no decision before that. */
function heldUntil(promise: Promise<unknown>) {
  const didit: ReturnType<typeof fakeDidit> = fakeDidit({
    decision: async ({ sessionId }) => {
      await promise;
      return json(didit.decisionBody(sessionId));
    },
  });
  return didit;
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as ErrorBody).code;
}

describe('webhook', () => {
  it('takes up the decision, asked for at Didit', async () => {
    const here = site();
    const { read } = await opened(here);
    here.didit.set('Approved');
    assert.equal(await here.tell('Approved'), 200);
    assert.deepEqual(here.decisions, [
      {
        sessionId: SESSION_ID,
        status: 'Approved',
        source: 'webhook',
        vendorData: VENDOR_DATA,
        idempotencyKey: `${SESSION_ID}:approved`,
      },
    ]);
    assert.equal(here.didit.count('decision'), 1);
    assert.equal(await read(), 'Approved');
    assert.equal(here.didit.count('decision'), 1);
  });

  it('tells the page of what decides nothing, without asking Didit', async () => {
    const here = site();
    const { read } = await opened(here);
    assert.equal(await here.tell('In Progress'), 200);
    assert.equal(await read(), 'In Progress');
    assert.equal(here.didit.count('decision'), 0);
  });

  it('reaches a page that listens', async () => {
    const here = site();
    const { status_url } = await opened(here);
    const response = await here.session(statusRequest(`${status_url}&events`));
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader.read()).value!, /Not Started/);
    await here.tell('In Progress');
    assert.match((await reader.read()).value!, /In Progress/);
    await reader.cancel();
    here.close();
  });

  it('decides a session that this process does not know', async () => {
    const here = site();
    here.didit.set('Declined');
    assert.equal(await here.tell('Declined'), 200);
    assert.deepEqual(
      [here.decisions[0]?.status, here.decisions[0]?.vendorData],
      ['Declined', VENDOR_DATA],
    );
  });

  it('goes by Didit’s decision, whatever the webhook says', async () => {
    const here = site();
    const { read } = await opened(here);
    here.didit.set('Declined');
    assert.equal(await here.tell('Approved'), 200);
    assert.equal(await read(), 'Declined');
    assert.deepEqual(
      here.decisions.map(({ status }) => status),
      ['Declined'],
    );
  });

  it('is for each decision: what a review ends in is heard, too', async () => {
    const here = site();
    for (const status of ['In Review', 'Approved', 'Declined']) {
      here.didit.set(status);
      here.pass(1);
      assert.equal(await here.tell(status), 200);
    }
    const keys = here.decisions.map(({ idempotencyKey }) => idempotencyKey);
    assert.deepEqual(
      keys,
      ['in-review', 'approved', 'declined'].map((each) => `${SESSION_ID}:${each}`),
    );
  });

  it('asks neither who it is nor where it comes from', async () => {
    const here = site({ getUser: () => null });
    const body = here.eventNow('In Progress');
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    assert.equal((await here.send(body, headers)).status, 200);
  });

  it('answers 404 without secrets, whatever is sent', async () => {
    for (const webhookSecrets of [[], undefined]) {
      const here = site({ webhookSecrets });
      assert.equal(await here.tell('Approved'), 404);
      assert.equal((await here.webhook(new Request(SITE))).status, 404);
      assert.deepEqual(here.types(), []);
    }
  });

  for (const method of ['GET', 'PUT', 'OPTIONS']) {
    it(`takes no ${method}`, async () => {
      const response = await site().webhook(new Request(SITE, { method }));
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('Allow'), 'POST');
    });
  }
});

describe('webhook, who sent it', () => {
  async function assertRefused(here: Site, response: Response, reason: string): Promise<void> {
    assert.equal(response.status, 401);
    assert.equal(await codeOf(response), 'unauthorized');
    const refused = here.events.find(({ type }) => type === 'webhook.refused');
    assert.equal(refused && 'reason' in refused && refused.reason, reason);
    assert.deepEqual(here.decisions, []);
    assert.equal(here.didit.count('decision'), 0);
  }

  const wrong: [name: string, headers: Record<string, string | null>][] = [
    ['no signature', { 'X-Signature': null, 'X-Signature-V2': null, 'X-Signature-Simple': null }],
    ['empty ones', { 'X-Signature': '', 'X-Signature-V2': '', 'X-Signature-Simple': '' }],
    [
      'none in hexadecimal',
      { 'X-Signature': 'x', 'X-Signature-V2': 'x', 'X-Signature-Simple': 'x' },
    ],
  ];
  for (const [name, headers] of wrong) {
    it(`is refused with ${name}`, async () => {
      const here = site();
      await assertRefused(here, await here.send(here.eventNow('Approved'), headers), 'signature');
    });
  }

  it('is refused by another secret, and taken by each of several', async () => {
    const other = site({ webhookSecrets: ['another'] });
    await assertRefused(other, await other.send(other.eventNow('Approved')), 'signature');
    const both = site({ webhookSecrets: ['another', SECRET] });
    assert.equal(await both.tell('In Progress'), 200);
  });

  it('is refused with one byte changed', async () => {
    const here = site();
    const { body, headers } = await signWebhook(here.eventNow('Approved'), SECRET, here.now());
    const changed = body.replace(SESSION_ID, SESSION_ID.replace('1', '2'));
    await assertRefused(here, await here.post(changed, headers), 'signature');
  });

  for (const seconds of [-301, 301]) {
    it(`is refused with a time that is ${seconds} s off, in the header or in the body`, async () => {
      const here = site();
      const old = await signWebhook(here.eventNow('Approved'), SECRET, here.now());
      here.pass(-seconds);
      await assertRefused(here, await here.post(old.body, old.headers), 'timestamp');
      // A new header with an old body, which the raw signature does not cover.
      const now = String(Math.floor(here.now() / 1000));
      await assertRefused(
        here,
        await here.post(old.body, { ...old.headers, 'X-Timestamp': now }),
        'timestamp',
      );
    });
  }

  it('is taken with a time that is 300 s off', async () => {
    for (const seconds of [-300, 300]) {
      const here = site();
      const signed = await signWebhook(here.eventNow('In Progress'), SECRET, here.now());
      here.pass(-seconds);
      assert.equal((await here.post(signed.body, signed.headers)).status, 200);
    }
  });

  for (const written of [(now: string) => `+${now}`, (now: string) => `${now}.0`]) {
    it(`is refused with ${written('the right time')} in the header or in the body`, async () => {
      const here = site();
      const timestamp = written(String(Math.floor(here.now() / 1000)));
      const header = await here.send(here.eventNow('Approved'), { 'X-Timestamp': timestamp });
      await assertRefused(here, header, 'timestamp');
      const body = await here.send(here.eventNow('Approved', { timestamp }));
      await assertRefused(here, body, 'timestamp');
    });
  }

  for (const timestamp of [null, '', 'now', '1e9', '-1']) {
    it(`is refused with ${timestamp === null ? 'no' : JSON.stringify(timestamp)} X-Timestamp`, async () => {
      const here = site();
      const response = await here.send(here.eventNow('Approved'), { 'X-Timestamp': timestamp });
      await assertRefused(here, response, 'timestamp');
    });
  }

  it('is refused without a time of its own', async () => {
    const here = site();
    const body = here.eventNow('Approved', { timestamp: null });
    await assertRefused(here, await here.send(body), 'timestamp');
  });

  it('is refused with 2 MB, without being read to its end', async () => {
    const here = site();
    const response = await here.send(here.eventNow('Approved', { more: 'x'.repeat(2_000_000) }));
    assert.equal(response.status, 413);
    assert.equal(await codeOf(response), 'too-large');
    assert.equal(await here.tell('In Progress', { more: 'x'.repeat(1_000_000) }), 200);
  });

  it('is not understood where it is signed, but is no event of a session', async () => {
    const here = site();
    for (const body of [
      here.eventNow('Approved', { session_id: '../token' }),
      here.eventNow('Approved', { status: 7 }),
    ]) {
      const response = await here.send(body);
      assert.equal(response.status, 400);
      assert.equal(await codeOf(response), 'bad-request');
    }
  });

  it('says in the log that a body parser was there first', async () => {
    const here = site();
    const { body, headers } = await signWebhook(here.eventNow('Approved'), SECRET, here.now());
    const request = new Request(SITE, { method: 'POST', headers, body });
    await request.text();
    assert.equal((await here.webhook(request)).status, 500);
    const failed = here.events.find(({ type }) => type === 'internal.failed');
    assert.equal(failed && 'reason' in failed && failed.reason, 'BodyAlreadyRead');
  });
});

describe('webhook, by the simple signature alone', () => {
  const alone = { 'X-Signature': null, 'X-Signature-V2': null };

  it('believes the session’s id, and asks Didit for the rest', async () => {
    const here = site();
    const { read } = await opened(here);
    here.didit.set('Declined');
    const forged = { decision: { status: 'Approved', session_id: SESSION_ID } };
    assert.equal((await here.send(here.eventNow('Approved', forged), alone)).status, 200);
    assert.equal(await read(), 'Declined');
    assert.deepEqual(
      here.decisions.map(({ status }) => status),
      ['Declined'],
    );
  });

  it('believes no decision where Didit cannot be asked', async () => {
    const here = site({}, refusing(429));
    const forged = { decision: { status: 'Approved', session_id: SESSION_ID } };
    assert.equal((await here.send(here.eventNow('Approved', forged), alone)).status, 503);
    assert.deepEqual(here.decisions, []);
  });

  it('believes no word that decides nothing', async () => {
    const here = site();
    const { read } = await opened(here);
    here.didit.set('Not Started');
    assert.equal((await here.send(here.eventNow('In Progress'), alone)).status, 200);
    assert.equal(await read(), 'Not Started');
  });
});

describe('webhook, again and again', () => {
  it('is taken up once', async () => {
    const here = site();
    here.didit.set('Approved');
    const body = here.eventNow('Approved', { event_id: 'event-1' });
    for (let time = 0; time < 3; time++) assert.equal((await here.send(body)).status, 200);
    assert.equal(here.decisions.length, 1);
    assert.equal(here.didit.count('decision'), 1);
    assert.equal(here.types().filter((type) => type === 'webhook.ignored').length, 2);
  });

  it('is taken up once where repeats come at the same time', async () => {
    const answer = deferred();
    let calls = 0;
    const onDecision = async () => {
      calls++;
      await answer.promise;
    };
    const here = site({ onDecision });
    here.didit.set('Approved');
    const body = here.eventNow('Approved');
    const all = [here.send(body), here.send(body), here.send(body)];
    await here.received(1);
    answer.resolve();
    assert.deepEqual(
      (await Promise.all(all)).map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(calls, 1);
  });

  it('by the simple signature, too: Didit is asked once', async () => {
    const answer = deferred();
    const didit = heldUntil(answer.promise);
    const here = site({}, didit);
    didit.set('Approved');
    const body = here.eventNow('Approved');
    const simple = { 'X-Signature': null, 'X-Signature-V2': null };
    const first = here.send(body, simple);
    await here.received(1);
    const second = here.send(body, simple);
    // It takes its time to be checked, as the first has.
    await here.send(here.eventNow('In Progress', { session_id: 'session-2' }));
    answer.resolve();
    await Promise.all([first, second]);
    assert.equal(didit.count('decision'), 1);
  });

  it('asks nobody for a decision that a page’s question has brought', async () => {
    const here = site();
    const { read } = await opened(here);
    here.pass(2);
    here.didit.set('Approved');
    assert.equal(await read(), 'Approved');
    assert.equal(await here.tell('Approved'), 200);
    assert.equal(here.didit.count('decision'), 1);
    assert.equal(here.decisions.length, 1);
  });

  it('is taken up although a page’s question is under way, which is older', async () => {
    const first = deferred();
    const didit: ReturnType<typeof fakeDidit> = fakeDidit({
      decision: async ({ sessionId }) => {
        const body = didit.decisionBody(sessionId);
        if (didit.count('decision') === 1) await first.promise;
        return json(body);
      },
    });
    const here = site({}, didit);
    const { read } = await opened(here);
    here.pass(2);
    didit.set('In Progress');
    const asked = read();
    while (didit.count('decision') === 0) await settle();
    didit.set('Approved');
    const told = here.tell('Approved');
    // It takes its time to be checked, as the first has.
    await here.tell('In Progress', { session_id: 'session-2' });
    first.resolve();
    assert.equal(await told, 200);
    assert.deepEqual(
      here.decisions.map(({ status }) => status),
      ['Approved'],
    );
    await asked;
    assert.equal(await read(), 'Approved');
  });

  it('is ignored where a newer one was taken up', async () => {
    const here = site();
    const { read } = await opened(here);
    const older = here.eventNow('In Progress');
    here.pass(5);
    here.didit.set('Resubmitted');
    assert.equal(await here.tell('Resubmitted'), 200);
    assert.equal((await here.send(older)).status, 200);
    assert.equal(await read(), 'Resubmitted');
    const ignored = here.events.find(({ type }) => type === 'webhook.ignored');
    assert.equal(ignored && 'reason' in ignored && ignored.reason, 'older');
  });

  it('tells the page of a review that begins again', async () => {
    // The decision takes the one call, so that Didit is not asked for the page.
    const here = site({ statusBudget: 1 });
    const { read } = await opened(here);
    for (const status of ['In Review', 'Resubmitted', 'In Review']) {
      here.pass(1);
      here.didit.set(status);
      assert.equal(await here.tell(status), 200);
      assert.equal(await read(), status);
    }
    assert.equal(here.didit.count('decision'), 1);
    assert.equal(here.decisions.length, 1);
  });

  it('never leads back from the end, in whatever order and second it comes', async () => {
    const here = site();
    const { read } = await opened(here);
    here.didit.set('Approved');
    await here.tell('Approved');
    await here.tell('In Progress');
    await here.tell('Not Started');
    assert.equal(await read(), 'Approved');
    assert.equal(here.decisions.length, 1);
  });

  it('is older than what Didit has said to a page meanwhile', async () => {
    const here = site();
    const { read } = await opened(here);
    const older = here.eventNow('In Progress');
    here.pass(10);
    here.didit.set('Resubmitted');
    assert.equal(await read(), 'Resubmitted');
    await here.send(older);
    assert.equal(await read(), 'Resubmitted');
  });

  it('and a page’s question: the same decision is taken up once', async () => {
    const decision = deferred();
    const didit = heldUntil(decision.promise);
    const here = site({}, didit);
    const { read } = await opened(here);
    here.pass(2);
    didit.set('Approved');
    const asked = read();
    while (didit.count('decision') === 0) await settle();
    const told = here.tell('Approved');
    // It takes its time to be checked, as the first has.
    await here.tell('In Progress', { session_id: 'session-2' });
    decision.resolve();
    assert.deepEqual(await Promise.all([asked, told]), ['Approved', 200]);
    assert.deepEqual(
      here.decisions.map(({ idempotencyKey }) => idempotencyKey),
      [`${SESSION_ID}:approved`],
    );
  });
});

describe('webhook, what is not for it', () => {
  for (const [reason, more, headers] of [
    ['type', { webhook_type: 'data.updated' }, {}],
    ['business', { session_kind: 'business' }, {}],
    ['test', {}, { 'X-Didit-Test-Webhook': 'true' }],
  ] as const) {
    it(`is answered and ignored: ${reason}`, async () => {
      const here = site();
      const response = await here.send(here.eventNow('Approved', more), headers);
      assert.equal(response.status, 200);
      const ignored = here.events.find(({ type }) => type === 'webhook.ignored');
      assert.equal(ignored && 'reason' in ignored && ignored.reason, reason);
      assert.deepEqual(here.decisions, []);
      assert.equal(here.didit.count('decision'), 0);
    });
  }

  it('is refused all the same where nobody has signed it', async () => {
    const here = site({ webhookSecrets: ['another'] });
    const headers = { 'X-Didit-Test-Webhook': 'true' };
    assert.equal((await here.send(here.eventNow('Approved'), headers)).status, 401);
  });
});

describe('webhook, when something fails', () => {
  it('asks for it again where onDecision fails, and then takes it up', async () => {
    let fails = true;
    const keys: string[] = [];
    const here = site({
      onDecision: (_, { idempotencyKey }) => {
        keys.push(idempotencyKey);
        if (fails) throw new Error('no database');
      },
    });
    here.didit.set('Approved');
    const body = here.eventNow('Approved');
    const response = await here.send(body);
    assert.equal(response.status, 503);
    assert.equal(await codeOf(response), 'decision-failed');
    assert.match(response.headers.get('Retry-After')!, /^\d+$/);
    fails = false;
    assert.equal((await here.send(body)).status, 200);
    assert.deepEqual(keys, Array(2).fill(`${SESSION_ID}:approved`));
    assert.ok(here.types().includes('decision.failed'));
  });

  const decision = { status: 'Approved', session_id: SESSION_ID, user_data: USER_DATA };

  it('takes its own decision where Didit limits the rate', async () => {
    const here = site({}, refusing(429, { 'Retry-After': '30' }));
    const { read } = await opened(here);
    assert.equal(await here.tell('Approved', { decision }), 200);
    assert.equal(here.didit.count('decision'), 1);
    assert.equal(await read(), 'Approved');
    here.pass(10);
    const next = { session_id: 'session-2', decision: { ...decision, session_id: 'session-2' } };
    assert.equal(await here.tell('Approved', next), 200);
    // Nobody is asked while Didit wants to be left alone.
    assert.equal(here.didit.count('decision'), 1);
    assert.equal(here.decisions.length, 2);
  });

  it('takes its own decision where the budget is spent', async () => {
    const here = site({ statusBudget: 1 });
    here.didit.set('Approved', 'session-1');
    assert.equal(
      await here.tell('Approved', { session_id: 'session-1', vendor_data: undefined }),
      200,
    );
    assert.equal(await here.tell('Approved', { decision }), 200);
    assert.equal(here.didit.count('decision'), 1);
    assert.equal(here.decisions.length, 2);
  });

  it('goes by what its own decision says, not by the word beside it', async () => {
    const here = site({}, refusing(429));
    const { read } = await opened(here);
    assert.equal(
      await here.tell('Approved', { decision: { ...decision, status: 'Declined' } }),
      200,
    );
    assert.equal(await read(), 'Declined');
    assert.deepEqual(
      here.decisions.map(({ idempotencyKey }) => idempotencyKey),
      [`${SESSION_ID}:declined`],
    );
  });

  it('checks whose decision it is', async () => {
    const here = site({}, refusing(429));
    const { read } = await opened(here);
    const foreign = { ...decision, vendor_data: 'somebody else' };
    assert.equal(await here.tell('Approved', { decision: foreign }), 200);
    assert.equal(await read(), 'declined');
    assert.deepEqual(here.decisions, []);
    assert.ok(here.types().includes('decision.mismatched'));
  });

  it('is asked for again where there is no decision to be had', async () => {
    for (const [status, answer, code] of [
      [429, 503, 'upstream-busy'],
      [500, 502, 'upstream-busy'],
      [403, 502, 'upstream-refused'],
    ] as const) {
      const here = site({}, refusing(status));
      const response = await here.send(here.eventNow('Approved'));
      assert.deepEqual([response.status, await codeOf(response)], [answer, code]);
      assert.deepEqual(here.decisions, []);
    }
  });

  it('does not take its own decision for any other failure', async () => {
    const here = site({}, refusing(500));
    assert.equal(await here.tell('Approved', { decision }), 502);
    assert.deepEqual(here.decisions, []);
  });

  it('is asked for again where the budget is spent and it brings no decision', async () => {
    const here = site({ statusBudget: 1 });
    const { read } = await opened(here);
    await here.tell('Approved', { session_id: 'session-1' });
    const response = await here.send(here.eventNow('Approved'));
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('Retry-After'), '10');
    assert.equal(await read(), 'Not Started');
    here.pass(61);
    here.didit.set('Approved');
    assert.equal(await here.tell('Approved'), 200);
  });

  it('says a refusal of the site’s to the page', async () => {
    const here = site({ onDecision: () => ({ accept: false }) });
    const { read } = await opened(here);
    here.didit.set('Approved');
    assert.equal(await here.tell('Approved'), 200);
    assert.equal(await read(), 'declined');
  });
});
