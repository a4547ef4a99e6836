import type { VerifyErrorDetail } from './errors.js';
import type { PublicSession } from './session.js';
import { sessionEvents } from './session-parts.js';
import type { Action, FinalName, SessionReason, StateName, VerifyState } from './state.js';

/** `detail` of `session-created`. */
export interface SessionCreatedDetail extends PublicSession {
  /** Why this session was asked for. */
  readonly reason: SessionReason;
}

/** `detail` of `status-changed`. */
export interface StatusChangedDetail {
  /** Didit's id of the session. */
  readonly sessionId: string;
  /** The element's state now. */
  readonly state: StateName;
  /** The element's state before; the same where only Didit's word is another. */
  readonly previousState: StateName;
  /** Didit's own word, as the backend told it, or null where it has told none. */
  readonly status: string | null;
}

/** `detail` of `session-completed`. */
export interface SessionCompletedDetail {
  /** Didit's id of the session. */
  readonly sessionId: string;
  /** How it ended for the page. Your backend has the decision: this is a hint. */
  readonly state: FinalName;
  /** Didit's own word, or null for a session that `cancel()` ended before any was told. */
  readonly status: string | null;
}

/** `detail` of `session-expired`. */
export interface SessionExpiredDetail {
  /** Didit's id of the session. */
  readonly sessionId: string;
  /** Whether a new session takes its place by itself. */
  readonly willRefresh: boolean;
}

/** The element's events by name, for a typed `addEventListener`. */
export interface DiditVerifyEventMap {
  /** A session is there, its code is about to be shown. Bubbles, also out of shadow roots. */
  'session-created': CustomEvent<SessionCreatedDetail>;
  /** State or status changed while there is a session. Bubbles, also out of shadow roots. */
  'status-changed': CustomEvent<StatusChangedDetail>;
  /** Approved, declined, in review or cancelled; once. Bubbles, also out of shadow roots. */
  'session-completed': CustomEvent<SessionCompletedDetail>;
  /** The session's time is over, and it is not finished. Bubbles, also out of shadow roots. */
  'session-expired': CustomEvent<SessionExpiredDetail>;
  /** No session could be had, or its status not be asked for. Does not bubble. */
  error: CustomEvent<VerifyErrorDetail>;
  /** The form value changed. Bubbles, as the platform's. */
  change: Event;
  /** The dialog was closed. Does not bubble, as the platform's. */
  close: Event;
}

/** The events that tell of a transition, in their order. */
export function eventsOf(state: VerifyState, previous: VerifyState, action: Action): Event[] {
  if (action.type === 'reject') return [errorEvent(action.error)];
  return 'session' in state ? sessionEvents(state, previous, action) : [];
}

/** For a failure: not bubbling, since that would set off the page's global error handlers. */
export function errorEvent(detail: VerifyErrorDetail): Event {
  return new CustomEvent('error', { detail });
}
