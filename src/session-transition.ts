import { isPlainlyExpired, isUnopened, stageOf, type Stage } from './didit-status.js';
import type { LiveSession } from './live-session.js';
import {
  endsByClock,
  isOver,
  isReplacing,
  type Action,
  type FinalName,
  type ReadyState,
  type VerifyState,
} from './state.js';

/** What happens to a session only. */
type SessionAction = Exclude<Action, { type: 'wait' | 'load' | 'reject' | 'clear' }>;

type StatusAction = Extract<Action, { type: 'status' }>;

/** The next state, by what happens to a session; see `transition()`. */
export function sessionTransition(state: VerifyState, action: SessionAction): VerifyState {
  switch (action.type) {
    case 'resolve':
      return state.name === 'loading' ? ready(action.session) : state;
    case 'status':
      return hear(state, action);
    case 'overdue':
      return endsByClock(state) && !state.overdue ? { ...state, overdue: true } : state;
    case 'expire':
      return endsByClock(state) ? expired(state.session, false, action.refreshing) : state;
    case 'replace':
      return replace(state, action.session);
    case 'refresh-failed':
      return stopRefreshing(state);
    case 'show-code':
      return 'codeShown' in state && !state.codeShown ? { ...state, codeShown: true } : state;
    case 'cancel':
      return cancel(state);
  }
}

/** Whether the phone has taken the session up, or is done with it. */
function hasBegun(stage: Stage | null): stage is 'in-progress' | FinalName {
  return stage !== null && stage !== 'ready' && stage !== 'expired';
}

/** Its status is told by an action of its own, as any further one. */
function ready(answer: LiveSession, codeShown = false, status: string | null = null): ReadyState {
  const session = { ...answer, status };
  return { name: 'ready', session, opened: false, codeShown, overdue: false };
}

function expired(session: LiveSession, final: boolean, refreshing: boolean): VerifyState {
  return { name: 'expired', session, final, refreshing };
}

function hear(state: VerifyState, action: StatusAction): VerifyState {
  if (isOver(state)) return state;
  if ('session' in state && state.session.sessionId === action.session.sessionId) {
    return advance(state as OpenState, action);
  }
  // An earlier session, replaced by a new one that nobody has taken up: the person is faster.
  const replaceable = endsByClock(state) || state.name === 'expired' || isReplacing(state);
  const stage = stageOf(action.status);
  if (!replaceable || !hasBegun(stage)) return state;
  return begun(stage, { ...action.session, status: action.status });
}

type OpenState = Extract<VerifyState, { name: 'ready' | 'in-progress' | 'expired' }>;

function advance(state: OpenState, { status, refreshing }: StatusAction): VerifyState {
  if (status === state.session.status) return state;
  const session = { ...state.session, status };
  const stage = stageOf(status);
  switch (stage) {
    case null:
      return { ...state, session };
    case 'ready':
      return backToReady(state, session);
    case 'expired':
      return expired(session, true, refreshing && isNeverOpened(state, status));
    case 'in-progress':
      return state.name === 'in-progress' ? { ...state, session } : begun(stage, session);
    default:
      return begun(stage, session);
  }
}

/** Once it has been opened only `Resubmitted` leads back; any other such word is a late one. */
function backToReady(state: OpenState, session: LiveSession): VerifyState {
  if (!isUnopened(session.status!))
    return { ...ready(session, false, session.status), opened: true };
  return endsByClock(state) ? { ...state, session } : state;
}

function isNeverOpened(state: OpenState, status: string): boolean {
  return (endsByClock(state) || state.name === 'expired') && isPlainlyExpired(status);
}

function begun(stage: 'in-progress' | FinalName, session: LiveSession): VerifyState {
  if (stage === 'in-progress') return { name: stage, session, codeShown: false };
  return { name: stage, session };
}

/** A session that is answered twice is the same one, with its later end. */
function replace(state: VerifyState, session: LiveSession): VerifyState {
  const replaceable = endsByClock(state) || state.name === 'expired';
  if (!replaceable) return state;
  const { name, session: old } = state;
  const codeShown = name === 'ready' && state.codeShown;
  if (old.sessionId !== session.sessionId) return ready(session, codeShown);
  if (name === 'expired' && state.final) return stopRefreshing(state);
  return ready(session, codeShown, old.status);
}

function stopRefreshing(state: VerifyState): VerifyState {
  return state.name === 'expired' && state.refreshing ? { ...state, refreshing: false } : state;
}

function cancel(state: VerifyState): VerifyState {
  switch (state.name) {
    case 'ready':
    case 'in-progress':
      return { name: 'cancelled', session: state.session };
    case 'expired':
      return state.final ? stopRefreshing(state) : expired(state.session, true, false);
    default:
      return state;
  }
}
