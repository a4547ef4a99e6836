import { AccessToken, type Token } from './access-token.js';
import { callDidit } from './call-didit.js';
import { DiditApiError, invalidAnswer } from './didit-api-error.js';
import type { Settings } from './options.js';

/** Where `session_token` leads if the answer has no `url` (Didit documentation, Data transfer). */
const AUTHORIZE_URL = 'https://app.didit.me/authorize/';

/** Didit's answer to "create session", without its `session_token`. */
export interface DiditSession {
  /** Didit's id of the session: letters, digits, `_` and `-`, at most 128. */
  session_id: string;
  /** The authorize URL, for the QR code and the link. Whoever has it can open the session. */
  url: string;
  /** Whatever else Didit answered. */
  [field: string]: unknown;
}

/** What a session is asked for with. */
export interface SessionRequest {
  /** Separated by spaces. */
  readonly scope: string | undefined;
  readonly vendorData: string | undefined;
}

/** Didit's data transfer API, as far as it is needed (Didit documentation, Data transfer). */
export class DiditClient {
  #settings: Settings;
  #accessToken: AccessToken;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#accessToken = new AccessToken(settings);
  }

  /**
   * Creates a session. A token that Didit no longer takes is renewed once.
   *
   * @throws DiditApiError
   */
  async createSession(request: SessionRequest): Promise<DiditSession> {
    const token = await this.#accessToken.get();
    try {
      return await this.#create(request, token);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
    }
    return this.#create(request, await this.#accessToken.renew(token));
  }

  async #create({ scope, vendorData }: SessionRequest, token: Token): Promise<DiditSession> {
    const answer = await callDidit(this.#settings, {
      path: '/auth/v2/session/',
      headers: {
        Authorization: `Bearer ${token.value}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ scope, vendor_data: vendorData }),
      expects: 201,
      secrets: [token.value, vendorData ?? ''],
    });
    return checkSession(answer);
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof DiditApiError && error.reason === 'refused' && error.facts.status === 401;
}

function checkSession({ session_token, ...fields }: Record<string, unknown>): DiditSession {
  const { session_id } = fields;
  if (typeof session_id !== 'string' || !/^[\w-]{1,128}$/.test(session_id)) {
    throw invalidAnswer(201, 'session_id is missing or not an id');
  }
  const url = fields.url ?? authorizeUrl(session_token);
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw invalidAnswer(201, 'url is missing or not an HTTP URL');
  }
  return { ...fields, session_id, url };
}

function authorizeUrl(token: unknown): string | null {
  if (typeof token !== 'string' || token === '') return null;
  return AUTHORIZE_URL + encodeURIComponent(token.toWellFormed());
}
