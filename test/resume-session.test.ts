import { expect, fixture, fixtureCleanup, html } from '@open-wc/testing';
import sinon from 'sinon';
import type { LiveSession } from '../src/live-session.js';
import { resumeSession, type ResumeOptions } from '../src/resume-session.js';
import { SavedSessions, type SavedKey } from '../src/saved-sessions.js';
import { DEFAULT_ALLOWED_HOSTS } from '../src/session.js';
import { deferred, endpoint, fakeClock, nextTask } from './helpers.js';
import { sampleSession } from './sample-session.js';

const key: SavedKey = { resolver: new URL('/session', location.href).href };
const PAST = new Date(Date.now() - 3_600_000);
const FUTURE = new Date(Date.now() + 3_600_000);

/** A backend that answers each of these; a number is its refusal, a text Didit's word. */
function backend(answer: number | string): string {
  const { url } = endpoint(typeof answer === 'number' ? `${answer}` : 'json');
  const body = JSON.stringify({ status: answer });
  return new URL(`${url}?body=${encodeURIComponent(body)}`, location.href).href;
}

/** Of before the reload. */
function keep(given: Partial<LiveSession>, isFinished = false) {
  const saved = new SavedSessions(document.createElement('div'));
  saved.keep(key, sampleSession(given), isFinished);
  saved.release();
}

async function resume(given: Partial<ResumeOptions> = {}, signal = new AbortController().signal) {
  const host = await fixture<HTMLElement>(html`<div></div>`);
  const options = {
    ...{ withCredentials: false, timeout: 5000, allowedHosts: DEFAULT_ALLOWED_HOSTS },
    ...given,
  };
  return resumeSession(new SavedSessions(host), key, options, signal);
}

function isKept(sessionId = 'session-1'): boolean {
  return Object.values(sessionStorage).join().includes(`"${sessionId}"`);
}

/** What becomes of a session: `discarded`, `skipped` for now, or shown, with Didit's word. */
type Verdict = 'discarded' | 'skipped' | `shown, ${string}`;

async function verdict(given: Partial<ResumeOptions> = {}): Promise<Verdict> {
  const session = await resume(given);
  if (session) {
    expect(session.sessionId).to.equal('session-1');
    expect(isKept()).to.equal(true);
    return `shown, ${session.status ?? 'no word'}`;
  }
  return isKept() ? 'skipped' : 'discarded';
}

describe('resumeSession', () => {
  beforeEach(() => sessionStorage.clear());

  it('gives nothing where nothing is kept, and asks nobody', async () => {
    const statusResolver = sinon.fake.resolves('In Progress');
    expect(await resume({ statusResolver })).to.equal(null);
    expect(statusResolver.called).to.equal(false);
  });

  const lasting = { expiresAt: FUTURE, lifetime: 7_200_000 };
  const ended = { expiresAt: PAST, lifetime: 7_200_000 };
  const unlimited = { expiresAt: null, lifetime: null };

  type Old = [name: string, session: Partial<LiveSession>, isFinished?: boolean];
  const open: Old = ['one that lasts', { ...lasting, status: 'Not Started' }];
  const timeless: Old = ['one without a known end', { ...unlimited, status: 'Not Started' }];
  const late: Old = ['one whose end has passed', { ...ended, status: 'Not Started' }];
  const begun: Old = ['one that was under way', { ...ended, status: 'In Progress' }];
  const returned: Old = ['one sent back to the phone', { ...ended, status: 'Resubmitted' }];
  const odd: Old = ['one with an unknown word', { ...ended, status: 'paused' }];
  const finished: Old = ['a finished one', { ...lasting, status: 'Approved' }, true];
  const finishedLate: Old = [
    'a finished one after its end',
    { ...ended, status: 'Approved' },
    true,
  ];

  /** What was kept, what the backend answers (`silent`: nothing), and what becomes of it. */
  const table: [old: Old, answer: number | string, verdict: Verdict][] = [
    [open, 'Not Started', 'shown, Not Started'],
    [open, 'retrieved', 'shown, retrieved'],
    [open, 'Approved', 'shown, Approved'],
    [open, 'In Review', 'shown, In Review'],
    [open, 'cancelled', 'shown, cancelled'],
    [open, 'paused', 'shown, paused'],
    [timeless, 'Not Started', 'shown, Not Started'],
    [late, 'In Progress', 'shown, In Progress'],
    [late, 'confirmed', 'shown, confirmed'],
    [late, 'Resubmitted', 'shown, Resubmitted'],
    [late, 'Not Started', 'discarded'],
    [late, 'initialized', 'discarded'],
    [begun, 'In Progress', 'shown, In Progress'],
    [begun, 'Resubmitted', 'shown, Resubmitted'],
    [returned, 'Resubmitted', 'shown, Resubmitted'],
    [returned, 'Awaiting User', 'shown, Awaiting User'],
    [finished, 'Approved', 'shown, Approved'],
    [finishedLate, 'Approved', 'shown, Approved'],
    [finished, 'Declined', 'shown, Declined'],

    [open, 'expired', 'discarded'],
    [open, 'Abandoned', 'discarded'],
    [begun, 'EXPIRED', 'discarded'],
    [finished, 'Kyc Expired', 'discarded'],
    [timeless, 'Expired', 'discarded'],

    ...[401, 403, 404, 410].flatMap((status): [Old, number, Verdict][] =>
      [open, timeless, late, begun, finished].map((old) => [old, status, 'discarded']),
    ),

    ...[400, 429, 500, 503].map((status): [Old, number, Verdict] => [
      ...([open, status, 'shown, Not Started'] as const),
    ]),
    [open, 'silent', 'shown, Not Started'],
    [timeless, 'silent', 'shown, Not Started'],
    [late, 'silent', 'skipped'],
    [late, 503, 'skipped'],
    [begun, 'silent', 'shown, In Progress'],
    [returned, 'silent', 'shown, Resubmitted'],
    [odd, 'silent', 'skipped'],
    [finished, 'silent', 'skipped'],
    [finished, 500, 'skipped'],
    [finishedLate, 'silent', 'skipped'],

    [open, 'nobody', 'shown, Not Started'],
    [timeless, 'nobody', 'discarded'],
    [late, 'nobody', 'discarded'],
    [finished, 'nobody', 'discarded'],
  ];
  for (const [[name, session, isFinished], answer, expected] of table) {
    it(`${name}, asked for and told ${answer}: ${expected}`, async () => {
      const isAsked = answer !== 'nobody' && answer !== 'silent';
      const silence = new URL(endpoint('silence').url, location.href).href;
      const statusUrl = isAsked ? backend(answer) : answer === 'silent' ? silence : null;
      keep({ ...session, statusUrl }, isFinished);
      expect(await verdict({ timeout: answer === 'silent' ? 50 : 5000 })).to.equal(expected);
    });
  }

  it('gives all that is known of the session, with its new status', async () => {
    const statusUrl = backend('In Progress');
    keep({ ...lasting, statusUrl, status: 'Not Started' });
    const session = await resume();
    const { qr } = session!;
    const old = sampleSession({ ...lasting, statusUrl, status: 'In Progress', qr });
    expect(session).to.deep.equal(old);
  });

  it('asks by the author’s address or function where there is one', async () => {
    keep({ ...lasting, statusUrl: backend(404) });
    expect(await verdict({ statusUrl: backend('retrieved') })).to.equal('shown, retrieved');
    fixtureCleanup();
    const statusResolver = sinon.fake.resolves('Awaiting User');
    expect(await verdict({ statusResolver })).to.equal('shown, Awaiting User');
    expect((statusResolver.firstCall.args as [object])[0]).to.include({ sessionId: 'session-1' });
  });

  it('takes a function that throws for no answer', async () => {
    keep({ ...lasting, status: 'Not Started' });
    const statusResolver = () => Promise.reject(new Error('boom'));
    expect(await verdict({ statusResolver })).to.equal('shown, Not Started');
  });

  it('approves nothing by itself, whatever is stored', async () => {
    for (const statusUrl of [null, backend(500)]) {
      for (const status of ['Approved', 'confirmed']) {
        sessionStorage.clear();
        keep({ ...lasting, statusUrl, status }, false);
        expect((await resume())?.status ?? null, String(statusUrl)).to.not.equal(status);
      }
    }
  });
});

describe('resumeSession, how long it waits', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    sessionStorage.clear();
    clock = fakeClock();
  });
  afterEach(() => clock.restore());

  /** Asks for a status that never comes. */
  async function begin(timeout: number) {
    const asked = deferred<undefined>();
    const statusResolver = sinon.fake(() => {
      asked.resolve(undefined);
      return new Promise<never>(() => undefined);
    });
    const resuming = resume({ statusResolver, timeout });
    const settled = sinon.fake();
    void resuming.then(() => void settled());
    await asked.promise;
    return { resuming, settled, statusResolver };
  }

  it('shows a session without its status after 5 s, however long a request may take', async () => {
    keep({});
    const { resuming, settled } = await begin(60_000);
    await clock.tickAsync(4999);
    expect(settled.called).to.equal(false);
    await clock.tickAsync(1);
    expect(await resuming).to.include({ sessionId: 'session-1' });
  });

  it('shows it sooner where a request may take less', async () => {
    keep({});
    const { resuming } = await begin(1000);
    await clock.tickAsync(1000);
    expect(await resuming).to.include({ sessionId: 'session-1' });
  });

  it('does not wait for each of several so long', async () => {
    keep({ sessionId: 'session-late', expiresAt: PAST });
    keep({ sessionId: 'session-later', expiresAt: PAST });
    keep({});
    const { resuming, statusResolver } = await begin(4000);
    await clock.tickAsync(4000);
    await clock.tickAsync(1000);
    await clock.tickAsync(1);
    expect(await resuming).to.include({ sessionId: 'session-1' });
    expect(statusResolver.callCount).to.equal(3);
  });
});

describe('resumeSession, with several', () => {
  beforeEach(() => sessionStorage.clear());

  const words: Record<string, string> = { 'session-1': 'Expired', 'session-2': 'In Progress' };
  const statusResolver = ({ sessionId }: { sessionId: string }) => {
    const word = words[sessionId];
    return word ? Promise.resolve(word) : Promise.reject(new Error('boom'));
  };

  it('goes on to the next after one that is discarded or passed over', async () => {
    keep({ sessionId: 'session-1' });
    keep({ sessionId: 'session-late', expiresAt: PAST });
    keep({ sessionId: 'session-done', status: 'Approved' }, true);
    keep({ sessionId: 'session-2' });
    const session = await resume({ statusResolver });
    expect(session!.sessionId).to.equal('session-2');
    expect(['session-1', 'session-late', 'session-done'].map(isKept)).to.deep.equal([
      ...[false, true, true],
    ]);
  });

  it('asks for each once, and leaves those passed over to others', async () => {
    keep({ sessionId: 'session-late', expiresAt: PAST });
    keep({ sessionId: 'session-done', status: 'Approved' }, true);
    const spy = sinon.spy(statusResolver);
    expect(await resume({ statusResolver: spy })).to.equal(null);
    expect(spy.callCount).to.equal(2);
    for (const sessionId of ['session-late', 'session-done']) {
      expect(await resume({ statusResolver: () => 'Approved' })).to.include({ sessionId });
    }
  });

  it('gives no session to two elements that look at the same time', async () => {
    keep({ sessionId: 'session-2' });
    const both = await Promise.all([resume({ statusResolver }), resume({ statusResolver })]);
    expect(both.map((session) => session?.sessionId)).to.have.members(['session-2', undefined]);
  });
});

describe('resumeSession, aborted', () => {
  beforeEach(() => sessionStorage.clear());
  const reason = new Error('not wanted any more');

  it('rejects with the signal’s reason, and discards nothing', async () => {
    keep({ expiresAt: PAST });
    const controller = new AbortController();
    const statusResolver = () => new Promise<never>(() => undefined);
    const pending = resume({ statusResolver }, controller.signal).catch((error: unknown) => error);
    await nextTask();
    controller.abort(reason);
    expect(await pending).to.equal(reason);
    expect(isKept()).to.equal(true);
  });

  it('rejects with the signal’s reason where it has aborted before', async () => {
    keep({});
    const statusResolver = sinon.fake.resolves('Expired');
    const pending = resume({ statusResolver }, AbortSignal.abort(reason));
    expect(await pending.catch((error: unknown) => error)).to.equal(reason);
    expect(statusResolver.called).to.equal(false);
    expect(isKept()).to.equal(true);
  });
});
