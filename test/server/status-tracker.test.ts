import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Refusal } from '../../src/server/answers.js';
import { DiditApiError } from '../../src/server/didit-api-error.js';
import type { SessionFacts } from '../../src/server/handle.js';
import { HookError } from '../../src/server/hooks.js';
import type { Incident } from '../../src/server/log.js';
import type { DecisionContext } from '../../src/server/options.js';
import { StatusTracker } from '../../src/server/status-tracker.js';
import type { TrackedSession } from '../../src/server/tracked-session.js';
import type { WebhookEvent } from '../../src/server/webhook-event.js';
import {
  client,
  clock,
  type Differing,
  deferred,
  fakeDidit,
  json,
  SESSION_ID,
  SESSION_TOKEN,
  settings,
  settle,
  VENDOR_DATA,
  VERIFICATION,
} from './helpers.js';
import { gatedStore } from './instances.js';
import { sharedStore } from './stores.js';

/** A tracker before a fake Didit, on a clock that stands still. */
function tracking(differing: Differing = {}, didit = fakeDidit()) {
  const time = clock();
  const all = { fetch: didit.fetch, now: time.now, ...differing };
  const tracker = new StatusTracker(settings(all), client(all));
  const incidents: Incident[] = [];
  const report = (incident: Incident) => void incidents.push(incident);
  const read = (session: TrackedSession) => tracker.read(session, { source: 'status', report });
  const hear = (status: string, at: number, more: Partial<WebhookEvent> = {}) => {
    const told = { status, at, decision: undefined };
    const event = { key: `${status}:${at}`, sessionId: SESSION_ID, at, told, ...more };
    return tracker.hear(event, { source: 'webhook', report });
  };
  const factsOf = async (sessionId = SESSION_ID): Promise<SessionFacts> => ({
    ...{ sessionId, sessionToken: SESSION_TOKEN, vendorData: VENDOR_DATA },
    ...{ createdAt: time.now(), expiresAt: time.now() + 1e9 },
  });
  const types = () => incidents.map(({ type }) => type);
  const known = (vendorData: string | undefined = VENDOR_DATA, sessionId = SESSION_ID) => {
    didit.people.set(sessionId, vendorData);
  };
  known();
  return { tracker, didit, incidents, types, report, read, hear, factsOf, known, ...time };
}

describe('StatusTracker, a new session', () => {
  it('stands where Didit’s create answer says', async () => {
    const { tracker, factsOf } = tracking(VERIFICATION);
    assert.equal(tracker.addCreated(await factsOf(), 'In Progress').status, 'In Progress');
  });

  for (const status of ['Approved', 'Declined', 'In Review', 'confirmed']) {
    it(`is not ${status} before the decision is taken up`, async () => {
      const { tracker, factsOf } = tracking(VERIFICATION);
      assert.equal(tracker.addCreated(await factsOf(), status).status, 'Not Started');
    });
  }

  it('is the known one, where Didit gives a session again', async () => {
    const { tracker, factsOf } = tracking(VERIFICATION);
    const first = tracker.addCreated(await factsOf(), 'Not Started');
    first.decided = { stage: 'in-review', status: 'In Review' };
    assert.equal(tracker.addCreated(await factsOf(), 'In Progress'), first);
  });

  it('has handles that are good for as long as the last one', async () => {
    const { tracker, factsOf, pass } = tracking(VERIFICATION);
    const first = tracker.addCreated(await factsOf(), undefined);
    pass(60);
    const { expiresAt } = await factsOf();
    for (const facts of [await factsOf(), { ...(await factsOf()), expiresAt: 0 }]) {
      tracker.addOpened(facts);
      assert.equal(first.expiresAt, expiresAt);
    }
  });

  it('is not that of another person with the same id', async () => {
    const { tracker, factsOf } = tracking();
    const first = tracker.addCreated(await factsOf(), undefined);
    const other = { ...(await factsOf()), vendorData: null };
    assert.notEqual(tracker.addCreated(other, undefined), first);
  });
});

describe('StatusTracker, read()', () => {
  it('tells the log what has changed, once', async () => {
    const { tracker, didit, factsOf, read, incidents, pass } = tracking();
    const session = tracker.addCreated(await factsOf(), undefined);
    didit.set('retrieved');
    pass(2);
    await read(session);
    pass(2);
    await read(session);
    assert.deepEqual(incidents, [
      { type: 'session.status', sessionId: SESSION_ID, status: 'retrieved' },
    ]);
    assert.equal(didit.count('status'), 2);
  });

  it('asks for the decision where Didit gave no token for the status', async () => {
    const { tracker, didit, factsOf, read, pass } = tracking();
    const facts = { ...(await factsOf()), sessionToken: undefined };
    const session = tracker.addCreated(facts, undefined);
    didit.set('retrieved');
    pass(2);
    assert.equal(await read(session), 'retrieved');
    assert.deepEqual([didit.count('status'), didit.count('decision')], [0, 1]);
  });

  const FAILURES: [string, () => Response, string, number][] = [
    ['400', () => json({}, 400), 'upstream-refused', 502],
    ['404', () => json({}, 404), 'upstream-refused', 502],
    ['a redirect', () => new Response(null, { status: 302 }), 'upstream-refused', 502],
    ['HTML', () => new Response('<p>'), 'upstream-refused', 502],
    ['no status', () => json({}), 'upstream-refused', 502],
    ['a status that is no word', () => json({ status: 5 }), 'upstream-refused', 502],
    ['a status that is a book', () => json({ status: 'x'.repeat(65) }), 'upstream-refused', 502],
    ['500', () => json({}, 500), 'upstream-busy', 502],
    ['429', () => json({}, 429, { 'Retry-After': '7' }), 'upstream-busy', 503],
  ];
  for (const [what, answer, code, status] of FAILURES) {
    it(`refuses with ${status} ${code} after ${what}, until Didit was asked again`, async () => {
      let fails = true;
      const didit = fakeDidit({ status: () => (fails ? answer() : json({ status: 'retrieved' })) });
      const { tracker, factsOf, read, types, pass } = tracking({}, didit);
      const session = tracker.addCreated(await factsOf(), undefined);
      pass(2);
      const refused = (error: unknown) =>
        error instanceof Refusal && error.code === code && error.status === status;
      await assert.rejects(read(session), refused);
      await assert.rejects(read(session), refused);
      assert.equal(didit.count('status'), 1);
      assert.deepEqual(types(), ['upstream.failed']);
      fails = false;
      pass(10);
      assert.equal(await read(session), 'retrieved');
    });
  }

  it('gives all who ask at the same time what one call hears', async () => {
    const { tracker, didit, factsOf, read, pass } = tracking();
    const session = tracker.addCreated(await factsOf(), undefined);
    didit.set('retrieved');
    pass(2);
    assert.deepEqual(await Promise.all([read(session), read(session)]), ['retrieved', 'retrieved']);
    assert.equal(didit.count('status'), 1);
  });

  it('tells the log why a call failed', async () => {
    const didit = fakeDidit({ status: () => json({}, 404) });
    const { tracker, factsOf, read, incidents, pass } = tracking({}, didit);
    const session = tracker.addCreated(await factsOf(), undefined);
    pass(2);
    await read(session).catch(() => undefined);
    assert.deepEqual(incidents, [
      { type: 'upstream.failed', reason: 'refused', status: 404, sessionId: SESSION_ID },
    ]);
  });

  it('tells the page how long a failure still lasts', async () => {
    const { tracker, didit, factsOf, read, incidents, pass } = tracking({
      onDecision: () => {
        throw new RangeError('database down');
      },
    });
    const session = tracker.addCreated(await factsOf(), undefined);
    didit.set('confirmed');
    pass(2);
    const told = async () => {
      const error = await read(session).catch((reason: unknown) => reason);
      assert.ok(error instanceof Refusal && error.code === 'decision-failed');
      return error.headers['Retry-After'];
    };
    assert.equal(await told(), '5');
    pass(2.5);
    assert.equal(await told(), '3');
    pass(2.499);
    assert.equal(await told(), '1');
    assert.deepEqual(incidents, [
      { type: 'decision.failed', sessionId: SESSION_ID, reason: 'RangeError' },
    ]);
  });

  it('tells the log once a minute that the budget is spent', async () => {
    const { tracker, factsOf, read, incidents, pass } = tracking({ statusBudget: 1 });
    const one = tracker.addCreated(await factsOf('one'), undefined);
    const other = tracker.addCreated(await factsOf('other'), undefined);
    const third = tracker.addCreated(await factsOf('third'), undefined);
    pass(2);
    await read(one);
    // Not due yet, so nothing is missing.
    await read(one);
    assert.deepEqual(incidents, []);
    await read(other);
    pass(59);
    await read(other);
    assert.deepEqual(incidents, [{ type: 'budget.exhausted', statusBudget: 1 }]);
    pass(1);
    await read(other);
    await read(third);
    assert.equal(incidents.length, 2);
    // A clock that is put back does not silence it.
    pass(-3600);
    await read(third);
    assert.equal(incidents.length, 3);
  });

  for (const member of ['session_id', 'vendor_data']) {
    it(`asks nothing more after a mismatch of ${member}`, async () => {
      const didit = fakeDidit({
        decision: ({ sessionId }) =>
          json({ ...didit.decisionBody(sessionId), status: 'In Review', [member]: 'another' }),
      });
      const { tracker, factsOf, read, pass } = tracking(VERIFICATION, didit);
      const session = tracker.addCreated(await factsOf(), undefined);
      pass(2);
      await read(session);
      pass(600);
      assert.equal(await read(session), 'declined');
      assert.equal(didit.count('decision'), 1);
    });
  }

  it('asks soon again after a change', async () => {
    const { tracker, didit, factsOf, read, pass } = tracking();
    const session = tracker.addCreated(await factsOf(), undefined);
    pass(600);
    didit.set('retrieved');
    await read(session);
    pass(2);
    await read(session);
    assert.equal(didit.count('status'), 2);
  });

  for (const status of ['In Progress', 'In Review', 'a new word']) {
    it(`goes on with the status where the decision is ${status}`, async () => {
      const didit = fakeDidit({ status: () => json({ status: 'confirmed' }) });
      didit.set(status);
      const { tracker, factsOf, read, pass } = tracking({}, didit);
      const session = tracker.addCreated(await factsOf(), undefined);
      for (const times of [1, 2]) {
        pass(2);
        for (const page of ['one', 'other']) {
          assert.equal(await read(session), status, page);
          assert.deepEqual([didit.count('status'), didit.count('decision')], [times, times]);
        }
      }
    });
  }

  it('asks less and less often while Didit fails', async () => {
    const didit = fakeDidit({ status: () => json({}, 500) });
    const { tracker, factsOf, read, pass } = tracking({}, didit);
    const session = tracker.addCreated(await factsOf(), undefined);
    const askedAt: number[] = [];
    for (let second = 0; second < 120; second++) {
      pass(1);
      const before = didit.count('status');
      await read(session).catch(() => undefined);
      if (didit.count('status') > before) askedAt.push(second + 1);
    }
    assert.deepEqual(askedAt, [1, 3, 7, 15, 31, 61, 91]);
  });

  it('pauses for every session while Didit limits the rate', async () => {
    const didit = fakeDidit({ status: () => json({}, 429, { 'Retry-After': '30' }) });
    const { tracker, factsOf, read, types, pass } = tracking({}, didit);
    const one = tracker.addCreated(await factsOf('one'), undefined);
    const other = tracker.addCreated(await factsOf('other'), undefined);
    pass(2);
    await assert.rejects(read(one), (error) => {
      assert.ok(error instanceof Refusal);
      assert.equal(error.headers['Retry-After'], '30');
      return true;
    });
    assert.equal(await read(other), 'initialized');
    pass(29);
    assert.equal(await read(other), 'initialized');
    assert.equal(didit.count('status'), 1);
    // The budget is not spent.
    assert.deepEqual(types(), ['upstream.failed']);
    pass(1);
    await assert.rejects(read(other));
    assert.equal(didit.count('status'), 2);
  });

  for (const [told, seconds] of [
    ['86400', 300],
    ['0', 2],
    ['later', 10],
  ] as const) {
    it(`waits ${seconds} s where Didit says ${told}`, async () => {
      const didit = fakeDidit({ status: () => json({}, 429, { 'Retry-After': told }) });
      const { tracker, factsOf, read, pass } = tracking({}, didit);
      const session = tracker.addCreated(await factsOf(), undefined);
      pass(2);
      await assert.rejects(read(session), (error) => {
        assert.ok(error instanceof Refusal);
        assert.equal(error.headers['Retry-After'], `${seconds}`);
        return true;
      });
      pass(seconds - 0.001);
      await assert.rejects(read(session));
      assert.equal(didit.count('status'), 1);
      pass(0.001);
      await assert.rejects(read(session));
      assert.equal(didit.count('status'), 2);
    });
  }

  for (const [accept, word] of [
    [true, 'In Review'],
    [false, 'declined'],
  ] as const) {
    it(`hears ${word} again where a session comes back to its review`, async () => {
      let hooks = 0;
      const { tracker, didit, factsOf, read, pass } = tracking({
        ...VERIFICATION,
        onDecision: () => {
          hooks++;
          return { accept };
        },
      });
      const session = tracker.addCreated(await factsOf(), undefined);
      const heard = [];
      for (const status of ['In Review', 'Resubmitted', 'In Progress', 'In Review']) {
        didit.set(status);
        pass(30);
        heard.push(await read(session));
      }
      assert.deepEqual(heard, [word, 'Resubmitted', 'In Progress', word]);
      assert.equal(hooks, 1);
    });
  }

  it('does not let the hook change what the page hears', async () => {
    const { tracker, didit, factsOf, read, incidents, pass } = tracking({
      onDecision: (decision) => {
        decision.status = 'anything';
      },
    });
    const session = tracker.addCreated(await factsOf(), undefined);
    didit.set('confirmed');
    pass(2);
    assert.equal(await read(session), 'confirmed');
    assert.ok(!JSON.stringify(incidents).includes('anything'));
  });

  it('does not follow another session’s decision, decided or not', async () => {
    for (const status of ['Expired', 'In Progress', 'Approved']) {
      const didit = fakeDidit({ decision: () => json({ session_id: 'another', status }) });
      const { tracker, factsOf, read, types, pass } = tracking(VERIFICATION, didit);
      const session = tracker.addCreated(await factsOf(), undefined);
      pass(2);
      assert.equal(await read(session), 'declined');
      assert.ok(types().includes('decision.mismatched'));
    }
  });

  it('takes the decision up as soon as there is a call left for it, before anything else', async () => {
    let hooks = 0;
    const { tracker, didit, factsOf, known, read, pass } = tracking({
      statusBudget: 1,
      onDecision: () => {
        hooks++;
      },
    });
    const other = tracker.addCreated(await factsOf('other'), undefined);
    const session = tracker.addCreated(await factsOf(), undefined);
    known();
    didit.set('confirmed');
    pass(2);
    // The longest-waiting one had the only call.
    await read(other);
    pass(60);
    assert.equal(await read(session), 'initialized');
    assert.deepEqual([didit.count('status'), didit.count('decision')], [2, 0]);
    pass(60);
    await read(other);
    assert.equal(didit.count('status'), 2);
    assert.equal(await read(session), 'confirmed');
    assert.deepEqual([didit.count('status'), didit.count('decision'), hooks], [2, 1, 1]);
  });

  it('has no call that is not left in place of a request that was ended from outside', async (test) => {
    Object.defineProperty(globalThis, 'EdgeRuntime', { value: 'edge', configurable: true });
    test.after(() => Reflect.deleteProperty(globalThis, 'EdgeRuntime'));
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const didit = fakeDidit({ status: () => new Promise<never>(() => undefined) });
    const { tracker, factsOf, read } = tracking({ statusBudget: 1, now: () => Date.now() }, didit);
    const session = tracker.addOpened(await factsOf());
    const { setTimeout } = globalThis;
    Object.assign(globalThis, { setTimeout: () => undefined });
    void read(session);
    while (didit.count('status') === 0) await settle();
    Object.assign(globalThis, { setTimeout });
    let heard: string | undefined;
    const joined = read(session).then((status) => (heard = status));
    while (heard === undefined) {
      test.mock.timers.tick(25);
      await settle();
    }
    assert.equal(await joined, 'initialized');
    assert.ok(Date.now() < 2000, `${Date.now()}`);
    assert.equal(didit.count('status'), 1);
  });

  it('fetches the decision again where that failed, and not the status', async () => {
    let fails = true;
    const didit = fakeDidit({
      decision: ({ sessionId }) => (fails ? json({}, 500) : json(didit.decisionBody(sessionId))),
    });
    const { tracker, factsOf, read, pass } = tracking({}, didit);
    const session = tracker.addCreated(await factsOf(), undefined);
    didit.set('confirmed');
    pass(2);
    await assert.rejects(read(session));
    fails = false;
    pass(2);
    assert.equal(await read(session), 'confirmed');
    assert.deepEqual([didit.count('status'), didit.count('decision')], [1, 2]);
  });

  it('is a Refusal whatever goes wrong', async () => {
    const broken = fakeDidit();
    const { tracker, factsOf, read, types, pass } = tracking(
      { onDecision: () => ({ accept: true }) },
      broken,
    );
    const session = tracker.addCreated(await factsOf(), undefined);
    // Nothing is known to throw here: as if by a bug.
    Object.defineProperty(session, 'sessionToken', { get: () => assert.fail('a bug') });
    pass(2);
    await assert.rejects(read(session), (error) => {
      return error instanceof Refusal && error.code === 'internal';
    });
    assert.deepEqual(types(), ['internal.failed']);
  });
});

describe('StatusTracker, a hook that takes its time', () => {
  for (const differing of [{}, VERIFICATION]) {
    it(`holds up no other session with ${JSON.stringify(Object.keys(differing))}`, async () => {
      const hanging = deferred<undefined>();
      let hooks = 0;
      const onDecision = () => {
        hooks++;
        return hanging.promise;
      };
      const all = { ...differing, onDecision, statusBudget: 12 };
      const { tracker, didit, factsOf, known, read, pass } = tracking(all);
      const reads = [];
      for (const id of ['one', 'other']) {
        known(VENDOR_DATA, id);
        didit.set('Approved', id);
        const session = tracker.addOpened(await factsOf(id));
        reads.push(read(session));
        while (hooks < reads.length) await settle();
        pass(10);
      }
      const third = tracker.addOpened(await factsOf('third'));
      didit.set('retrieved', 'third');
      assert.equal(await read(third), 'retrieved');
      hanging.resolve(undefined);
      await Promise.all(reads);
    });
  }
});

describe('StatusTracker, check()', () => {
  it('asks for a session that is due, and for no other', async () => {
    const { tracker, didit, factsOf, report, pass } = tracking();
    const session = tracker.addCreated(await factsOf(), undefined);
    didit.set('retrieved');
    pass(0.999);
    await tracker.check(session, report);
    assert.deepEqual([session.status, didit.count('status')], ['initialized', 0]);
    pass(0.001);
    await tracker.check(session, report);
    assert.deepEqual([session.status, didit.count('status')], ['retrieved', 1]);
  });
});

describe('StatusTracker, listen()', () => {
  /** Two sessions; `heard` counts the changes of the first one, for two who listen. */
  async function listened(test?: TestContext) {
    if (test) {
      Object.defineProperty(globalThis, 'EdgeRuntime', { value: 'edge', configurable: true });
      test.after(() => Reflect.deleteProperty(globalThis, 'EdgeRuntime'));
    }
    const all = tracking({ onDecision: () => undefined });
    const session = all.tracker.addCreated(await all.factsOf(), undefined);
    const other = all.tracker.addCreated(await all.factsOf('other'), undefined);
    const heard = [0, 0];
    const stops = [new AbortController(), new AbortController()] as const;
    for (const [index, { signal }] of stops.entries()) {
      all.tracker.listen(session, () => heard[index]!++, signal);
    }
    return { ...all, session, other, heard, stops };
  }

  it('calls all who listen at each change, once, and for no other session', async () => {
    const { didit, session, other, read, pass, heard } = await listened();
    const counts = [];
    for (const status of ['initialized', 'retrieved', 'retrieved', 'confirmed']) {
      didit.set(status);
      didit.set('retrieved', 'other');
      pass(2);
      for (const one of [other, session]) await read(one);
      counts.push([...heard]);
    }
    assert.deepEqual(
      counts,
      [0, 1, 1, 2].map((count) => [count, count]),
    );
  });

  it('calls when the change can be read, and nothing of it is missing a task later', async () => {
    const { tracker, didit, session, report } = await listened();
    const seen: unknown[] = [];
    const look = () => {
      seen.push(session.status);
      queueMicrotask(() => seen.push(session.over));
    };
    tracker.listen(session, look, new AbortController().signal);
    didit.set('confirmed');
    await tracker.settle(SESSION_ID, report);
    assert.deepEqual(seen, ['confirmed', true]);
  });

  it('knows a session again that was forgotten before anybody listened', async () => {
    const { tracker, factsOf, session } = await listened();
    const forgotten = tracker.addCreated(await factsOf('forgotten'), undefined);
    for (let number = 0; number < 10_200; number++) {
      tracker.addCreated({ ...(await factsOf()), sessionId: `${number}` }, undefined);
    }
    assert.equal(tracker.schedule.get('forgotten'), undefined);
    tracker.listen(forgotten, () => undefined, new AbortController().signal);
    assert.equal(tracker.schedule.get('forgotten'), forgotten);
    assert.equal(tracker.schedule.get(SESSION_ID), session);
  });

  it('ends with the signal, for each who listens, and leaves nothing behind', async () => {
    const { didit, session, read, pass, heard, stops } = await listened();
    stops[0].abort();
    didit.set('retrieved');
    pass(2);
    await read(session);
    assert.deepEqual(heard, [0, 1]);
    assert.equal(session.listeners?.size, 1);
    stops[1].abort();
    assert.equal(session.listeners, null);
    didit.set('confirmed');
    pass(2);
    await read(session);
    assert.deepEqual(heard, [0, 1]);
  });

  it('keeps nothing for a session that nobody listens to, or by a signal that has aborted', async () => {
    const { tracker, other } = await listened();
    assert.equal(other.listeners, null);
    tracker.listen(other, () => assert.fail('was called'), AbortSignal.abort());
    assert.equal(other.listeners, null);
  });

  it('calls nobody where one request may not wake another', async (test) => {
    const { didit, session, read, pass, heard } = await listened(test);
    didit.set('retrieved');
    pass(2);
    assert.equal(await read(session), 'retrieved');
    assert.deepEqual(heard, [0, 0]);
    assert.equal(session.listeners, null);
  });
});

describe('StatusTracker, settle()', () => {
  for (const differing of [{}, VERIFICATION]) {
    const approved = 'apiKey' in differing ? 'Approved' : 'confirmed';

    it(`decides a session that nobody asks for, to ${approved}`, async () => {
      const contexts: DecisionContext[] = [];
      const onDecision = (_: unknown, context: DecisionContext) => void contexts.push(context);
      const { tracker, didit, factsOf, report } = tracking({ ...differing, onDecision });
      tracker.addCreated(await factsOf(), undefined);
      didit.set(approved);
      assert.equal(await tracker.settle(SESSION_ID, report), approved);
      assert.equal(await tracker.settle(SESSION_ID, report), approved);
      assert.equal(contexts.length, 1);
      assert.equal(contexts[0]?.source, 'settle');
      assert.equal(contexts[0].vendorData, VENDOR_DATA);
      assert.equal(contexts[0].request, undefined);
      // The status where there is such a call, the decision, and nothing for what is over.
      assert.equal(didit.count('status', 'decision'), 'apiKey' in differing ? 1 : 2);
    });

    it(`decides a session that this process does not know, to ${approved}`, async () => {
      const contexts: DecisionContext[] = [];
      const onDecision = (_: unknown, context: DecisionContext) => void contexts.push(context);
      const { tracker, didit, report } = tracking({ ...differing, onDecision });
      didit.set(approved);
      assert.equal(await tracker.settle(SESSION_ID, report), approved);
      assert.equal(contexts[0]?.vendorData, VENDOR_DATA);
    });
  }

  it('gives the word of a session that is not over, and asks again the next time', async () => {
    const { tracker, didit, report } = tracking({ onDecision: () => assert.fail('was asked') });
    for (const status of ['initialized', 'retrieved', 'expired']) {
      didit.set(status);
      assert.equal(await tracker.settle(SESSION_ID, report), status);
    }
    assert.equal(didit.count('decision'), 3);
  });

  it('is declined after a refusal', async () => {
    const { tracker, didit, report } = tracking({ onDecision: () => ({ accept: false }) });
    didit.set('confirmed');
    assert.equal(await tracker.settle(SESSION_ID, report), 'declined');
  });

  it('rejects where the hook fails, and works the next time', async () => {
    let fails = true;
    const onDecision = () => {
      if (fails) throw new RangeError('database down');
    };
    const { tracker, didit, report } = tracking({ onDecision });
    didit.set('confirmed');
    await assert.rejects(tracker.settle(SESSION_ID, report), (error) => {
      return error instanceof HookError && error.reason === 'RangeError';
    });
    fails = false;
    assert.equal(await tracker.settle(SESSION_ID, report), 'confirmed');
  });

  it('rejects where Didit gives no decision', async () => {
    const didit = fakeDidit({ decision: () => json({}, 404) });
    const { tracker, report } = tracking({}, didit);
    await assert.rejects(tracker.settle(SESSION_ID, report), (error) => {
      return error instanceof DiditApiError && error.status === 404;
    });
  });

  for (const id of ['', 'a/b', '..', 'x'.repeat(129), 5, undefined]) {
    it(`rejects ${String(id).slice(0, 9)} as an id, and Didit is not asked`, async () => {
      const { tracker, didit, incidents, report } = tracking();
      await assert.rejects(tracker.settle(id as string, report), TypeError);
      assert.deepEqual([didit.calls.length, incidents.length], [0, 0]);
    });
  }

  it('reaches a session whose handles have ended', async () => {
    const { tracker, didit, factsOf, report, pass } = tracking(VERIFICATION);
    tracker.addCreated({ ...(await factsOf()), expiresAt: 0 }, undefined);
    didit.set('In Review');
    assert.equal(await tracker.settle(SESSION_ID, report), 'In Review');
    pass(1e6);
    didit.set('Approved');
    assert.equal(await tracker.settle(SESSION_ID, report), 'Approved');
  });

  it('does not take somebody else’s call for its own', async () => {
    const hook = deferred<undefined>();
    const { tracker, didit, factsOf, read, report, pass } = tracking({
      ...VERIFICATION,
      onDecision: () => hook.promise,
    });
    const session = tracker.addCreated(await factsOf(), undefined);
    pass(2);
    didit.set('Approved');
    const page = read(session);
    let settled: string | undefined;
    const settling = tracker.settle(SESSION_ID, report).then((status) => (settled = status));
    while (didit.count('decision') === 0) await settle();
    await settle();
    assert.equal(settled, undefined);
    hook.resolve(undefined);
    assert.deepEqual([await page, await settling], ['Approved', 'Approved']);
  });

  it('asks anew where somebody else’s call was under way', async () => {
    const first = deferred<Response>();
    const didit = fakeDidit({
      status: () => (didit.count('status') === 1 ? first.promise : json({ status: 'retrieved' })),
    });
    const { tracker, factsOf, read, report, pass } = tracking({}, didit);
    const session = tracker.addCreated(await factsOf(), undefined);
    pass(2);
    const page = read(session);
    const settling = tracker.settle(SESSION_ID, report);
    while (didit.count('status') === 0) await settle();
    first.resolve(json({ status: 'initialized' }));
    assert.deepEqual([await page, await settling], ['initialized', 'retrieved']);
  });

  it('asks alone for a session that this process does not know', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { tracker, factsOf, read, report } = tracking({
      statusBudget: 1,
      now: () => Date.now(),
    });
    await read(tracker.addOpened(await factsOf('other')));
    test.mock.timers.tick(100);
    const settling = tracker.settle(SESSION_ID, report);
    for (let quarter = 0; quarter < 4 * 60 - 1; quarter++) {
      test.mock.timers.tick(250);
      await settle();
    }
    // It looks again in 100 ms.
    test.mock.timers.tick(150);
    assert.equal(tracker.schedule.callsLeft, 1);
    assert.deepEqual(tracker.schedule.background(9), []);
    test.mock.timers.tick(100);
    assert.equal(await settling, 'initialized');
  });

  it('asks for a session that this process does not know only when it is told to', async () => {
    const { tracker, report, pass } = tracking();
    await tracker.settle(SESSION_ID, report);
    const session = tracker.schedule.get(SESSION_ID)!;
    pass(10);
    assert.equal(tracker.schedule.isDue(session), false);
  });

  it('goes on for a page that comes meanwhile, and says whose the session is', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { tracker, didit, factsOf, read, report } = tracking({
      statusBudget: 1,
      now: () => Date.now(),
    });
    const other = tracker.addOpened({ ...(await factsOf('other')), createdAt: 0 });
    await read(other);
    didit.set('retrieved');
    let settled = false;
    void tracker.settle(SESSION_ID, report).then(() => (settled = true));
    await settle();
    tracker.addOpened(await factsOf());
    for (let quarter = 0; !settled && quarter < 4 * 130; quarter++) {
      test.mock.timers.tick(250);
      await settle();
    }
    assert.equal(settled, true);
  });

  it('looks once a second for what other instances know, while it waits', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { storage, calls } = sharedStore();
    const { tracker, factsOf, read, report } = tracking({
      ...{ statusBudget: 1, storage },
      now: () => Date.now(),
    });
    await read(tracker.addOpened(await factsOf('other')));
    void tracker.settle(SESSION_ID, report);
    await settle();
    const { get } = calls;
    for (let quarter = 0; quarter < 4 * 10; quarter++) {
      test.mock.timers.tick(250);
      await settle();
    }
    assert.equal(calls.get - get, 10);
  });

  it('waits for a call to fetch the decision, too', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { tracker, didit, factsOf, report } = tracking({
      statusBudget: 1,
      now: () => Date.now(),
    });
    tracker.addCreated(await factsOf(), undefined);
    didit.set('confirmed');
    let settled: string | undefined;
    void tracker.settle(SESSION_ID, report).then((status) => (settled = status));
    for (let quarter = 0; !settled && quarter < 4 * 70; quarter++) {
      test.mock.timers.tick(250);
      await settle();
    }
    assert.equal(settled, 'confirmed');
    assert.deepEqual([didit.count('status'), didit.count('decision')], [1, 1]);
  });

  it('does not decide for the page what it decides without knowing whose it is', async () => {
    const { tracker, didit, factsOf, read, report } = tracking();
    didit.set('confirmed');
    await tracker.settle(SESSION_ID, report);
    const session = tracker.addOpened({ ...(await factsOf()), vendorData: 'another' });
    assert.equal(await read(session), 'declined');
  });

  it('waits for its turn', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { tracker, didit, factsOf, read, report } = tracking({
      statusBudget: 1,
      now: () => Date.now(),
    });
    const other = tracker.addCreated({ ...(await factsOf('other')), createdAt: 0 }, undefined);
    test.mock.timers.tick(2000);
    await read(other);
    didit.set('confirmed');
    test.mock.timers.tick(250);
    let status: string | undefined;
    const settled = tracker.settle(SESSION_ID, report).then((word) => (status = word));
    for (let quarter = 0; quarter < 4 * 59; quarter++) {
      test.mock.timers.tick(250);
      await settle();
    }
    assert.equal(status, undefined);
    while (status === undefined) {
      test.mock.timers.tick(250);
      await settle();
    }
    assert.equal(await settled, 'confirmed');
    // A minute after the other one.
    assert.equal(tracker.schedule.get(SESSION_ID)?.askedAt, 62_000);
    assert.ok(Date.now() <= 63_000, `${Date.now()}`);
  });
});

describe('StatusTracker, hear()', () => {
  for (const [name, differing, call] of [
    ['data transfer', {}, 'status'],
    ['verification', VERIFICATION, 'decision'],
  ] as const) {
    it(`takes up what is newer than a call of ${name}, though older than its answer`, async () => {
      const answer = deferred<Response>();
      const didit = fakeDidit({ [call]: () => answer.promise });
      const { tracker, factsOf, read, hear, now, pass } = tracking(differing, didit);
      const session = tracker.addCreated(await factsOf(), undefined);
      pass(2);
      const reading = read(session);
      while (didit.count(call) === 0) await settle();
      pass(10);
      answer.resolve(json({ session_id: SESSION_ID, status: 'In Progress' }));
      await reading;
      await hear('Awaiting User', now() - 5000);
      assert.equal(session.status, 'Awaiting User');
    });
  }

  it('knows what Didit has said as being of then, whatever older words come', async () => {
    const { tracker, didit, factsOf, read, hear, now, pass } = tracking(VERIFICATION);
    const session = tracker.addCreated(await factsOf(), undefined);
    pass(2.9);
    didit.set('In Progress');
    await read(session);
    const asOf = now();
    await hear('Awaiting User', asOf - 900);
    assert.deepEqual([session.status, session.asOf], ['Awaiting User', asOf]);
  });

  for (const [ms, expected] of [
    [1000, 'In Progress'],
    [999, 'Awaiting User'],
  ] as const) {
    it(`leaves ${expected}, by a word of a second that began ${ms} ms before Didit’s`, async () => {
      const { tracker, didit, factsOf, read, hear, now, pass } = tracking(VERIFICATION);
      const session = tracker.addCreated(await factsOf(), undefined);
      pass(2);
      didit.set('In Progress');
      await read(session);
      await hear('Awaiting User', now() - ms);
      assert.equal(session.status, expected);
    });
  }

  it('takes up one after another, though they come late', async () => {
    const { tracker, factsOf, hear, now, pass } = tracking(VERIFICATION);
    const session = tracker.addCreated(await factsOf(), undefined);
    pass(10);
    await hear('In Progress', now() - 5000);
    await hear('Awaiting User', now() - 3000);
    assert.equal(session.status, 'Awaiting User');
  });

  it('leads back from no end, however new the word', async () => {
    const { tracker, didit, factsOf, hear, now, pass } = tracking(VERIFICATION);
    const session = tracker.addCreated(await factsOf(), undefined);
    didit.set('Approved');
    await hear('Approved', now());
    pass(10);
    await hear('In Progress', now());
    assert.deepEqual([session.status, session.over], ['Approved', true]);
  });

  it('has Didit left alone for the session for as long as a page’s question', async () => {
    const { tracker, didit, factsOf, read, hear, now, pass } = tracking(VERIFICATION);
    const session = tracker.addCreated(await factsOf(), undefined);
    didit.set('In Review');
    pass(30);
    await hear('In Review', now());
    const counts = [];
    for (const seconds of [59.999, 0.001]) {
      pass(seconds);
      await read(session);
      counts.push(didit.count('decision'));
    }
    assert.deepEqual(counts, [1, 2]);
  });

  it('asks for no decision while Didit limits the rate', async () => {
    const didit = fakeDidit({ decision: () => json({}, 429) });
    const { tracker, factsOf, hear, now, pass } = tracking(VERIFICATION, didit);
    const session = tracker.addCreated(await factsOf(), undefined);
    for (const status of ['In Review', 'Approved']) {
      pass(2);
      const decision = { session_id: SESSION_ID, status, vendor_data: VENDOR_DATA };
      const at = now() - 1500;
      await hear(status, at, { told: { status, at, decision } });
      assert.deepEqual([session.status, session.asOf], [status, at]);
      assert.equal(tracker.schedule.callsLeft, 0);
    }
    assert.equal(didit.count('decision'), 1);
  });

  it('ends a failure: the page hears what the webhook has told', async () => {
    const didit = fakeDidit({ decision: () => json({}, 500) });
    const { tracker, factsOf, read, hear, now, pass } = tracking(VERIFICATION, didit);
    const session = tracker.addCreated(await factsOf(), undefined);
    pass(2);
    await assert.rejects(read(session), Refusal);
    pass(1);
    await hear('In Progress', now());
    assert.equal(await read(session), 'In Progress');
    assert.equal(didit.count('decision'), 1);
  });

  it('is no failure of the session’s where no call is left', async () => {
    const { tracker, factsOf, read, hear, types, now } = tracking({
      ...VERIFICATION,
      statusBudget: 1,
    });
    await read(tracker.addOpened(await factsOf('other')));
    const session = tracker.addCreated(await factsOf(), undefined);
    await assert.rejects(hear('Approved', now()), Refusal);
    assert.deepEqual([session.failure, types().at(-1)], [null, 'webhook.received']);
    assert.equal(await read(session), 'Not Started');
  });

  it('reaches a page that comes while it is looked for whose session it is', async () => {
    const { storage, shut, reached, open } = gatedStore(sharedStore(), 'getItem');
    const { tracker, factsOf, hear, now } = tracking({ ...VERIFICATION, storage });
    shut();
    const hearing = hear('In Progress', now());
    await reached;
    const session = tracker.addOpened(await factsOf());
    open();
    await hearing;
    assert.equal(session.status, 'In Progress');
  });

  it('takes a repeat for one, though a page has shown meanwhile whose session it is', async () => {
    const { tracker, types, hear, factsOf, now } = tracking(VERIFICATION);
    await hear('In Progress', now());
    tracker.addOpened(await factsOf());
    await hear('In Progress', now());
    assert.equal(types().at(-1), 'webhook.ignored');
  });
});

describe('StatusTracker, a session that another instance has made', () => {
  /** Heard of here before a page shows its handle. */
  async function heardOf() {
    const { storage } = sharedStore();
    const maker = tracking({ storage });
    const facts = await maker.factsOf();
    await maker.tracker.share(maker.tracker.addCreated(facts, undefined), maker.report);
    const all = tracking({ storage, now: maker.now }, maker.didit);
    await all.tracker.settle(SESSION_ID, all.report);
    const session = all.tracker.addOpened(facts);
    return { ...all, session, pass: maker.pass };
  }

  it('is asked for by its token', async () => {
    const { session, read, didit, pass } = await heardOf();
    assert.deepEqual([didit.count('decision'), didit.count('status')], [1, 0]);
    pass(60);
    await read(session);
    assert.deepEqual([didit.count('decision'), didit.count('status')], [1, 1]);
  });

  it('is asked for in the background', async () => {
    const { tracker, session, pass } = await heardOf();
    pass(60);
    assert.deepEqual(tracker.schedule.background(9), [session]);
  });
});
