const INFO = 'didit-verify/handle/v1';
const IV_BYTES = 12;

/** Didit's ids and tokens are far shorter. */
const MAX_CHARACTERS = 4096;

/** So that what is kept in the store can be taken for no handle. */
const STORED = 'stored';

/** What a seal is bound to: for which API and application, whose, and what for. */
type Bound = readonly [audience: string, vendorData: string | null, use?: typeof STORED];

/** What a handle holds: all that is needed to ask for a session, on any instance. */
export interface SessionFacts {
  readonly sessionId: string;
  /** Didit's status call of the data transfer asks for it; undefined where Didit gave none. */
  readonly sessionToken: string | undefined;
  /** Whose it is, or null for a `{}` user's session, which whoever has the handle may read. */
  readonly vendorData: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** From when on the handle is not taken any more, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Seals what a page carries so that nobody can read, forge or change it (AES-GCM). Whose session it
 * is goes into the seal and not into the handle: for another person it does not open.
 */
export class HandleSeal {
  #secrets: readonly string[];
  #audience: string;
  #keys: CryptoKey[] = [];

  /** `audience`: for which API and application; handles of another are not opened. */
  constructor(secrets: readonly string[], audience: string) {
    this.#secrets = secrets;
    this.#audience = audience;
  }

  async seal(facts: SessionFacts): Promise<string> {
    const { sessionId, sessionToken, vendorData, createdAt, expiresAt } = facts;
    const members = [sessionId, sessionToken ?? null, createdAt, expiresAt];
    return this.#encrypt(JSON.stringify(members), [this.#audience, vendorData]);
  }

  /**
   * What is in a handle of this person's, or of nobody's; null for one that is broken, somebody
   * else's, or sealed by another secret.
   */
  async open(handle: string, person: string | undefined): Promise<SessionFacts | null> {
    if (handle.length > MAX_CHARACTERS) return null;
    for (const vendorData of person === undefined ? [null] : [person, null]) {
      const plain = await this.#decrypt(handle, [this.#audience, vendorData]);
      if (plain !== null) return { ...membersOf(plain), vendorData };
    }
    return null;
  }

  /** Seals what the site's own store is to keep for a person, or for nobody. */
  sealText(text: string, vendorData: string | null): Promise<string> {
    return this.#encrypt(text, [this.#audience, vendorData, STORED]);
  }

  /** What {@link sealText} has sealed for the same person, or null. */
  openText(sealed: string, vendorData: string | null): Promise<string | null> {
    return this.#decrypt(sealed, [this.#audience, vendorData, STORED]);
  }

  async #encrypt(plain: string, bound: Bound): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const cipher = cipherOf(iv, bound);
    const data = new TextEncoder().encode(plain);
    const sealed = await crypto.subtle.encrypt(cipher, await this.#key(0), data);
    const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
    bytes.set(iv);
    bytes.set(new Uint8Array(sealed), IV_BYTES);
    return toBase64Url(bytes);
  }

  async #decrypt(sealed: string, bound: Bound): Promise<string | null> {
    const bytes = fromBase64Url(sealed);
    if (!bytes) return null;
    const cipher = cipherOf(bytes.subarray(0, IV_BYTES), bound);
    for (const index of this.#secrets.keys()) {
      const key = await this.#key(index);
      try {
        const plain = await crypto.subtle.decrypt(cipher, key, bytes.subarray(IV_BYTES));
        return new TextDecoder().decode(plain);
      } catch {
        // Sealed by another secret, for somebody else, or by nobody.
      }
    }
    return null;
  }

  /** The keys are kept, not the promises of them: those belong to a request on some platforms. */
  async #key(index: number): Promise<CryptoKey> {
    return (this.#keys[index] ??= await deriveKey(this.#secrets[index] ?? ''));
  }
}

function cipherOf(iv: Uint8Array<ArrayBuffer>, bound: Bound): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(JSON.stringify(bound)) };
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

/** Nobody else can have sealed it, so its shape is known. */
function membersOf(plain: string): Omit<SessionFacts, 'vendorData'> {
  const [sessionId, sessionToken, createdAt, expiresAt] = JSON.parse(plain) as [
    ...[string, string | null, number, number],
  ];
  return { sessionId, sessionToken: sessionToken ?? undefined, createdAt, expiresAt };
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
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
    return toBase64Url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
