import type { SessionFacts } from './handle.js';
import type { DecidedStage } from './decision.js';

/** What went wrong the last time that Didit was asked for a session. */
export interface Failure {
  readonly error: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How long to wait before it is asked for again, in milliseconds. */
  readonly waitMs: number;
  /** How often in a row. */
  readonly count: number;
}

/** A session that this process knows, with what it last heard of it. Written by the tracker alone. */
export interface TrackedSession extends Omit<SessionFacts, 'vendorData' | 'expiresAt'> {
  /** Undefined where it is not known whose it is: nobody has shown a handle of it yet. */
  readonly vendorData: string | null | undefined;
  /** Whether it is asked for although no page asks. */
  readonly background: boolean;
  /** How long after its creation it is asked for the first time, in milliseconds. */
  readonly firstWaitMs: number;
  /** Until when its handles are taken, in milliseconds since 1970. */
  expiresAt: number;
  /** Didit's word, or `declined` after a refusal: what its page may hear. */
  status: string;
  /** When that changed, in milliseconds since 1970; at first, when the session was created. */
  changedAt: number;
  /** When Didit was last asked, in milliseconds since 1970; null if never. */
  askedAt: number | null;
  /** When a page last asked, in milliseconds since 1970. */
  watchedAt: number;
  /** Somebody waits for it to be settled: it goes first, and also when its handles have ended. */
  urgent: boolean;
  /** Didit says that it is decided, and the decision has not been taken up yet. */
  decisionDue: boolean;
  /** The decision that was last taken up, and what the page hears of it. */
  decided: { readonly stage: DecidedStage; readonly status: string } | null;
  /** Nothing changes any more. */
  over: boolean;
  failure: Failure | null;
  /** Who is called when the status has changed; null where nobody listens. */
  listeners: Set<() => void> | null;
}

/** What of a session is known at first; the rest begins empty. */
export type FirstFacts = Pick<
  TrackedSession,
  keyof SessionFacts | 'background' | 'firstWaitMs' | 'status'
>;

export function trackedSession(facts: FirstFacts): TrackedSession {
  return {
    ...facts,
    changedAt: facts.createdAt,
    askedAt: null,
    watchedAt: -Infinity,
    urgent: false,
    decisionDue: false,
    decided: null,
    over: false,
    failure: null,
    listeners: null,
  };
}
