import type { VerifyErrorDetail } from './errors.js';
import type { QrCode } from './qr.js';
import type { Session } from './session.js';

/**
 * Why a session was asked for: `initial` (the first one), `change` (an attribute changed), `retry`
 * (again after an error), `restart` (anew by a person's action or `restart()`), `refresh` (the old
 * one was about to end), `resume` (the unfinished one of before a reload).
 */
export type SessionReason = 'initial' | 'change' | 'retry' | 'restart' | 'refresh' | 'resume';

/** Where the element stands. Only one of these is true at a time. */
export type VerifyState =
  /** Nothing asked for; `waiting`: a start is kept until the page or the place becomes visible. */
  | { readonly name: 'idle'; readonly waiting: boolean }
  | { readonly name: 'loading'; readonly reason: SessionReason }
  | {
      readonly name: 'ready';
      readonly reason: SessionReason;
      readonly session: Session;
      readonly qr: QrCode;
    }
  | { readonly name: 'cancelled'; readonly session: Session }
  | { readonly name: 'error'; readonly error: VerifyErrorDetail };

/** Names of the states, also offered to style sheets as `:state(name)`. */
export type StateName = VerifyState['name'];

/** What can happen to a state. */
export type Action =
  | { readonly type: 'wait' }
  | { readonly type: 'load'; readonly reason: SessionReason }
  | { readonly type: 'resolve'; readonly session: Session; readonly qr: QrCode }
  | { readonly type: 'reject'; readonly error: VerifyErrorDetail }
  | { readonly type: 'cancel' }
  | { readonly type: 'clear' };

export const INITIAL_STATE: VerifyState = { name: 'idle', waiting: false };

/**
 * The next state. Pure and total: every action is defined in every state, and one that means
 * nothing there gives the same object back.
 */
export function transition(state: VerifyState, action: Action): VerifyState {
  switch (action.type) {
    case 'wait':
      return { name: 'idle', waiting: true };
    case 'load':
      return { name: 'loading', reason: action.reason };
    case 'resolve':
      return state.name === 'loading'
        ? { name: 'ready', reason: state.reason, session: action.session, qr: action.qr }
        : state;
    case 'reject':
      return state.name === 'loading' ? { name: 'error', error: action.error } : state;
    case 'cancel':
      return cancel(state);
    case 'clear':
      return INITIAL_STATE;
    default:
      return action satisfies never;
  }
}

function cancel(state: VerifyState): VerifyState {
  switch (state.name) {
    case 'idle':
    case 'loading':
      return INITIAL_STATE;
    case 'ready':
      return { name: 'cancelled', session: state.session };
    case 'cancelled':
    case 'error':
      return state;
    default:
      return state satisfies never;
  }
}
