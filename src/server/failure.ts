import { Refusal, retryAfter, upstreamRefusal } from './answers.js';
import { DiditApiError } from './didit-api-error.js';
import { HookError, nameOf } from './hooks.js';
import type { Incident } from './log.js';

/** Between the first two tries after a failure; doubled from one to the next. */
const RETRY_MS = { upstream: 2000, hook: 5000 };
const MAX_RETRY_MS = 30_000;

/** Where Didit limits the rate: if it does not say for how long, and at the most. */
export const RATE_LIMITED_S = 10;
const MAX_PAUSE_MS = 5 * 60_000;

/** What went wrong the last time that Didit was asked for a session. */
export interface Failure {
  readonly error: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How long to wait before it is asked for again, in milliseconds. */
  readonly waitMs: number;
  /** How often in a row. */
  readonly count: number;
}

/** One more failure, after that one or none. */
export function failureAfter(last: Failure | null, error: unknown, at: number): Failure {
  const count = last?.count ?? 0;
  const first = error instanceof HookError ? RETRY_MS.hook : RETRY_MS.upstream;
  const ownMs = Math.min(first * 2 ** count, MAX_RETRY_MS);
  const waitMs = isRateLimited(error) ? Math.max(pauseAfter(error), ownMs) : ownMs;
  return { error, at, waitMs, count: count + 1 };
}

/** What a page is told of it. */
export function refusalOf({ error, at, waitMs }: Failure, now: number): Refusal {
  const seconds = Math.max(0, at + waitMs - now) / 1000;
  if (error instanceof HookError) return new Refusal('decision-failed', retryAfter(seconds));
  if (error instanceof DiditApiError) return upstreamRefusal(error, seconds);
  return new Refusal('internal');
}

/** What the log is told of it. */
export function incidentOf(error: unknown, sessionId: string): Incident {
  if (error instanceof HookError) {
    return { type: 'decision.failed', sessionId, reason: error.reason };
  }
  if (error instanceof DiditApiError) {
    const { reason, status } = error;
    return { type: 'upstream.failed', reason, status, sessionId };
  }
  return { type: 'internal.failed', reason: nameOf(error) };
}

export function isRateLimited(error: unknown): error is DiditApiError {
  return error instanceof DiditApiError && error.reason === 'rate-limited';
}

/** For how long nothing is to be asked then, in milliseconds. */
export function pauseAfter({ retryAfter = RATE_LIMITED_S }: DiditApiError): number {
  return Math.min(retryAfter * 1000, MAX_PAUSE_MS);
}

/** Whether Didit knows of no such session any more. */
export function isGone(failure: Failure | null): boolean {
  return failure?.error instanceof DiditApiError && failure.error.status === 404;
}
