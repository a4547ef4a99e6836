import { assert } from '@open-wc/testing';
import type {
  DiditVerifyElement,
  SessionCompletedDetail,
  SessionCreatedDetail,
  SessionExpiredDetail,
  StatusChangedDetail,
  VerifyErrorDetail,
} from '../../../src/index.js';
import { isSafe } from '../hostile-url.js';
import type { FuzzedPage } from './fuzzed-page.js';
import { assertView } from './view.js';

const FINAL = ['approved', 'declined', 'in-review', 'cancelled'];
const STATES = ['idle', 'loading', 'ready', 'in-progress', ...FINAL, 'expired', 'error'];
const REASONS = ['initial', 'change', 'retry', 'restart', 'refresh', 'resume'];
const CODES = [
  ...['resolver-missing', 'resolver-unreachable', 'resolver-timeout', 'resolver-rejected'],
  ...['resolver-failed', 'rate-limited', 'invalid-response', 'unsafe-url', 'status-unavailable'],
  'qr-failed',
];

/** The words that make an end, as the documentation has them. */
const ENDS: Record<string, string[]> = {
  approved: ['confirmed', 'approved'],
  declined: ['declined'],
  'in-review': ['in review'],
};

const EXPIRED = ['expired', 'abandoned', 'kyc expired'];

/** So many codes are replaced by themselves, and one by a person before. */
const MAX_REFRESHES = 6;

/** An ended session may still be asked for so long. */
const GRACE_MS = 60_000;

/** What is known of a session, from the time that it was told of. */
interface Life {
  /** Told as completed: nothing is told of it any more, nor asked. */
  isCompleted: boolean;
  /** Told as expired, and not taken up since. */
  isExpired: boolean;
  /** Gone for good: nobody listens for it any more. */
  isDropped: boolean;
  status: string | null;
  expiresAt: number | null;
  /** Its end by the monotonic clock. */
  ends: number | null;
}

/**
 * Sees all that an element tells and shows, keeps a small model of it, and demands what must hold
 * whatever happens.
 */
export class Witness {
  readonly target: DiditVerifyElement;
  readonly #page: FuzzedPage;
  readonly #lives = new Map<string, Life>();
  /** All values that `allowed-hosts` has had. */
  readonly #hosts = new Set<string>();
  #last: Event | null = null;
  #refreshes = 0;
  #disconnectedAt = -1;
  /** Whether a session is asked for in place of an ended one, which is still listened to. */
  #isReplacing = false;
  #state = 'idle';

  constructor(target: DiditVerifyElement, page: FuzzedPage) {
    this.target = target;
    this.#page = page;
    this.#see('session-created', (detail) => this.#created(detail as SessionCreatedDetail));
    this.#see('status-changed', (detail) => this.#changed(detail as StatusChangedDetail));
    this.#see('session-completed', (detail) => this.#completed(detail as SessionCompletedDetail));
    this.#see('session-expired', (detail) => this.#expired(detail as SessionExpiredDetail));
    this.#see('error', (detail) => this.#failed(detail as VerifyErrorDetail));
    this.#see('change', () => this.#valueChanged());
    this.#see('close', () => undefined);
    this.sample();
  }

  isState(name: unknown): boolean {
    return STATES.includes(name as string);
  }

  /** A person, or the page in their place, has asked for something. */
  personActs(): void {
    this.#refreshes = 0;
    if (['expired', 'error'].includes(this.target.state)) this.#isReplacing = true;
  }

  /** A new session is asked for, whatever was. */
  startsAnew(): void {
    this.#refreshes = 0;
    this.#isReplacing = false;
  }

  /** Takes note of what can be known at any time. */
  sample(): void {
    const { target } = this;
    this.#hosts.add(hostsOf(target.allowedHosts));
    if (target.isConnected) this.#disconnectedAt = -1;
    else if (this.#disconnectedAt < 0) this.#disconnectedAt = this.#page.site.now;
    this.#state = target.state;
    const isGone = this.#state === 'idle' || (this.#state === 'loading' && !this.#isReplacing);
    if (isGone) this.#dropAllBut(null);
    if (this.#state !== 'loading' && this.#state !== 'error') this.#isReplacing = false;
    this.#readEnd();
  }

  /** Demands what must hold at any time. */
  check(): void {
    this.sample();
    const { target } = this;
    const { state, session, status, error, value } = target;
    assert.include(STATES, state);
    assert.deepEqual(
      STATES.filter((name) => target.matches(`:state(${name})`)),
      [state],
    );
    const hasSession = !['idle', 'loading', 'error'].includes(state);
    assert.equal(session !== null, hasSession, `a session in ${state}`);
    assert.isTrue(status === null || (hasSession && typeof status === 'string'));
    assert.equal(error !== null, state === 'error');
    if (error) this.#assertError(error);
    if (session) this.#assertSession(session.sessionId, session.url);
    this.#checkValue(value);
    assertView(target);
  }

  /** Demands that there is reason to ask for this just now. */
  checkAsking(session: string, what: 'create' | 'status' | 'events'): void {
    this.sample();
    const { target } = this;
    const about = `${what} of ${session} in ${this.#state}`;
    assert.isFalse(document.hidden, `${about}, hidden`);
    const { now } = this.#page.site;
    assert.isTrue(target.isConnected || this.#disconnectedAt === now, `${about}, not in the page`);
    if (what === 'create') {
      assert.isFalse(target.matches(':disabled'), `${about}, disabled`);
      assert.include(['loading', 'ready', 'expired'], this.#state, about);
    } else {
      assert.isFalse(this.#isOver, about);
      assert.isTrue(this.#mayAsk(this.#page.idOf(session)), about);
    }
  }

  get #isOver(): boolean {
    return this.#state === 'idle' || FINAL.includes(this.#state);
  }

  #mayAsk(id: string): boolean {
    const life = this.#lives.get(id);
    // Not told of yet: of before a reload.
    if (!life) return this.#state === 'loading';
    if (life.isCompleted) return this.#state === 'loading' && !this.#isReplacing;
    const isCurrent = this.target.session?.sessionId === id;
    // Where the clock alone said that it has ended, it is looked at once more before it is replaced.
    if (isCurrent) return this.#state !== 'expired' || !EXPIRED.includes(plain(life.status ?? ''));
    if (life.isDropped) return this.#state === 'loading' && !this.#isReplacing;
    return life.ends !== null && this.#page.site.now <= life.ends + GRACE_MS;
  }

  #checkValue(value: string): void {
    const { target } = this;
    const { state, session, name } = target;
    assert.equal(value, state === 'approved' ? session!.sessionId : '');
    const isSubmitted = target.form && name && !target.matches(':disabled') && value;
    if (!target.form || typeof name !== 'string' || !target.isConnected) return;
    const given = new FormData(target.form).getAll(target.getAttribute('name') ?? '');
    // Line ends are those of a form.
    if (isSubmitted) assert.include(given.map(String).map(plainEnds), plainEnds(value));
    else assert.deepEqual(given, []);
  }

  #see(name: string, judge: (detail: unknown) => void): void {
    this.target.addEventListener(name, (event: Event) => {
      if (event.target !== this.target) return;
      try {
        judge((event as CustomEvent).detail);
      } catch (error) {
        this.#page.report(error);
      }
      this.#last = event;
    });
  }

  #created({ sessionId, url, expiresAt, reason }: SessionCreatedDetail): void {
    this.sample();
    assert.equal(this.target.state, 'ready');
    assert.equal(this.target.session?.sessionId, sessionId);
    assert.equal(this.target.session?.url, url);
    assert.include(REASONS, reason);
    assert.isTrue(expiresAt === null || !Number.isNaN(expiresAt.getTime()));
    this.#assertSafe(url);
    if (reason === 'refresh') {
      this.#refreshes++;
      assert.isAtMost(this.#refreshes, MAX_REFRESHES);
    } else this.#dropAllBut(sessionId);
    this.#begin(sessionId);
  }

  #changed({ sessionId, state, previousState, status }: StatusChangedDetail): void {
    this.sample();
    assert.equal(state, this.target.state);
    assert.equal(status, this.target.status);
    assert.equal(sessionId, this.target.session?.sessionId);
    assert.include(STATES, previousState);
    const life = this.#open(sessionId);
    assert.isTrue(state !== previousState || status !== life.status, 'nothing has changed');
    assert.isFalse(life.isDropped, `${sessionId} was gone`);
    life.status = status;
    if (state !== 'expired') life.isExpired = false;
    if (state === 'in-progress' || FINAL.includes(state)) this.#dropAllBut(sessionId);
    const words = ENDS[state];
    if (!words) return;
    assert.include(words, plain(status!));
    assert.isTrue(this.#page.said.has(status), `nobody said ${status}`);
  }

  #completed({ sessionId, state, status }: SessionCompletedDetail): void {
    this.sample();
    assert.equal(state, this.target.state);
    assert.include(FINAL, state);
    const last = this.#last as CustomEvent<StatusChangedDetail>;
    assert.equal(last.type, 'status-changed');
    assert.include(last.detail, { sessionId, state, status });
    this.#open(sessionId).isCompleted = true;
  }

  #expired({ sessionId, willRefresh }: SessionExpiredDetail): void {
    this.sample();
    const life = this.#open(sessionId);
    assert.isFalse(life.isExpired, `${sessionId} has expired twice`);
    life.isExpired = true;
    if (this.target.session?.sessionId === sessionId) {
      assert.equal(this.target.state, 'expired');
    } else {
      assert.isTrue(willRefresh);
      assert.equal(this.target.state, 'ready');
      // A listener of this event may end the new one before it is told of.
      this.#begin(this.target.session!.sessionId);
    }
  }

  #begin(sessionId: string): void {
    this.#lives.set(sessionId, {
      ...{ isCompleted: false, isExpired: false, isDropped: false },
      ...{ status: null, expiresAt: null, ends: null },
    });
    this.#readEnd();
  }

  #failed(detail: VerifyErrorDetail): void {
    this.sample();
    this.#assertError(detail);
    if (this.target.state === 'error') assert.equal(this.target.error, detail);
  }

  #valueChanged(): void {
    const last = this.#last as CustomEvent<SessionCompletedDetail>;
    assert.equal(last.type, 'session-completed');
    assert.equal(this.target.state, 'approved');
    assert.equal(this.target.value, last.detail.sessionId);
  }

  /** A session that was told of, and not of its end. */
  #open(sessionId: string): Life {
    const life = this.#lives.get(sessionId);
    assert.isDefined(life, `${sessionId} was never told of`);
    assert.isFalse(life.isCompleted, `${sessionId} is completed`);
    return life;
  }

  #assertError({ code, message, retryable }: VerifyErrorDetail): void {
    assert.include(CODES, code);
    assert.isString(message);
    assert.isBoolean(retryable);
  }

  #assertSession(sessionId: string, url: string): void {
    this.#assertSafe(url);
    assert.isDefined(this.#lives.get(sessionId), `${sessionId} was never told of`);
    if (FINAL.includes(this.#state)) return;
    assert.isFalse(this.#lives.get(sessionId)!.isCompleted, `${sessionId} is completed`);
  }

  #assertSafe(url: string): void {
    const isAllowed = [...this.#hosts].some((hosts) => isSafe(url, hosts));
    assert.isTrue(isAllowed, `${url} is not one of ${[...this.#hosts].join(' | ')}`);
  }

  #dropAllBut(id: string | null): void {
    for (const [each, life] of this.#lives) if (each !== id) life.isDropped = true;
  }

  /** A session that is answered twice may have a later end. */
  #readEnd(): void {
    const { session } = this.target;
    const life = session && this.#lives.get(session.sessionId);
    if (!life) return;
    life.isDropped = false;
    const moment = session.expiresAt?.getTime() ?? null;
    if (moment === life.expiresAt) return;
    life.expiresAt = moment;
    life.ends = moment === null ? null : this.#page.site.now + moment - Date.now();
  }
}

/** Letter case, spaces, `_` and `-` do not count. */
function plain(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
}

function plainEnds(text: string): string {
  return text.toWellFormed().replace(/\r\n?|\n/g, '\n');
}

/** What is no text is passed over. */
function hostsOf(given: unknown): string {
  return typeof given === 'string' || typeof given === 'number'
    ? String(given)
    : 'didit.me *.didit.me';
}
