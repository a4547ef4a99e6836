const INFO = 'didit-verify/handle/v1';
const IV_BYTES = 12;

/** Didit's ids and tokens are far shorter. */
const MAX_CHARACTERS = 4096;

/** What a handle holds: all that is needed to ask for a session, on any instance. */
export interface SessionFacts {
  readonly sessionId: string;
  /** Didit's status call of the data transfer asks for it; undefined where Didit gave none. */
  readonly sessionToken: string | undefined;
  /** Of the vendor data, or null for a `{}` user's session, which whoever has the handle may read. */
  readonly vendorHash: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** From when on the handle is not taken any more, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Seals what a page carries so that nobody can read, forge or change it (AES-GCM). */
export class HandleSeal {
  #secrets: readonly string[];
  #audience: Uint8Array<ArrayBuffer>;
  #keys: CryptoKey[] = [];

  /** `audience`: for which API and application; handles of another are not opened. */
  constructor(secrets: readonly string[], audience: string) {
    this.#secrets = secrets;
    this.#audience = new TextEncoder().encode(audience);
  }

  async seal(facts: SessionFacts): Promise<string> {
    const { sessionId, sessionToken, vendorHash, createdAt, expiresAt } = facts;
    const members = [sessionId, sessionToken ?? null, vendorHash, createdAt, expiresAt];
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = new TextEncoder().encode(JSON.stringify(members));
    const sealed = await crypto.subtle.encrypt(this.#cipher(iv), await this.#key(0), plain);
    return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
  }

  /** What is in a handle, or null for one that is broken, foreign, or sealed by another secret. */
  async open(handle: string): Promise<SessionFacts | null> {
    const bytes = fromBase64Url(handle);
    if (!bytes) return null;
    for (const index of this.#secrets.keys()) {
      const plain = await this.#decrypt(bytes, await this.#key(index));
      if (plain) return factsOf(plain);
    }
    return null;
  }

  async #decrypt(bytes: Uint8Array<ArrayBuffer>, key: CryptoKey): Promise<ArrayBuffer | null> {
    try {
      const cipher = this.#cipher(bytes.subarray(0, IV_BYTES));
      return await crypto.subtle.decrypt(cipher, key, bytes.subarray(IV_BYTES));
    } catch {
      return null;
    }
  }

  #cipher(iv: Uint8Array<ArrayBuffer>): AesGcmParams {
    return { name: 'AES-GCM', iv, additionalData: this.#audience };
  }

  /** The keys are kept, not the promises of them: those belong to a request on some platforms. */
  async #key(index: number): Promise<CryptoKey> {
    return (this.#keys[index] ??= await deriveKey(this.#secrets[index] ?? ''));
  }
}

/** HKDF (RFC 5869) by SHA-256; no salt, as the secret is to give the same key everywhere. */
async function deriveKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  const base = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(INFO);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  const aes = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(hkdf, base, aes, false, ['encrypt', 'decrypt']);
}

/** What a handle holds in place of the vendor data, which it need not give away to its holder. */
export async function hashOf(vendorData: string): Promise<string> {
  const bytes = new TextEncoder().encode(vendorData);
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Nobody else can have sealed it, so its shape is known. */
function factsOf(plain: ArrayBuffer): SessionFacts {
  const [sessionId, sessionToken, vendorHash, createdAt, expiresAt] = JSON.parse(
    new TextDecoder().decode(plain),
  ) as [string, string | null, string | null, number, number];
  return { sessionId, sessionToken: sessionToken ?? undefined, vendorHash, createdAt, expiresAt };
}

/** RFC 4648, 5, without padding. */
function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Null for anything that {@link toBase64Url} would not have written just so. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length > MAX_CHARACTERS || !/^[\w-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return toBase64Url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
