import type { DiditApiError } from './didit-api-error.js';

/** What each error code says to a developer; pages show their own words, by code. */
const MESSAGES: Readonly<Record<ErrorCode, string>> = {
  unauthorized: 'The request does not prove who sends it.',
  forbidden: 'Requests from this origin are not accepted.',
  'bad-request': 'The request is not understood.',
  'unsupported-media-type': 'Content-Type must be application/json.',
  'too-large': 'The request body is too large.',
  'method-not-allowed': 'This method is not supported here.',
  'rate-limited': 'Too much was asked for. Try again later.',
  'session-not-found': 'There is no such session.',
  'upstream-refused': 'The verification service refused the request.',
  'upstream-busy': 'The verification service is not available at the moment.',
  'upstream-timeout': 'The verification service did not answer in time.',
  'decision-failed': 'The decision could not be taken up yet. It is tried again.',
  internal: 'Something went wrong on the server.',
};

const STATUSES: Readonly<Record<ErrorCode, number>> = {
  unauthorized: 401,
  forbidden: 403,
  'bad-request': 400,
  'unsupported-media-type': 415,
  'too-large': 413,
  'method-not-allowed': 405,
  'rate-limited': 429,
  'session-not-found': 404,
  'upstream-refused': 502,
  'upstream-busy': 502,
  'upstream-timeout': 504,
  'decision-failed': 503,
  internal: 500,
};

/** Codes of error answers; stable, they change only with a new major version. */
export type ErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'bad-request'
  | 'unsupported-media-type'
  | 'too-large'
  | 'method-not-allowed'
  | 'rate-limited'
  | 'session-not-found'
  | 'upstream-refused'
  | 'upstream-busy'
  | 'upstream-timeout'
  | 'decision-failed'
  | 'internal';

/** JSON of an error answer. */
export interface ErrorBody {
  /** The stable code to branch on. */
  code: ErrorCode;
  /** An English sentence from a fixed table, never somebody else's words. */
  message: string;
  /** Finds the events of `log` that belong to this answer; a UUID. */
  correlation_id: string;
}

/** What to answer, without the headers that every answer has. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON, or as it is if it is a stream; none for an empty answer. */
  readonly body?: object | ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown wherever a request ends in an error answer. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  /** HTTP status. Default: that of the code. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, headers: Readonly<Record<string, string>> = {}, status?: number) {
    super(MESSAGES[code]);
    this.code = code;
    this.status = status ?? STATUSES[code];
    this.headers = headers;
  }

  answer(correlationId: string): Answer {
    const { code, message, status, headers } = this;
    const body: ErrorBody = { code, message, correlation_id: correlationId };
    return { status, body, headers };
  }
}

/** The header that tells when to ask again. */
export function retryAfter(seconds: number): Record<string, string> {
  return { 'Retry-After': `${Math.max(1, Math.ceil(seconds))}` };
}

/** What a page is told of Didit's failure: never Didit's own words. */
export function upstreamRefusal({ reason, retryAfter: told }: DiditApiError, seconds = told) {
  switch (reason) {
    case 'rate-limited': {
      const headers = seconds === undefined ? {} : retryAfter(seconds);
      return new Refusal('upstream-busy', headers, 503);
    }
    case 'failed':
      return new Refusal('upstream-busy');
    case 'timeout':
      return new Refusal('upstream-timeout');
    case 'refused':
    case 'unreachable':
    case 'redirected':
    case 'invalid-answer':
    case 'sandbox-in-production':
      return new Refusal('upstream-refused');
    default:
      return reason satisfies never;
  }
}

/** The answer as it is sent, `cors` included; nothing of it may be stored, guessed at or leaked. */
export function toResponse(answer: Answer, cors: Readonly<Record<string, string>>): Response {
  const { status, body, headers } = answer;
  const isJson = body !== undefined && !(body instanceof ReadableStream);
  return new Response(isJson ? JSON.stringify(body) : (body ?? null), {
    status,
    headers: {
      ...(isJson ? { 'Content-Type': 'application/json' } : {}),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      Vary: 'Origin',
      ...cors,
      ...headers,
    },
  });
}
