import { expect, fixtureCleanup } from '@open-wc/testing';
import sinon from 'sinon';
import type { DiditVerifyElement, VerifyErrorDetail } from '../src/index.js';
import {
  beating,
  code,
  FakeSite,
  FakeStream,
  never,
  record,
  refusal,
  saying,
} from './fake-site.js';
import { answer, deferred, element, endpoint, setHidden } from './helpers.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let site: FakeSite;

beforeEach(() => {
  site = new FakeSite();
  // No end comes in between.
  site.answer = {};
});
afterEach(() => site.close());

/** The waits between these moments. */
function gaps(times: number[]): number[] {
  return times.slice(1).map((time, index) => time - times[index]!);
}

function errors(told: string[]): string[] {
  return told.filter((each) => each.startsWith('error'));
}

/** A failure leaves everything on show as it is. */
function expectShown(target: DiditVerifyElement): void {
  expect(target.state).to.equal('ready');
  expect(target.error).to.equal(null);
  expect(code(target)).to.not.equal(null);
}

describe('StatusWatcher, polling', () => {
  it('asks in the interval, never later than asked for, and never in step', async () => {
    await site.show({ pollInterval: 3000 });
    await site.pass(2 * MINUTE);
    const waits = gaps([0, ...site.times('status')]);
    expect(waits.length).to.be.at.least(40);
    expect(Math.max(...waits)).to.be.at.most(3000);
    expect(Math.min(...waits)).to.be.at.least(2000);
    expect(new Set(waits).size).to.be.greaterThan(10);
  });

  it('has a default of 3 s', async () => {
    await site.show();
    await site.pass(MINUTE);
    expect(Math.max(...gaps(site.times('status')))).to.be.within(2400, 3000);
  });

  it('asks with the author’s headers, anew each time, and never from a cache', async () => {
    let calls = 0;
    await site.show({ headers: () => ({ 'X-Csrf-Token': String(++calls) }), pollInterval: 3000 });
    await site.pass(7 * SECOND);
    const asked = site.asked.filter(({ what }) => what === 'status');
    expect(asked.length).to.be.at.least(2);
    for (const [index, { init }] of asked.entries()) {
      const headers = init.headers as Headers;
      expect(headers.get('X-Csrf-Token')).to.equal(String(index + 2));
      expect(headers.get('Accept')).to.equal('application/json');
      expect(init).to.include({ cache: 'no-store', credentials: 'same-origin' });
    }
  });

  it('with-credentials takes cookies along', async () => {
    await site.show({ withCredentials: true });
    await site.pass(3 * SECOND);
    expect(site.asked.at(-1)).to.deep.include({ what: 'status' });
    expect(site.asked.at(-1)!.init.credentials).to.equal('include');
  });

  it('status-url wins over the answer’s, and names the session', async () => {
    site.onCreate = () => ({ ...site.created('s/1'), status_url: '/site/status/wrong' });
    await site.show({ statusUrl: '/site/status/{session_id}-{session_id}' });
    await site.pass(3 * SECOND);
    expect(site.count('status', 's%2F1-s%2F1')).to.equal(1);
    expect(site.count('status', 'wrong')).to.equal(0);
  });

  it('statusResolver wins over both, and the latest one is used', async () => {
    const first = sinon.fake.resolves('Not Started');
    const latest = sinon.fake.resolves('In Progress');
    const target = await site.show({ statusUrl: '/site/status/mine', statusResolver: first });
    await site.pass(3 * SECOND);
    expect(first.callCount).to.equal(1);
    expect(first.firstCall.args[0]).to.deep.include({ sessionId: 's1' });
    target.statusResolver = latest;
    await site.pass(3 * SECOND);
    expect(first.callCount).to.equal(1);
    expect(target.state).to.equal('in-progress');
    expect(site.count('status')).to.equal(0);
    expect(site.count('create')).to.equal(1);
  });

  it('nothing to ask: asks nothing', async () => {
    site.hasStatus = false;
    const target = await site.show();
    await site.pass(HOUR);
    expect(site.asked).to.have.length(1);
    expectShown(target);
  });

  it('begins when there is something to ask later on', async () => {
    site.hasStatus = false;
    const target = await site.show();
    await site.pass(MINUTE);
    site.statuses.set('s1', 'In Progress');
    target.statusUrl = '/site/status/{session_id}';
    await site.pass(3 * SECOND);
    expect(target.state).to.equal('in-progress');
  });

  it('a status that takes long is not asked for twice at a time', async () => {
    const { promise, resolve } = deferred<string>();
    site.onStatus = () => promise;
    const target = await site.show();
    await site.pass(14 * SECOND);
    expect(site.count('status')).to.equal(1);
    resolve('In Progress');
    await site.pass(0);
    expect(target.state).to.equal('in-progress');
  });
});

describe('StatusWatcher, failures', () => {
  it('a single one is passed over: nothing is told, and the pace stays', async () => {
    let polls = 0;
    site.onStatus = () => (++polls % 2 ? refusal(500) : 'Not Started');
    const target = await site.show({ pollInterval: 3000 });
    const told = record(target);
    await site.pass(MINUTE);
    expect(errors(told)).to.deep.equal([]);
    expect(Math.max(...gaps(site.times('status')))).to.be.at.most(3000);
    expectShown(target);
  });

  it('two in a row are none, time and again', async () => {
    let polls = 0;
    site.onStatus = () => (++polls % 3 ? refusal(500) : 'Not Started');
    const told = record(await site.show());
    await site.pass(5 * MINUTE);
    expect(polls).to.be.greaterThan(10);
    expect(errors(told)).to.deep.equal([]);
  });

  it('three in a row are an outage, told once, with the reason; what is shown stays', async () => {
    site.onStatus = () => refusal(502);
    const target = await site.show();
    const details: VerifyErrorDetail[] = [];
    target.addEventListener('error', ({ detail }) => details.push(detail));
    for (const [failures, told] of [
      [1, 0],
      [2, 0],
      [3, 1],
    ] as const) {
      while (site.count('status') < failures) await site.pass(100);
      expect(details).to.have.length(told);
    }
    await site.pass(HOUR);
    expect(site.count('status')).to.be.greaterThan(20);
    expect(details).to.have.length(1);
    expect(details[0]).to.include({
      code: 'status-unavailable',
      httpStatus: 502,
      retryable: true,
    });
    expectShown(target);
  });

  it('a second outage is told again', async () => {
    const told = record(await site.show());
    for (const outages of [1, 2]) {
      site.onStatus = () => refusal(500);
      await site.pass(5 * MINUTE);
      expect(errors(told)).to.deep.equal(Array(outages).fill('error status-unavailable'));
      site.onStatus = () => 'Not Started';
      await site.pass(2 * MINUTE);
    }
  });

  it('after an outage it hears on, at the old pace', async () => {
    site.onStatus = () => refusal(500);
    const target = await site.show({ pollInterval: 3000 });
    await site.pass(10 * MINUTE);
    site.onStatus = (session) => site.statusOf(session);
    await site.pass(MINUTE);
    const recovered = site.now;
    site.statuses.set('s1', 'Approved');
    await site.pass(3 * SECOND);
    expect(target.state).to.equal('approved');
    expect(site.times('status').at(-1)).to.be.greaterThan(recovered);
  });

  it('they back off, up to a minute', async () => {
    site.onStatus = () => refusal(500);
    await site.show({ pollInterval: 3000 });
    await site.pass(HOUR);
    const waits = gaps(site.times('status'));
    expect(waits[0]).to.be.at.most(3000);
    for (const index of [1, 2, 3]) {
      expect(waits[index]).to.be.within(waits[index - 1]! * 1.5, waits[index - 1]! * 3);
    }
    expect(Math.max(...waits)).to.be.at.most(MINUTE);
    expect(waits.at(-1)).to.be.greaterThan(MINUTE / 2);
  });

  it('an interval of more than a minute does not become shorter by them', async () => {
    site.onStatus = () => refusal(500);
    await site.show({ pollInterval: 5 * MINUTE });
    await site.pass(2 * HOUR);
    expect(Math.min(...gaps(site.times('status')))).to.be.at.least(4 * MINUTE);
  });

  const failures: Record<string, () => string | object> = {
    '401': () => refusal(401),
    '403': () => refusal(403),
    '204': () => refusal(204),
    'a login page': () => saying('<!doctype html><p>Sign in', 'text/html'),
    'no status': () => ({ state: 'approved' }),
    'a status that is no text': () => ({ status: 5 }),
    'an empty status': () => ' ',
    null: () => saying('null'),
    'half a JSON text': () => saying('{"status":"Appr'),
    'more than 64 kB': () => ({ status: 'Approved', padding: 'x'.repeat(70_000) }),
    'no connection': () => Promise.reject(new TypeError('Failed to fetch')),
    'no answer in time': never,
  };

  for (const [name, reply] of Object.entries(failures)) {
    it(`${name} is one`, async () => {
      site.onStatus = reply;
      const target = await site.show({ timeout: SECOND });
      const told = record(target);
      await site.pass(MINUTE);
      expect(errors(told)).to.deep.equal(['error status-unavailable']);
      expectShown(target);
      site.onStatus = () => 'Approved';
      await site.pass(MINUTE);
      expect(target.state).to.equal('approved');
    });
  }

  it('a statusResolver that throws, or gives nothing, is one', async () => {
    for (const statusResolver of [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('down');
      },
      () => undefined as never,
      never,
    ]) {
      const target = await site.show({ statusResolver, timeout: SECOND });
      const told = record(target);
      await site.pass(MINUTE);
      expect(errors(told)).to.deep.equal(['error status-unavailable']);
      target.remove();
    }
  });

  it('headers that cannot be had are one', async () => {
    const target = await site.show();
    const told = record(target);
    target.headers = () => Promise.reject(new Error('no token'));
    await site.pass(MINUTE);
    expect(errors(told)).to.deep.equal(['error status-unavailable']);
    expectShown(target);
  });

  for (const status of [404, 410]) {
    it(`${status}: told once, and never asked again, also when shown again`, async () => {
      site.onStatus = () => refusal(status);
      const target = await site.show();
      const told = record(target);
      await site.pass(HOUR);
      expect(site.count('status')).to.equal(1);
      setHidden(true);
      await site.pass(MINUTE);
      setHidden(false);
      dispatchEvent(new Event('online'));
      await site.pass(HOUR);
      expect(site.count('status')).to.equal(1);
      expect(told).to.deep.equal(['error status-unavailable']);
      expectShown(target);
      expect(site.clock.countTimers()).to.equal(0);
    });
  }

  it('404, and then another status-url: asked there', async () => {
    site.onStatus = (session) => (session === 'wrong' ? refusal(404) : 'In Progress');
    const target = await site.show({ statusUrl: '/site/status/wrong' });
    await site.pass(MINUTE);
    expect(site.count('status')).to.equal(1);
    target.statusUrl = '/site/status/{session_id}';
    await site.pass(3 * SECOND);
    expect(target.state).to.equal('in-progress');
  });

  it('404 in an outage adds nothing', async () => {
    site.onStatus = () => refusal(500);
    const told = record(await site.show());
    await site.pass(MINUTE);
    site.onStatus = () => refusal(404);
    await site.pass(HOUR);
    expect(errors(told)).to.have.length(1);
  });

  it('404 for one session says nothing of the next', async () => {
    site.onStatus = (session) => (session === 's1' ? refusal(404) : 'In Progress');
    const target = await site.show();
    await site.pass(MINUTE);
    void target.restart();
    await site.pass(4 * SECOND);
    expect([target.state, target.session?.sessionId]).to.deep.equal(['in-progress', 's2']);
  });

  it('a status-url that is none: told once', async () => {
    const target = await site.show({ statusUrl: 'javascript:alert(1)' });
    const told = record(target);
    await site.pass(HOUR);
    expect(told).to.deep.equal(['error status-unavailable']);
    expect(site.count('status')).to.equal(0);
    expectShown(target);
  });

  for (const [status, retryAfter] of [
    [429, '40'],
    [503, '40'],
    [429, new Date(Date.UTC(2030, 0, 1, 0, 0, 43)).toUTCString()],
  ] as const) {
    it(`${status} with Retry-After: ${retryAfter} is heeded, also when shown again`, async () => {
      site.onStatus = () => refusal(status, { 'Retry-After': retryAfter });
      await site.show({ pollInterval: 3000 });
      await site.pass(20 * SECOND);
      expect(site.count('status')).to.equal(1);
      setHidden(true);
      await site.pass(SECOND);
      setHidden(false);
      dispatchEvent(new Event('online'));
      await site.pass(SECOND);
      expect(site.count('status')).to.equal(1);
      await site.pass(25 * SECOND);
      expect(site.count('status')).to.equal(2);
      expect(gaps(site.times('status'))[0]).to.be.within(40 * SECOND, 43 * SECOND);
    });
  }

  it('a Retry-After of years overflows no timer', async () => {
    site.onStatus = () => refusal(429, { 'Retry-After': '9999999999' });
    await site.show();
    await site.pass(30 * MINUTE);
    expect(site.count('status')).to.equal(1);
  });
});

describe('StatusWatcher, hidden and shown', () => {
  it('hidden: nothing is asked, no timer runs, and what was asked is let go', async () => {
    site.onStatus = never;
    await site.show();
    await site.pass(3 * SECOND);
    setHidden(true);
    expect(site.asked.at(-1)!.init.signal!.aborted).to.equal(true);
    await site.pass(0);
    expect(site.clock.countTimers()).to.equal(0);
    await site.pass(HOUR);
    expect(site.count('status')).to.equal(1);
  });

  it('a question that is let go is no failure', async () => {
    site.onStatus = never;
    const told = record(await site.show());
    for (let times = 0; times < 10; times++) {
      setHidden(true);
      setHidden(false);
      await site.pass(SECOND);
    }
    expect(site.count('status')).to.equal(10);
    expect(errors(told)).to.deep.equal([]);
  });

  const waking: Record<string, (between: () => Promise<void>) => Promise<void>> = {
    'shown again': async (between) => {
      setHidden(true);
      await between();
      setHidden(false);
    },
    'back from the back/forward cache': async (between) => {
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      await between();
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    },
    online: async (between) => {
      await between();
      dispatchEvent(new Event('online'));
    },
  };

  for (const [name, wake] of Object.entries(waking)) {
    it(`${name}: asks at once`, async () => {
      const target = await site.show({ pollInterval: 10 * MINUTE });
      await wake(() => site.pass(MINUTE));
      expect(site.count('status')).to.equal(0);
      site.statuses.set('s1', 'In Progress');
      await site.pass(0);
      expect(site.times('status')).to.deep.equal([site.now]);
      expect(target.state).to.equal('in-progress');
    });
  }

  it('pagehide: nothing is asked until pageshow', async () => {
    await site.show();
    dispatchEvent(new PageTransitionEvent('pagehide'));
    await site.pass(0);
    expect(site.clock.countTimers()).to.equal(0);
    await site.pass(HOUR);
    expect(site.count('status')).to.equal(0);
  });

  it('a hundred switches to and fro in a second are no hundred questions', async () => {
    await site.show();
    for (let switches = 0; switches < 100; switches++) {
      setHidden(true);
      setHidden(false);
    }
    await site.pass(0);
    expect(site.count('status')).to.equal(1);
  });

  it('online while hidden asks nothing', async () => {
    await site.show();
    setHidden(true);
    dispatchEvent(new Event('online'));
    dispatchEvent(new PageTransitionEvent('pageshow'));
    await site.pass(HOUR);
    expect(site.count('status')).to.equal(0);
  });
});

describe('StatusWatcher, words', () => {
  /** What an element tells of these words, one each time that it asks. */
  async function tell(...words: string[]): Promise<string[]> {
    const target = await site.show({ pollInterval: 3000 });
    const told = record(target);
    for (const word of words) {
      site.statuses.set('s1', word);
      await site.pass(3 * SECOND);
    }
    return told;
  }

  const stories: [name: string, words: string[], told: string[]][] = [
    [
      'repeated: told once, the first one included',
      ['Not Started', 'Not Started', 'Not Started'],
      ['status-changed s1 ready → ready, Not Started'],
    ],
    [
      'another spelling of the same: told, with no other state',
      ['retrieved', 'In Progress', 'IN_PROGRESS'],
      [
        'status-changed s1 ready → in-progress, retrieved',
        'status-changed s1 in-progress → in-progress, In Progress',
        'status-changed s1 in-progress → in-progress, IN_PROGRESS',
      ],
    ],
    [
      'unknown: passed on, and nothing changes',
      ['Thinking', 'Thinking', 'In Progress', 'Nearly There', 'Approved'],
      [
        'status-changed s1 ready → ready, Thinking',
        'status-changed s1 ready → in-progress, In Progress',
        'status-changed s1 in-progress → in-progress, Nearly There',
        'status-changed s1 in-progress → approved, Approved',
        'session-completed s1 approved',
      ],
    ],
    [
      'reordered: what was opened stays opened',
      ['In Progress', 'Not Started', 'initialized', 'In Progress'],
      ['status-changed s1 ready → in-progress, In Progress'],
    ],
    [
      'Resubmitted alone leads back',
      ['In Progress', 'Resubmitted', 'In Progress'],
      [
        'status-changed s1 ready → in-progress, In Progress',
        'status-changed s1 in-progress → ready, Resubmitted',
        'status-changed s1 ready → in-progress, In Progress',
      ],
    ],
    [
      'after a final one: not heard any more',
      ['Approved', 'Declined', 'In Progress', 'Expired'],
      ['status-changed s1 ready → approved, Approved', 'session-completed s1 approved'],
    ],
    [
      'straight from ready to in-review',
      ['In Review', 'Approved'],
      ['status-changed s1 ready → in-review, In Review', 'session-completed s1 in-review'],
    ],
    [
      'cancelled on the phone',
      ['retrieved', 'cancelled', 'confirmed'],
      [
        'status-changed s1 ready → in-progress, retrieved',
        'status-changed s1 in-progress → cancelled, cancelled',
        'session-completed s1 cancelled',
      ],
    ],
  ];

  for (const [name, words, expected] of stories) {
    it(name, async () => {
      expect(await tell(...words)).to.deep.equal(expected);
    });
  }

  it('no word yet: nothing is told but that the session is there', async () => {
    const target = site.element();
    const told = record(target);
    document.body.append(target);
    await site.pass(1);
    expectShown(target);
    expect(target.status).to.equal(null);
    expect(told).to.deep.equal(['session-created s1 initial']);
  });

  it('late, after the page went: dropped', async () => {
    const { promise, resolve } = deferred<string>();
    site.onStatus = () => promise;
    const target = await site.show();
    await site.pass(3 * SECOND);
    setHidden(true);
    resolve('Approved');
    await site.pass(0);
    expect(target.state).to.equal('ready');
  });

  it('late, from a statusResolver that heeds no signal: dropped', async () => {
    const { promise, resolve } = deferred<string>();
    const target = await site.show({ statusResolver: () => promise });
    await site.pass(3 * SECOND);
    target.remove();
    await site.pass(1);
    resolve('Approved');
    await site.pass(0);
    expect(target.state).to.equal('ready');
  });

  it('late, of a session of before: dropped', async () => {
    const { promise, resolve } = deferred<string>();
    site.onStatus = (session) => (session === 's1' ? promise : 'Not Started');
    const target = await site.show();
    await site.pass(3 * SECOND);
    void target.restart();
    await site.pass(1);
    const told = record(target);
    resolve('Approved');
    await site.pass(4 * SECOND);
    expect([target.state, target.session?.sessionId]).to.deep.equal(['ready', 's2']);
    expect(told).to.deep.equal(['status-changed s2 ready → ready, Not Started']);
  });

  it('in the create answer counts as the first', async () => {
    site.answer = { status: 'In Progress' };
    const target = site.element();
    const told = record(target);
    document.body.append(target);
    await site.pass(1);
    expect(target.state).to.equal('in-progress');
    expect(told).to.deep.equal([
      'session-created s1 initial',
      'status-changed s1 ready → in-progress, In Progress',
    ]);
  });
});

describe('StatusWatcher, the stream', () => {
  beforeEach(() => (site.hasEvents = true));

  it('tells the first status at once, and each further one; nothing is polled', async () => {
    site.statuses.set('s1', 'In Progress');
    const target = await site.show();
    expect(target.state).to.equal('in-progress');
    site.streams[0]!.tell('Approved');
    await site.pass(0);
    expect(target.state).to.equal('approved');
    expect(site.count('status')).to.equal(0);
  });

  it('takes headers and cookies along', async () => {
    await site.show({ headers: { 'X-Csrf-Token': '7' }, withCredentials: true });
    const { init } = site.asked.find(({ what }) => what === 'events')!;
    const headers = init.headers as Headers;
    expect(headers.get('X-Csrf-Token')).to.equal('7');
    expect(headers.get('Accept')).to.equal('text/event-stream');
    expect(init).to.include({ cache: 'no-store', credentials: 'include' });
  });

  it('is not used beside a statusResolver', async () => {
    const target = await site.show({ statusResolver: () => 'In Progress' });
    await site.pass(3 * SECOND);
    expect(target.state).to.equal('in-progress');
    expect(site.streams).to.deep.equal([]);
  });

  it('is used beside a status-url, which is polled where there is no stream', async () => {
    await site.show({ statusUrl: '/site/status/mine' });
    expect(site.openStreams).to.have.length(1);
    site.onEvents = () => refusal(500);
    site.streams[0]!.cut();
    await site.pass(0);
    expect(site.count('status', 'mine')).to.equal(1);
  });

  it('there is one in a page: others poll, and take it over when the first is gone', async () => {
    const first = await site.show();
    const others = [await site.show(), await site.show()];
    await site.pass(10 * SECOND);
    expect(site.openStreams).to.have.length(1);
    expect(site.count('events')).to.equal(1);
    expect(site.count('status', 's2')).to.be.at.least(3);
    expect(site.count('status', 's3')).to.be.at.least(3);

    first.remove();
    await site.pass(4 * SECOND);
    expect(site.openStreams).to.have.length(1);
    expect(site.count('events')).to.equal(2);
    for (const session of ['s2', 's3']) site.statuses.set(session, 'In Progress');
    site.openStreams[0]!.tell('In Progress');
    await site.pass(4 * SECOND);
    expect(others.map(({ state }) => state)).to.deep.equal(['in-progress', 'in-progress']);
  });

  it('another takes it over when the first has come to its end', async () => {
    await site.show();
    await site.show();
    site.streams[0]!.tell('Approved');
    await site.pass(4 * SECOND);
    expect(site.openStreams).to.have.length(1);
    expect(site.count('events', 's2')).to.equal(1);
  });

  for (const [name, go] of [
    ['hidden', () => setHidden(true)],
    ['pagehide', () => dispatchEvent(new PageTransitionEvent('pagehide'))],
  ] as const) {
    it(`is closed at once on ${name}, and open again when shown`, async () => {
      const target = await site.show();
      go();
      expect(site.openStreams).to.deep.equal([]);
      await site.pass(HOUR);
      expect(site.count('events')).to.equal(1);
      site.statuses.set('s1', 'In Progress');
      setHidden(false);
      dispatchEvent(new PageTransitionEvent('pageshow'));
      await site.pass(0);
      expect(site.openStreams).to.have.length(1);
      expect(target.state).to.equal('in-progress');
    });
  }

  it('is opened anew when the connection is back', async () => {
    await site.show();
    dispatchEvent(new Event('online'));
    await site.pass(0);
    expect(site.count('events')).to.equal(2);
    expect(site.openStreams).to.have.length(1);
  });

  it('does not answer in 5 s: polled from then on', async () => {
    site.onEvents = never;
    await site.show({ pollInterval: 3000 });
    await site.until(5 * SECOND - 1);
    expect(site.count('status')).to.equal(0);
    await site.until(5 * SECOND + 1);
    expect(site.times('status')).to.have.length(1);
    expect(site.asked.find(({ what }) => what === 'events')!.init.signal!.aborted).to.equal(true);
    await site.until(8 * SECOND + 1);
    expect(site.times('status')).to.have.length(2);
  });

  it('answers, but with no byte in 5 s: polled from then on', async () => {
    site.onEvents = () => new FakeStream().response;
    await site.show();
    await site.until(5 * SECOND + 1);
    expect(site.count('status')).to.equal(1);
  });

  const bad: [name: string, reply: () => string | object, again: boolean][] = [
    ['204', () => refusal(204), false],
    ['404', () => refusal(404), false],
    ['410', () => refusal(410), false],
    ['401', () => refusal(401), false],
    ['a login page', () => saying('<!doctype html>', 'text/html'), false],
    ['JSON', () => ({ status: 'Not Started' }), false],
    ['201', () => saying('data: x\n\n', 'text/event-stream', 201), false],
    ['no type', () => saying('data: x\n\n', ''), false],
    ['429', () => refusal(429), true],
    ['500', () => refusal(500), true],
    ['503', () => refusal(503), true],
    ['500 as a stream', () => saying('data: x\n\n', 'text/event-stream', 500), true],
    ['no connection', () => Promise.reject(new TypeError('Failed to fetch')), true],
    ['a stream that ends before its first byte', () => saying('', 'text/event-stream'), true],
    [
      'a message over 64 kB',
      () => saying(`data: ${'x'.repeat(70_000)}`, 'text/event-stream'),
      true,
    ],
  ];

  for (const [name, reply, again] of bad) {
    it(`${name}: polled at once and further; connected ${again ? 'again' : 'never'} later`, async () => {
      site.onEvents = reply;
      const target = await site.show({ pollInterval: 3000 });
      const told = record(target);
      expect(site.count('status')).to.equal(1);
      await site.pass(MINUTE);
      expect(site.count('status')).to.be.at.least(15);
      expect(errors(told)).to.deep.equal([]);
      if (again) {
        expect(site.count('events')).to.be.within(2, 8);
        site.onEvents = (session) => site.stream(session);
        await site.pass(2 * MINUTE);
        expect(site.openStreams).to.have.length(1);
      } else {
        expect(site.count('events')).to.equal(1);
      }
    });
  }

  it('429 with Retry-After is heeded, also by the polls', async () => {
    site.onEvents = () => refusal(429, { 'Retry-After': '40' });
    site.onStatus = () => 'Not Started';
    await site.show();
    await site.until(39 * SECOND);
    expect([site.count('events'), site.count('status')]).to.deep.equal([1, 0]);
    await site.until(45 * SECOND);
    expect(site.count('events') + site.count('status')).to.be.at.least(2);
  });

  it('with a type that says more than needed is one', async () => {
    site.onEvents = () => {
      const stream = new FakeStream('Text/Event-Stream; charset=utf-8');
      stream.tell('In Progress');
      return stream.response;
    };
    const target = await site.show();
    expect(target.state).to.equal('in-progress');
    expect(site.count('status')).to.equal(0);
  });

  it('cut: asks once at once, and connects again', async () => {
    const target = await site.show({ pollInterval: 3000 });
    await site.pass(20 * SECOND);
    site.statuses.set('s1', 'In Progress');
    site.streams[0]!.cut();
    await site.pass(0);
    expect(site.count('status')).to.equal(1);
    expect(target.state).to.equal('in-progress');
    await site.pass(7 * SECOND);
    expect(site.openStreams).to.have.length(1);
  });

  it('silent for 30 s: asks once, and connects again', async () => {
    const target = await site.show({ pollInterval: 3000 });
    await site.until(20 * SECOND);
    site.streams[0]!.send(':\n\n');
    await site.until(50 * SECOND - 1);
    expect(site.count('events') + site.count('status')).to.equal(1);
    site.statuses.set('s1', 'In Progress');
    await site.until(50 * SECOND + 1);
    expect(site.streams[0]!.isOpen).to.equal(false);
    expect(target.state).to.equal('in-progress');
    await site.until(54 * SECOND);
    expect(site.count('status')).to.be.at.most(1);
    expect(site.openStreams).to.have.length(1);
  });

  it('with a heartbeat stays the same one', async () => {
    await site.show();
    for (let beat = 0; beat < 40; beat++) {
      await site.pass(8 * SECOND);
      site.streams[0]!.send(':\n\n');
    }
    expect(site.count('events')).to.equal(1);
    expect(site.count('status')).to.equal(0);
  });

  it('ended in order: connects again, and hears the present status', async () => {
    const target = await site.show({ pollInterval: 3000 });
    await site.pass(20 * SECOND);
    site.statuses.set('s1', 'In Progress');
    site.streams[0]!.end();
    await site.pass(4 * SECOND);
    expect(target.state).to.equal('in-progress');
    expect(site.openStreams).to.have.length(1);
    expect(site.count('events')).to.equal(2);
  });

  for (const [retry, wait] of [
    ['0', 1],
    ['999', 1],
    ['7000', 7],
    ['99999999999', 30],
  ] as const) {
    it(`retry: ${retry} is heeded: again after ${wait} s`, async () => {
      await site.show({ pollInterval: 3000 });
      await site.until(10 * SECOND);
      site.streams[0]!.send(`retry: ${retry}\n\n`);
      site.streams[0]!.end();
      await site.pass(MINUTE);
      expect(site.times('events')[1]).to.equal((10 + wait) * SECOND);
    });
  }

  it('retry: counts also for a stream that is cut', async () => {
    await site.show({ pollInterval: 3000 });
    await site.until(10 * SECOND);
    site.streams[0]!.send('retry: 20000\n\n');
    await site.pass(0);
    site.streams[0]!.cut();
    await site.pass(MINUTE);
    expect(site.times('events')[1]).to.be.at.least(30 * SECOND);
  });

  it('of nothing but noise, which ends: the status is heard all the same', async () => {
    site.onEvents = () => saying('noise\n\n<p>\n\nevent: status\ndata: {\n\n', 'text/event-stream');
    const target = await site.show({ pollInterval: 3000 });
    site.statuses.set('s1', 'In Progress');
    await site.pass(MINUTE);
    expect(target.state).to.equal('in-progress');
  });

  it('of nothing but noise, after a good one: the status is heard all the same', async () => {
    const target = await site.show({ pollInterval: 3000 });
    site.onEvents = () => saying(':\n\n', 'text/event-stream');
    site.streams[0]!.end();
    site.statuses.set('s1', 'In Progress');
    await site.pass(10 * SECOND);
    expect(target.state).to.equal('in-progress');
  });

  it('that ends at once after its first status, again and again: no more often than polls', async () => {
    site.onEvents = (session) => {
      const response = site.stream(session);
      site.streams.at(-1)!.end();
      return response;
    };
    const target = await site.show({ pollInterval: 3000 });
    await site.pass(MINUTE);
    expect(site.count('events') + site.count('status')).to.be.within(10, 30);
    site.statuses.set('s1', 'In Progress');
    await site.pass(5 * SECOND);
    expect(target.state).to.equal('in-progress');
  });

  it('that breaks again and again is tried less and less often', async () => {
    site.onEvents = () => refusal(500);
    await site.show({ pollInterval: 3000 });
    await site.pass(10 * MINUTE);
    expect(site.count('events')).to.be.within(5, 16);
    expect(Math.max(...gaps(site.times('status')))).to.be.at.most(3000);
  });

  it('is tried again soon where it has worked since it last broke', async () => {
    site.onEvents = () => refusal(500);
    await site.show({ pollInterval: 3000 });
    await site.pass(3 * MINUTE);
    site.onEvents = (session) => site.stream(session);
    await site.pass(2 * MINUTE);
    site.openStreams[0]!.cut();
    await site.pass(7 * SECOND);
    expect(site.openStreams).to.have.length(1);
  });

  it('passes over what is no status', async () => {
    const target = await site.show();
    const told = record(target);
    const [stream] = site.streams;
    for (const message of [
      'data: {"status":"Approved"}\n\n',
      'event: other\ndata: {"status":"Approved"}\n\n',
      'event: status\ndata: Approved\n\n',
      'event: status\ndata: {"status":5}\n\n',
      'event: status\ndata: null\n\n',
      'event: status\n\n',
      'event: status\ndata: {"status":" "}\n\n',
    ]) {
      stream!.send(message);
    }
    await site.pass(0);
    expect(told).to.deep.equal([]);
    expect(stream!.isOpen).to.equal(true);
  });

  it('says nothing more once it is closed', async () => {
    const target = await site.show();
    const [stream] = site.streams;
    stream!.tell('Approved');
    setHidden(true);
    await site.pass(0);
    expect(target.state).to.equal('ready');
  });

  it('is the replaced session’s no longer: the new one has it', async () => {
    site.answer = { expires_in: 100 };
    await site.show({ pollInterval: 3000 });
    for (let beat = 0; beat < 12; beat++) {
      await site.pass(8 * SECOND);
      site.openStreams[0]!.send(':\n\n');
    }
    expect(site.openStreams).to.have.length(1);
    expect(site.count('events', 's1')).to.equal(1);
    expect(site.count('events', 's2')).to.equal(1);
    expect(site.openStreams[0]).to.equal(site.streams[1]);
    const before = site.count('status', 's1');
    await site.pass(10 * SECOND);
    expect(site.count('status', 's1')).to.be.at.least(before + 3);
  });

  it('is never more than one, whatever happens', async () => {
    site.answer = { expires_in: 50 };
    const targets = [await site.show(), await site.show(), await site.show()];
    let most = 0;
    for (let step = 0; step < 60; step++) {
      await site.pass(2 * SECOND);
      most = Math.max(most, site.openStreams.length);
      if (step % 7 === 0) void targets[step % 3]!.restart();
      if (step % 5 === 0) site.openStreams[0]?.cut();
      if (step % 11 === 0) dispatchEvent(new Event('online'));
      if (step % 13 === 0) setHidden(step % 2 === 0);
      most = Math.max(most, site.openStreams.length);
    }
    expect(most).to.equal(1);
  });
});

describe('StatusWatcher, a stream with nothing to poll', () => {
  beforeEach(() => {
    site.hasEvents = true;
    site.hasStatus = false;
  });

  for (const [name, reply] of [
    ['404', () => refusal(404)],
    ['204', () => refusal(204)],
    ['a login page', () => saying('<!doctype html>', 'text/html')],
  ] as const) {
    it(`${name}: told once, and never asked again`, async () => {
      site.onEvents = reply;
      const target = site.element();
      const told = record(target);
      document.body.append(target);
      await site.pass(HOUR);
      expect(site.count('events')).to.equal(1);
      expect(errors(told)).to.deep.equal(['error status-unavailable']);
      expectShown(target);
    });
  }

  it('three failures in a row are an outage, told once; then it hears on', async () => {
    site.onEvents = () => refusal(500);
    const target = await site.show();
    const told = record(target);
    await site.pass(10 * MINUTE);
    expect(errors(told)).to.deep.equal(['error status-unavailable']);
    expectShown(target);
    site.statuses.set('s1', 'In Progress');
    site.onEvents = (session) => site.stream(session);
    await site.pass(2 * MINUTE);
    expect(target.state).to.equal('in-progress');
  });

  it('a failed one is not opened again before its time, and counts once', async () => {
    site.onEvents = () => refusal(500);
    const target = site.element({ pollInterval: 3000 });
    let asked = 0;
    target.addEventListener('error', () => (asked = site.count('events')));
    document.body.append(target);
    await site.pass(10 * MINUTE);
    expect(asked).to.equal(3);
    expect(Math.min(...gaps(site.times('events')))).to.be.at.least(0.8 * 3000);
  });

  it('headers that cannot be had for a while are a failure as any other', async () => {
    const headers = sinon.stub().returns({});
    const target = await site.show({ headers });
    const told = record(target);
    headers.throws(new Error('no token'));
    site.streams[0]!.cut();
    await site.pass(10 * MINUTE);
    expect(errors(told)).to.deep.equal(['error status-unavailable']);
    headers.returns({});
    site.statuses.set('s1', 'In Progress');
    await site.pass(2 * MINUTE);
    expect(target.state).to.equal('in-progress');
  });

  it('behind another’s, a look into it that takes too long is status-unavailable', async () => {
    await site.show();
    site.onEvents = beating;
    const target = await site.show({ timeout: 1000 });
    const told = record(target);
    await site.pass(MINUTE);
    expect(errors(told)).to.deep.equal(['error status-unavailable']);
    expectShown(target);
  });

  it('silence is none: it connects again', async () => {
    const target = await site.show();
    const told = record(target);
    site.statuses.set('s1', 'In Progress');
    await site.pass(40 * SECOND);
    expect(target.state).to.equal('in-progress');
    expect(errors(told)).to.deep.equal([]);
  });

  it('a second element with one is told of, once the first is gone', async () => {
    const first = await site.show();
    const second = await site.show();
    await site.pass(10 * SECOND);
    first.remove();
    site.statuses.set('s2', 'In Progress');
    await site.pass(10 * SECOND);
    expect(second.state).to.equal('in-progress');
  });
});

describe('StatusWatcher, over HTTP', () => {
  afterEach(fixtureCleanup);

  for (const behaviour of ['500', '500-endless', 'endless', 'flood', 'silence']) {
    it(`${behaviour}: its connection is not held`, async () => {
      // The clock is the browser's here.
      site.close();
      const { url, asked } = endpoint(behaviour);
      const resolver = () => ({ ...answer(), status_url: url });
      await element({ resolver, pollInterval: 500, timeout: 300 });
      const [first] = await asked(3);
      expect(first!.open).to.equal(false);
    });
  }
});
