/** What each error code says to a developer; pages show their own words, by code. */
const MESSAGES = {
  unauthorized: 'Sign in first.',
  forbidden: 'Requests from this origin are not accepted.',
  'bad-request': 'The request is not understood.',
  'unsupported-media-type': 'Content-Type must be application/json.',
  'too-large': 'The request body is too large.',
  'method-not-allowed': 'This method is not supported here.',
  'upstream-refused': 'The verification service did not give a session.',
  'upstream-busy': 'The verification service is not available at the moment.',
  'upstream-timeout': 'The verification service did not answer in time.',
  internal: 'Something went wrong on the server.',
} as const;

const STATUSES: Readonly<Record<ErrorCode, number>> = {
  unauthorized: 401,
  forbidden: 403,
  'bad-request': 400,
  'unsupported-media-type': 415,
  'too-large': 413,
  'method-not-allowed': 405,
  'upstream-refused': 502,
  'upstream-busy': 502,
  'upstream-timeout': 504,
  internal: 500,
};

/** Codes of error answers; stable, they change only with a new major version. */
export type ErrorCode = keyof typeof MESSAGES;

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
  /** Sent as JSON; none for an empty answer. */
  readonly body?: object;
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

/** The answer as it is sent, `cors` included; nothing of it may be stored, guessed at or leaked. */
export function toResponse(answer: Answer, cors: Readonly<Record<string, string>>): Response {
  const { status, body, headers } = answer;
  return new Response(body ? JSON.stringify(body) : null, {
    status,
    headers: {
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      Vary: 'Origin',
      ...cors,
      ...headers,
    },
  });
}
