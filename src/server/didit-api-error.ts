/**
 * Why a call to Didit failed.
 *
 * | reason | what happened |
 * | --- | --- |
 * | `refused` | it answered 4xx (but 429): wrong credentials, no balance, wrong data, no such session |
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

interface FailureFacts {
  readonly status?: number;
  readonly detail?: string;
  readonly retryAfter?: number;
}

/** A call to Didit that failed. No secret or token of the site's is in it. */
export class DiditApiError extends Error {
  /** Tells it from other errors also where its class is that of another copy. */
  override name = 'DiditApiError';
  /** Why the call failed. */
  readonly reason: UpstreamFailure;
  /** HTTP status of Didit's answer, where there was one. */
  readonly status: number | undefined;
  /**
   * Didit's own text, at most 300 characters, or what was wrong with its answer. For developers: it
   * may quote what was sent, so it belongs neither on a page nor into a log that others read.
   */
  readonly detail: string | undefined;
  /** Seconds after which Didit wants to be asked again, from the `Retry-After` of a 429. */
  readonly retryAfter: number | undefined;

  /** For a site's own tests; else the server part makes them. */
  constructor(reason: UpstreamFailure, { status, detail, retryAfter }: FailureFacts = {}) {
    super(`Didit: ${reason}${status === undefined ? '' : ` (HTTP ${status})`}`);
    this.reason = reason;
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

/** For an answer that cannot be used; `detail` must not quote it, since it may carry a token. */
export function invalidAnswer(status: number, detail: string): DiditApiError {
  return new DiditApiError('invalid-answer', { status, detail });
}
