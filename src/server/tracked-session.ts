import type { Stage } from '../didit-status.js';
import type { SessionFacts } from './handle.js';

/** A session that this process knows, with what it last heard of it. Written by the tracker alone. */
export interface TrackedSession extends Omit<SessionFacts, 'vendorData'> {
  /** Undefined where it is not known whose it is: nobody has shown a handle of it yet. */
  readonly vendorData: string | null | undefined;
  /** Whether it is asked for although no page asks. */
  readonly background: boolean;
  /** From when on it may be asked for the first time, in milliseconds since 1970. */
  readonly firstDueAt: number;
  /** Didit's word, or `declined` after a refusal: what its page may hear. */
  status: string;
  /** When that changed, in milliseconds since 1970; at first, when the session was created. */
  changedAt: number;
  /** How often Didit was asked for it. */
  asks: number;
  /** When Didit was last asked, in milliseconds since 1970. */
  askedAt: number;
  /** When a page last asked, in milliseconds since 1970. */
  watchedAt: number;
  /** Didit says that it is decided, and the decision has not been taken up yet. */
  decisionDue: boolean;
  /** The final stage that `onDecision` was last asked about. */
  decided: Stage | null;
  /** Nothing changes any more. */
  over: boolean;
  /** What went wrong the last time, or null. */
  failure: Error | null;
  /** How often in a row. */
  failures: number;
  /** When it is asked for again after a failure, in milliseconds since 1970. */
  retryAt: number;
}

/** What of a session is known at first; the rest begins empty. */
export type FirstFacts = Pick<
  TrackedSession,
  keyof SessionFacts | 'background' | 'firstDueAt' | 'status'
>;

export function trackedSession(facts: FirstFacts): TrackedSession {
  return {
    ...facts,
    changedAt: facts.createdAt,
    ...{ asks: 0, askedAt: -Infinity, watchedAt: -Infinity },
    ...{ decisionDue: false, decided: null, over: false },
    ...{ failure: null, failures: 0, retryAt: -Infinity },
  };
}
