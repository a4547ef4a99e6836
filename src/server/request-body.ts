import { Refusal } from './answers.js';
import { readBytes } from './bounded-text.js';
import { scopeWords, type Settings } from './options.js';

const MAX_BYTES = 16_384;

/**
 * Only JSON is taken: a form of another site can send everything else without a preflight (Fetch,
 * CORS-safelisted request headers).
 *
 * @throws Refusal `unsupported-media-type`
 */
export function demandJson({ headers }: Request): void {
  if (!/^application\/json[ \t]*(;|$)/i.test(headers.get('Content-Type') ?? '')) {
    throw new Refusal('unsupported-media-type');
  }
}

/**
 * Reads the page's JSON object; an empty body is an empty one.
 *
 * @throws Refusal `too-large` over 16,384 bytes, `bad-request` for anything else.
 */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = new TextDecoder().decode(await readWhole(request, MAX_BYTES));
  const fields = text === '' ? {} : parse(text);
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new Refusal('bad-request');
  }
  return fields as Record<string, unknown>;
}

/**
 * The body as it came.
 *
 * @throws Refusal `too-large` over so many bytes, `bad-request` for one that breaks off;
 * BodyAlreadyRead
 */
export async function readWhole(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (request.bodyUsed) throw new BodyAlreadyRead();
  const bytes = await readBytes(request, maxBytes).catch((error: unknown) => {
    const isHeld = request.body?.locked && !request.bodyUsed;
    throw isHeld || isUnusable(error) ? new BodyAlreadyRead() : new Refusal('bad-request');
  });
  if (bytes === null) throw new Refusal('too-large');
  return bytes;
}

/** Of a body that was read before a request was made of it, only the words of the error tell. */
function isUnusable(error: unknown): boolean {
  return error instanceof TypeError && /unusable|disturbed|locked|already/i.test(error.message);
}

/** Told by its name in the log: a body parser, or `getUser`, was there first. */
class BodyAlreadyRead extends Error {
  override name = 'BodyAlreadyRead';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('bad-request');
  }
}

/**
 * The scope to ask Didit for: the page's if it names one, else the site's. More than the site
 * allows is refused as a whole, so that nobody is surprised by what is missing.
 *
 * @throws Refusal `bad-request`
 */
export function chooseScope(asked: unknown, { scope, allowedScopes }: Settings) {
  if (asked === undefined || asked === null) return scope;
  if (typeof asked !== 'string') throw new Refusal('bad-request');
  const words = scopeWords(asked);
  if (!words.every((word) => allowedScopes.has(word))) throw new Refusal('bad-request');
  return words.join(' ') || scope;
}
