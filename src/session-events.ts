import type { DiditVerifyEventMap } from './events.js';
import type { LiveSession } from './live-session.js';
import { publicSession, type PublicSession } from './session.js';
import {
  isFinalName,
  type Action,
  type FinalName,
  type SessionReason,
  type StateName,
  type VerifyState,
} from './state.js';

type StateWithSession = Extract<VerifyState, { session: unknown }>;

/** The events that tell what became of a session, in their order. */
export function sessionEvents(
  state: StateWithSession,
  previous: VerifyState,
  action: Action,
): Event[] {
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
