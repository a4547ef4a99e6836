import type { VerifyErrorDetail } from './errors.js';
import { sessionTransition } from './session-parts.js';
import {
  INITIAL_STATE,
  isReplacing,
  type Action,
  type SessionReason,
  type VerifyState,
} from './state.js';

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
    case 'reject':
      return reject(state, action.error);
    case 'cancel':
      return 'session' in state ? sessionTransition(state, action) : cancel(state);
    case 'clear':
      return INITIAL_STATE;
    default:
      return sessionTransition(state, action);
  }
}

function load(state: VerifyState, reason: SessionReason): VerifyState {
  const replacing = reason === 'refresh' || (reason === 'retry' && isReplacing(state));
  return { name: 'loading', reason, replacing };
}

function reject(state: VerifyState, error: VerifyErrorDetail): VerifyState {
  if (state.name !== 'loading') return state;
  return { name: 'error', error, replacing: state.replacing };
}

/** Of a session that is not there. */
function cancel(state: VerifyState): VerifyState {
  if (state.name !== 'error') return INITIAL_STATE;
  return state.replacing ? { ...state, replacing: false } : state;
}
