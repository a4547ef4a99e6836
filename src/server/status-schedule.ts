import { elapsed } from './elapsed.js';
import { isRequestBound } from './shared-tasks.js';
import type { StatusBudget } from './status-budget.js';
import type { TrackedSession } from './tracked-session.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How many sessions are kept that no page listens to, and how many more may gather. */
const MAX_IDLE = 10_000;
const IDLE_TO_SPARE = 100;

/** Between two calls for a session: a part of the time for which nothing has changed, within these. */
const QUIET_PART = 30;
const MIN_INTERVAL_MS = 2 * SECOND_MS;
const MAX_INTERVAL_MS = { watched: 15 * SECOND_MS, unwatched: 30 * SECOND_MS };

/** Where Didit's webhooks tell of each change, a call is only for those that got lost. */
const SAFETY_NET_MS = { watched: MINUTE_MS, unwatched: 5 * MINUTE_MS };

/** From an hour on, a session that no page asks for is left alone for a larger part of that time. */
const ASLEEP_QUIET_MS = HOUR_MS;
const ASLEEP_QUIET_PART = 10;

/** A page asks more often than this while it is open. */
const WATCHED_MS = 15 * SECOND_MS;

/** How long a session that a page asks for waits for that page before it is asked for without it. */
const PAGE_FIRST_MS = 5 * SECOND_MS;

/** For how long it stands whose turn it is: to reckon it takes a look at every session. */
const TURN_MS = 250;

/**
 * Which session Didit is asked for next. It is fair: of those that are due, the one that was asked
 * for the longest ago goes first, and where the budget does not suffice for all, each is asked for
 * equally often. Decisions go before everything else. It only reckons, and keeps values alone.
 */
export class StatusSchedule {
  #budget: StatusBudget;
  #perMinute: number;
  #now: () => number;
  #isBeingAsked: (session: TrackedSession) => boolean;
  /** The one asked for the longest ago first. */
  #sessions = new Map<string, TrackedSession>();
  /** With so many, the oldest are forgotten. */
  #mostSessions = MAX_IDLE;
  #webhookAt = -Infinity;
  #missedWebhookAt = -Infinity;
  #pause = { since: -Infinity, ms: 0 };
  #turn = { of: new Set<TrackedSession>(), reckonedAt: -Infinity };
  #active = { count: 0, countedAt: -Infinity };

  /** `isBeingAsked`: whether a call for it is under way; it takes no turn then. */
  constructor(
    budget: StatusBudget,
    perMinute: number,
    now: () => number,
    isBeingAsked: (session: TrackedSession) => boolean,
  ) {
    this.#budget = budget;
    this.#perMinute = perMinute;
    this.#now = now;
    this.#isBeingAsked = isBeingAsked;
  }

  get(sessionId: string): TrackedSession | undefined {
    return this.#sessions.get(sessionId);
  }

  /** Adds a session, or puts one in the place of an earlier one with its id. */
  add(session: TrackedSession): void {
    this.#sessions.delete(session.sessionId);
    this.#sessions.set(session.sessionId, session);
    if (this.#sessions.size > this.#mostSessions) this.#forgetOldest();
  }

  /** Notes that Didit is asked for a session now; it goes to the end of the queue. */
  markAsked(session: TrackedSession): void {
    session.askedAt = this.#now();
    session.urgent = false;
    this.#turn.of.delete(session);
    // Not in the place of one that a page has shown meanwhile.
    if ((this.get(session.sessionId) ?? session) === session) this.add(session);
  }

  /** A webhook was taken up, then or somewhat later, in milliseconds since 1970. */
  noteWebhook(at: number): void {
    this.#webhookAt = Math.max(this.#webhookAt, Math.min(at, this.#now()));
  }

  /** Something has changed that no webhook has told of. */
  noteMissedWebhook(): void {
    this.#missedWebhookAt = this.#now();
  }

  /** Nothing is asked for so long, since Didit wants it so. */
  pause(ms: number): void {
    this.#pause = { since: this.#now(), ms };
  }

  /** Calls that may be made now. */
  get callsLeft(): number {
    const { since, ms } = this.#pause;
    return elapsed(since, this.#now()) < ms ? 0 : this.#budget.left;
  }

  /** Whether a page of this session, or a site that wants it settled, would be well served by a call. */
  isDue(session: TrackedSession): boolean {
    const now = this.#now();
    if (session.over) return false;
    return session.urgent || (now < session.expiresAt && this.#overdue(session, now) >= 0);
  }

  /** Whether it is due, and its turn. */
  mayAsk(session: TrackedSession): boolean {
    // Every look of every stream comes by: the cheapest first.
    if (!this.isDue(session)) return false;
    const left = this.callsLeft;
    if (left <= 0) return false;
    const turn = this.#turnOf(left);
    // Fewer than could be asked for are due: one more since then does no harm to them.
    return turn.has(session) || turn.size < left;
  }

  /** Sessions to ask for on no page's behalf, in turn, at most so many. */
  background(most: number): TrackedSession[] {
    const now = this.#now();
    const left = this.callsLeft;
    if (left <= 0) return [];
    return [...this.#turnOf(left)]
      .filter((session) => session.background && !this.#waitsForPage(session, now))
      .slice(0, most);
  }

  /** Whether any session is left to be asked for on no page's behalf. */
  get hasBackground(): boolean {
    const now = this.#now();
    return [...this.#sessions.values()].some(
      ({ background, over, expiresAt }) => background && !over && now < expiresAt,
    );
  }

  /** None that a page listens to: what is told of it would not reach that page. */
  #forgetOldest(): void {
    const idle = [...this.#sessions.values()].filter(({ listeners }) => listeners === null);
    const forgotten = idle.slice(0, Math.max(0, idle.length - MAX_IDLE));
    for (const { sessionId } of forgotten) this.#sessions.delete(sessionId);
    // Not looked for again with each one that comes.
    this.#mostSessions = this.#sessions.size + IDLE_TO_SPARE;
  }

  /** Those that go first: decisions, then whoever was asked for the longest ago. */
  #turnOf(left: number): Set<TrackedSession> {
    const now = this.#now();
    if (elapsed(this.#turn.reckonedAt, now) >= TURN_MS) {
      const due = [...this.#sessions.values()]
        .filter((session) => this.#competes(session) && this.isDue(session))
        .filter((session) => !this.#isBeingAsked(session))
        .sort((one, other) => Number(goesFirst(other)) - Number(goesFirst(one)));
      this.#turn = { of: new Set(due.slice(0, left)), reckonedAt: now };
    }
    return this.#turn.of;
  }

  /** Whether anybody would ask for it: where nothing runs on its own, pages alone do. */
  #competes({ background, watchedAt }: TrackedSession): boolean {
    return (background && !isRequestBound()) || isWatched({ watchedAt }, this.#now());
  }

  #waitsForPage(session: TrackedSession, now: number): boolean {
    return isWatched(session, now) && this.#overdue(session, now) < PAGE_FIRST_MS;
  }

  /** For how many milliseconds it has been due; negative if it is not due yet. */
  #overdue(session: TrackedSession, now: number): number {
    const { askedAt, createdAt, firstWaitMs, decisionDue, failure } = session;
    if (failure && !isAsleep(session, now)) return elapsed(failure.at, now) - failure.waitMs;
    if (askedAt === null) return elapsed(createdAt, now) - this.#firstWait(firstWaitMs);
    const isUrgent = decisionDue && !failure;
    return elapsed(askedAt, now) - (isUrgent ? 0 : this.#interval(session, now));
  }

  /** Whether webhooks are known to tell of what changes. */
  get #hasWebhooks(): boolean {
    const now = this.#now();
    const isMissing = elapsed(this.#missedWebhookAt, now) < HOUR_MS;
    return !isMissing && elapsed(this.#webhookAt, now) < DAY_MS;
  }

  /** One whose state is not known at all is asked for in any case. */
  #firstWait(ownMs: number): number {
    return this.#hasWebhooks && ownMs > 0 ? SAFETY_NET_MS.watched : ownMs;
  }

  #interval(session: TrackedSession, now: number): number {
    const watching = isWatched(session, now) ? 'watched' : 'unwatched';
    const quiet = Math.max(0, now - session.changedAt);
    if (isAsleep(session, now)) return quiet / ASLEEP_QUIET_PART;
    const least = this.#hasWebhooks ? SAFETY_NET_MS[watching] : MIN_INTERVAL_MS;
    const most = Math.max(MAX_INTERVAL_MS[watching], least);
    const own = Math.min(Math.max(quiet / QUIET_PART, least), most);
    return Math.max(own, (MINUTE_MS * this.#countActive(now)) / this.#perMinute);
  }

  /** How many share the budget; counted anew once a second. */
  #countActive(now: number): number {
    if (elapsed(this.#active.countedAt, now) >= SECOND_MS) {
      const count = [...this.#sessions.values()].filter(
        (session) =>
          !session.over &&
          now < session.expiresAt &&
          this.#competes(session) &&
          !isAsleep(session, now),
      ).length;
      this.#active = { count, countedAt: now };
    }
    return this.#active.count;
  }
}

function isWatched({ watchedAt }: Pick<TrackedSession, 'watchedAt'>, now: number): boolean {
  return elapsed(watchedAt, now) < WATCHED_MS;
}

/** Hours after anything happened, a page closed: it may still end, and need not be waited for. */
function isAsleep(session: TrackedSession, now: number): boolean {
  return now - session.changedAt >= ASLEEP_QUIET_MS && !isWatched(session, now);
}

/** A decision that waits, or somebody who does; one that fails waits like everybody else. */
function goesFirst({ urgent, decisionDue, failure }: TrackedSession): boolean {
  return urgent || (decisionDue && !failure);
}
