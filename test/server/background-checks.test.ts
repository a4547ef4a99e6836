import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { DecisionContext, DiditOptions } from '../../src/server/index.js';
import {
  deferred,
  type Differing,
  fakeDidit,
  json,
  numberedSessions,
  options,
  pageRequest,
  recordedLog,
  settle,
  statusRequest,
  VERIFICATION,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';

/** A site on a fake clock that moves its timers, too. */
function site(test: TestContext, differing: Differing = {}, upstream = fakeDidit()) {
  test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const all: DiditOptions = options({ fetch: upstream.fetch, ...differing });
  const didit = createDidit(all);
  test.after(() => didit.close());
  const pass = async (seconds: number, eachSecond: () => void = () => undefined) => {
    for (let second = 0; second < seconds; second++) {
      eachSecond();
      test.mock.timers.tick(1000);
      for (let turn = 0; turn < 2; turn++) await settle();
    }
  };
  return { didit, upstream, pass };
}

describe('BackgroundChecks', () => {
  it('take up the decision on a session whose page was closed', async (test) => {
    const contexts: DecisionContext[] = [];
    const onDecision = (_: unknown, context: DecisionContext) => void contexts.push(context);
    const { didit, upstream, pass } = site(test, { onDecision });
    await didit.session(pageRequest());
    await pass(60);
    upstream.set('confirmed');
    await pass(10);
    // Hashing is done by the platform, elsewhere.
    while (contexts.length === 0) await settle();
    await pass(1);
    assert.equal(contexts.length, 1);
    assert.deepEqual([contexts[0]!.source, contexts[0]!.request], ['settle', undefined]);
    const calls = upstream.calls.length;
    await pass(600);
    assert.equal(upstream.calls.length, calls);
  });

  it('begin within two seconds or so, and grow rarer', async (test) => {
    const { didit, upstream, pass } = site(test);
    await didit.session(pageRequest());
    await pass(2);
    assert.equal(upstream.count('status'), 1);
    await pass(58);
    const first = upstream.count('status');
    assert.ok(first >= 15 && first <= 30, `${first}`);
    await pass(600);
    const before = upstream.count('status');
    await pass(60);
    assert.ok(upstream.count('status') - before <= 4);
  });

  it('come once a second, each with a twentieth of the minute’s budget', async (test) => {
    const upstream = fakeDidit({ session: numberedSessions() });
    const { didit } = site(test, { statusBudget: 50, limit: () => true }, upstream);
    for (let count = 0; count < 20; count++) await didit.session(pageRequest());
    const counts: number[] = [];
    for (let half = 0; half < 8; half++) {
      test.mock.timers.tick(500);
      for (let turn = 0; turn < 2; turn++) await settle();
      counts.push(upstream.count('status'));
    }
    // Nine are a sixth of the budget.
    assert.deepEqual(counts, [0, 3, 3, 6, 6, 9, 9, 9]);
  });

  it('tell the log under an id for each session', async (test) => {
    const { log, events } = recordedLog();
    const upstream = fakeDidit({ session: numberedSessions() });
    const { didit, pass } = site(test, { log }, upstream);
    for (const id of ['session-1', 'session-2']) {
      await didit.session(pageRequest());
      upstream.set('retrieved', id);
    }
    await pass(2);
    const ids = events.filter(({ type }) => type === 'session.status').map((e) => e.correlationId);
    assert.equal(new Set(ids).size, 2);
    for (const id of ids) assert.match(id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  });

  it('begin also after a session whose making took longer than they wait', async (test) => {
    const linked = deferred();
    const called = deferred();
    const onSession = () => {
      called.resolve();
      return linked.promise;
    };
    const { didit, upstream, pass } = site(test, { onSession });
    const answered = didit.session(pageRequest());
    await called.promise;
    await pass(3);
    linked.resolve();
    await answered;
    await pass(3);
    assert.ok(upstream.count('status') > 0);
  });

  it('go on after failures of Didit and of the hook', async (test) => {
    let calls = 0;
    const onDecision = () => {
      if (++calls < 3) throw new Error('database down');
    };
    let broken = true;
    const upstream = fakeDidit({
      decision: ({ sessionId }) =>
        broken ? json({}, 500) : json(upstream.decisionBody(sessionId)),
    });
    const { didit, pass } = site(test, { ...VERIFICATION, onDecision }, upstream);
    await didit.session(pageRequest());
    await pass(30);
    assert.ok(upstream.count('decision') > 2);
    broken = false;
    upstream.set('Approved');
    while (calls < 3) await pass(1);
    await pass(90);
    assert.equal(calls, 3);
  });

  it('are slow for an abandoned session, and end with its handle', async (test) => {
    const { didit, upstream, pass } = site(test);
    await didit.session(pageRequest());
    const HOUR = 3600;
    await pass(HOUR);
    const before = upstream.count('status');
    await pass(5 * HOUR);
    const perHour = (upstream.count('status') - before) / 5;
    assert.ok(perHour > 0 && perHour < 6, `${perHour}`);
    test.mock.timers.setTime(25 * HOUR * 1000);
    await pass(2);
    const end = upstream.count('status');
    await pass(2 * HOUR);
    assert.equal(upstream.count('status'), end);
  });

  it('leave no timer when there is nothing left to ask for, and none after close()', async (test) => {
    const { didit, upstream, pass } = site(test);
    const timers = test.mock.method(globalThis, 'setTimeout');
    const ticks = () => timers.mock.calls.filter(({ arguments: [, ms] }) => ms === 1000).length;
    await didit.session(pageRequest());
    assert.equal(ticks(), 1);
    upstream.set('expired');
    await pass(10);
    const before = ticks();
    await pass(10);
    assert.equal(ticks(), before);
    await didit.session(pageRequest('{'));
    await pass(10);
    assert.equal(ticks(), before + 1);
    didit.close();
    await didit.session(pageRequest());
    await pass(10);
    assert.equal(ticks(), before + 1);
  });

  it('come no more after close()', async (test) => {
    const { didit, upstream, pass } = site(test);
    await didit.session(pageRequest());
    didit.close();
    await pass(10);
    assert.equal(upstream.count('status'), 0);
  });

  it('go on while a call hangs', async (test) => {
    const upstream = fakeDidit({
      session: numberedSessions(),
      status: ({ sessionId }) =>
        sessionId === 'session-1'
          ? new Promise<never>(() => undefined)
          : json({ status: 'initialized' }),
    });
    const { didit, pass } = site(test, {}, upstream);
    for (let count = 0; count < 2; count++) await didit.session(pageRequest());
    await pass(6);
    const asked = upstream.calls.filter(({ kind }) => kind === 'status');
    assert.deepEqual(
      asked.map(({ sessionId }) => sessionId),
      ['session-1', ...Array<string>(3).fill('session-2')],
    );
  });

  it('let a process end on Deno, too', async (test) => {
    const freed: unknown[] = [];
    const value = { unrefTimer: (id: unknown) => freed.push(id) };
    Object.defineProperty(globalThis, 'Deno', { value, configurable: true });
    test.after(() => Reflect.deleteProperty(globalThis, 'Deno'));
    const { didit } = site(test);
    const timers = test.mock.method(globalThis, 'setTimeout');
    await didit.session(pageRequest());
    const ticks = timers.mock.calls.filter(({ arguments: [, ms] }) => ms === 1000);
    assert.deepEqual(
      freed,
      ticks.map(({ result }) => result),
    );
    assert.equal(freed.length, 1);
  });

  it('survive a clock that throws, and go on when it works again', async (test) => {
    let broken = false;
    const now = () => {
      if (broken) throw new Error('no clock');
      return Date.now();
    };
    const { didit, upstream, pass } = site(test, { now });
    await didit.session(pageRequest());
    broken = true;
    await pass(5);
    broken = false;
    assert.equal(upstream.count('status'), 0);
    await didit.session(pageRequest('{'));
    await pass(5);
    assert.ok(upstream.count('status') > 0);
  });

  it('do not run where timers end with the request', async (test) => {
    Object.defineProperty(globalThis, 'EdgeRuntime', { value: 'edge', configurable: true });
    test.after(() => Reflect.deleteProperty(globalThis, 'EdgeRuntime'));
    const { didit, upstream, pass } = site(test);
    const timers = test.mock.method(globalThis, 'setTimeout');
    await didit.session(pageRequest());
    assert.ok(timers.mock.calls.every(({ arguments: [, ms] }) => ms !== 1000));
    await pass(60);
    assert.equal(upstream.count('status'), 0);
  });

  it('keep no process alive', async () => {
    const code = `
      import { createDidit } from './src/server/index.ts';
      const fetch = async (url) => new Response(
        JSON.stringify({ session_id: 'a', url: 'https://didit.me', access_token: 'b' }),
        { status: url.endsWith('/token/') ? 200 : 201 },
      );
      const didit = createDidit({ clientId: 'a', clientSecret: 'b', getUser: () => ({}), fetch });
      const headers = { 'Content-Type': 'application/json' };
      const request = new Request('http://localhost', { method: 'POST', headers, body: '{}' });
      console.log((await didit.session(request)).status);`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
    assert.equal(stdout.trim(), '201');
  });
});

/** Six hundred people, each with a session; a quarter of the pages are open, some by stream, some by poll. */
const SESSIONS = 600;
const MINUTES = 40;
const POLL_S = 12;
/** Room for a call under way. */
const HEARS_WITHIN_S = 2 * POLL_S;

describe('600 sessions for 40 minutes', () => {
  const APIS: [string, Differing, number, string][] = [
    ['data transfer', {}, 300, 'confirmed'],
    ['verification', VERIFICATION, 60, 'Approved'],
  ];
  for (const [name, differing, budget, approved] of APIS) {
    it(`stay within the budget of ${name}, and none waits too long`, async (test) => {
      const calledAt: number[] = [];
      const decidedAt = new Map<string, number>();
      const heardAt = new Map<string, number>();
      const upstream = fakeDidit({ session: numberedSessions() });
      const fetch: typeof globalThis.fetch = (input, init) => {
        if (/\/(status|decision)\/$/.test(input as string)) calledAt.push(Date.now());
        return upstream.fetch(input, init);
      };
      const onDecision = (_: unknown, { sessionId }: DecisionContext) =>
        void decidedAt.set(sessionId, Date.now());
      const { didit, pass } = site(
        test,
        {
          ...differing,
          ...{ fetch, onDecision, limit: () => true },
          getUser: ({ headers }) => ({ vendorData: headers.get('X-User') ?? 'somebody' }),
        },
        upstream,
      );
      const sessions: Record<'session_id' | 'status_url' | 'events_url' | 'user', string>[] = [];
      for (let index = 0; index < SESSIONS; index++) {
        const user = `user-${index}`;
        const response = await didit.session(pageRequest({}, { 'X-User': user }));
        sessions.push({ ...((await response.json()) as (typeof sessions)[0]), user });
      }
      const listen = async ({ session_id, events_url, user }: (typeof sessions)[0]) => {
        while (!heardAt.has(session_id)) {
          const response = await didit.session(statusRequest(events_url, { 'X-User': user }));
          for await (const chunk of response.body!) {
            const heard = new TextDecoder().decode(chunk).includes(approved);
            if (heard) heardAt.set(session_id, Date.now());
          }
        }
      };
      const poll = async ({ session_id, status_url, user }: (typeof sessions)[0]) => {
        if (heardAt.has(session_id)) return;
        const response = await didit.session(statusRequest(status_url, { 'X-User': user }));
        const { status } = (await response.json()) as { status: string };
        if (status === approved) heardAt.set(session_id, Date.now());
      };
      const watched = sessions.filter((_, index) => index % 4 === 0);
      for (const session of watched.filter((_, index) => index % 2 === 0)) void listen(session);
      const polling = watched.filter((_, index) => index % 2 === 1);

      // Each ends at a moment of its own, spread over all the time but the longest wait.
      const longest = (SESSIONS / budget + 1) * 60;
      const spread = MINUTES * 60 - longest - 60;
      const endsAt = new Map<string, number>();
      let second = 0;
      await pass(MINUTES * 60, () => {
        second++;
        for (const [index, session] of sessions.entries()) {
          if (second !== 1 + ((index * 7919) % spread)) continue;
          upstream.set(approved, session.session_id);
          endsAt.set(session.session_id, Date.now());
        }
        for (const session of polling
          .slice(second % POLL_S)
          .filter((_, index) => index % POLL_S === 0)) {
          void poll(session);
        }
      });

      assert.ok(mostInAMinute(calledAt) <= budget, `${mostInAMinute(calledAt)} calls in a minute`);
      const waits = [...endsAt].map(([id, at]) => ((decidedAt.get(id) ?? Infinity) - at) / 1000);
      const worst = Math.max(...waits);
      assert.equal(waits.length, SESSIONS);
      console.log(`${name}: at most ${mostInAMinute(calledAt)} calls in a minute, of ${budget}`);
      console.log(`${name}: the longest wait is ${worst} s, of ${longest}`);
      assert.ok(worst <= longest, `${worst} s`);
      for (const { session_id } of watched) {
        const late = (heardAt.get(session_id) ?? Infinity) - (decidedAt.get(session_id) ?? 0);
        assert.ok(late <= HEARS_WITHIN_S * 1000, `${session_id} heard ${late} ms late`);
      }
    });
  }
});

/** The most of these moments, in milliseconds, that lie in any 60 seconds. */
function mostInAMinute(moments: readonly number[]): number {
  let most = 0;
  for (let first = 0, last = 0; last < moments.length; last++) {
    while (moments[last]! - moments[first]! >= 60_000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
