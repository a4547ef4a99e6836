import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatusBudget } from '../../src/server/status-budget.js';
import { StatusSchedule } from '../../src/server/status-schedule.js';
import { trackedSession, type TrackedSession } from '../../src/server/tracked-session.js';
import { clock } from './helpers.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A schedule on a clock of its own, and the hands to fill it. */
function scheduled(perMinute = 60_000) {
  const { now, pass } = clock();
  const budget = new StatusBudget(perMinute, now);
  const schedule = new StatusSchedule(budget, perMinute, now, () => false);
  const add = (sessionId: string, differing: Partial<TrackedSession> = {}): TrackedSession => {
    const session = trackedSession({
      ...{ sessionId, sessionToken: undefined, vendorData: null, status: 'initialized' },
      ...{ createdAt: now(), expiresAt: now() + 8 * DAY * 1000, firstWaitMs: 0 },
      background: true,
    });
    Object.assign(session, differing);
    schedule.add(session);
    return session;
  };
  /** As the tracker does when it asks. */
  const ask = (session: TrackedSession) => {
    assert.ok(budget.take());
    schedule.markAsked(session);
  };
  const fail = (session: TrackedSession, waitMs: number) => {
    session.failure = { error: new Error('no'), at: now(), waitMs, count: 1 };
  };
  const names = (most = 100) => schedule.background(most).map(({ sessionId }) => sessionId);
  /** Seconds until a session is due, looked for with a precision of 0.1 s. */
  const untilDue = (session: TrackedSession, watched = false) => {
    for (let tenths = 0; tenths < DAY * 10; tenths++) {
      if (watched) session.watchedAt = now();
      if (schedule.isDue(session)) return tenths / 10;
      pass(0.1);
    }
    return Infinity;
  };
  return { schedule, budget, add, ask, fail, names, untilDue, now, pass };
}

describe('StatusSchedule, when a session is due', () => {
  it('is first due when it is told to be', () => {
    const { schedule, add, pass } = scheduled();
    const session = add('a', { firstWaitMs: 2000 });
    pass(1.999);
    assert.equal(schedule.isDue(session), false);
    pass(0.001);
    assert.equal(schedule.isDue(session), true);
  });

  // A thirtieth of the time since the last change, from 2 s to 15 s with a page and 30 s without.
  const INTERVALS: [quiet: number, watched: number, unwatched: number][] = [
    [0, 2, 2],
    [30, 2, 2],
    [120, 4.2, 4.2],
    [5 * MINUTE, 10.4, 10.4],
    [10 * MINUTE, 15, 20.7],
    [30 * MINUTE, 15, 30],
    [50 * MINUTE, 15, 30],
    [2 * HOUR, 15, 800],
    [DAY, 15, 9600],
  ];
  for (const [quiet, ...expected] of INTERVALS) {
    for (const [index, seconds] of expected.entries()) {
      const who = index === 0 ? 'with' : 'without';
      it(`waits ${seconds} s after ${quiet} s without a change, ${who} a page`, () => {
        const { add, ask, untilDue, pass } = scheduled();
        const session = add('a');
        pass(quiet);
        ask(session);
        const waited = untilDue(session, index === 0);
        assert.ok(Math.abs(waited - seconds) < 0.2, `${waited} s`);
      });
    }
  }

  it('asks soon again after a change', () => {
    const { add, ask, untilDue, now, pass } = scheduled();
    const session = add('a');
    pass(10 * MINUTE);
    session.changedAt = now();
    ask(session);
    assert.equal(untilDue(session), 2);
  });

  it('is not due once it is over, or its handle has ended', () => {
    const { schedule, add, now, pass } = scheduled();
    const over = add('a', { over: true });
    const short = add('b', { expiresAt: now() + 1000 });
    assert.deepEqual([schedule.isDue(over), schedule.isDue(short)], [false, true]);
    pass(1);
    assert.equal(schedule.isDue(short), false);
  });

  it('waits after a failure as long as it was told', () => {
    const { schedule, add, ask, fail, pass } = scheduled();
    const session = add('a');
    ask(session);
    fail(session, 20_000);
    pass(19);
    assert.equal(schedule.isDue(session), false);
    pass(1);
    assert.equal(schedule.isDue(session), true);
  });

  for (const decisionDue of [false, true]) {
    const what = decisionDue ? 'decision' : 'session';
    it(`leaves a failing ${what} that nobody wants alone, in time`, () => {
      const { schedule, add, ask, fail, pass } = scheduled();
      const session = add('a', { decisionDue });
      pass(DAY);
      ask(session);
      fail(session, 20_000);
      pass(HOUR);
      assert.equal(schedule.isDue(session), false);
      pass(2 * HOUR);
      assert.equal(schedule.isDue(session), true);
    });
  }

  it('shares the budget among all, so that it lasts', () => {
    const { add, ask, untilDue } = scheduled(60);
    const sessions = Array.from({ length: 30 }, (_, index) => add(`${index}`));
    ask(sessions[0]!);
    assert.equal(untilDue(sessions[0]!), 30);
  });

  const SHARING: [string, (now: number) => Partial<TrackedSession>, seconds: number][] = [
    ['are under way', () => ({}), 31],
    ['are over', () => ({ over: true }), 2],
    ['are ended', (now) => ({ expiresAt: now }), 2],
    ['are asleep', (now) => ({ changedAt: now - HOUR * 1000 }), 2],
    ['nobody asks for', () => ({ background: false }), 2],
  ];
  for (const [which, differing, seconds] of SHARING) {
    it(`asks every ${seconds} s beside 30 sessions that ${which}`, () => {
      const { add, ask, untilDue, now } = scheduled(60);
      for (let index = 0; index < 30; index++) add(`${which} ${index}`, differing(now()));
      const session = add('a');
      ask(session);
      assert.equal(untilDue(session), seconds);
    });
  }

  it('counts anew once a second how many share the budget', () => {
    const { schedule, add, ask, pass } = scheduled(60);
    const [first, ...others] = Array.from({ length: 30 }, (_, index) => add(`${index}`));
    ask(first!);
    pass(2);
    assert.equal(schedule.isDue(first!), false);
    for (const session of others) session.over = true;
    pass(0.999);
    assert.equal(schedule.isDue(first!), false);
    pass(0.001);
    assert.equal(schedule.isDue(first!), true);
  });

  it('falls asleep an hour after the last change', () => {
    const { schedule, add, ask, pass } = scheduled();
    const session = add('a');
    pass(HOUR - 40);
    ask(session);
    pass(39.999);
    assert.equal(schedule.isDue(session), true);
    pass(0.001);
    assert.equal(schedule.isDue(session), false);
  });

  it('is due at once where a decision waits, unless that fails', () => {
    const { schedule, add, ask, fail } = scheduled();
    const session = add('a', { decisionDue: true });
    ask(session);
    assert.equal(schedule.isDue(session), true);
    fail(session, 5000);
    assert.equal(schedule.isDue(session), false);
  });
});

describe('StatusSchedule, what it keeps', () => {
  it('is ten thousand sessions that no page listens to, and some to spare; the oldest go', () => {
    const { schedule, add } = scheduled();
    for (let number = 0; number < 20_000; number++) add(`${number}`);
    const kept = Array.from({ length: 20_000 }, (_, number) => schedule.get(`${number}`));
    const count = kept.filter((session) => session !== undefined).length;
    assert.ok(count >= 10_000 && count <= 10_100, `${count}`);
    assert.ok(kept.slice(-10_000).every((session) => session !== undefined));
  });

  it('is the session that a page has shown, though one that it replaced is still asked for', () => {
    const { schedule, add, ask } = scheduled();
    const [replaced, shown] = [add('a'), add('a')];
    ask(replaced);
    assert.equal(schedule.get('a'), shown);
  });

  it('is one that was forgotten, again, once it is asked for', () => {
    const { schedule, add, ask } = scheduled();
    const forgotten = add('forgotten');
    for (let number = 0; number < 11_000; number++) add(`${number}`);
    assert.equal(schedule.get('forgotten'), undefined);
    ask(forgotten);
    assert.equal(schedule.get('forgotten'), forgotten);
  });

  it('is every session that a page listens to, however many', () => {
    const { schedule, add } = scheduled();
    const listeners = new Set([() => undefined]);
    const heard = Array.from({ length: 11_000 }, (_, number) =>
      add(`heard ${number}`, { listeners }),
    );
    for (let number = 0; number < 10_500; number++) add(`${number}`);
    assert.ok(heard.every(({ sessionId }) => schedule.get(sessionId)));
    assert.ok(schedule.get('10499'));
    assert.equal(schedule.get('0'), undefined);
  });
});

describe('StatusSchedule, where webhooks tell of what changes', () => {
  it('asks for a watched session once a minute, for another every five minutes', () => {
    const { schedule, add, ask, untilDue, now } = scheduled();
    schedule.noteWebhook(now());
    const session = add('a');
    for (const [watched, seconds] of [
      [true, 60],
      [false, 300],
      [true, 60],
    ] as const) {
      ask(session);
      assert.equal(untilDue(session, watched), seconds);
    }
  });

  it('leaves a new session to them for a minute, and asks at once for one that it knows nothing of', () => {
    const { schedule, add, untilDue, now } = scheduled();
    schedule.noteWebhook(now());
    assert.equal(untilDue(add('opened')), 0);
    assert.equal(untilDue(add('created', { firstWaitMs: 1000 })), 60);
  });

  it('leaves one that is asleep alone for as long as ever', () => {
    const { schedule, add, ask, untilDue, pass, now } = scheduled();
    schedule.noteWebhook(now());
    const session = add('a');
    pass(2 * HOUR);
    ask(session);
    assert.equal(untilDue(session), 800);
  });

  it('does not wait for a decision that is due, nor for whoever wants it settled', () => {
    const { schedule, add, ask, untilDue, now } = scheduled();
    schedule.noteWebhook(now());
    const session = add('a');
    ask(session);
    session.decisionDue = true;
    assert.equal(untilDue(session), 0);
    session.decisionDue = false;
    session.urgent = true;
    assert.equal(untilDue(session), 0);
  });

  it('asks as ever for an hour where one was missed, whatever comes then', () => {
    const { schedule, add, ask, untilDue, pass, now } = scheduled();
    schedule.noteWebhook(now());
    schedule.noteMissedWebhook();
    schedule.noteWebhook(now());
    ask(add('a'));
    assert.equal(untilDue(schedule.get('a')!), 2);
    pass(HOUR);
    schedule.noteWebhook(now());
    ask(add('b'));
    assert.equal(untilDue(schedule.get('b')!, true), 60);
  });

  it('does not forget the newest for an older one that is heard of later', () => {
    const { schedule, add, ask, untilDue, now } = scheduled();
    schedule.noteWebhook(now());
    schedule.noteWebhook(now() - 2 * DAY * 1000);
    const session = add('a');
    ask(session);
    assert.equal(untilDue(session, true), 60);
  });

  it('asks as ever until an hour after one was missed', () => {
    const { schedule, add, ask, pass, now } = scheduled();
    schedule.noteWebhook(now());
    schedule.noteMissedWebhook();
    pass(HOUR - 10);
    const session = add('a');
    ask(session);
    pass(9.999);
    assert.equal(schedule.isDue(session), true);
    pass(0.001);
    assert.equal(schedule.isDue(session), false);
  });

  it('asks as ever where none has come for a day', () => {
    const { schedule, add, ask, untilDue, pass, now } = scheduled();
    schedule.noteWebhook(now() + HOUR * 1000);
    pass(DAY - 10);
    ask(add('a'));
    pass(9.999);
    assert.equal(schedule.isDue(schedule.get('a')!), false);
    pass(0.001);
    ask(add('b'));
    assert.equal(untilDue(schedule.get('b')!), 2);
  });
});

describe('StatusSchedule, whose turn it is', () => {
  it('is that of everybody while there are calls for all', () => {
    const { schedule, add } = scheduled();
    const sessions = Array.from({ length: 20 }, (_, index) => add(`${index}`));
    assert.ok(sessions.every((session) => schedule.mayAsk(session)));
  });

  it('is nobody’s while there is no call left', () => {
    const { schedule, add, budget } = scheduled(6);
    const session = add('a');
    assert.equal(schedule.mayAsk(session), true);
    budget.take();
    assert.equal(schedule.mayAsk(session), false);
    assert.equal(schedule.background(9).length, 0);
  });

  it('is that of whoever was asked for the longest ago', () => {
    const { schedule, add, ask, pass } = scheduled(6);
    const [a, b, c] = [add('a'), add('b'), add('c')];
    ask(a);
    pass(10);
    ask(b);
    pass(60);
    // One call in ten seconds, and all three are due.
    assert.deepEqual(
      [a, b, c].map((session) => schedule.mayAsk(session)),
      [false, false, true],
    );
    ask(c);
    pass(10);
    assert.deepEqual(
      [a, b, c].map((session) => schedule.mayAsk(session)),
      [true, false, false],
    );
  });

  for (const first of ['decisionDue', 'urgent']) {
    it(`is first that of what is ${first}`, () => {
      const { schedule, add } = scheduled(6);
      const [a, b] = [add('a'), add('b', { [first]: true })];
      assert.deepEqual([schedule.mayAsk(a), schedule.mayAsk(b)], [false, true]);
    });
  }

  it('stands for a quarter of a second', () => {
    const { schedule, add, pass } = scheduled(6);
    const [a, b] = [add('a'), add('b')];
    assert.equal(schedule.mayAsk(a), true);
    a.over = true;
    pass(0.249);
    assert.equal(schedule.mayAsk(b), false);
    pass(0.001);
    assert.equal(schedule.mayAsk(b), true);
  });

  it('is that of newcomers, too, while there is a call for them', () => {
    // Three calls in ten seconds.
    const { schedule, add, ask } = scheduled(18);
    const [a, b] = [add('a'), add('b')];
    assert.equal(schedule.mayAsk(a), true);
    const c = add('c');
    assert.equal(schedule.mayAsk(c), true);
    for (const session of [a, b]) ask(session);
    assert.equal(schedule.mayAsk(c), true);
  });

  it('does not go to a session that would never use it', () => {
    const { schedule, add } = scheduled(6);
    add('over', { over: true });
    add('on demand alone', { background: false });
    assert.equal(schedule.mayAsk(add('a')), true);
  });

  it('does not go to a session whose page is gone, where pages alone ask', (test) => {
    Object.defineProperty(globalThis, 'EdgeRuntime', { value: 'edge', configurable: true });
    test.after(() => Reflect.deleteProperty(globalThis, 'EdgeRuntime'));
    for (const [seconds, isGone] of [
      [14.999, false],
      [15, true],
      [-3600, true],
    ] as const) {
      const { schedule, add, now, pass } = scheduled(6);
      add('gone', { watchedAt: now() });
      pass(seconds);
      assert.equal(schedule.mayAsk(add('a', { watchedAt: now() })), isGone, `${seconds} s`);
    }
  });

  it('pauses for all', () => {
    const { schedule, add, pass } = scheduled();
    const session = add('a');
    schedule.pause(10_000);
    pass(9.999);
    assert.equal(schedule.mayAsk(session), false);
    pass(0.001);
    assert.equal(schedule.mayAsk(session), true);
  });

  it('is not that of a decision that fails, before all others', () => {
    const { schedule, add, ask, fail, pass } = scheduled(6);
    const failing = add('a', { decisionDue: true });
    ask(failing);
    fail(failing, 5000);
    pass(10);
    const other = add('b');
    // Asked for the longest ago, as both are due.
    assert.equal(schedule.mayAsk(failing), true);
    ask(failing);
    fail(failing, 5000);
    pass(10);
    assert.deepEqual([schedule.mayAsk(failing), schedule.mayAsk(other)], [false, true]);
  });

  it('is first that of whoever is waited for, also when its handle has ended', () => {
    const { schedule, add, ask, now } = scheduled(6);
    add('a', { decisionDue: true });
    const ended = add('b', { expiresAt: now() - 1 });
    assert.equal(schedule.isDue(ended), false);
    ended.urgent = true;
    assert.equal(schedule.isDue(ended), true);
    ask(ended);
    assert.equal(ended.urgent, false);
  });
});

describe('StatusSchedule, on a clock that is put back', () => {
  it('asks as if a long time had passed', () => {
    const { schedule, add, ask, fail, pass } = scheduled();
    const [asked, failed, fresh] = [add('a'), add('b'), add('fresh', { firstWaitMs: 2000 })];
    ask(asked);
    ask(failed);
    fail(failed, 20_000);
    schedule.pause(300_000);
    pass(-3600);
    assert.equal(schedule.callsLeft > 0, true);
    for (const session of [asked, failed, fresh]) assert.equal(schedule.isDue(session), true);
    assert.equal(schedule.mayAsk(add('c')), true);
  });

  it('reckons anew whose turn it is', () => {
    const { schedule, add, pass } = scheduled(6);
    const [a, b] = [add('a'), add('b')];
    assert.equal(schedule.mayAsk(a), true);
    a.over = true;
    pass(-3600);
    assert.equal(schedule.mayAsk(b), true);
  });

  it('counts anew how many share the budget', () => {
    const { schedule, add, ask, pass } = scheduled(60);
    const [first, ...others] = Array.from({ length: 30 }, (_, index) => add(`${index}`));
    ask(first!);
    assert.equal(schedule.isDue(first!), false);
    for (const session of others) session.over = true;
    pass(-3600);
    ask(first!);
    pass(2);
    assert.equal(schedule.isDue(first!), true);
  });
});

describe('StatusSchedule, in the background', () => {
  it('asks in turn, decisions first, at most so many', () => {
    const { add, ask, names, pass } = scheduled();
    const a = add('a');
    add('b');
    add('c', { decisionDue: true });
    assert.deepEqual(names(), ['c', 'a', 'b']);
    assert.deepEqual(names(2), ['c', 'a']);
    ask(a);
    pass(2);
    assert.deepEqual(names(), ['c', 'b', 'a']);
  });

  it('lets the page of a session go first for five seconds', () => {
    const { add, names, now, pass } = scheduled();
    add('a', { watchedAt: now() });
    assert.deepEqual(names(), []);
    pass(4);
    assert.deepEqual(names(), []);
    pass(1);
    assert.deepEqual(names(), ['a']);
  });

  it('does not ask for a session that is asked for on demand alone', () => {
    const { schedule, add, names, now, pass } = scheduled();
    const session = add('a', { background: false });
    pass(6);
    Object.assign(session, { urgent: true, watchedAt: now() });
    assert.equal(schedule.mayAsk(session), true);
    assert.deepEqual(names(), []);
  });

  it('has an end', () => {
    const { schedule, add, now, pass } = scheduled();
    assert.equal(schedule.hasBackground, false);
    const session = add('a', { expiresAt: now() + 1000 });
    add('b', { background: false });
    assert.equal(schedule.hasBackground, true);
    session.over = true;
    assert.equal(schedule.hasBackground, false);
    session.over = false;
    pass(1);
    assert.equal(schedule.hasBackground, false);
  });
});
