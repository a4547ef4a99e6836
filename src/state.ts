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
export interface ReadyState {
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

export const INITIAL_STATE: VerifyState = { name: 'idle', waiting: false };

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
