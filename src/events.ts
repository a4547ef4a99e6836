import type { VerifyErrorDetail } from './errors.js';
import type { PublicSession } from './session.js';
import type { SessionReason } from './state.js';

/** `detail` of `session-created`. */
export interface SessionCreatedDetail extends PublicSession {
  /** Why this session was asked for. */
  readonly reason: SessionReason;
}

/** The element's events by name, for a typed `addEventListener`. */
export interface DiditVerifyEventMap {
  /** A session is there, its code is about to be shown. Bubbles, also out of shadow roots. */
  'session-created': CustomEvent<SessionCreatedDetail>;
  /** No session could be had, after the last retry. Does not bubble. */
  error: CustomEvent<VerifyErrorDetail>;
}
