import type { VerifyErrorDetail } from './errors.js';
import type { LiveSession } from './live-session.js';
import type { PublicSession } from './session.js';
import {
  isFinalName,
  type Action,
  type FinalName,
  type SessionReason,
  type StateName,
  type VerifyState,
} from './state.js';

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
  if (!('session' in state)) return [];
  const { sessionId } = state.session;
  if (action.type === 'resolve') return [created(state.session, action.reason)];
  if (action.type === 'replace' && 'session' in previous) {
    const { sessionId: replaced } = previous.session;
    const told = previous.name === 'expired' ? [] : [expired(replaced, true)];
    if (replaced !== sessionId) return [...told, created(state.session, 'refresh')];
  }
  const isNewState = state.name !== previous.name;
  return [
    ...(isNewState || isNewWord(state, previous) ? [changed(state, previous.name)] : []),
    ...(isNewState && state.name === 'expired' ? [expired(sessionId, state.refreshing)] : []),
    ...(isNewState && isFinalName(state.name) ? [completed(state.session, state.name)] : []),
  ];
}

/** For a failure: not bubbling, since that would set off the page's global error handlers. */
export function errorEvent(detail: VerifyErrorDetail): Event {
  return new CustomEvent('error', { detail });
}

type StateWithSession = Extract<VerifyState, { session: unknown }>;

function isNewWord(state: StateWithSession, previous: VerifyState): boolean {
  return 'session' in previous && state.session.status !== previous.session.status;
}

function created(session: PublicSession, reason: SessionReason): Event {
  return composed('session-created', { ...publicSession(session), reason });
}

function changed({ name: state, session }: StateWithSession, previousState: StateName): Event {
  const { sessionId, status } = session;
  return composed('status-changed', { sessionId, state, previousState, status });
}

function expired(sessionId: string, willRefresh: boolean): Event {
  return composed('session-expired', { sessionId, willRefresh });
}

function completed({ sessionId, status }: LiveSession, state: FinalName): Event {
  return composed('session-completed', { sessionId, state, status });
}

type BubblingName = Exclude<keyof DiditVerifyEventMap, 'error' | 'change' | 'close'>;

function composed<Name extends BubblingName>(
  type: Name,
  detail: DiditVerifyEventMap[Name]['detail'],
): Event {
  return new CustomEvent(type, { detail, bubbles: true, composed: true });
}

/** A date can be changed: the page gets one of its own. */
export function publicSession({ sessionId, url, expiresAt }: PublicSession): PublicSession {
  return { sessionId, url, expiresAt: expiresAt && new Date(expiresAt) };
}
