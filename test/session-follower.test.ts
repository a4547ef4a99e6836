import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import type { DiditVerifyElement } from '../src/index.js';
import { beating, code, FakeSite, never, record, refusal, type Asked } from './fake-site.js';
import { countdownText, english } from '../src/strings.js';
import { deferred, part, setHidden } from './helpers.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** So long between two polls that none comes between what is looked at. */
const pollInterval = 10 * MINUTE;

let site: FakeSite;

beforeEach(() => (site = new FakeSite()));
afterEach(() => site.close());

/** Where a session's end is: shown, and when nothing follows by itself, counted down to. */
function countdown(target: DiditVerifyElement): string {
  return part(target, 'countdown')?.textContent ?? '';
}

function keyOf({ init }: Asked): string | null {
  return (init.headers as Headers).get('Idempotency-Key');
}

function button(target: DiditVerifyElement): string {
  return part(target, 'start-button')?.textContent.trim() ?? '';
}

function expectReady(target: DiditVerifyElement, session: string): void {
  expect([target.state, target.session?.sessionId]).to.deep.equal(['ready', session]);
  expect(code(target)).to.not.equal(null);
}

function expectExpired(target: DiditVerifyElement, text: string): void {
  expect(target.state).to.equal('expired');
  expect(code(target)).to.equal(null);
  expect(part(target, 'link')).to.equal(null);
  expect(button(target)).to.equal(text);
}

describe('SessionFollower, the deadline', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * SECOND).toISOString();
  const ends: Record<string, () => [answer: Record<string, unknown>, end: number]> = {
    'expires_in, from the arrival': () => [{ expires_in: 100 }, 100 * SECOND],
    expires_at: () => [{ expires_in: undefined, expires_at: inSeconds(70) }, 70 * SECOND],
    'expires_in where both are there': () => [
      { expires_in: 100, expires_at: inSeconds(5) },
      100 * SECOND,
    ],
  };

  for (const [name, given] of Object.entries(ends)) {
    it(`is ${name}`, async () => {
      const [answer, end] = given();
      site.answer = answer;
      const target = await site.show({ refreshExpired: 'manual', pollInterval });
      await site.until(end - 1);
      expectReady(target, 's1');
      await site.until(end);
      expectExpired(target, 'Get a new code');
    });
  }

  it('counts from the arrival of the answer, not from the question', async () => {
    const { promise, resolve } = deferred<object>();
    site.onCreate = () => promise;
    const target = await site.show({ refreshExpired: 'manual', pollInterval });
    await site.until(10 * SECOND);
    resolve(site.created('s1'));
    await site.until(110 * SECOND - 1);
    expectReady(target, 's1');
    await site.until(110 * SECOND);
    expect(target.state).to.equal('expired');
  });

  it('does not wait for a wall clock that is set back', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval });
    await site.until(50 * SECOND);
    site.clock.setSystemTime(Date.now() - HOUR);
    await site.until(100 * SECOND);
    expect(target.state).to.equal('expired');
  });

  for (const [name, refreshExpired] of [
    ['a code is no longer shown', 'manual'],
    ['a new code comes', 'auto'],
  ] as const) {
    it(`wall clock set forward, or a monotonic one that slept: ${name} within a minute`, async () => {
      site.answer = { expires_in: HOUR / SECOND };
      const target = await site.show({ refreshExpired, pollInterval: 3000 });
      await site.until(100 * SECOND);
      site.clock.setSystemTime(Date.now() + 2 * HOUR);
      await site.pass(MINUTE);
      if (refreshExpired === 'manual') expectExpired(target, 'Get a new code');
      else expectReady(target, 's2');
    });
  }

  it('a computer that slept: the status is asked before anything is said to have ended', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    site.statuses.set('s1', 'Approved');
    site.clock.setSystemTime(Date.now() + HOUR);
    await site.pass(MINUTE);
    expect(target.state).to.equal('approved');
    expect(told).to.deep.equal([
      'status-changed s1 ready → approved, Approved',
      'session-completed s1 approved',
    ]);
  });

  it('wall clock set forward while hidden: no code any more when it is shown', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval });
    setHidden(true);
    site.clock.setSystemTime(Date.now() + HOUR);
    setHidden(false);
    await target.updateComplete;
    expect(code(target)).to.equal(null);
    await site.pass(1);
    expectExpired(target, 'Get a new code');
  });

  it('may be 30 days away: no timer overflows, and none fires in vain', async () => {
    site.hasStatus = false;
    site.answer = { expires_in: (30 * DAY) / SECOND };
    const target = await site.show({ refreshExpired: 'manual' });
    const delays: number[] = [];
    const { setTimeout } = window;
    Object.assign(window, {
      setTimeout: (callback: () => void, delay: number) => {
        delays.push(delay);
        return setTimeout(callback, delay);
      },
    });
    site.clock.tick(29 * DAY);
    await site.pass(1);
    window.setTimeout = setTimeout;
    expectReady(target, 's1');
    expect(Math.max(...delays)).to.be.within(1000, 2 ** 31 - 1);
    expect(delays.length).to.be.lessThan((29 * DAY) / SECOND);
    site.clock.tick(30 * DAY - site.now - 1);
    await site.pass(0);
    expectReady(target, 's1');
    await site.until(30 * DAY);
    expectExpired(target, 'Get a new code');
  });

  it('no lifetime: no countdown, no end, no refresh, in a whole day', async () => {
    site.answer = {};
    const target = await site.show({ pollInterval });
    await site.pass(DAY);
    expectReady(target, 's1');
    expect(countdown(target)).to.equal('');
    expect(site.count('create')).to.equal(1);
  });

  it('an expires_at in the past is a wrong clock: the lifetime is not known', async () => {
    site.answer = { expires_at: inSeconds(-3600) };
    const target = await site.show({ pollInterval });
    expect(target.session!.expiresAt).to.equal(null);
    await site.pass(HOUR);
    expectReady(target, 's1');
  });
});

describe('SessionFollower, the countdown', () => {
  it('runs in the last 60 s, where no refresh will follow', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval });
    await site.until(40 * SECOND - 1);
    expect(countdown(target)).to.equal('');
    for (const [moment, seconds] of [
      [40, 60],
      [41, 59],
      [99, 1],
    ] as const) {
      await site.until(moment * SECOND);
      expect(countdown(target)).to.equal(countdownText(english, seconds, ['en']));
    }
  });

  it('does not run where one will', async () => {
    const target = await site.show({ pollInterval });
    for (let moment = 31; moment < 300; moment += 3) {
      await site.until(moment * SECOND);
      expect(countdown(target)).to.equal('');
    }
  });

  it('does not run for a session that the phone has opened', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
    site.statuses.set('s1', 'In Progress');
    await site.until(50 * SECOND);
    site.statuses.set('s1', 'Resubmitted');
    await site.until(90 * SECOND);
    expectReady(target, 's1');
    expect(countdown(target)).to.equal('');
  });

  it('begins when the setting becomes manual meanwhile, and ends when it becomes auto', async () => {
    site.answer = { expires_in: 200 };
    const target = await site.show({ pollInterval });
    await site.until(170 * SECOND);
    target.refreshExpired = 'manual';
    await site.pass(1);
    expect(countdown(target)).to.equal('This code expires in 30 seconds.');
    await site.pass(SECOND);
    expect(countdown(target)).to.equal('This code expires in 29 seconds.');
    target.refreshExpired = 'auto';
    await site.pass(1);
    expect(countdown(target)).to.equal('');
    await site.until(191 * SECOND);
    expectReady(target, 's2');
  });
});

describe('SessionFollower, the refresh', () => {
  const leads: [lifetime: number, lead: number][] = [
    [1000, 10],
    [100, 10],
    [50, 10],
    [20, 4],
    [5, 1],
  ];

  for (const [lifetime, lead] of leads) {
    it(`comes ${lead} s before the end of a code of ${lifetime} s`, async () => {
      site.answer = { expires_in: lifetime };
      await site.show({ pollInterval });
      await site.until((lifetime - lead) * SECOND);
      expect(site.times('create')).to.deep.equal([0, (lifetime - lead) * SECOND]);
    });
  }

  /** Counts how often it is found out whether anything has a box: each may lay out the page. */
  const countLooks = () => sinon.spy(Element.prototype, 'checkVisibility');

  it('asks whether there is a box when it is due, and not before', async () => {
    const looks = countLooks();
    try {
      const target = await site.show({ pollInterval: SECOND });
      target.requestUpdate();
      await site.until(90 * SECOND - 1);
      expect(looks.callCount).to.equal(0);
      await site.until(90 * SECOND + 10);
      expect(looks.callCount).to.be.greaterThan(0);
      expectReady(target, 's2');
    } finally {
      looks.restore();
    }
  });

  it('comes within a second after there is a box again', async () => {
    const target = await site.show({ pollInterval });
    target.style.display = 'none';
    await site.until(96 * SECOND);
    expectReady(target, 's1');
    target.style.display = '';
    await site.pass(SECOND);
    expectReady(target, 's2');
  });

  it('asks for the old status, creates, asks again, and only then swaps', async () => {
    const target = await site.show({ pollInterval });
    const replies = [deferred<string>(), deferred<object>(), deferred<string>()] as const;
    const before = site.asked.length;
    const asked = () => site.asked.slice(before).map(({ what, session }) => `${what} ${session}`);
    site.onStatus = () => replies[asked().length === 1 ? 0 : 2].promise;
    site.onCreate = () => replies[1].promise;

    await site.until(91 * SECOND);
    expect(asked()).to.deep.equal(['status s1']);
    replies[0].resolve('Not Started');
    await site.pass(SECOND);
    expect(asked()).to.deep.equal(['status s1', 'create s2']);
    replies[1].resolve(site.created('s2'));
    await site.pass(SECOND);
    expect(asked()).to.deep.equal(['status s1', 'create s2', 'status s1']);
    expectReady(target, 's1');
    replies[2].resolve('Not Started');
    await site.pass(0);
    expectReady(target, 's2');
  });

  it('tells at the swap that the old one ended and the new one is there; ready stays', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    const states = new Set<string>();
    for (const name of ['session-expired', 'session-created']) {
      target.addEventListener(name, () => states.add(target.state));
    }
    await site.until(95 * SECOND);
    expect(told.filter((each) => !each.endsWith('ready → ready, Not Started'))).to.deep.equal([
      'session-expired s1 will refresh',
      'session-created s2 refresh',
    ]);
    expect([...states]).to.deep.equal(['ready']);
    expect(target.matches(':state(ready)')).to.equal(true);
  });

  it('tells the resolver its reason, and has a key of its own', async () => {
    await site.show({ pollInterval });
    await site.until(95 * SECOND);
    const keys = site.asked
      .filter(({ what }) => what === 'create')
      .map(({ init }) => (init.headers as Headers).get('Idempotency-Key'));
    expect(keys).to.have.length(2);
    expect(new Set(keys).size).to.equal(2);
    const reasons: string[] = [];
    const target = await site.show({
      pollInterval,
      resolver: ({ reason }) => {
        reasons.push(reason);
        return site.created(`function-${reasons.length}`) as never;
      },
    });
    await site.pass(95 * SECOND);
    expect(target.session!.sessionId).to.equal('function-2');
    expect(reasons).to.deep.equal(['initial', 'refresh']);
  });

  it('patches the same nodes: the focus stays on the link', async () => {
    const target = await site.show({ pollInterval });
    const link = part(target, 'link') as HTMLAnchorElement;
    const svg = code(target);
    link.focus();
    const { href } = link;
    await site.until(95 * SECOND);
    expectReady(target, 's2');
    expect(part(target, 'link')).to.equal(link);
    expect(code(target)).to.equal(svg);
    expect(target.shadowRoot!.activeElement).to.equal(link);
    expect(link.href).to.not.equal(href);
    expect(link.href).to.equal(target.session!.url);
  });

  for (const [status, state] of [
    ['In Progress', 'in-progress'],
    ['Approved', 'approved'],
    ['Declined', 'declined'],
  ] as const) {
    it(`${status} before the create: nothing is created`, async () => {
      const target = await site.show({ pollInterval });
      await site.until(80 * SECOND);
      site.statuses.set('s1', status);
      await site.until(150 * SECOND);
      expect([target.state, target.session?.sessionId]).to.deep.equal([state, 's1']);
      expect(site.count('create')).to.equal(1);
    });

    it(`${status} between the create and the swap: no swap`, async () => {
      const target = await site.show({ pollInterval });
      const told = record(target);
      site.onCreate = (session) => {
        site.statuses.set('s1', status);
        return site.created(session);
      };
      await site.until(150 * SECOND);
      expect([target.state, target.session?.sessionId]).to.deep.equal([state, 's1']);
      expect(told.filter((each) => /created|expired/.test(each))).to.deep.equal([]);
      expect(site.count('status', 's2')).to.equal(0);
    });
  }

  it('a status that does not come, or fails, does not hold it up', async () => {
    const target = await site.show({ pollInterval });
    site.onStatus = never;
    await site.until(99 * SECOND);
    expectReady(target, 's2');
    site.onStatus = () => refusal(500);
    await site.until(199 * SECOND);
    expectReady(target, 's3');
  });

  it('works without a status, too', async () => {
    site.hasStatus = false;
    const target = await site.show();
    await site.until(95 * SECOND);
    expectReady(target, 's2');
  });

  it('is not held up by a stream that beats, but never says anything', async () => {
    Object.assign(site, { hasStatus: false, hasEvents: true });
    site.onEvents = () => beating();
    const target = await site.show();
    await site.until(110 * SECOND);
    expectReady(target, 's2');
  });

  it('the same session again is the same: its later end counts, and nothing is told', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    await site.until(50 * SECOND);
    site.onCreate = () => site.created('s1');
    await site.until(95 * SECOND);
    expectReady(target, 's1');
    expect(target.session!.expiresAt!.getTime()).to.equal(Date.now() + 95 * SECOND);
    await site.until(179 * SECOND);
    expectReady(target, 's1');
    expect(site.times('create')).to.deep.equal([0, 90 * SECOND]);
    await site.until(180 * SECOND);
    expect(site.times('create')).to.deep.equal([0, 90 * SECOND, 180 * SECOND]);
    expect(told.filter((each) => /created|expired/.test(each))).to.deep.equal([]);
  });

  it('the same session with no later end: no loop, but the countdown and the button', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    site.onCreate = () => ({ ...site.created('s1'), expires_in: 10 });
    await site.until(95 * SECOND);
    expectReady(target, 's1');
    expect(countdown(target)).to.equal('This code expires in 5 seconds.');
    await site.until(100 * SECOND);
    expectExpired(target, 'Get a new code');
    await site.pass(HOUR);
    expect(site.count('create')).to.equal(2);
    expect(told.filter((each) => /created|expired/.test(each))).to.deep.equal([
      'status-changed s1 ready → expired, Not Started',
      'session-expired s1 for good',
    ]);
  });

  it('fails before the deadline: an error event alone; countdown, then expired', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    await site.until(50 * SECOND);
    site.onCreate = () => refusal(403);
    await site.until(95 * SECOND);
    expect(told.filter((each) => !each.startsWith('status-changed'))).to.deep.equal([
      'error resolver-rejected',
    ]);
    expectReady(target, 's1');
    expect(target.error).to.equal(null);
    expect(countdown(target)).to.equal('This code expires in 5 seconds.');
    await site.until(100 * SECOND);
    expectExpired(target, 'Get a new code');
    expect(told.at(-1)).to.equal('session-expired s1 for good');
    await site.pass(HOUR);
    expect(site.count('create')).to.equal(2);
  });

  it('the deadline passes meanwhile: one session-expired, and the same request carries on', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    const { promise, resolve } = deferred<object>();
    site.onCreate = () => promise;
    await site.until(99 * SECOND);
    expectReady(target, 's1');
    await site.until(100 * SECOND);
    expectExpired(target, '');
    expect(told.at(-1)).to.equal('session-expired s1 will refresh');
    await site.until(103 * SECOND);
    resolve(site.created('s2'));
    await site.pass(0);
    expectReady(target, 's2');
    expect(site.count('create')).to.equal(2);
    expect(told.filter((each) => each.startsWith('session'))).to.deep.equal([
      'session-expired s1 will refresh',
      'session-created s2 refresh',
    ]);
  });

  it('the same session again, after the deadline: its code is back, until its later end', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    const { promise, resolve } = deferred<object>();
    site.onCreate = () => promise;
    await site.until(103 * SECOND);
    expect(target.state).to.equal('expired');
    resolve(site.created('s1'));
    await site.pass(0);
    expectReady(target, 's1');
    expect(told.slice(-2)).to.deep.equal([
      'session-expired s1 will refresh',
      'status-changed s1 expired → ready, Not Started',
    ]);
    await site.until(190 * SECOND);
    expectReady(target, 's1');
  });

  it('the same session again, though it said Expired itself: no loop, but the button', async () => {
    const target = await site.show({ pollInterval: 3000 });
    const told = record(target);
    site.onCreate = () => ({ ...site.created('s1'), expires_in: 1000 });
    site.statuses.set('s1', 'Expired');
    await site.pass(HOUR);
    expectExpired(target, 'Get a new code');
    expect(site.count('create')).to.equal(2);
    expect(told.filter((each) => each.startsWith('session'))).to.deep.equal([
      'session-expired s1 will refresh',
    ]);
  });

  it('fails after the deadline: the error, and the button', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    const { promise, resolve } = deferred<object>();
    site.onCreate = () => promise;
    await site.until(103 * SECOND);
    resolve(refusal(403));
    await site.pass(0);
    expectExpired(target, 'Get a new code');
    expect(target.error).to.equal(null);
    expect(told.filter((each) => /^(session|error)/.test(each))).to.deep.equal([
      'session-expired s1 will refresh',
      'error resolver-rejected',
    ]);
  });

  it('switched off after the deadline, while it is held up: the button', async () => {
    const target = await site.show({ pollInterval });
    site.onCreate = never;
    await site.until(101 * SECOND);
    expectExpired(target, '');
    target.remove();
    await site.pass(1);
    target.refreshExpired = 'manual';
    document.body.append(target);
    await site.pass(SECOND);
    expectExpired(target, 'Get a new code');
    expect(site.count('create')).to.equal(2);
  });

  it('switched off after the deadline, while its status is asked: the button', async () => {
    site.answer = { expires_in: 10 };
    site.onStatus = never;
    const target = await site.show({ pollInterval });
    await site.until(10.5 * SECOND);
    expectExpired(target, '');
    target.refreshExpired = 'manual';
    await site.pass(SECOND);
    expectExpired(target, 'Get a new code');
    expect(site.count('create')).to.equal(1);
  });

  it('asks with what has changed meanwhile, by a key of its own', async () => {
    const target = await site.show({ pollInterval: 3000 });
    site.onCreate = () => refusal(500);
    site.statuses.set('s1', 'Expired');
    await site.pass(3 * SECOND);
    expectExpired(target, '');
    target.scope = 'names';
    site.onCreate = (session) => site.created(session);
    await site.pass(5 * SECOND);
    expect(target.state).to.equal('ready');
    const [before, after] = site.asked.filter(({ what }) => what === 'create').slice(-2);
    expect(before!.init.body).to.equal('{}');
    expect(after!.init.body).to.equal('{"scope":"names"}');
    expect(keyOf(after!)).to.not.equal(keyOf(before!));
  });

  it('opened after the deadline, while it is under way: no swap', async () => {
    const target = await site.show({ pollInterval: 2000 });
    const { promise, resolve } = deferred<object>();
    site.onCreate = () => promise;
    await site.until(101 * SECOND);
    site.statuses.set('s1', 'In Progress');
    await site.until(104 * SECOND);
    resolve(site.created('s2'));
    await site.pass(SECOND);
    expect([target.state, target.session?.sessionId]).to.deep.equal(['in-progress', 's1']);
  });

  it('happens five times, then the countdown and the button; a press begins the count again', async () => {
    const target = await site.show({ pollInterval });
    await site.until(5 * 90 * SECOND + 50 * SECOND);
    expectReady(target, 's6');
    expect(countdown(target)).to.equal('This code expires in 50 seconds.');
    await site.until(5 * 90 * SECOND + 100 * SECOND);
    expectExpired(target, 'Get a new code');
    await site.pass(HOUR);
    expect(site.count('create')).to.equal(6);

    const told = record(target);
    part(target, 'start-button')!.click();
    await site.pass(1);
    expectReady(target, 's7');
    expect(told[0]).to.equal('session-created s7 refresh');
    await site.pass(HOUR);
    expect(site.count('create')).to.equal(12);
    expectExpired(target, 'Get a new code');
  });

  it('any press shows that somebody is there: the count begins again', async () => {
    const target = await site.show({ pollInterval });
    await site.until(5 * 90 * SECOND + 50 * SECOND);
    expect(countdown(target)).to.equal('This code expires in 50 seconds.');
    part(target, 'copy-button')!.click();
    await site.pass(SECOND);
    expect(countdown(target)).to.equal('');
    await site.until(6 * 90 * SECOND + SECOND);
    expectReady(target, 's7');
    await site.pass(HOUR);
    expect(site.count('create')).to.equal(11);
  });

  it('a press after one that failed begins anew, too', async () => {
    const target = await site.show({ pollInterval });
    site.onCreate = () => refusal(403);
    await site.until(100 * SECOND);
    site.onCreate = (session) => site.created(session);
    part(target, 'start-button')!.click();
    await site.pass(1);
    expect(target.state).to.equal('ready');
    const before = site.count('create');
    await site.pass(95 * SECOND);
    expect(site.count('create')).to.equal(before + 1);
  });

  it('manual: nothing by itself, and a button at the end', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval });
    const told = record(target);
    await site.pass(HOUR);
    expectExpired(target, 'Get a new code');
    expect(site.count('create')).to.equal(1);
    expect(told.at(-1)).to.equal('session-expired s1 for good');
    part(target, 'start-button')!.click();
    await site.pass(1);
    expectReady(target, 's2');
    expect(told.at(-1)).to.equal('session-created s2 refresh');
  });

  it('never: nothing by itself, and no button', async () => {
    const target = await site.show({ refreshExpired: 'never', pollInterval });
    await site.pass(HOUR);
    expectExpired(target, '');
    expect(site.count('create')).to.equal(1);
    expect(await Promise.all([target.start(), site.pass(1)])).to.deep.equal(['ready', undefined]);
  });

  it('disabled: nothing by itself, and watched all the same', async () => {
    const target = await site.show({ pollInterval: 3000 });
    target.disabled = true;
    await site.until(130 * SECOND);
    expect(site.count('create')).to.equal(1);
    expect(target.state).to.equal('expired');
    site.statuses.set('s1', 'Approved');
    await site.pass(3 * SECOND);
    expect(target.state).to.equal('approved');
  });

  it('hidden while the old status is asked: that question is let go', async () => {
    await site.show({ pollInterval });
    site.onStatus = never;
    await site.until(91 * SECOND);
    const { what, init } = site.asked.at(-1)!;
    expect([what, init.signal!.aborted]).to.deep.equal(['status', false]);
    setHidden(true);
    expect(init.signal!.aborted).to.equal(true);
    await site.pass(0);
    expect(site.clock.countTimers()).to.equal(0);
  });

  it('hidden before the create: none while hidden, one when shown again', async () => {
    const target = await site.show({ pollInterval });
    const { promise, resolve } = deferred<string>();
    site.onStatus = () => promise;
    await site.until(91 * SECOND);
    setHidden(true);
    resolve('Not Started');
    await site.pass(5 * SECOND);
    expect(site.count('create')).to.equal(1);
    site.onStatus = () => 'Not Started';
    setHidden(false);
    await site.pass(SECOND);
    expectReady(target, 's2');
    expect(site.count('create')).to.equal(2);
  });

  it('hidden before the fifth create: that one is still made', async () => {
    const target = await site.show({ pollInterval });
    await site.until(449 * SECOND);
    expectReady(target, 's5');
    const { promise, resolve } = deferred<string>();
    site.onStatus = () => promise;
    await site.until(451 * SECOND);
    setHidden(true);
    resolve('Not Started');
    await site.pass(SECOND);
    site.onStatus = () => 'Not Started';
    setHidden(false);
    await site.pass(SECOND);
    expectReady(target, 's6');
  });

  it('hidden during the create: nothing more is asked, and its answer is not lost', async () => {
    const target = await site.show({ pollInterval });
    const { promise, resolve } = deferred<object>();
    site.onCreate = () => promise;
    await site.until(91 * SECOND);
    setHidden(true);
    const before = site.asked.length;
    resolve(site.created('s2'));
    await site.pass(5 * SECOND);
    expect(site.asked.length).to.equal(before);
    setHidden(false);
    await site.pass(SECOND);
    expectReady(target, 's2');
    expect(site.count('create')).to.equal(2);
  });

  it('hidden before a further attempt: none while hidden', async () => {
    const target = await site.show({ pollInterval });
    site.onCreate = () => refusal(503);
    await site.until(90 * SECOND);
    expect(site.count('create')).to.equal(2);
    site.onCreate = (session) => site.created(session);
    setHidden(true);
    await site.pass(20 * SECOND);
    expect(site.count('create')).to.equal(2);
    setHidden(false);
    await site.pass(20 * SECOND);
    expect(target.state).to.equal('ready');
    expect(site.count('create')).to.equal(3);
  });

  const ends: Record<string, (target: DiditVerifyElement) => unknown> = {
    'cancel()': (target) => target.cancel(),
    'restart()': (target) => target.restart(),
    'another scope': (target) => (target.scope = 'names'),
    'no resolver any more': (target) => (target.resolverUrl = ''),
    'removal of the element': (target) => target.remove(),
  };

  for (const [name, act] of Object.entries(ends)) {
    it(`${name} makes an end of it, and its late answer is dropped`, async () => {
      const target = await site.show({ pollInterval });
      const { promise, resolve } = deferred<object>();
      site.onCreate = (session) => (session === 's2' ? promise : site.created(session));
      await site.until(91 * SECOND);
      void act(target);
      await site.pass(SECOND);
      const told = record(target);
      const state = [target.state, target.session?.sessionId];
      const request = site.asked.find(({ session }) => session === 's2')!;
      expect(request.init.signal!.aborted).to.equal(true);
      resolve(site.created('s2'));
      await site.pass(SECOND);
      expect([target.state, target.session?.sessionId]).to.deep.equal(state);
      expect(told.filter((each) => each.startsWith('session'))).to.deep.equal([]);
    });
  }

  it('removed meanwhile and put back: the same intent, the same key', async () => {
    const target = await site.show({ pollInterval });
    site.onCreate = never;
    await site.until(91 * SECOND);
    target.remove();
    await site.pass(1);
    site.onCreate = (session) => site.created(session);
    document.body.append(target);
    await site.pass(SECOND);
    expect(target.state).to.equal('ready');
    const [, first, second, ...rest] = site.asked
      .filter(({ what }) => what === 'create')
      .map(({ init }) => (init.headers as Headers).get('Idempotency-Key'));
    expect(second).to.equal(first);
    expect(rest).to.deep.equal([]);
  });
});

describe('SessionFollower, the session that was replaced', () => {
  const wins: [status: string, state: string][] = [
    ['In Progress', 'in-progress'],
    ['retrieved', 'in-progress'],
    ['Approved', 'approved'],
    ['Declined', 'declined'],
    ['In Review', 'in-review'],
    ['cancelled', 'cancelled'],
  ];

  for (const [status, state] of wins) {
    it(`${status}: wins while the new one is ready`, async () => {
      const target = await site.show({ pollInterval: 3000 });
      await site.until(100 * SECOND);
      expectReady(target, 's2');
      const told = record(target);
      site.statuses.set('s1', status);
      await site.pass(3 * SECOND);
      expect([target.state, target.status]).to.deep.equal([state, status]);
      expect(target.session!.sessionId).to.equal('s1');
      expect(told[0]).to.equal(`status-changed s1 ready → ${state}, ${status}`);
      const before = site.count('status', 's2');
      await site.pass(5 * MINUTE);
      expect([target.state, target.session?.sessionId]).to.deep.equal([state, 's1']);
      expect(site.count('status', 's2')).to.equal(before);
      expect(told.filter((each) => each.startsWith('session-completed'))).to.have.length(
        state === 'in-progress' ? 0 : 1,
      );
    });
  }

  it('goes on to its own end after it has won', async () => {
    const target = await site.show({ pollInterval: 3000 });
    const told = record(target);
    await site.until(100 * SECOND);
    site.statuses.set('s1', 'In Progress');
    await site.pass(5 * MINUTE);
    site.statuses.set('s1', 'Approved');
    await site.pass(3 * SECOND);
    expect([target.state, target.value]).to.deep.equal(['approved', 's1']);
    expect(told.at(-1)).to.equal('session-completed s1 approved');
  });

  for (const status of ['Expired', 'Abandoned', 'Kyc Expired', 'Not Started', 'Whatever']) {
    it(`${status}: changes nothing`, async () => {
      const target = await site.show({ pollInterval: 3000 });
      await site.until(95 * SECOND);
      const told = record(target);
      site.statuses.set('s1', status);
      await site.until(150 * SECOND);
      expectReady(target, 's2');
      expect(target.status).to.equal('Not Started');
      expect(told).to.deep.equal([]);
    });
  }

  it('is asked until its end + 60 s, and no longer', async () => {
    const target = await site.show({ refreshExpired: 'auto', pollInterval: 3000 });
    await site.until(95 * SECOND);
    target.refreshExpired = 'manual';
    await site.until(180 * SECOND);
    const times = site.times('status', 's1');
    expect(times.at(-1)).to.be.within(156 * SECOND, 160 * SECOND);
  });

  it('is asked no more once it is replaced, where the computer slept past that', async () => {
    const target = await site.show({ pollInterval: 3000 });
    site.clock.jump(HOUR);
    await site.pass(10 * SECOND);
    expectReady(target, 's2');
    const create = site.asked.findLastIndex(({ what }) => what === 'create');
    const later = site.asked.slice(create).filter(({ session }) => session === 's1');
    // Between the answer and the swap.
    expect(later).to.have.length(1);
  });

  it('leaves no timer behind once nobody waits for it any more', async () => {
    site.answer = { expires_in: 40 };
    const target = await site.show({ pollInterval: 3000 });
    await site.until(15 * SECOND);
    // So that the next question is a minute away.
    site.onStatus = () => Promise.reject(new TypeError('network error'));
    await site.until(129 * SECOND);
    expectReady(target, 's5');
    target.remove();
    await site.pass(1);
    expect(site.clock.countTimers()).to.equal(0);
  });

  it('is asked until then also after the new one has got a later end', async () => {
    site.answer = { expires_in: 40 };
    const target = await site.show({ pollInterval: 3000 });
    await site.until(35 * SECOND);
    expectReady(target, 's2');
    site.onCreate = () => site.created('s2');
    await site.until(80 * SECOND);
    expectReady(target, 's2');
    site.statuses.set('s1', 'In Progress');
    await site.pass(4 * SECOND);
    expect([target.state, target.session?.sessionId]).to.deep.equal(['in-progress', 's1']);
  });

  for (const status of [404, 500]) {
    it(`${status} for it is told to nobody`, async () => {
      const target = await site.show({ pollInterval: 3000 });
      await site.until(95 * SECOND);
      const told = record(target);
      site.onStatus = (session) => (session === 's1' ? refusal(status) : 'Not Started');
      await site.until(150 * SECOND);
      expectReady(target, 's2');
      expect(told).to.deep.equal([]);
    });
  }

  it('is dropped as soon as the new one is opened', async () => {
    const target = await site.show({ pollInterval: 3000 });
    await site.until(95 * SECOND);
    site.statuses.set('s2', 'In Progress');
    await site.pass(3 * SECOND);
    expect([target.state, target.session?.sessionId]).to.deep.equal(['in-progress', 's2']);
    const before = site.count('status', 's1');
    site.statuses.set('s1', 'Approved');
    await site.pass(MINUTE);
    expect(site.count('status', 's1')).to.equal(before);
    expect(target.session!.sessionId).to.equal('s2');
  });

  it('is not asked while hidden, and at once when shown again', async () => {
    const target = await site.show({ pollInterval: 3000 });
    await site.until(95 * SECOND);
    setHidden(true);
    const before = site.count('status', 's1');
    site.statuses.set('s1', 'In Progress');
    await site.until(120 * SECOND);
    expect(site.count('status', 's1')).to.equal(before);
    setHidden(false);
    await site.pass(0);
    expect(target.session!.sessionId).to.equal('s1');
  });

  it('wins also while a person’s new one is still asked for', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
    await site.until(101 * SECOND);
    const { promise, resolve } = deferred<object>();
    site.onCreate = () => promise;
    part(target, 'start-button')!.click();
    await site.pass(1);
    expect(target.state).to.equal('loading');
    site.statuses.set('s1', 'In Progress');
    await site.pass(3 * SECOND);
    expect([target.state, target.session?.sessionId]).to.deep.equal(['in-progress', 's1']);
    const request = site.asked.find(({ session }) => session === 's2')!;
    expect(request.init.signal!.aborted).to.equal(true);
    resolve(site.created('s2'));
    await site.pass(3 * SECOND);
    expect(target.session!.sessionId).to.equal('s1');
    expect(site.count('create')).to.equal(2);
  });

  it('wins also where a person’s new one could not be had', async () => {
    const target = await failedRefresh();
    site.statuses.set('s1', 'Approved');
    await site.pass(3 * SECOND);
    expect([target.state, target.value, target.error]).to.deep.equal(['approved', 's1', null]);
  });

  it('wins also while a person tries again', async () => {
    const target = await failedRefresh();
    site.onCreate = never;
    part(target, 'retry-button')!.click();
    await site.pass(1);
    expect(target.state).to.equal('loading');
    site.statuses.set('s1', 'Approved');
    await site.pass(3 * SECOND);
    expect([target.state, target.value]).to.deep.equal(['approved', 's1']);
  });

  it('is given up by cancel() where a person’s new one could not be had', async () => {
    const target = await failedRefresh();
    void target.cancel();
    await expectSilent(target, 'error');
  });

  it('is given up by restart() while a person’s new one is asked for', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
    await site.until(101 * SECOND);
    site.onCreate = never;
    part(target, 'start-button')!.click();
    await site.pass(1);
    void target.restart();
    await site.pass(1);
    expect(site.count('create')).to.equal(3);
    await expectSilent(target, 'loading');
  });

  /** A person has asked for a new one, which could not be had. */
  async function failedRefresh(): Promise<DiditVerifyElement> {
    const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
    await site.until(101 * SECOND);
    site.onCreate = () => refusal(403);
    part(target, 'start-button')!.click();
    await site.pass(5 * SECOND);
    expect(target.state).to.equal('error');
    return target;
  }

  /** The old one is not asked for any more. */
  async function expectSilent(target: DiditVerifyElement, state: string): Promise<void> {
    const before = site.count('status', 's1');
    site.statuses.set('s1', 'Approved');
    await site.pass(20 * SECOND);
    expect([target.state, site.count('status', 's1')]).to.deep.equal([state, before]);
  }

  it('of before restart() says nothing more', async () => {
    const target = await site.show({ pollInterval: 3000 });
    void target.restart();
    await site.pass(1);
    expectReady(target, 's2');
    const before = site.count('status', 's1');
    site.statuses.set('s1', 'Approved');
    await site.pass(20 * SECOND);
    expectReady(target, 's2');
    expect(site.count('status', 's1')).to.equal(before);
  });
});

describe('SessionFollower, after the deadline', () => {
  for (const [status, state] of [
    ['In Progress', 'in-progress'],
    ['Approved', 'approved'],
    ['Declined', 'declined'],
  ] as const) {
    it(`expired by the clock alone still turns ${state}`, async () => {
      const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
      const told = record(target);
      await site.until(150 * SECOND);
      expect(target.state).to.equal('expired');
      site.statuses.set('s1', status);
      await site.pass(3 * SECOND);
      expect(target.state).to.equal(state);
      expect(told).to.include(`status-changed s1 expired → ${state}, ${status}`);
    });
  }

  it('is watched for 60 s, and no longer', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
    await site.until(HOUR);
    expect(site.times('status').at(-1)).to.be.within(156 * SECOND, 160 * SECOND);
    site.statuses.set('s1', 'Approved');
    await site.pass(HOUR);
    expect(target.state).to.equal('expired');
  });

  it('is watched for 60 s by the stream, and no longer', async () => {
    site.hasEvents = true;
    const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
    for (let moment = 8; moment < 156; moment += 8) {
      await site.until(moment * SECOND);
      site.openStreams[0]!.send(':\n\n');
    }
    expect(target.state).to.equal('expired');
    await site.until(165 * SECOND);
    expect(site.openStreams).to.deep.equal([]);
  });

  it('its own word Expired adds no second session-expired', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
    const told = record(target);
    await site.until(101 * SECOND);
    site.statuses.set('s1', 'Expired');
    await site.until(105 * SECOND);
    expect(target.status).to.equal('Expired');
    expect(told.filter((each) => each.startsWith('session-expired'))).to.have.length(1);
    site.statuses.set('s1', 'In Progress');
    await site.pass(HOUR);
    expect(target.state).to.equal('expired');
  });

  it('shown again after it: no code at once, its status is asked, then it expires and is replaced', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    setHidden(true);
    await site.until(DAY);
    const { promise, resolve } = deferred<string>();
    site.onStatus = () => promise;
    const before = site.asked.length;
    const asked = () => site.asked.slice(before).map(({ what, session }) => `${what} ${session}`);
    setHidden(false);
    await target.updateComplete;
    expect(code(target)).to.equal(null);
    expect(part(target, 'link')).to.equal(null);
    expect(target.state).to.equal('ready');
    expect(asked()).to.deep.equal(['status s1']);
    expect(told).to.deep.equal([]);

    resolve('Not Started');
    await site.pass(0);
    expect(asked().slice(0, 3)).to.deep.equal(['status s1', 'status s1', 'create s2']);
    await site.pass(1);
    expectReady(target, 's2');
    expect(told.filter((each) => each.startsWith('session'))).to.deep.equal([
      'session-expired s1 will refresh',
      'session-created s2 refresh',
    ]);
  });

  it('shown again after it, approved meanwhile: no expiry', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    setHidden(true);
    await site.until(HOUR);
    site.statuses.set('s1', 'Approved');
    setHidden(false);
    await site.pass(SECOND);
    expect(target.state).to.equal('approved');
    expect(told).to.deep.equal([
      'status-changed s1 ready → approved, Approved',
      'session-completed s1 approved',
    ]);
    expect(site.count('create')).to.equal(1);
  });

  it('shown again after it, opened meanwhile: watched on', async () => {
    const target = await site.show({ pollInterval: 3000 });
    setHidden(true);
    await site.until(HOUR);
    site.statuses.set('s1', 'In Progress');
    setHidden(false);
    await site.pass(SECOND);
    expect(target.state).to.equal('in-progress');
    site.statuses.set('s1', 'Approved');
    await site.pass(3 * SECOND);
    expect(target.state).to.equal('approved');
  });

  it('shown again after it, and the new one comes first: that one does not expire', async () => {
    const target = await site.show({ pollInterval });
    const [status, created] = [deferred<string>(), deferred<object>()];
    site.onCreate = () => created.promise;
    await site.until(91 * SECOND);
    setHidden(true);
    await site.until(2 * MINUTE);
    let questions = 0;
    site.onStatus = () => (++questions === 1 ? status.promise : 'Not Started');
    setHidden(false);
    await site.pass(SECOND);
    created.resolve(site.created('s2'));
    await site.pass(SECOND);
    expectReady(target, 's2');
    status.resolve('Not Started');
    await site.pass(10 * SECOND);
    expectReady(target, 's2');
  });

  it('restart() while its status is asked: it says nothing more', async () => {
    const target = await site.show({ pollInterval });
    setHidden(true);
    await site.until(HOUR);
    const { promise, resolve } = deferred<string>();
    const asking = new Set<string>();
    const options = {
      statusResolver: ({ sessionId }: { sessionId: string }) => {
        asking.add(sessionId);
        return sessionId === 's1' ? promise : 'Not Started';
      },
    };
    Object.assign(target, options);
    await target.updateComplete;
    setHidden(false);
    await site.pass(1);
    expect([...asking]).to.deep.equal(['s1']);
    void target.restart();
    await site.pass(1);
    expectReady(target, 's2');
    resolve('Approved');
    await site.pass(SECOND);
    expectReady(target, 's2');
  });

  it('shown again after it, and nobody answers: it expires all the same', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval });
    setHidden(true);
    await site.until(HOUR);
    site.onStatus = never;
    setHidden(false);
    await site.pass(5 * SECOND);
    expectExpired(target, 'Get a new code');
  });

  it('shown again after it, and its stream beats without a word: it expires all the same', async () => {
    Object.assign(site, { hasStatus: false, hasEvents: true });
    site.onEvents = () => beating();
    const target = await site.show({ refreshExpired: 'manual' });
    setHidden(true);
    await site.until(10 * MINUTE);
    setHidden(false);
    await site.pass(10 * SECOND);
    expectExpired(target, 'Get a new code');
  });

  it('hidden again before the status came: nothing is decided', async () => {
    const target = await site.show({ pollInterval });
    const told = record(target);
    setHidden(true);
    await site.until(HOUR);
    const { promise, resolve } = deferred<string>();
    site.onStatus = () => promise;
    setHidden(false);
    await site.pass(SECOND);
    setHidden(true);
    resolve('Not Started');
    await site.pass(HOUR);
    expect(target.state).to.equal('ready');
    expect(told).to.deep.equal([]);
    expect(site.count('create')).to.equal(1);
    site.onStatus = (session) => site.statusOf(session);
    setHidden(false);
    await site.pass(SECOND);
    expectReady(target, 's2');
  });
});

describe('SessionFollower, the end by a status', () => {
  it('Expired: final, told once, and replaced', async () => {
    const target = await site.show({ pollInterval: 3000 });
    const told = record(target);
    await site.until(10 * SECOND);
    const { promise, resolve } = deferred<object>();
    site.onCreate = () => promise;
    site.statuses.set('s1', 'Expired');
    await site.pass(3 * SECOND);
    expectExpired(target, '');
    site.statuses.set('s1', 'In Progress');
    await site.pass(5 * SECOND);
    expect(target.state).to.equal('expired');
    resolve(site.created('s2'));
    await site.pass(1);
    expectReady(target, 's2');
    expect(told.filter((each) => each.startsWith('session'))).to.deep.equal([
      'session-expired s1 will refresh',
      'session-created s2 refresh',
    ]);
  });

  for (const name of ['status-changed', 'session-expired'] as const) {
    it(`a page that starts anew as soon as it hears of it, by ${name}: asked no more`, async () => {
      site.answer = {};
      const target = await site.show({ pollInterval: 3000 });
      target.addEventListener(name, () => void target.start());
      site.statuses.set('s1', 'Abandoned');
      await site.pass(4 * SECOND);
      expectReady(target, 's2');
      const before = site.count('status', 's1');
      site.statuses.set('s1', 'Approved');
      await site.pass(MINUTE);
      expect(site.count('status', 's1')).to.equal(before);
      expectReady(target, 's2');
    });
  }

  it('Expired without a known lifetime: replaced, too', async () => {
    site.answer = {};
    const target = await site.show({ pollInterval: 3000 });
    site.statuses.set('s1', 'Expired');
    await site.pass(4 * SECOND);
    expectReady(target, 's2');
  });

  it('Expired again and again: five new ones, and no more', async () => {
    const target = await site.show({ pollInterval: 3000 });
    site.onStatus = () => 'Expired';
    await site.pass(HOUR);
    expect(site.count('create')).to.equal(6);
    expectExpired(target, 'Get a new code');
  });

  it('a create answer that is Expired already: five new ones, and no more', async () => {
    site.answer = { expires_in: 100, status: 'Expired' };
    const target = await site.show({ pollInterval: 3000 });
    await site.pass(HOUR);
    expect(site.count('create')).to.equal(6);
    expectExpired(target, 'Get a new code');
  });

  for (const status of ['Abandoned', 'Kyc Expired']) {
    it(`${status}: final, with nothing by itself but the button`, async () => {
      const target = await site.show({ pollInterval: 3000 });
      const told = record(target);
      site.statuses.set('s1', status);
      await site.pass(HOUR);
      expectExpired(target, 'Get a new code');
      expect(site.count('create')).to.equal(1);
      expect(told.at(-1)).to.equal('session-expired s1 for good');
    });
  }

  for (const [name, words] of [
    ['in-progress', ['In Progress']],
    ['Resubmitted', ['Resubmitted']],
    ['in-progress and Resubmitted', ['In Progress', 'Resubmitted']],
  ] as const) {
    it(`Expired after ${name}: nothing by itself`, async () => {
      const target = await site.show({ pollInterval: 3000 });
      for (const word of [...words, 'Expired']) {
        site.statuses.set('s1', word);
        await site.pass(3 * SECOND);
      }
      expectExpired(target, 'Get a new code');
      await site.pass(HOUR);
      expect(site.count('create')).to.equal(1);
    });
  }

  it('manual: Expired is for good, and its late word is not heard', async () => {
    const target = await site.show({ refreshExpired: 'manual', pollInterval: 3000 });
    const told = record(target);
    site.statuses.set('s1', 'Expired');
    await site.pass(3 * SECOND);
    site.statuses.set('s1', 'In Progress');
    const before = site.asked.length;
    await site.pass(HOUR);
    expectExpired(target, 'Get a new code');
    expect(site.asked.length).to.equal(before);
    expect(told.at(-1)).to.equal('session-expired s1 for good');
  });
});

describe('SessionFollower, a session once opened', () => {
  it('in-progress never ends by the clock', async () => {
    const target = await site.show({ pollInterval: MINUTE });
    const told = record(target);
    await site.until(50 * SECOND);
    site.statuses.set('s1', 'In Progress');
    await site.until(2 * HOUR);
    expect(target.state).to.equal('in-progress');
    expect(site.count('create')).to.equal(1);
    expect(told.filter((each) => each.startsWith('session'))).to.deep.equal([]);
  });

  it('Resubmitted leads back to the code, which the clock neither ends nor replaces', async () => {
    const target = await site.show({ pollInterval: MINUTE });
    site.statuses.set('s1', 'In Progress');
    await site.pass(MINUTE);
    expect(target.state).to.equal('in-progress');
    site.statuses.set('s1', 'Resubmitted');
    await site.until(2 * HOUR);
    expectReady(target, 's1');
    expect(site.count('create')).to.equal(1);
    site.statuses.set('s1', 'In Progress');
    await site.pass(MINUTE);
    expect(target.state).to.equal('in-progress');
  });

  it('hides the code, which a press shows again', async () => {
    const target = await site.show({ pollInterval: 3000 });
    site.statuses.set('s1', 'In Progress');
    await site.pass(3 * SECOND);
    expect(code(target)).to.equal(null);
    part(target, 'show-code-button')!.click();
    await target.updateComplete;
    expect(target.state).to.equal('in-progress');
    expect(code(target)).to.not.equal(null);
    await site.pass(10 * MINUTE);
    expect(code(target)).to.not.equal(null);
    site.statuses.set('s1', 'Approved');
    await site.pass(3 * SECOND);
    expect(code(target)).to.equal(null);
  });

  it('hidden past the deadline it is just asked again', async () => {
    const target = await site.show({ pollInterval: 3000 });
    site.statuses.set('s1', 'In Progress');
    await site.pass(3 * SECOND);
    setHidden(true);
    await site.until(HOUR);
    setHidden(false);
    await site.pass(SECOND);
    expect(target.state).to.equal('in-progress');
  });
});

describe('SessionFollower, a day', () => {
  it('in a hidden tab: no request, no new session, no timer', async () => {
    const target = await site.show();
    setHidden(true);
    await site.pass(1);
    const before = site.asked.length;
    expect(site.clock.countTimers()).to.equal(0);
    await site.pass(DAY);
    expect(site.asked.length).to.equal(before);
    expect(target.state).to.equal('ready');
    expect(site.clock.countTimers()).to.equal(0);
  });

  it('in a tab that was never shown: no request', async () => {
    setHidden(true);
    const target = await site.show();
    await site.pass(DAY);
    expect(site.asked).to.deep.equal([]);
    expect(target.state).to.equal('idle');
  });

  for (const hasEvents of [false, true]) {
    const how = hasEvents ? 'by the stream' : 'by polls';
    it(`in a visible tab with nobody there, ${how}: six sessions, then quiet`, async () => {
      site.hasEvents = hasEvents;
      const target = await site.show({ pollInterval: 20 * SECOND });
      await site.pass(DAY);
      expect(site.count('create')).to.equal(6);
      expectExpired(target, 'Get a new code');
      expect(site.asked.at(-1)!.at).to.be.lessThan(11 * MINUTE);
      expect(site.openStreams).to.deep.equal([]);
      expect(site.clock.countTimers()).to.equal(0);
    });
  }

  it('switched to and fro with nobody pressing anything: six sessions at most', async () => {
    const target = await site.show({ pollInterval: 20 * SECOND });
    for (let switches = 0; switches < 100; switches++) {
      setHidden(true);
      await site.pass(5 * MINUTE);
      setHidden(false);
      await site.pass(30 * SECOND);
    }
    expect(site.count('create')).to.equal(6);
    expectExpired(target, 'Get a new code');
  });
});
