import { callDidit, type Upstream } from './call-didit.js';
import type { ClientCredentials } from './credentials.js';
import { invalidAnswer } from './didit-api-error.js';
import { SharedTasks } from './shared-tasks.js';

/** Where the answer tells no lifetime. */
const DEFAULT_LIFETIME_S = 5 * 60;
const MAX_MARGIN_S = 60;

/** A token that is refused although it is this new means that something else is wrong. */
const RENEWAL_PAUSE_MS = 10_000;

/** A client token as Didit gave it. */
export interface Token {
  readonly value: string;
  /** From when on it is not used any more, in milliseconds since 1970. */
  readonly renewAt: number;
}

/**
 * Didit's client token (Didit documentation, Data transfer: client credentials). It is kept until
 * shortly before it ends, and asked for once however many wait for it; a failure is not kept.
 */
export class AccessToken {
  #upstream: Upstream;
  #credentials: ClientCredentials;
  #tasks = new SharedTasks<Token>();
  #current?: Token;
  #renewedAt = -Infinity;

  constructor(upstream: Upstream, credentials: ClientCredentials) {
    this.#upstream = upstream;
    this.#credentials = credentials;
  }

  /** @throws DiditApiError */
  async get(): Promise<Token> {
    if (this.#current && this.#upstream.now() < this.#current.renewAt) return this.#current;
    return this.#tasks.run('token', () => this.#request());
  }

  /**
   * A token in place of one that Didit refused: the one somebody else already got, or a new one. The
   * refused one itself where that was renewed a moment ago, as another would be refused as well.
   *
   * @throws DiditApiError
   */
  async renew(refused: Token): Promise<Token> {
    if (this.#current === refused) {
      const now = this.#upstream.now();
      if (Math.abs(now - this.#renewedAt) < RENEWAL_PAUSE_MS) return refused;
      this.#renewedAt = now;
      this.#current = undefined;
    }
    return this.get();
  }

  async #request(): Promise<Token> {
    const askedAt = this.#upstream.now();
    const basic = base64(`${this.#credentials.clientId}:${this.#credentials.clientSecret}`);
    const answer = await callDidit(this.#upstream, {
      method: 'POST',
      path: '/auth/v2/token/',
      headers: {
        Authorization: `Basic ${basic}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      expects: [200],
      secrets: [basic],
    });
    const value = answer.access_token;
    // It goes into a header, where `fetch` would throw on anything else.
    if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
      throw invalidAnswer(200, 'access_token is missing or not a token');
    }
    const lifetime = lifetimeOf(answer);
    const margin = Math.min(MAX_MARGIN_S, lifetime / 10);
    this.#current = { value, renewAt: askedAt + (lifetime - margin) * 1000 };
    return this.#current;
  }
}

/** Seconds. */
function lifetimeOf({ expires_in, exp, iat }: Record<string, unknown>): number {
  return [expires_in, Number(exp) - Number(iat)].find(isLifetime) ?? DEFAULT_LIFETIME_S;
}

function isLifetime(seconds: unknown): seconds is number {
  return Number.isFinite(seconds) && (seconds as number) > 0;
}

/** Of the text's UTF-8: `btoa` itself takes Latin-1 alone. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
