import { isUnopened, stageOf } from '../didit-status.js';
import { Refusal, retryAfter, upstreamRefusal } from './answers.js';
import { isDecided, judge, type Cause, type DecidedStage } from './decision.js';
import { DiditApiError } from './didit-api-error.js';
import { demandId, type DiditClient, type DiditDecision } from './didit-client.js';
import { elapsed } from './elapsed.js';
import type { SessionFacts } from './handle.js';
import { HookError, nameOf } from './hooks.js';
import type { Report } from './log.js';
import type { Settings } from './options.js';
import { isRequestBound, SharedTasks } from './shared-tasks.js';
import { sleep } from './sleep.js';
import { StatusBudget } from './status-budget.js';
import { StatusSchedule } from './status-schedule.js';
import { trackedSession, type Failure, type TrackedSession } from './tracked-session.js';
import type { Told } from './webhook-event.js';

/** A new session is asked for after so long. */
const FIRST_WAIT_MS = 1000;

/** Between the first two tries after a failure; doubled from one to the next. */
const RETRY_MS = { upstream: 2000, hook: 5000 };
const MAX_RETRY_MS = 30_000;

/** Where Didit limits the rate: if it does not say for how long, and at the most. */
const RATE_LIMITED_S = 10;
const MAX_PAUSE_MS = 5 * 60_000;

/** Webhooks tell the time to the second. */
const SECOND_MS = 1000;

/** How often `settle()` looks whether it is its turn. */
const TURN_MS = 250;

const EXHAUSTED_REPORT_MS = 60_000;

/** What Didit said of a session. */
interface Heard {
  readonly status: string;
  /** Where it is known. */
  readonly decision?: DiditDecision | undefined;
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
    this.schedule = new StatusSchedule(this.#budget, statusBudget, now, ({ sessionId }) =>
      this.#tasks.has(sessionId),
    );
  }

  /**
   * Takes up a session that was just created. The verification API may give one again that is under
   * way; `status` is Didit's word then. A decided one is not believed before its decision is.
   */
  addCreated(facts: SessionFacts, status: string | undefined): TrackedSession {
    const isOpen = status !== undefined && !isDecided(stageOf(status));
    return this.#take(facts, FIRST_WAIT_MS, isOpen ? status : this.#firstWord);
  }

  /** Takes up the session of a handle; one that is not known is asked for at once. */
  addOpened(facts: SessionFacts): TrackedSession {
    return this.#take(facts, 0, this.#firstWord);
  }

  /** Whether it is known as this person's. */
  knows({ sessionId, vendorData }: Pick<SessionFacts, 'sessionId' | 'vendorData'>): boolean {
    return this.schedule.get(sessionId)?.vendorData === vendorData;
  }

  /**
   * Where a session stands, for its page: asked at Didit if it is due, else as last heard.
   *
   * @throws Refusal for what the last try ended in.
   */
  async read(session: TrackedSession, cause: Cause): Promise<string> {
    await this.#askInTurn(session, cause);
    if (session.failure) throw this.#refusal(session.failure);
    return session.status;
  }

  /**
   * Has a function called when what a session's page may hear has changed, until the signal aborts.
   * It is to go on in a later task, when all that belongs to the change is written. Never called
   * where one request may not wake another: who listens looks now and then, too.
   */
  listen(session: TrackedSession, onChange: () => void, signal: AbortSignal): void {
    if (signal.aborted || isRequestBound()) return;
    const listeners = (session.listeners ??= new Set());
    listeners.add(onChange);
    signal.addEventListener('abort', () => {
      listeners.delete(onChange);
      if (listeners.size === 0) session.listeners = null;
    });
  }

  /** Whether nobody has opened it yet, as far as is known: asked at Didit if it is due. */
  async checkUnopened(session: TrackedSession, cause: Cause): Promise<boolean> {
    await this.#askInTurn(session, cause);
    return !isGone(session.failure) && isUnopened(session.status);
  }

  /** Asks for a session on no page's behalf, if it is due. */
  async check(session: TrackedSession, report: Report): Promise<void> {
    if (this.#isTurn(session, report)) await this.#ask(session, { source: 'settle', report });
  }

  /**
   * Asks for a session, and takes up its decision, as soon as the budget allows.
   *
   * @throws DiditApiError, HookError; TypeError for an id that is none.
   */
  async settle(sessionId: string, report: Report): Promise<string> {
    demandId(sessionId);
    const cause: Cause = { source: 'settle', report };
    for (;;) {
      // Looked up each time: a page may have shown meanwhile whose it is.
      const session = this.schedule.get(sessionId) ?? this.#addUnknown(sessionId);
      if (session.over) return session.status;
      session.watchedAt = this.#settings.now();
      session.urgent = true;
      // Somebody else's call may be older than what is to be settled.
      if (this.#tasks.has(sessionId)) await this.#ask(session, cause);
      else if (!this.#isTurn(session, report)) await sleep(TURN_MS);
      else {
        await this.#ask(session, cause);
        if (session.failure) throw session.failure.error;
        // Decided, but no call was left to fetch the decision: that is waited for, too.
        if (!session.decisionDue) return session.status;
      }
    }
  }

  /**
   * Takes up what a webhook tells of a session, or, where that is null, asks Didit. The decision is
   * fetched even so, unless no call is left for it and the webhook has brought one along.
   *
   * @throws DiditApiError, HookError; Refusal where no call is left.
   */
  async hear(sessionId: string, told: Told | null, cause: Cause): Promise<void> {
    // What is under way may have been asked before this was so.
    while (this.#tasks.has(sessionId)) await this.#tasks.run(sessionId, () => Promise.resolve());
    // Looked up now: a page may have shown meanwhile whose it is.
    const session = this.schedule.get(sessionId) ?? this.#addUnknown(sessionId);
    await this.#tasks.run(sessionId, async () => {
      try {
        const heard = await this.#heardBy(session, told);
        if (!heard) return;
        await this.#takeUp(session, heard, cause);
        session.failure = null;
      } catch (error) {
        if (!(error instanceof Refusal)) this.#fail(session, error, cause.report);
        throw error;
      }
    });
  }

  /** What a session is before Didit says anything else. */
  get #firstWord(): string {
    return this.#settings.isVerification ? 'Not Started' : 'initialized';
  }

  /** Known sessions stay as they are, but for a handle that is good for longer. */
  #take(facts: SessionFacts, firstWaitMs: number, status: string): TrackedSession {
    const known = this.schedule.get(facts.sessionId);
    if (known?.vendorData === facts.vendorData) {
      known.expiresAt = Math.max(known.expiresAt, facts.expiresAt);
      return known;
    }
    const session = trackedSession({ ...facts, firstWaitMs, status, background: true });
    this.schedule.add(session);
    return session;
  }

  /** Neither its age nor its person are known, so it is asked for on demand alone. */
  #addUnknown(sessionId: string): TrackedSession {
    const session = trackedSession({
      sessionId,
      sessionToken: undefined,
      vendorData: undefined,
      createdAt: this.#settings.now(),
      expiresAt: -Infinity,
      firstWaitMs: 0,
      background: false,
      status: this.#firstWord,
    });
    this.schedule.add(session);
    return session;
  }

  /** For a page of this session. */
  async #askInTurn(session: TrackedSession, cause: Cause): Promise<void> {
    session.watchedAt = this.#settings.now();
    if (this.#isTurn(session, cause.report)) await this.#ask(session, cause);
  }

  /** Whether to ask for it now, or to join somebody who does. */
  #isTurn(session: TrackedSession, report: Report): boolean {
    if (this.#tasks.has(session.sessionId) || this.schedule.mayAsk(session)) return true;
    if (this.schedule.isDue(session) && this.#budget.left <= 0) this.#reportExhausted(report);
    return false;
  }

  #reportExhausted(report: Report): void {
    const { now, statusBudget } = this.#settings;
    if (elapsed(this.#exhaustedAt, now()) < EXHAUSTED_REPORT_MS) return;
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
      } catch (error) {
        this.#fail(session, error, cause.report);
      }
    });
  }

  async #update(session: TrackedSession, cause: Cause): Promise<void> {
    await this.#takeUp(session, await this.#hear(session), cause);
  }

  async #takeUp(session: TrackedSession, heard: Heard, cause: Cause): Promise<void> {
    const stage = stageOf(heard.status);
    if (heard.decision && heard.decision.session_id !== session.sessionId) {
      await this.#decide(session, heard.decision, 'declined', cause);
    } else if (!isDecided(stage)) {
      session.decisionDue = false;
      this.#set(session, heard.status, cause.report);
      session.over = stage === 'expired' || stage === 'cancelled';
    } else if (stage === session.decided?.stage) {
      session.decisionDue = false;
      this.#set(session, session.decided.status, cause.report);
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
    return this.#decisionOn(sessionId);
  }

  async #decisionOn(sessionId: string): Promise<Heard> {
    const decision = await this.#client.getDecision(sessionId);
    return { status: decision.status, decision };
  }

  /** What a webhook says, or Didit where there is something to decide; null for no news. */
  async #heardBy(session: TrackedSession, told: Told | null): Promise<Heard | null> {
    const stage = told && stageOf(told.status);
    const isToDecide = !told || (isDecided(stage) && stage !== session.decided?.stage);
    if (!isToDecide) return isNews(session, told) ? told : null;
    if (this.schedule.callsLeft > 0 && this.#budget.take()) {
      this.schedule.markAsked(session);
      try {
        return await this.#decisionOn(session.sessionId);
      } catch (error) {
        if (!told?.decision || !isRateLimited(error)) throw error;
        this.schedule.pause(pauseAfter(error));
      }
    }
    if (told?.decision) return { status: told.decision.status, decision: told.decision };
    throw new Refusal('upstream-busy', retryAfter(RATE_LIMITED_S), 503);
  }

  async #decide(
    session: TrackedSession,
    decision: DiditDecision,
    stage: DecidedStage,
    cause: Cause,
  ): Promise<void> {
    session.decisionDue = true;
    // Taken before the hook, which may do with its object as it likes.
    const word = decision.status;
    const verdict = await judge(this.#settings.onDecision, session, decision, stage, cause);
    const status = verdict === 'accepted' ? word : 'declined';
    session.decisionDue = false;
    session.decided = { stage, status };
    this.#set(session, status, cause.report);
    session.over = stage !== 'in-review' || verdict === 'mismatched';
  }

  #set(session: TrackedSession, status: string, report: Report): void {
    if (session.status === status) return;
    session.status = status;
    session.changedAt = this.#settings.now();
    for (const onChange of session.listeners ?? []) onChange();
    report({ type: 'session.status', sessionId: session.sessionId, status });
  }

  #fail(session: TrackedSession, error: unknown, report: Report): void {
    const count = session.failure?.count ?? 0;
    const first = error instanceof HookError ? RETRY_MS.hook : RETRY_MS.upstream;
    let waitMs = Math.min(first * 2 ** count, MAX_RETRY_MS);
    if (isRateLimited(error)) {
      waitMs = Math.max(pauseAfter(error), waitMs);
      this.schedule.pause(waitMs);
    }
    session.failure = { error, at: this.#settings.now(), waitMs, count: count + 1 };
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

  #refusal({ error, at, waitMs }: Failure): Refusal {
    const seconds = Math.max(0, at + waitMs - this.#settings.now()) / 1000;
    if (error instanceof HookError) return new Refusal('decision-failed', retryAfter(seconds));
    if (error instanceof DiditApiError) return upstreamRefusal(error, seconds);
    return new Refusal('internal');
  }
}

/** Whether a word that decides nothing is newer than what is known. */
function isNews({ over, askedAt }: TrackedSession, { at }: Told): boolean {
  return !over && (askedAt === null || at + SECOND_MS > askedAt);
}

function isRateLimited(error: unknown): error is DiditApiError {
  return error instanceof DiditApiError && error.reason === 'rate-limited';
}

/** For how long nothing is to be asked then, in milliseconds. */
function pauseAfter({ retryAfter = RATE_LIMITED_S }: DiditApiError): number {
  return Math.min(retryAfter * 1000, MAX_PAUSE_MS);
}

/** Whether Didit knows of no such session any more. */
function isGone(failure: Failure | null): boolean {
  return failure?.error instanceof DiditApiError && failure.error.status === 404;
}
