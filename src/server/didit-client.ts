import { AccessToken, type Token } from './access-token.js';
import { Circuit } from './circuit.js';
import { callDidit, type DiditCall, type Upstream } from './call-didit.js';
import { checkCredentials, secretsOf, type DiditCredentials } from './credentials.js';
import { DiditApiError, invalidAnswer } from './didit-api-error.js';
import { checkApiUrl, checkFunctions, demand } from './option-checks.js';

/** Base URL of the data transfer API (Didit documentation, Data transfer). */
const DATA_TRANSFER_URL = 'https://apx.didit.me';

/** Base URL of the verification API (Didit documentation, Create session). */
const VERIFICATION_URL = 'https://verification.didit.me';

/** Where `session_token` leads if the answer has no `url` (Didit documentation, Data transfer). */
const AUTHORIZE_URL = 'https://app.didit.me/authorize/';

/** Else it would be asked what to send in place of all the rest (ECMAScript, 25.5.2.2). */
const NO_DISGUISE = { toJSON: undefined };

/** Didit's words are a few letters long, and reach the page. */
const MAX_STATUS_CHARACTERS = 64;

/** Didit's answer to "create session". */
export interface DiditSession {
  /** Didit's id of the session: letters, digits, `_` and `-`, at most 128. */
  session_id: string;
  /** What the status call of the data transfer asks for. It opens the session: keep it secret. */
  session_token?: string;
  /** The authorize URL, for the QR code and the link. Whoever has it can open the session. */
  url: string;
  /** Where the session stands; the verification API alone tells it. */
  status?: string;
  /** Whatever else Didit answered. */
  [field: string]: unknown;
}

/** Didit's decision on a session, with the person's data. */
export interface DiditDecision {
  /** The session that was asked for. */
  session_id: string;
  /** Didit's word for where the session stands. */
  status: string;
  /** The person, as the session was created with. */
  vendor_data?: string | null;
  /** Data transfer: what the person shared, by scope. */
  user_data?: Record<string, unknown>;
  /** Whatever else Didit answered; the verification API has a list for each check. */
  [field: string]: unknown;
}

/** What a session is created with. */
export interface SessionRequest {
  /** Data transfer: what to ask for, separated by spaces; without it, left to Didit. */
  readonly scope?: string;
  /** The person, as the site knows them. */
  readonly vendorData?: string;
  /**
   * Verification: further members of the request, such as `callback`, `language` and `metadata`
   * (Didit documentation, Create session).
   */
  readonly fields?: object;
}

/** Settings of {@link DiditClient}. */
export type DiditClientOptions = DiditCredentials & {
  /**
   * Didit, the sandbox or a proxy: `https:`, or `http:` on loopback. Without it, Didit's own, of
   * the API that the credentials are for.
   */
  apiUrl?: string;
  /**
   * What Didit is called by.
   *
   * @default globalThis.fetch
   */
  fetch?: typeof globalThis.fetch;
  /**
   * The clock, in milliseconds since 1970.
   *
   * @default Date.now
   */
  now?: () => number;
};

/**
 * Didit's session APIs: data transfer by client token or API key, and verification, version 3. It
 * follows no redirect, gives up after 8 seconds a call, and repeats nothing but a call whose client
 * token was refused.
 */
export class DiditClient {
  #upstream: Upstream;
  #credentials: DiditCredentials;
  /** For data transfer by client token. */
  #accessToken: AccessToken | undefined;

  /** @throws TypeError if an option is missing or wrong. */
  constructor(options: DiditClientOptions) {
    demand(Object(options) === options, 'options must be an object');
    checkFunctions(options, ['fetch', 'now']);
    const credentials = checkCredentials(options);
    const isVerification = credentials.workflowId !== undefined;
    const now = options.now ?? (() => Date.now());
    const defaultUrl = isVerification ? VERIFICATION_URL : DATA_TRANSFER_URL;
    this.#credentials = credentials;
    this.#upstream = {
      apiUrl: checkApiUrl(options.apiUrl ?? defaultUrl),
      // Looked up at each call, so that whoever replaces the platform's own later is heeded.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      now,
      circuit: new Circuit(now),
      secrets: secretsOf(credentials),
    };
    if (credentials.clientSecret !== undefined) {
      this.#accessToken = new AccessToken(this.#upstream, credentials);
    }
  }

  /**
   * Creates a session.
   *
   * @throws DiditApiError
   * @throws TypeError for `fields` that JSON has no words for.
   */
  async createSession(request: SessionRequest = {}): Promise<DiditSession> {
    const { scope, vendorData, fields } = request;
    const { workflowId } = this.#credentials;
    const answer = await this.#call({
      method: 'POST',
      path: `${this.#sessions}/`,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(
        workflowId === undefined
          ? { scope, vendor_data: vendorData }
          : { ...fields, ...NO_DISGUISE, workflow_id: workflowId, vendor_data: vendorData },
      ),
      expects: [201],
      secrets: [vendorData ?? ''],
    });
    return checkSession(answer, workflowId === undefined ? AUTHORIZE_URL : null);
  }

  /**
   * Where a session stands, in Didit's word. Data transfer wants the `session_token` for it; the
   * verification API has no such call, so there it is the decision's.
   *
   * @throws DiditApiError
   * @throws TypeError for a `sessionId` that is none, or a missing `sessionToken`.
   */
  async getStatus(sessionId: string, sessionToken?: string): Promise<{ status: string }> {
    if (this.#credentials.workflowId !== undefined) {
      const { status } = await this.getDecision(sessionId);
      return { status };
    }
    const path = this.#path(sessionId, 'status');
    demand(isToken(sessionToken), 'getStatus needs the session token');
    const answer = await this.#call({
      method: 'GET',
      path,
      headers: { 'Data-Session-Token': sessionToken },
      expects: [200],
      secrets: [sessionToken],
    });
    return { status: checkStatus(answer.status) };
  }

  /**
   * Didit's decision, with the person's data. Its `status` may be any: look at it first.
   *
   * @throws DiditApiError
   * @throws TypeError for a `sessionId` that is none.
   */
  async getDecision(sessionId: string): Promise<DiditDecision> {
    const path = this.#path(sessionId, 'decision');
    const answer = await this.#call({
      method: 'GET',
      path,
      headers: {},
      expects: [200],
      secrets: [],
    });
    if (typeof answer.session_id !== 'string') throw invalidAnswer(200, 'session_id is missing');
    checkStatus(answer.status);
    return answer as DiditDecision;
  }

  /**
   * Deletes a session and its data for good (Didit documentation, Delete session). The data
   * transfer API documents no such call.
   *
   * @throws DiditApiError
   * @throws TypeError for a `sessionId` that is none, and in data transfer.
   */
  async deleteSession(sessionId: string): Promise<void> {
    const path = this.#path(sessionId, 'delete');
    demand(
      this.#credentials.workflowId !== undefined,
      'deleteSession is part of the verification API alone',
    );
    await this.#call({ method: 'DELETE', path, headers: {}, expects: [200, 204], secrets: [] });
  }

  get #sessions(): string {
    return this.#credentials.workflowId === undefined ? '/auth/v2/session' : '/v3/session';
  }

  #path(sessionId: string, what: string): string {
    demandId(sessionId);
    return `${this.#sessions}/${sessionId}/${what}/`;
  }

  /** Sends a call with the credentials. A token that Didit no longer takes is renewed once. */
  async #call(call: DiditCall): Promise<Record<string, unknown>> {
    if (!this.#accessToken) {
      const headers = { ...call.headers, 'X-Api-Key': this.#credentials.apiKey ?? '' };
      return callDidit(this.#upstream, { ...call, headers });
    }
    const token = await this.#accessToken.get();
    try {
      return await this.#callWith(token, call);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      const renewed = await this.#accessToken.renew(token);
      if (renewed === token) throw error;
      return this.#callWith(renewed, call);
    }
  }

  #callWith({ value }: Token, call: DiditCall): Promise<Record<string, unknown>> {
    return callDidit(this.#upstream, {
      ...call,
      headers: { ...call.headers, Authorization: `Bearer ${value}` },
      secrets: [...call.secrets, value],
    });
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof DiditApiError && error.status === 401;
}

/** @throws TypeError for what is no id of a session: it goes into a path. */
export function demandId(sessionId: unknown): void {
  demand(isId(sessionId), 'sessionId must have letters, digits, _ and - alone, at most 128');
}

/** Whether it can be put into a path. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,128}$/.test(value);
}

/** Whether it can be put into a header, and into a handle that fits into a URL. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,2000}$/.test(value);
}

/** Drops what is told but cannot be used: the session is there, and must not get lost for it. */
function checkSession(answer: Record<string, unknown>, authorizeUrl: string | null): DiditSession {
  const { session_id, session_token, status, ...rest } = answer;
  if (!isId(session_id)) throw invalidAnswer(201, 'session_id is missing or not an id');
  const url = rest.url ?? builtUrl(authorizeUrl, session_token);
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw invalidAnswer(201, 'url is missing or not an HTTP URL');
  }
  return {
    ...rest,
    ...(isToken(session_token) ? { session_token } : {}),
    ...(isWord(status) ? { status } : {}),
    ...{ session_id, url },
  };
}

function builtUrl(authorizeUrl: string | null, token: unknown): string | null {
  if (authorizeUrl === null || typeof token !== 'string' || token === '') return null;
  return authorizeUrl + encodeURIComponent(token.toWellFormed());
}

function checkStatus(status: unknown): string {
  if (!isWord(status)) throw invalidAnswer(200, 'status is missing or not a word');
  return status;
}

/** Whether it can be a status: it goes into the log, too, so it is on one line. */
export function isWord(value: unknown): value is string {
  const isShort = typeof value === 'string' && value.length <= MAX_STATUS_CHARACTERS;
  return isShort && /^[^\p{Cc}\u2028\u2029]+$/u.test(value);
}
