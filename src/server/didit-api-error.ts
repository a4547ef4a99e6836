/**
 * Why Didit gave nothing.
 *
 * | reason | what happened |
 * | --- | --- |
 * | `refused` | it answered 4xx (but 429): wrong credentials, no balance, wrong data |
 * | `rate-limited` | it answered 429 |
 * | `failed` | it answered 5xx |
 * | `timeout` | no complete answer within 8 seconds |
 * | `unreachable` | no connection, or a broken one |
 * | `redirected` | it answered with a redirect; followed, that would lose the authorization |
 * | `invalid-answer` | another status than documented, no JSON, or members missing or wrong |
 * | `sandbox-in-production` | the sandbox answered, and `NODE_ENV` is `production` |
 */
export type UpstreamFailure =
  | 'refused'
  | 'rate-limited'
  | 'failed'
  | 'timeout'
  | 'unreachable'
  | 'redirected'
  | 'invalid-answer'
  | 'sandbox-in-production';

/** What can be told of a failed call. */
export interface FailureFacts {
  /** HTTP status of Didit's answer, where there was one. */
  readonly status?: number;
  /** Didit's own text, or what was wrong with it; nothing secret or personal in it. */
  readonly detail?: string;
  /** Didit's `Retry-After`: seconds, or an HTTP date. */
  readonly retryAfter?: string;
}

/** A call to Didit that failed; all it holds is fit for the log. */
export class DiditApiError extends Error {
  readonly reason: UpstreamFailure;
  readonly facts: FailureFacts;

  constructor(reason: UpstreamFailure, facts: FailureFacts = {}) {
    super(`Didit: ${reason}`);
    this.reason = reason;
    this.facts = facts;
  }
}

/** For an answer that cannot be used; `detail` must not quote it, since it may carry a token. */
export function invalidAnswer(status: number, detail: string): DiditApiError {
  return new DiditApiError('invalid-answer', { status, detail });
}
