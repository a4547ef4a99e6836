/**
 * Every code that an `error` event or the `error` property can carry. The codes are stable: they
 * change only with a new major version.
 *
 * | code | what happened |
 * | --- | --- |
 * | `resolver-missing` | started with neither `resolver-url` nor `resolver` |
 * | `resolver-unreachable` | no answer: network, CORS, or a `resolver-url` that is not an HTTP URL |
 * | `resolver-timeout` | no complete answer within `timeout` |
 * | `resolver-rejected` | the endpoint answered 4xx (but 429) |
 * | `resolver-failed` | the endpoint answered 5xx, or the `resolver` or `headers` function threw |
 * | `rate-limited` | the endpoint answered 429 |
 * | `invalid-response` | the answer is not a session: HTML, broken JSON, no `session_id`, no `url` |
 * | `unsafe-url` | the answer's `url` is not on `allowed-hosts`, or its `status_url` is on another origin |
 * | `status-unavailable` | the status cannot be asked for at the moment; the code stays on show |
 * | `qr-failed` | the QR code could not be drawn, or what draws it could not be loaded |
 */
export type VerifyErrorCode =
  | 'resolver-missing'
  | 'resolver-unreachable'
  | 'resolver-timeout'
  | 'resolver-rejected'
  | 'resolver-failed'
  | 'rate-limited'
  | 'invalid-response'
  | 'unsafe-url'
  | 'status-unavailable'
  | 'qr-failed';

/** What went wrong, as told by the `error` event (its `detail`) and the `error` property. */
export interface VerifyErrorDetail {
  /** The stable code to branch on. */
  readonly code: VerifyErrorCode;
  /** An English sentence for the developer's log; people are shown `strings[code]` instead. */
  readonly message: string;
  /** Whether asking again, with nothing changed, may help. */
  readonly retryable: boolean;
  /** Seconds to wait before asking again, where the endpoint sent `Retry-After`. */
  readonly retryAfter?: number;
  /** HTTP status of the endpoint's answer, where there was one. */
  readonly httpStatus?: number;
  /** What was thrown underneath, for example by `fetch` or by the `resolver` function. */
  readonly cause?: unknown;
}

type ErrorExtras = Partial<Omit<VerifyErrorDetail, 'code' | 'message'>>;

const RETRYABLE: ReadonlySet<VerifyErrorCode> = new Set([
  'resolver-unreachable',
  'resolver-timeout',
  'resolver-failed',
  'rate-limited',
  'status-unavailable',
]);

const MARK = Symbol.for('didit-verify error');

/** Carries a {@link VerifyErrorDetail} from the place of failure to the element's `error` event. */
export class VerifyError extends Error {
  readonly [MARK] = true;
  readonly detail: VerifyErrorDetail;

  /** Whatever copy of this module it is of: the split build has one in each of its files. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Boolean((value as Partial<VerifyError> | null | undefined)?.[MARK]);
  }

  constructor(code: VerifyErrorCode, message: string, extras?: ErrorExtras) {
    super(message);
    this.detail = { code, message, retryable: RETRYABLE.has(code), ...extras };
  }
}

/** Whatever was thrown, as an error of ours; what is not says nothing but `code`. */
export function verifyErrorOf(cause: unknown, code: VerifyErrorCode, message: string): VerifyError {
  return cause instanceof VerifyError ? cause : new VerifyError(code, message, { cause });
}

/** The same, of which the detail is wanted alone. */
export function detailOf(
  error: unknown,
  code: VerifyErrorCode,
  message: string,
): VerifyErrorDetail {
  return verifyErrorOf(error, code, message).detail;
}
