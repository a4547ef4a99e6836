import { canonicalForms, canonicalJson } from './canonical-json.js';
import { fromHex, toHex } from './hex.js';

/** What of a webhook is vouched for: all of it, or the four fields that the simple one is over. */
export type Trust = 'full' | 'simple';

/** The fields that `X-Signature-Simple` is over, as they are in the body. */
export interface SimpleFields {
  readonly timestamp?: unknown;
  readonly session_id?: unknown;
  readonly status?: unknown;
  readonly webhook_type?: unknown;
}

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/**
 * Checks the signatures of Didit's webhooks (Didit documentation, Webhooks), each by HMAC-SHA-256,
 * in hexadecimal: `X-Signature` over the body as it came, `X-Signature-V2` over its canonical form,
 * `X-Signature-Simple` over four of its fields. Any secret may have made them.
 */
export class WebhookSignature {
  #secrets: readonly string[];
  #keys: CryptoKey[] = [];

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /** What the headers vouch for, or null for nothing. */
  async check(headers: Headers, bytes: Uint8Array<ArrayBuffer>): Promise<Trust | null> {
    if (await this.#isSigned(headers.get('X-Signature'), () => [bytes])) return 'full';
    if (await this.#isSigned(headers.get('X-Signature-V2'), () => canonicalFormsOf(bytes))) {
      return 'full';
    }
    const isSimple = await this.#isSigned(headers.get('X-Signature-Simple'), () =>
      simpleFormOf(bytes),
    );
    return isSimple ? 'simple' : null;
  }

  /** Nothing is reckoned for a signature that cannot be one. */
  async #isSigned(
    signature: string | null,
    messages: () => Uint8Array<ArrayBuffer>[],
  ): Promise<boolean> {
    const bytes = fromHex(signature ?? '', 32);
    if (!bytes) return false;
    for (const message of messages()) {
      for (const index of this.#secrets.keys()) {
        const key = await this.#key(index);
        // The platform compares in constant time (Web Cryptography, 31.6.2).
        if (await crypto.subtle.verify('HMAC', key, bytes, message)) return true;
      }
    }
    return false;
  }

  /** The keys are kept, not the promises of them: those belong to a request on some platforms. */
  async #key(index: number): Promise<CryptoKey> {
    return (this.#keys[index] ??= await importKey(this.#secrets[index]!, 'verify'));
  }
}

/**
 * The three signatures of a body, for headers of a webhook.
 *
 * @throws SyntaxError for a body that is no JSON.
 */
export async function signatureHeaders(
  body: string,
  secret: string,
): Promise<Record<string, string>> {
  const key = await importKey(secret, 'sign');
  const sign = async (message: Uint8Array<ArrayBuffer>) =>
    toHex(await crypto.subtle.sign('HMAC', key, message));
  return {
    'X-Signature': await sign(encode(body)),
    'X-Signature-V2': await sign(encode(canonicalJson(body, 'ascii'))),
    'X-Signature-Simple': await sign(simpleForm(body)),
  };
}

/**
 * Sources differ in how characters beyond ASCII are written, so both ways are taken. None for what is
 * no UTF-8, or no JSON.
 */
function canonicalFormsOf(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  try {
    return canonicalForms(textOf(bytes)).map(encode);
  } catch {
    return [];
  }
}

function simpleFormOf(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  try {
    return [simpleForm(textOf(bytes))];
  } catch {
    return [];
  }
}

function simpleForm(body: string): Uint8Array<ArrayBuffer> {
  const { timestamp, session_id, status, webhook_type } = JSON.parse(body) as SimpleFields;
  const fields = [timestamp, session_id, status, webhook_type];
  return encode(fields.map(plain).join(':'));
}

function plain(field: unknown): string {
  return typeof field === 'string' || typeof field === 'number' ? String(field) : '';
}

function importKey(secret: string, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', encode(secret), HMAC, false, [usage]);
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** @throws TypeError for what is no UTF-8. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
