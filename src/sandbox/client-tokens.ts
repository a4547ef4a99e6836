import { BoundedMap } from '../server/bounded-map.js';
import type { Call } from './api.js';
import { Refusal } from './refusal.js';
import type { Settings } from './sandbox-options.js';
import { randomToken } from './sandbox-session.js';

/** The client tokens of the data transfer. */
export class ClientTokens {
  #settings: Settings;
  /** When each ends, in milliseconds since 1970. */
  #ends = new BoundedMap<number>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Answers a request for one. */
  async issue({ request, url }: Call): Promise<Response> {
    const { clientId, tokenLifetime, now, log } = this.#settings;
    await this.#check(request);
    const at = now();
    const iat = Math.floor(at / 1000);
    const token = randomToken(48);
    this.#ends.add(token, at + tokenLifetime * 1000);
    log({ type: 'token.issued', at });
    return Response.json({
      iss: url.origin,
      iat,
      sub: clientId,
      client_id: clientId,
      organization_id: 'sandbox',
      expires_in: tokenLifetime,
      exp: iat + tokenLifetime,
      access_token: token,
    });
  }

  /** Whether a request has one that is still good. */
  isIn({ headers }: Request): boolean {
    const token = /^Bearer +(\S+)$/i.exec(headers.get('Authorization') ?? '')?.[1];
    return token !== undefined && (this.#ends.get(token) ?? 0) > this.#settings.now();
  }

  async #check(request: Request): Promise<void> {
    const { clientId, clientSecret } = this.#settings;
    const contentType = request.headers.get('Content-Type') ?? '';
    if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)) {
      throw new Refusal(415, 'Send application/x-www-form-urlencoded.');
    }
    if (basicCredentials(request) !== `${clientId}:${clientSecret}`) {
      throw new Refusal(401, 'Wrong client credentials.', { 'WWW-Authenticate': 'Basic' });
    }
    const form = new URLSearchParams(await request.text());
    if (form.get('grant_type') !== 'client_credentials') {
      throw new Refusal(400, 'grant_type must be client_credentials.');
    }
  }
}

/** `id:secret` (RFC 7617), or null for whatever is not that. */
function basicCredentials(request: Request): string | null {
  const encoded = /^Basic +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  try {
    const bytes = Uint8Array.from(atob(encoded ?? ''), (byte) => byte.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
