import type { SessionFacts } from './handle.js';
import type { DecidedStage } from './decision.js';
import type { Failure } from './failure.js';
import type { HeardEvents } from './webhook-event.js';

/** A session that this process knows, with what it last heard of it. */
export interface TrackedSession extends Pick<SessionFacts, 'sessionId' | 'createdAt'> {
  sessionToken: string | undefined;
  /** Undefined where it is not known whose it is: nobody has shown a handle of it yet. */
  vendorData: string | null | undefined;
  /** Whether it is asked for although no page asks. */
  background: boolean;
  /** How long after its creation it is asked for the first time, in milliseconds. */
  readonly firstWaitMs: number;
  /** Until when its handles are taken, in milliseconds since 1970. */
  expiresAt: number;
  /** Didit's word, or `declined` after a refusal: what its page may hear. */
  status: string;
  /** When that changed, in milliseconds since 1970; at first, when the session was created. */
  changedAt: number;
  /** What time Didit's word is of, in milliseconds since 1970: of the call, or the webhook; 0 if none. */
  asOf: number;
  /** When Didit was last asked, in milliseconds since 1970; null if never. */
  askedAt: number | null;
  /** When it was last looked for in the store that instances share, in milliseconds since 1970. */
  lookedAt: number;
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
  webhooks: HeardEvents;
  /** Something of it has not been told to the other instances yet. */
  unshared: boolean;
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
    asOf: 0,
    askedAt: null,
    lookedAt: -Infinity,
    watchedAt: -Infinity,
    urgent: false,
    decisionDue: false,
    decided: null,
    over: false,
    failure: null,
    webhooks: { at: 0, keys: [] },
    unshared: false,
    listeners: null,
  };
}
