import { isPlainlyExpired, isUnopened, stageOf, type Stage } from './didit-status.js';
import type { VerifyErrorDetail } from './errors.js';
import type { LiveSession } from './live-session.js';

/**
 * Why a session was asked for: `initial` (the first one), `change` (an attribute changed), `retry`
 * (again after an error), `restart` (anew by a person's action or `restart()`), `refresh` (the old
 * one was about to end, or has), `resume` (the unfinished one of before a reload).
 */
export type SessionReason = 'initial' | 'change' | 'retry' | 'restart' | 'refresh' | 'resume';

/** How a session can end for the page. */
export type FinalName = 'approved' | 'declined' | 'in-review' | 'cancelled';

/** Where the element stands. Only one of these is true at a time. */
export type VerifyState =
  /** Nothing asked for; `waiting`: a start is kept until the element is seen, and not disabled. */
  | { readonly name: 'idle'; readonly waiting: boolean }
  | LoadingState
  | ReadyState
  /** On the phone; `codeShown`: the person has asked for the code again. */
  | { readonly name: 'in-progress'; readonly session: LiveSession; readonly codeShown: boolean }
  | ExpiredState
  | { readonly name: FinalName; readonly session: LiveSession }
  /** `replacing`: it was to replace an ended session, which the phone may still take up. */
  | { readonly name: 'error'; readonly error: VerifyErrorDetail; readonly replacing: boolean };

/** A session is asked for; `replacing`: an ended one is still listened to. */
interface LoadingState {
  readonly name: 'loading';
  readonly reason: SessionReason;
  readonly replacing: boolean;
}

/** The code is there to be scanned. */
interface ReadyState {
  readonly name: 'ready';
  readonly session: LiveSession;
  /** The phone has had it open, and sends the person back: only a status ends it now. */
  readonly opened: boolean;
  /** The person has asked for the code where the link comes first. */
  readonly codeShown: boolean;
  /** Its end has passed unseen: no code until its status is known. */
  readonly overdue: boolean;
}

/** No code any more. */
interface ExpiredState {
  readonly name: 'expired';
  readonly session: LiveSession;
  /** By a status; the clock alone does not know whether the phone was faster. */
  readonly final: boolean;
  /** A new session is being asked for, with nobody having pressed anything. */
  readonly refreshing: boolean;
}

/** Names of the states, also offered to style sheets as `:state(name)`. */
export type StateName =
  'idle' | 'loading' | 'ready' | 'in-progress' | 'expired' | 'error' | FinalName;

/** What can happen to a state. */
export type Action =
  | { readonly type: 'wait' }
  | { readonly type: 'load'; readonly reason: SessionReason }
  | { readonly type: 'resolve'; readonly session: LiveSession; readonly reason: SessionReason }
  | { readonly type: 'reject'; readonly error: VerifyErrorDetail }
  /** Didit's word; `refreshing`: a new session follows by itself where this says that it ended. */
  | {
      readonly type: 'status';
      readonly session: LiveSession;
      readonly status: string;
      readonly refreshing: boolean;
    }
  | { readonly type: 'overdue' }
  | { readonly type: 'expire'; readonly refreshing: boolean }
  | { readonly type: 'replace'; readonly session: LiveSession }
  | { readonly type: 'refresh-failed' }
  | { readonly type: 'show-code' }
  | { readonly type: 'cancel' }
  | { readonly type: 'clear' };

type StatusAction = Extract<Action, { type: 'status' }>;

export const INITIAL_STATE: VerifyState = { name: 'idle', waiting: false };

/**
 * The next state. Pure and total: every action is defined in every state, and one that means
 * nothing there gives the same object back.
 */
export function transition(state: VerifyState, action: Action): VerifyState {
  switch (action.type) {
    case 'wait':
      return state.name === 'idle' && state.waiting ? state : { name: 'idle', waiting: true };
    case 'load':
      return load(state, action.reason);
    case 'resolve':
      return state.name === 'loading' ? ready(action.session) : state;
    case 'reject':
      return reject(state, action.error);
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
    case 'clear':
      return INITIAL_STATE;
  }
}

/** Whether the page is done with a session so. */
export function isFinalName(name: StateName): name is FinalName {
  return ['approved', 'declined', 'in-review', 'cancelled'].includes(name);
}

/** Whether it still depends on the clock: a session that the phone has opened does not. */
export function endsByClock(state: VerifyState): state is ReadyState {
  return state.name === 'ready' && !state.opened;
}

/** Whether nothing that is heard of its session can change the state any more. */
export function isOver(state: VerifyState): boolean {
  if (state.name === 'expired') return state.final;
  if (state.name === 'error') return !state.replacing;
  return state.name === 'idle' || isFinalName(state.name);
}

/** Whether an ended session is gone, but may still be taken up. */
export function isReplacing(state: VerifyState): boolean {
  return 'replacing' in state && state.replacing;
}

/** Whether the phone has taken the session up, or is done with it. */
function hasBegun(stage: Stage | null): stage is 'in-progress' | FinalName {
  return stage !== null && stage !== 'ready' && stage !== 'expired';
}

function load(state: VerifyState, reason: SessionReason): VerifyState {
  const replacing = reason === 'refresh' || (reason === 'retry' && isReplacing(state));
  return { name: 'loading', reason, replacing };
}

/** Its status is told by an action of its own, as any further one. */
function ready(answer: LiveSession, codeShown = false, status: string | null = null): ReadyState {
  const session = { ...answer, status };
  return { name: 'ready', session, opened: false, codeShown, overdue: false };
}

function reject(state: VerifyState, error: VerifyErrorDetail): VerifyState {
  if (state.name !== 'loading') return state;
  return { name: 'error', error, replacing: state.replacing };
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
    case 'idle':
    case 'loading':
      return INITIAL_STATE;
    case 'ready':
    case 'in-progress':
      return { name: 'cancelled', session: state.session };
    case 'expired':
      return state.final ? stopRefreshing(state) : expired(state.session, true, false);
    case 'error':
      return state.replacing ? { ...state, replacing: false } : state;
    case 'approved':
    case 'declined':
    case 'in-review':
    case 'cancelled':
      return state;
  }
}
