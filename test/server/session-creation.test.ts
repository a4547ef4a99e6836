import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answer, ErrorCode } from '../../src/server/answers.js';
import { Refusal } from '../../src/server/answers.js';
import { HookError } from '../../src/server/hooks.js';
import type { Incident } from '../../src/server/log.js';
import type { DecisionContext, DiditOptions, SessionContext } from '../../src/server/options.js';
import { HandleSeal } from '../../src/server/handle.js';
import { StatusTracker } from '../../src/server/status-tracker.js';
import { SessionCreation } from '../../src/server/session-creation.js';
import {
  API_KEY,
  AUTHORIZE_URL,
  client,
  clock,
  type Differing,
  deferred,
  fakeDidit,
  json,
  numberedSessions,
  pageRequest,
  SESSION_BODY,
  SESSION_ID,
  settings,
  settle,
  VENDOR_DATA,
  VERIFICATION,
  WORKFLOW_ID,
} from './helpers.js';
import { site } from './instances.js';
import { sharedStore } from './stores.js';

const KEY = { 'Idempotency-Key': 'key-1' };

/** A way to a session whose Didit numbers its sessions, on a clock of its own. */
function creation(differing: Differing = {}, didit = numberedDidit()) {
  const time = clock();
  const incidents: Incident[] = [];
  const all = { fetch: didit.fetch, now: time.now, ...differing };
  const site = settings(all);
  const seal = new HandleSeal(site.secrets, site.audience);
  const tracker = new StatusTracker(site, client(all));
  const subject = new SessionCreation(site, client(all), seal, tracker);
  const answer = (request: Request) =>
    subject.answer(request, (incident) => incidents.push(incident));
  return { answer, incidents, didit, seal, tracker, ...time };
}

function numberedDidit() {
  return fakeDidit({ session: numberedSessions() });
}

function bodyOf(answer: Answer) {
  return answer.body as {
    session_id: string;
    url: string;
    status: string;
    expires_in?: number;
    status_url: string;
    events_url?: string;
  };
}

function refusal(code: ErrorCode) {
  return (error: unknown) => error instanceof Refusal && error.code === code;
}

/** What Didit was asked for, call by call. */
function asked(didit: ReturnType<typeof fakeDidit>): unknown[] {
  return didit.calls
    .filter(({ kind }) => kind === 'session')
    .map(({ body }) => JSON.parse(body) as unknown);
}

describe('SessionCreation', () => {
  it('never repeats a session for another user, however the words are cut', async () => {
    const didit = numberedDidit();
    const { answer } = creation(
      {
        allowedScopes: 'names email',
        getUser: (request) => ({ vendorData: request.headers.get('X-User')! }),
      },
      didit,
    );
    const ask = (user: string, scope: string) =>
      answer(pageRequest({ scope }, { ...KEY, 'X-User': user }));
    const first = bodyOf(await ask('a', 'names email'));
    const second = bodyOf(await ask('a names', 'email'));
    assert.notEqual(first.session_id, second.session_id);
    assert.equal(didit.count('session'), 2);
  });

  it('answers 201 with id and url, and nothing else of Didit’s answer', async () => {
    const { answer, incidents } = creation({}, fakeDidit());
    const { status, body } = await answer(pageRequest());
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body ?? {}), [
      ...['session_id', 'url', 'status', 'status_url', 'events_url'],
    ]);
    const { session_id, url } = bodyOf({ status, body });
    assert.deepEqual([session_id, url], [SESSION_ID, AUTHORIZE_URL]);
    assert.deepEqual(incidents, [{ type: 'session.created', sessionId: SESSION_ID }]);
  });

  it('sends the user’s vendor data and the site’s scope, whatever else the page says', async () => {
    const { answer, didit } = creation({ scope: 'names' });
    await answer(
      pageRequest({
        vendor_data: 'somebody else',
        workflow_id: 'w',
        callback: 'https://evil.example',
      }),
    );
    assert.deepEqual(asked(didit), [{ scope: 'names', vendor_data: VENDOR_DATA }]);
  });

  it('sends the page’s scope where that is allowed', async () => {
    const { answer, didit } = creation({ scope: 'names', allowedScopes: ['names', 'email'] });
    await answer(pageRequest({ scope: 'email' }));
    assert.deepEqual(asked(didit), [{ scope: 'email', vendor_data: VENDOR_DATA }]);
  });

  it('sends nothing where there is nothing to send', async () => {
    const { answer, didit } = creation({ getUser: () => ({}) });
    await answer(pageRequest(''));
    assert.deepEqual(asked(didit), [{}]);
  });

  it('warns once that sessions without vendor data are readable by anyone', async () => {
    const { answer, incidents } = creation({ getUser: () => ({}) });
    await answer(pageRequest());
    await answer(pageRequest());
    const types = incidents.map(({ type }) => type);
    assert.deepEqual(types, ['user.readable-by-anyone', 'session.created', 'session.created']);
  });

  it('checks in order: type, user, body, scope, key', async () => {
    const wrong = { 'Content-Type': 'text/plain', 'Idempotency-Key': 'a b' };
    const json = { ...wrong, 'Content-Type': 'application/json' };
    const nobody = creation({ getUser: () => null });
    await assert.rejects(nobody.answer(pageRequest('{', wrong)), refusal('unsupported-media-type'));
    await assert.rejects(nobody.answer(pageRequest('{', json)), refusal('unauthorized'));
    const large = pageRequest('x'.repeat(20_000), json);
    await assert.rejects(creation().answer(large), refusal('too-large'));
    const { answer, didit } = creation();
    await assert.rejects(answer(pageRequest('{', json)), refusal('bad-request'));
    await assert.rejects(answer(pageRequest({ scope: 'x' })), refusal('bad-request'));
    await assert.rejects(answer(pageRequest({}, json)), refusal('bad-request'));
    assert.equal(didit.calls.length, 0);
  });

  it('does not ask who it is for a request that is not JSON', async () => {
    const getUser = () => assert.fail('was asked');
    const request = pageRequest({}, { 'Content-Type': 'text/plain' });
    await assert.rejects(creation({ getUser }).answer(request), refusal('unsupported-media-type'));
  });
});

describe('SessionCreation, onSession', () => {
  it('gets Didit’s answer without the token, and whom it is for, before the page', async () => {
    const seen: unknown[] = [];
    const { promise, resolve } = deferred();
    const onSession = (session: unknown, context: SessionContext) => {
      seen.push(session, context);
      return promise;
    };
    const didit = fakeDidit({ session: () => json({ ...SESSION_BODY, extra: 1 }, 201) });
    const request = pageRequest();
    let answered = false;
    const done = creation({ onSession }, didit)
      .answer(request)
      .then(() => (answered = true));
    while (seen.length === 0) await settle();
    await settle();
    assert.equal(answered, false);
    resolve();
    await done;
    assert.deepEqual(seen[0], { session_id: SESSION_ID, url: AUTHORIZE_URL, extra: 1 });
    assert.deepEqual(seen[1], { sessionId: SESSION_ID, vendorData: VENDOR_DATA, request });
  });

  it('cannot change what the page gets', async () => {
    const onSession: DiditOptions['onSession'] = (session) => {
      session.url = 'https://evil.example';
    };
    const { url } = bodyOf(await creation({ onSession }, fakeDidit()).answer(pageRequest()));
    assert.equal(url, AUTHORIZE_URL);
  });

  it('fails the request if it throws, and frees the key', async () => {
    let fails = true;
    const onSession = async () => {
      if (fails) throw new Error('database down');
    };
    const { answer } = creation({ onSession });
    await assert.rejects(answer(pageRequest({}, KEY)), (error) => {
      return error instanceof HookError && error.hook === 'onSession' && error.reason === 'Error';
    });
    fails = false;
    assert.equal(bodyOf(await answer(pageRequest({}, KEY))).session_id, 'session-2');
  });

  it('is called once for a session that is asked for twice', async () => {
    let calls = 0;
    const { answer } = creation({ onSession: () => calls++ });
    await Promise.all([answer(pageRequest({}, KEY)), answer(pageRequest({}, KEY))]);
    await answer(pageRequest({}, KEY));
    assert.equal(calls, 1);
  });
});

describe('SessionCreation, the same request again', () => {
  it('gets the same session, at once or later', async () => {
    const { answer, incidents, didit, pass } = creation();
    const together = [answer(pageRequest({}, KEY)), answer(pageRequest({}, KEY))];
    const bodies = (await Promise.all(together)).map(bodyOf);
    pass(599);
    bodies.push(bodyOf(await answer(pageRequest({}, KEY))));
    assert.deepEqual(
      bodies.map((body) => body.session_id),
      Array(3).fill('session-1'),
    );
    assert.equal(didit.count('session'), 1);
    const types = incidents.map(({ type }) => type);
    assert.deepEqual(types, ['session.created', 'session.repeated', 'session.repeated']);
    pass(1);
    assert.equal(bodyOf(await answer(pageRequest({}, KEY))).session_id, 'session-2');
  });

  it('gets a new session without a key', async () => {
    const { answer, didit } = creation();
    await answer(pageRequest());
    await answer(pageRequest());
    assert.equal(didit.count('session'), 2);
  });

  it('gets a new session for another user, scope or key', async () => {
    let vendorData: string | undefined = 'a';
    const getUser = () => (vendorData === undefined ? {} : { vendorData });
    const { answer, didit } = creation({ getUser, allowedScopes: 'names email' });
    await answer(pageRequest({}, KEY));
    await answer(pageRequest({ scope: 'names' }, KEY));
    await answer(pageRequest({}, { 'Idempotency-Key': 'key-2' }));
    vendorData = 'b';
    await answer(pageRequest({}, KEY));
    vendorData = undefined;
    await answer(pageRequest({}, KEY));
    // The word, not the absence.
    vendorData = 'null';
    await answer(pageRequest({}, KEY));
    assert.equal(didit.count('session'), 6);
  });

  it('gets the same session where the scopes differ in white space alone', async () => {
    const { answer, didit } = creation({ allowedScopes: 'names email' });
    await answer(pageRequest({ scope: 'names email' }, KEY));
    await answer(pageRequest({ scope: ' names  email' }, KEY));
    assert.equal(didit.count('session'), 1);
  });

  it('is a new one after a failure', async () => {
    let fails = true;
    const { answer, didit } = creation(
      {},
      fakeDidit({ session: () => (fails ? json({}, 500) : json(SESSION_BODY, 201)) }),
    );
    await assert.rejects(answer(pageRequest({}, KEY)));
    fails = false;
    assert.equal(bodyOf(await answer(pageRequest({}, KEY))).session_id, SESSION_ID);
    assert.equal(didit.count('session'), 2);
  });
});

describe('SessionCreation, expires_in', () => {
  it('is not told where the lifetime is not known', async () => {
    assert.ok(!('expires_in' in bodyOf(await creation().answer(pageRequest()))));
  });

  it('is the lifetime, and for a repeat what is left of it', async () => {
    const { answer, pass } = creation({ sessionLifetime: 300 });
    assert.equal(bodyOf(await answer(pageRequest({}, KEY))).expires_in, 300);
    pass(100);
    assert.equal(bodyOf(await answer(pageRequest({}, KEY))).expires_in, 200);
    pass(199.5);
    const last = bodyOf(await answer(pageRequest({}, KEY)));
    assert.deepEqual([last.session_id, last.expires_in], ['session-1', 1]);
  });

  it('makes a new session where nothing is left', async () => {
    const { answer, pass } = creation({ sessionLifetime: 300 });
    await answer(pageRequest({}, KEY));
    pass(300);
    const body = bodyOf(await answer(pageRequest({}, KEY)));
    assert.deepEqual([body.session_id, body.expires_in], ['session-2', 300]);
  });

  it('counts what onSession took', async () => {
    const { now, pass } = clock();
    const { answer } = creation({ sessionLifetime: 60, now, onSession: () => pass(10) });
    assert.equal(bodyOf(await answer(pageRequest())).expires_in, 50);
  });

  it('is never negative, and never more than the lifetime', async () => {
    const { now, pass } = clock();
    const slow = creation({ sessionLifetime: 5, now, onSession: () => pass(10) });
    assert.equal(bodyOf(await slow.answer(pageRequest())).expires_in, 0);
    const backwards = creation({ sessionLifetime: 5, now, onSession: () => pass(-10) });
    assert.equal(bodyOf(await backwards.answer(pageRequest())).expires_in, 5);
    const fraction = creation({ sessionLifetime: 0.5 });
    assert.equal(bodyOf(await fraction.answer(pageRequest())).expires_in, 0.5);
  });
});

describe('SessionCreation, the handle', () => {
  it('holds what is needed to ask for the session, and ends some time after it', async () => {
    const { answer, seal, now } = creation({ sessionLifetime: 300 });
    const { status_url, events_url } = bodyOf(await answer(pageRequest()));
    assert.equal(events_url, `${status_url}&events`);
    assert.deepEqual(await seal.open(status_url.slice('?session='.length), VENDOR_DATA), {
      sessionId: 'session-1',
      sessionToken: 'token-1',
      vendorData: VENDOR_DATA,
      createdAt: now(),
      expiresAt: now() + (300 + 3600) * 1000,
    });
  });

  it('belongs to nobody where the user is `{}`', async () => {
    const { answer, seal } = creation({ getUser: () => ({}) });
    const { status_url } = bodyOf(await answer(pageRequest()));
    const facts = await seal.open(status_url.slice('?session='.length), undefined);
    assert.equal(facts?.vendorData, null);
  });

  it('is not made for a session that the site did not take', async () => {
    const { answer, tracker } = creation({ onSession: () => assert.fail('no') });
    await assert.rejects(answer(pageRequest()));
    assert.equal(tracker.schedule.get('session-1'), undefined);
  });
});

describe('SessionCreation, the unopened session of the same person', () => {
  const LIFETIME = { sessionLifetime: 300, allowedScopes: 'names email' };

  it('is answered again, while it has 30 seconds to live', async () => {
    const { answer, incidents, didit, pass } = creation(LIFETIME);
    await answer(pageRequest());
    pass(270);
    const { session_id, expires_in } = bodyOf(await answer(pageRequest()));
    assert.deepEqual([session_id, expires_in], ['session-1', 30]);
    assert.deepEqual(
      incidents.map(({ type }) => type),
      ['session.created', 'session.reused'],
    );
    pass(0.001);
    assert.equal(bodyOf(await answer(pageRequest())).session_id, 'session-2');
    assert.equal(didit.count('session'), 2);
  });

  it('is one, for two that come at the same time with keys of their own', async () => {
    const { answer, incidents, didit } = creation(LIFETIME);
    const bodies = await Promise.all(
      ['a', 'b'].map(async (key) =>
        bodyOf(await answer(pageRequest({}, { 'Idempotency-Key': key }))),
      ),
    );
    assert.equal(bodies[0]?.session_id, bodies[1]?.session_id);
    assert.equal(didit.count('session'), 1);
    assert.deepEqual(incidents.map(({ type }) => type).sort(), [
      ...['session.created', 'session.reused'],
    ]);
  });

  it('is not answered again once it was opened, ended or resubmitted', async () => {
    for (const status of ['retrieved', 'In Progress', 'Resubmitted', 'expired', 'a new word']) {
      const { answer, didit, pass } = creation(LIFETIME);
      await answer(pageRequest());
      didit.set(status, 'session-1');
      pass(1);
      assert.equal(bodyOf(await answer(pageRequest())).session_id, 'session-2', status);
    }
  });

  it('is asked for at Didit only where it is due: nobody can spend the budget of others', async () => {
    const { answer, didit, pass } = creation(LIFETIME);
    for (let tenths = 0; tenths < 100; tenths++) {
      assert.equal(bodyOf(await answer(pageRequest())).session_id, 'session-1');
      pass(0.1);
    }
    assert.equal(didit.count('session'), 1);
    assert.ok(didit.count('status') <= 5, `${didit.count('status')}`);
  });

  const FAILURES: [string, () => Response, string][] = [
    ['does not know of it any more', () => json({}, 404), 'session-2'],
    ['fails', () => json({}, 500), 'session-1'],
    ['limits the rate', () => json({}, 429), 'session-1'],
  ];
  for (const [what, status, expected] of FAILURES) {
    it(`is ${expected} where Didit ${what}`, async () => {
      const didit = fakeDidit({ session: numberedSessions(), status });
      const { answer, pass } = creation(LIFETIME, didit);
      await answer(pageRequest());
      pass(1);
      assert.equal(bodyOf(await answer(pageRequest())).session_id, expected);
    });
  }

  it('is one, for two that come while it is asked for', async () => {
    const asked = deferred();
    const status = deferred<Response>();
    const didit = fakeDidit({
      session: numberedSessions(),
      status: () => {
        asked.resolve();
        return status.promise;
      },
    });
    const { answer, pass } = creation(LIFETIME, didit);
    await answer(pageRequest());
    pass(1);
    const both = [answer(pageRequest()), asked.promise.then(() => answer(pageRequest()))];
    await asked.promise;
    status.resolve(json({ status: 'retrieved' }));
    const ids = (await Promise.all(both)).map((each) => bodyOf(each).session_id);
    assert.deepEqual(ids, ['session-2', 'session-2']);
    assert.equal(didit.count('session'), 2);
  });

  it('is looked at for its page: the decision on it has the request', async () => {
    const contexts: DecisionContext[] = [];
    const onDecision = (_: unknown, context: DecisionContext) => void contexts.push(context);
    const { answer, didit, pass } = creation({ ...LIFETIME, onDecision });
    await answer(pageRequest());
    didit.set('confirmed', 'session-1');
    pass(1);
    const request = pageRequest();
    assert.equal(bodyOf(await answer(request)).session_id, 'session-2');
    assert.deepEqual([contexts[0]?.source, contexts[0]?.request], ['status', request]);
  });

  it('is not that of another person or scope', async () => {
    const { answer } = creation({
      ...LIFETIME,
      getUser: ({ headers }) => ({ vendorData: headers.get('X-User')! }),
    });
    const ids = [];
    for (const [user, scope] of [
      ['a', 'names'],
      ['b', 'names'],
      ['a', 'email'],
      ['a', 'names'],
    ]) {
      ids.push(bodyOf(await answer(pageRequest({ scope }, { 'X-User': user! }))).session_id);
    }
    assert.deepEqual(ids, ['session-1', 'session-2', 'session-3', 'session-1']);
  });

  it('is not that of somebody who cannot be told apart, nor of unknown lifetime', async () => {
    for (const differing of [{ ...LIFETIME, getUser: () => ({}) }, {}]) {
      const { answer, didit } = creation(differing);
      await answer(pageRequest());
      await answer(pageRequest());
      assert.equal(didit.count('session'), 2);
    }
  });

  it('is not answered in place of one with other fields', async () => {
    let language = 'en';
    const { answer, didit } = creation({
      ...VERIFICATION,
      sessionLifetime: 300,
      sessionFields: () => ({ language }),
    });
    await answer(pageRequest());
    await answer(pageRequest());
    assert.equal(didit.count('session'), 1);
    language = 'de';
    await answer(pageRequest());
    assert.equal(didit.count('session'), 2);
  });

  it('does not count against the limit', async () => {
    const { answer } = creation({ ...LIFETIME, limit: onceOnly() });
    await answer(pageRequest());
    await answer(pageRequest());
    await assert.rejects(answer(pageRequest({ scope: 'email' })), refusal('rate-limited'));
  });
});

/** A `limit` that lets one create pass. */
function onceOnly() {
  let calls = 0;
  return () => (++calls === 1 ? (true as const) : 60);
}

describe('SessionCreation, the limit', () => {
  it('counts sessions, not requests with the same key', async () => {
    const { answer } = creation({ limit: onceOnly() });
    await answer(pageRequest({}, KEY));
    await answer(pageRequest({}, KEY));
    await assert.rejects(answer(pageRequest()), refusal('rate-limited'));
  });

  it('is asked before Didit is', async () => {
    const { answer, didit } = creation({ limit: () => 60 });
    await assert.rejects(answer(pageRequest()), refusal('rate-limited'));
    assert.equal(didit.calls.length, 0);
  });

  it('does not count a create that failed', async () => {
    let fails = true;
    const next = numberedSessions();
    const didit = fakeDidit({ session: (call) => (fails ? json({}, 500) : next(call)) });
    const { answer, pass } = creation({}, didit);
    for (let count = 0; count < 30; count++) await assert.rejects(answer(pageRequest()));
    fails = false;
    // Until Didit is tried again.
    pass(5);
    for (let count = 0; count < 20; count++) await answer(pageRequest());
    await assert.rejects(answer(pageRequest()), refusal('rate-limited'));
  });
});

describe('SessionCreation, verification', () => {
  it('sends the workflow, the person and the site’s fields, and no scope', async () => {
    const seen: unknown[] = [];
    const { answer, didit } = creation({
      ...VERIFICATION,
      scope: 'names',
      sessionFields: (user, request) => {
        seen.push(user, request);
        const mine = { workflow_id: 'another', vendor_data: 'another' };
        return { callback: 'https://shop.example/done', metadata: { order: 5 }, ...mine };
      },
    });
    const request = pageRequest({ callback: 'https://evil.example', workflow_id: 'evil' });
    await answer(request);
    assert.deepEqual(seen, [{ vendorData: VENDOR_DATA }, request]);
    assert.deepEqual(asked(didit), [
      {
        callback: 'https://shop.example/done',
        metadata: { order: 5 },
        workflow_id: WORKFLOW_ID,
        vendor_data: VENDOR_DATA,
      },
    ]);
    assert.equal(didit.calls[0]?.url, 'https://verification.didit.me/v3/session/');
    assert.equal(didit.calls[0].headers.get('X-Api-Key'), API_KEY);
    assert.equal(didit.count('token'), 0);
  });

  it('links a session that Didit gives again to each person it is for', async () => {
    const linked: SessionContext['vendorData'][] = [];
    const { answer } = creation(
      {
        ...VERIFICATION,
        getUser: ({ headers }) => ({ vendorData: headers.get('X-User')! }),
        onSession: (_, { vendorData }) => linked.push(vendorData),
      },
      fakeDidit(),
    );
    for (const user of ['a', 'a', 'b']) await answer(pageRequest({}, { 'X-User': user }));
    assert.deepEqual(linked, ['a', 'b']);
  });

  it('does not let a field stand in for a missing person', async () => {
    const { answer, didit } = creation({
      ...VERIFICATION,
      getUser: () => ({}),
      sessionFields: () => ({ vendor_data: 'constant' }),
    });
    await answer(pageRequest());
    assert.deepEqual(asked(didit), [{ workflow_id: WORKFLOW_ID }]);
  });

  it('tells the page where a session stands that Didit gave again', async () => {
    const body = { ...SESSION_BODY, status: 'In Progress' };
    const didit = fakeDidit({ session: () => json(body, 201) });
    const { answer } = creation(VERIFICATION, didit);
    assert.equal(bodyOf(await answer(pageRequest())).status, 'In Progress');
  });

  it('links a session once that Didit gives again, with all its lifetime', async () => {
    const linked: string[] = [];
    const { answer, incidents, pass } = creation(
      {
        ...VERIFICATION,
        onSession: ({ session_id }) => linked.push(session_id),
        sessionLifetime: 60,
        limit: () => true,
      },
      fakeDidit(),
    );
    for (let count = 0; count < 30; count++) {
      assert.equal(bodyOf(await answer(pageRequest())).expires_in, 60);
      pass(60);
    }
    assert.deepEqual(linked, [SESSION_ID]);
    assert.deepEqual(
      incidents.filter(({ type }) => type.startsWith('session.')).map(({ type }) => type),
      ['session.created', ...Array<string>(29).fill('session.reused')],
    );
  });

  it('counts a call for a session that Didit gives again: it has been spent', async () => {
    const { answer } = creation(VERIFICATION, fakeDidit());
    for (let count = 0; count < 20; count++) await answer(pageRequest());
    await assert.rejects(answer(pageRequest()), refusal('rate-limited'));
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const WRONG: [string, unknown][] = [
    ['a string', 'callback'],
    ['a list', [1]],
    ['what is no JSON', { count: 1n }],
    ['a circle', cyclic],
    ['false', false],
  ];
  for (const [what, fields] of WRONG) {
    it(`fails for ${what} as fields`, async () => {
      const sessionFields = () => fields as Record<string, unknown>;
      const { answer, didit } = creation({ ...VERIFICATION, sessionFields });
      await assert.rejects(answer(pageRequest()), (error) => {
        return error instanceof HookError && error.hook === 'sessionFields';
      });
      assert.equal(didit.calls.length, 0);
    });
  }

  for (const nothing of [undefined, null]) {
    it(`sends no fields for ${nothing}`, async () => {
      const { answer, didit } = creation({
        ...VERIFICATION,
        sessionFields: () => nothing as undefined,
      });
      await answer(pageRequest());
      assert.deepEqual(asked(didit), [{ workflow_id: WORKFLOW_ID, vendor_data: VENDOR_DATA }]);
    });
  }
});

describe('SessionCreation, on several instances', () => {
  const LIFETIME = { sessionLifetime: 300 };

  /** Instances of a site whose Didit numbers its sessions; `ask` gives which one a page gets. */
  function numberedSite() {
    const { instance, ...all } = site(sharedStore(), numberedDidit());
    const fresh = () => instance(LIFETIME);
    const ask = async (parts: ReturnType<typeof fresh>, headers = {}) => {
      const response = await parts.session(pageRequest({}, headers));
      return ((await response.json()) as { session_id: string }).session_id;
    };
    return { ...all, fresh, ask };
  }

  it('keeps what was answered to a key for ten minutes, to a wish for the session’s lifetime', async () => {
    const { fresh, ask, store } = numberedSite();
    await ask(fresh(), KEY);
    const ttls = [...store.ttls].map(([key, ttl]) => [key.split(':')[1], ttl]);
    assert.deepEqual(
      ttls.filter(([by]) => by !== 'session'),
      [
        ['wish', 300],
        ['key', 600],
      ],
    );
  });

  it('gives no session again to a key once its lifetime has passed', async () => {
    const { fresh, ask, pass } = numberedSite();
    assert.equal(await ask(fresh(), KEY), 'session-1');
    pass(299.9);
    assert.equal(await ask(fresh(), KEY), 'session-1');
    pass(0.1);
    assert.equal(await ask(fresh(), KEY), 'session-2');
  });

  it('shows no session again that was opened meanwhile', async () => {
    const { fresh, ask } = numberedSite();
    const first = fresh();
    assert.equal(await ask(first), 'session-1');
    assert.equal(await ask(fresh()), 'session-1');
    await first.tell('In Progress', { session_id: 'session-1' });
    assert.equal(await ask(fresh()), 'session-2');
  });

  it('shows none again of which Didit says that it was opened, whatever webhooks come', async () => {
    const { fresh, ask, didit } = numberedSite();
    await ask(fresh());
    didit.set('In Progress', 'session-1');
    const anew = fresh();
    await anew.tell('Not Started', { session_id: 'another' });
    assert.equal(await ask(anew), 'session-2');
  });

  it('shows no session again that has less than 30 seconds to live', async () => {
    const { fresh, ask, pass } = numberedSite();
    await ask(fresh());
    pass(270.001);
    assert.equal(await ask(fresh()), 'session-2');
  });

  it('shows the newest again, although an instance still knows of an older one', async () => {
    const { fresh, ask } = numberedSite();
    const [first, second] = [fresh(), fresh()];
    await ask(first);
    await first.tell('In Progress', { session_id: 'session-1' });
    assert.equal(await ask(second), 'session-2');
    assert.equal(await ask(first), 'session-2');
  });
});
