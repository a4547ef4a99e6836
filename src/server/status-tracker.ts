import { isUnopened, stageOf } from '../didit-status.js';
import { Refusal, retryAfter } from './answers.js';
import { isDecided, type Cause } from './decision.js';
import { demandId, type DiditClient, type DiditDecision } from './didit-client.js';
import { elapsed } from './elapsed.js';
import {
  failureAfter,
  incidentOf,
  isGone,
  isRateLimited,
  pauseAfter,
  RATE_LIMITED_S,
  refusalOf,
} from './failure.js';
import type { SessionFacts } from './handle.js';
import { reporter, type Report } from './log.js';
import type { Settings } from './options.js';
import { isWebhookNews, SharedSessions, type SharedSession } from './shared-sessions.js';
import { isRequestBound, SharedTasks } from './shared-tasks.js';
import { sleep } from './sleep.js';
import { StatusBudget } from './status-budget.js';
import { StatusKeeper } from './status-keeper.js';
import { StatusSchedule } from './status-schedule.js';
import { trackedSession, type TrackedSession } from './tracked-session.js';
import { reasonToPass, withEvent, type Told, type WebhookEvent } from './webhook-event.js';

/** A new session is asked for after so long. */
const FIRST_WAIT_MS = 1000;

/** Webhooks tell the time to the second. */
const SECOND_MS = 1000;

/** How often `settle()` looks whether it is its turn. */
const TURN_MS = 250;

const EXHAUSTED_REPORT_MS = 60_000;

/** What Didit said of a session. */
interface Heard {
  readonly status: string;
  /** When it was so, in milliseconds since 1970. */
  readonly asOf: number;
  /** Where it is known. */
  readonly decision?: DiditDecision | undefined;
}

/** How to look for what other instances know. */
type Look = 'catchUp' | 'catchUpNow';

/** Follows sessions: asks Didit for them, hears what webhooks and other instances tell. */
export class StatusTracker {
  readonly schedule: StatusSchedule;
  #settings: Settings;
  #client: DiditClient;
  #budget: StatusBudget;
  #keeper: StatusKeeper;
  #shared: SharedSessions;
  #tasks = new SharedTasks<void>();
  #exhaustedAt = -Infinity;

  constructor(settings: Settings, client: DiditClient) {
    const { statusBudget, storage, now } = settings;
    this.#settings = settings;
    this.#client = client;
    this.#keeper = new StatusKeeper(settings);
    this.#shared = new SharedSessions(storage, now, {
      find: (sessionId) => this.schedule.get(sessionId),
      adopt: (...news) => this.#adopt(...news),
      report: (incident) => reporter(settings, crypto.randomUUID())(incident),
    });
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
    const session = this.#take(facts, FIRST_WAIT_MS, isOpen ? status : this.#firstWord);
    session.unshared = true;
    return session;
  }

  /** Tells the other instances of a session, where there is a store for it. */
  share(session: TrackedSession, report: Report): Promise<void> {
    return this.#shared.share(session, report);
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
    if (session.failure) throw refusalOf(session.failure, this.#settings.now());
    return session.status;
  }

  /**
   * Has a function called when what a session's page may hear has changed, until the signal aborts.
   * It is to go on in a later task, when all that belongs to the change is written. Never called
   * where one request may not wake another: who listens looks now and then, too.
   */
  listen(session: TrackedSession, onChange: () => void, signal: AbortSignal): void {
    if (signal.aborted || isRequestBound()) return;
    this.#shared.watch();
    // It may have been forgotten before anybody listened.
    if (!this.schedule.get(session.sessionId)) this.schedule.add(session);
    this.#keeper.listen(session, onChange, signal);
  }

  /** How many pages listen to it, and how many to any session of the same person. */
  listening(session: TrackedSession): { session: number; person: number } {
    return { session: session.listeners?.size ?? 0, person: this.#keeper.listening(session) };
  }

  /** Takes over what other instances know. */
  catchUp(session: TrackedSession, report: Report): Promise<void> {
    return this.#shared.catchUp(session, report);
  }

  /** Whether nobody has opened it yet, as far as is known: asked at Didit if it is due. */
  async checkUnopened(session: TrackedSession, cause: Cause): Promise<boolean> {
    await this.#askInTurn(session, cause);
    return !isGone(session.failure) && isUnopened(session.status);
  }

  /** Asks for a session on no page's behalf, if it is due. */
  async check(session: TrackedSession, report: Report): Promise<void> {
    await this.#shared.catchUp(session, report);
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
    for (let look: Look = 'catchUpNow'; ; look = 'catchUp') {
      const session = await this.#caughtUp(sessionId, look, report);
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
   * Takes up what a webhook tells of a session, or, where that is null, asks Didit; once, and nothing
   * that is older than what was taken up. The decision is fetched even so, unless no call is left for
   * it and the webhook has brought one along.
   *
   * @throws DiditApiError, HookError; Refusal where no call is left.
   */
  async hear(event: WebhookEvent, cause: Cause): Promise<void> {
    const { sessionId } = event;
    // What is under way may have been asked before this was so.
    while (this.#tasks.has(sessionId)) await this.#tasks.run(sessionId, () => Promise.resolve());
    await this.#tasks.run(sessionId, async () => {
      const session = await this.#caughtUp(sessionId, 'catchUpNow', cause.report);
      const reason = reasonToPass(session.webhooks, event);
      if (reason) cause.report({ type: 'webhook.ignored', reason });
      else await this.#takeUpEvent(session, event, cause);
    });
  }

  /** Whether there are ends to be confirmed. */
  get hasEnds(): boolean {
    return this.#shared.hasEnds;
  }

  /** Sees to it that other instances know how sessions have ended. */
  confirmEnds(): Promise<void> {
    return this.#shared.confirmEnds();
  }

  /** Ends what runs on its own. */
  close(): void {
    this.#shared.close();
  }

  /** What a session is before Didit says anything else. */
  get #firstWord(): string {
    return this.#settings.isVerification ? 'Not Started' : 'initialized';
  }

  async #takeUpEvent(session: TrackedSession, event: WebhookEvent, cause: Cause): Promise<void> {
    cause.report({ type: 'webhook.received', sessionId: session.sessionId });
    this.schedule.noteWebhook(this.#settings.now());
    try {
      const heard = await this.#heardBy(session, event.told);
      if (heard) {
        await this.#takeUp(session, heard, cause);
        session.failure = null;
      }
    } catch (error) {
      if (!(error instanceof Refusal)) this.#fail(session, error, cause.report);
      throw error;
    }
    session.webhooks = withEvent(session.webhooks, event);
    session.unshared = true;
    await this.#shared.share(session, cause.report);
  }

  /** The session as all instances know it. */
  async #caughtUp(sessionId: string, look: Look, report: Report): Promise<TrackedSession> {
    for (;;) {
      const session = this.schedule.get(sessionId) ?? this.#addUnknown(sessionId);
      await this.#shared[look](session, report);
      // Else a page has shown meanwhile whose it is.
      if (this.schedule.get(sessionId) === session) return session;
    }
  }

  /** Known sessions stay as they are, but for a handle that is good for longer. */
  #take(facts: SessionFacts, firstWaitMs: number, status: string): TrackedSession {
    const known = this.schedule.get(facts.sessionId);
    if (known?.vendorData === facts.vendorData) {
      known.expiresAt = Math.max(known.expiresAt, facts.expiresAt);
      known.sessionToken ??= facts.sessionToken;
      known.background = true;
      return known;
    }
    const session = trackedSession({ ...facts, firstWaitMs, status, background: true });
    if (known) session.webhooks = known.webhooks;
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
    await this.#shared.catchUp(session, cause.report);
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
      const { status, changedAt, askedAt, decisionDue, webhooks } = session;
      const before = { status, changedAt, askedAt, decisionDue, webhooks };
      this.schedule.markAsked(session);
      try {
        await this.#update(session, cause);
        session.failure = null;
      } catch (error) {
        this.#fail(session, error, cause.report);
      }
      if (isUntold(before, session)) this.schedule.noteMissedWebhook();
      await this.#shared.share(session, cause.report);
    });
  }

  async #update(session: TrackedSession, cause: Cause): Promise<void> {
    const { changedAt } = session;
    const heard = await this.#hear(session);
    if (heard.status !== session.status) await this.#shared.catchUpNow(session, cause.report);
    // Meanwhile a webhook may have told another instance of something newer.
    const isOvertaken = session.changedAt !== changedAt && !isDecided(stageOf(heard.status));
    if (!isOvertaken && !session.over) await this.#takeUp(session, heard, cause);
  }

  async #takeUp(session: TrackedSession, heard: Heard, cause: Cause): Promise<void> {
    session.asOf = Math.max(heard.asOf, session.asOf);
    const stage = stageOf(heard.status);
    if (heard.decision && heard.decision.session_id !== session.sessionId) {
      await this.#keeper.decide(session, heard.decision, 'declined', cause);
    } else if (!isDecided(stage)) {
      session.decisionDue = false;
      this.#keeper.set(session, heard.status, cause.report);
      session.over = stage === 'expired' || stage === 'cancelled';
    } else if (stage === session.decided?.stage) {
      session.decisionDue = false;
      this.#keeper.set(session, session.decided.status, cause.report);
    } else if (heard.decision) {
      await this.#keeper.decide(session, heard.decision, stage, cause);
    } else {
      session.decisionDue = true;
      // Else it is the first to be asked for once there is a call left.
      if (this.#budget.take()) await this.#update(session, cause);
    }
  }

  /** Only data transfer has a status call, and only by the token. */
  async #hear(session: TrackedSession): Promise<Heard> {
    const { sessionId, sessionToken, decisionDue } = session;
    const asOf = this.#settings.now();
    if (!this.#settings.isVerification && sessionToken !== undefined && !decisionDue) {
      return { ...(await this.#client.getStatus(sessionId, sessionToken)), asOf };
    }
    return this.#decisionOn(sessionId);
  }

  async #decisionOn(sessionId: string): Promise<Heard> {
    const asOf = this.#settings.now();
    const decision = await this.#client.getDecision(sessionId);
    return { status: decision.status, asOf, decision };
  }

  /** What a webhook says, or Didit where there is something to decide; null for no news. */
  async #heardBy(session: TrackedSession, told: Told | null): Promise<Heard | null> {
    const stage = told && stageOf(told.status);
    const isToDecide = !told || (isDecided(stage) && stage !== session.decided?.stage);
    if (!isToDecide) return isNews(session, told) ? { status: told.status, asOf: told.at } : null;
    if (this.schedule.callsLeft > 0 && this.#budget.take()) {
      this.schedule.markAsked(session);
      try {
        return await this.#decisionOn(session.sessionId);
      } catch (error) {
        if (!told?.decision || !isRateLimited(error)) throw error;
        this.schedule.pause(pauseAfter(error));
      }
    }
    if (told?.decision)
      return { status: told.decision.status, asOf: told.at, decision: told.decision };
    throw new Refusal('upstream-busy', retryAfter(RATE_LIMITED_S), 503);
  }

  #adopt(session: TrackedSession, shared: SharedSession, report: Report): void {
    if (isWebhookNews(shared, session)) this.schedule.noteWebhook(shared.webhooks.at);
    this.#keeper.adopt(session, shared, report);
  }

  #fail(session: TrackedSession, error: unknown, report: Report): void {
    session.failure = failureAfter(session.failure, error, this.#settings.now());
    if (isRateLimited(error)) this.schedule.pause(session.failure.waitMs);
    report(incidentOf(error, session.sessionId));
  }
}

/** Whether a word that decides nothing is newer than what is known; a review is not left in doubt. */
function isNews({ over, asOf, decided }: TrackedSession, { at }: Told): boolean {
  return !over && at + (decided ? 0 : SECOND_MS) > asOf;
}

type Before = Pick<TrackedSession, 'status' | 'changedAt' | 'askedAt' | 'decisionDue' | 'webhooks'>;

/** Whether Didit, being asked, has told of a change that a webhook should have told of before. */
function isUntold(before: Before, session: TrackedSession): boolean {
  const isKnown = before.askedAt !== null || before.changedAt > session.createdAt;
  const isTold = before.decisionDue || before.webhooks !== session.webhooks;
  const isChanged = before.status !== session.status || session.decisionDue;
  return isKnown && isChanged && !isTold;
}
