import { isUnopened, stageOf } from '../didit-status.js';
import { Refusal, retryAfter, upstreamRefusal } from './answers.js';
import { isDecided, judge, type Cause } from './decision.js';
import { DiditApiError } from './didit-api-error.js';
import { demandId, type DiditClient, type DiditDecision } from './didit-client.js';
import type { SessionFacts } from './handle.js';
import { HookError, nameOf } from './hooks.js';
import type { Report } from './log.js';
import type { Settings } from './options.js';
import { SharedTasks } from './shared-tasks.js';
import { sleep } from './sleep.js';
import { StatusBudget } from './status-budget.js';
import { StatusSchedule } from './status-schedule.js';
import { trackedSession, type TrackedSession } from './tracked-session.js';

/** A new session is asked for after so long. */
const FIRST_CHECK_MS = 2000;

/** Between the first two tries after a failure; doubled from one to the next. */
const RETRY_MS = { upstream: 2000, hook: 5000 };
const MAX_RETRY_MS = 30_000;

/** Where Didit limits the rate, and does not say for how long. */
const RATE_LIMITED_S = 10;

/** How often `settle()` looks whether it is its turn. */
const TURN_MS = 250;

const EXHAUSTED_REPORT_MS = 60_000;

/** What Didit said of a session. */
interface Heard {
  readonly status: string;
  /** Where the decision was asked for. */
  readonly decision?: DiditDecision;
}

/** Follows sessions at Didit, and keeps what their pages may hear: one writer for all of it. */
export class StatusTracker {
  readonly schedule: StatusSchedule;
  #settings: Settings;
  #client: DiditClient;
  #budget: StatusBudget;
  #tasks = new SharedTasks<void>();
  #exhaustedAt = -Infinity;

  constructor(settings: Settings, client: DiditClient) {
    const { statusBudget, now } = settings;
    this.#settings = settings;
    this.#client = client;
    this.#budget = new StatusBudget(statusBudget, now);
    this.schedule = new StatusSchedule(this.#budget, statusBudget, now);
  }

  /**
   * Takes up a session that was just created. The verification API may give one again that is under
   * way; `status` is Didit's word then. A decided one is not believed before its decision is.
   */
  addCreated(facts: SessionFacts, status: string | undefined): TrackedSession {
    const known = this.schedule.get(facts.sessionId);
    if (known?.vendorData === facts.vendorData) return known;
    const isOpen = status !== undefined && !isDecided(stageOf(status));
    const firstDueAt = facts.createdAt + FIRST_CHECK_MS;
    return this.#add({ ...facts, firstDueAt, status: isOpen ? status : this.#firstWord });
  }

  /** The session of a handle: the known one, or one to be asked for at once. */
  bySeal(facts: SessionFacts): TrackedSession {
    const known = this.schedule.get(facts.sessionId);
    if (known?.vendorData !== undefined) return known;
    return this.#add({ ...facts, firstDueAt: -Infinity, status: this.#firstWord });
  }

  /**
   * Where a session stands, for its page: asked at Didit if it is due, else as last heard.
   *
   * @throws Refusal for what the last try ended in.
   */
  async read(session: TrackedSession, cause: Cause): Promise<string> {
    session.watchedAt = this.#settings.now();
    if (this.#isTurn(session, cause.report)) await this.#ask(session, cause);
    if (session.failure) throw this.#refusal(session, session.failure);
    return session.status;
  }

  /** Whether nobody has opened it yet: as Didit says now, or as last heard if no call is left. */
  async isUnopened(session: TrackedSession, cause: Cause): Promise<boolean> {
    if (!session.over && this.schedule.callsLeft > 0) await this.#ask(session, cause);
    return !session.failure && isUnopened(session.status);
  }

  /** Asks for a session on no page's behalf; never rejects. */
  async check(session: TrackedSession, report: Report): Promise<void> {
    if (this.#isTurn(session, report)) await this.#ask(session, { source: 'settle', report });
  }

  /**
   * Asks for the decision on a session, as soon as the budget allows.
   *
   * @throws DiditApiError, HookError; TypeError for an id that is none.
   */
  async settle(sessionId: string, report: Report): Promise<string> {
    demandId(sessionId);
    const session = this.schedule.get(sessionId) ?? this.#addUnknown(sessionId);
    const { asks } = session;
    while (session.asks === asks && !session.over) {
      session.watchedAt = this.#settings.now();
      session.decisionDue = true;
      session.retryAt = -Infinity;
      if (this.#isTurn(session, report)) await this.#ask(session, { source: 'settle', report });
      else await sleep(TURN_MS);
    }
    if (session.failure) throw session.failure;
    return session.status;
  }

  /** What a session is before Didit says anything else. */
  get #firstWord(): string {
    return this.#settings.isVerification ? 'Not Started' : 'initialized';
  }

  #add(facts: SessionFacts & Pick<TrackedSession, 'firstDueAt' | 'status'>): TrackedSession {
    const session = trackedSession({ ...facts, background: true });
    this.schedule.add(session);
    return session;
  }

  /** Neither its age nor its person are known, so it is asked for on demand alone. */
  #addUnknown(sessionId: string): TrackedSession {
    const createdAt = this.#settings.now();
    const session = trackedSession({
      ...{ sessionId, sessionToken: undefined, vendorData: undefined },
      ...{ createdAt, expiresAt: Infinity, firstDueAt: Infinity },
      ...{ background: false, status: this.#firstWord },
    });
    this.schedule.add(session);
    return session;
  }

  /** Whether to ask for it now, or to join somebody who does. */
  #isTurn(session: TrackedSession, report: Report): boolean {
    if (this.#tasks.has(session.sessionId) || this.schedule.mayAsk(session)) return true;
    if (this.schedule.isDue(session) && this.#budget.left <= 0) this.#reportExhausted(report);
    return false;
  }

  #reportExhausted(report: Report): void {
    const { now, statusBudget } = this.#settings;
    if (now() - this.#exhaustedAt < EXHAUSTED_REPORT_MS) return;
    this.#exhaustedAt = now();
    report({ type: 'budget.exhausted', statusBudget });
  }

  #ask(session: TrackedSession, cause: Cause): Promise<void> {
    return this.#tasks.run(session.sessionId, async () => {
      if (!this.#budget.take()) return;
      this.schedule.markAsked(session);
      try {
        await this.#update(session, cause);
        session.failure = null;
        session.failures = 0;
      } catch (error) {
        this.#fail(session, error, cause.report);
      }
    });
  }

  async #update(session: TrackedSession, cause: Cause): Promise<void> {
    const heard = await this.#hear(session);
    const stage = stageOf(heard.status);
    if (!isDecided(stage)) {
      session.decisionDue = false;
      this.#set(session, heard.status, cause.report);
      session.over = stage === 'expired' || stage === 'cancelled';
    } else if (stage === session.decided) {
      session.decisionDue = false;
    } else if (heard.decision) {
      await this.#decide(session, heard.decision, stage, cause);
    } else {
      session.decisionDue = true;
      // Else it is the first to be asked for once there is a call left.
      if (this.#budget.take()) await this.#update(session, cause);
    }
  }

  /** Only data transfer has a status call, and only by the token. */
  async #hear({ sessionId, sessionToken, decisionDue }: TrackedSession): Promise<Heard> {
    if (!this.#settings.isVerification && sessionToken !== undefined && !decisionDue) {
      return this.#client.getStatus(sessionId, sessionToken);
    }
    const decision = await this.#client.getDecision(sessionId);
    return { status: decision.status, decision };
  }

  async #decide(
    session: TrackedSession,
    decision: DiditDecision,
    stage: Parameters<typeof judge>[3],
    cause: Cause,
  ): Promise<void> {
    session.decisionDue = true;
    const verdict = await judge(this.#settings.onDecision, session, decision, stage, cause);
    session.decisionDue = false;
    session.decided = stage;
    this.#set(session, verdict === 'accepted' ? decision.status : 'declined', cause.report);
    session.over = stage !== 'in-review' || verdict === 'mismatched';
  }

  #set(session: TrackedSession, status: string, report: Report): void {
    if (session.status === status) return;
    session.status = status;
    session.changedAt = this.#settings.now();
    report({ type: 'session.status', sessionId: session.sessionId, status });
  }

  #fail(session: TrackedSession, error: unknown, report: Report): void {
    session.failure = error instanceof Error ? error : new Error(nameOf(error));
    const first = error instanceof HookError ? RETRY_MS.hook : RETRY_MS.upstream;
    const wait = Math.min(first * 2 ** session.failures, MAX_RETRY_MS);
    session.failures += 1;
    session.retryAt = this.#settings.now() + wait;
    if (error instanceof DiditApiError && error.reason === 'rate-limited') {
      const seconds = error.retryAfter ?? RATE_LIMITED_S;
      this.schedule.pause(seconds);
      session.retryAt = this.#settings.now() + seconds * 1000;
    }
    this.#reportFailure(session, error, report);
  }

  #reportFailure({ sessionId }: TrackedSession, error: unknown, report: Report): void {
    if (error instanceof HookError) {
      report({ type: 'decision.failed', sessionId, reason: error.reason });
    } else if (error instanceof DiditApiError) {
      report({ type: 'upstream.failed', reason: error.reason, status: error.status, sessionId });
    } else {
      report({ type: 'internal.failed', reason: nameOf(error) });
    }
  }

  #refusal({ retryAt }: TrackedSession, failure: Error): Refusal {
    const seconds = Math.max(1, Math.ceil((retryAt - this.#settings.now()) / 1000));
    if (failure instanceof HookError) return new Refusal('decision-failed', retryAfter(seconds));
    if (failure instanceof DiditApiError) return upstreamRefusal(failure, seconds);
    return new Refusal('internal');
  }
}
