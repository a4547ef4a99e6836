import { VerifyError, type VerifyErrorDetail } from './errors.js';

/** What the backend answers is a few hundred bytes; more than this is something else. */
const MAX_BODY_BYTES = 65_536;

/** Headers for the page's own backend, or a function that gives them for each request. */
export type HeadersSource = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

/** How the page's own backend is spoken to, whatever it is asked. */
export interface BackendOptions {
  readonly headers?: HeadersSource;
  readonly withCredentials: boolean;
  /** Milliseconds for one attempt, body included. */
  readonly timeout: number;
}

/**
 * Asks with the author's headers, cookies as the author says, and nothing from a cache.
 *
 * @throws VerifyError `resolver-failed` for headers that cannot be had or sent, and what `fetch` throws.
 */
export async function askBackend(
  url: string | URL,
  options: BackendOptions,
  headers: Record<string, string>,
  init: RequestInit,
): Promise<Response> {
  return fetch(url, {
    ...init,
    headers: await headersOf(options, headers),
    // To the page's own origin, and to others where the author says so.
    credentials: options.withCredentials ? 'include' : 'same-origin',
    cache: 'no-store',
  });
}

/**
 * The author's headers, with those that the request needs.
 *
 * @throws VerifyError `resolver-failed` for headers that cannot be had or sent.
 */
async function headersOf(
  { headers: source }: BackendOptions,
  needed: Record<string, string>,
): Promise<Headers> {
  try {
    const headers = new Headers(typeof source === 'function' ? await source() : (source ?? {}));
    for (const [name, value] of Object.entries(needed)) headers.set(name, value);
    return headers;
  } catch (cause) {
    throw new VerifyError('resolver-failed', 'headers cannot be sent.', {
      cause,
      retryable: false,
    });
  }
}

/** @throws VerifyError `invalid-response` for more than 64 kB. */
export async function readText(response: Response): Promise<string> {
  if (!response.body) return response.text();
  let text = '';
  for await (const piece of texts(response.body, MAX_BODY_BYTES)) text += piece;
  return text;
}

/** A body, as it comes in. */
export async function* texts(
  body: ReadableStream<Uint8Array>,
  maxBytes = Infinity,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > maxBytes) {
      reader.cancel().catch(() => undefined);
      throw new VerifyError('invalid-response', 'The answer is too long.');
    }
    yield decoder.decode(value, { stream: true });
  }
  const rest = decoder.decode();
  if (rest) yield rest;
}

/** What an answer outside 2xx says, for the error that is made of it. */
export function refusalOf(
  response: Response,
): Pick<VerifyErrorDetail, 'httpStatus' | 'retryAfter'> {
  const retryAfter = retryAfterOf(response);
  return { httpStatus: response.status, ...(retryAfter !== null && { retryAfter }) };
}

/** Seconds from now for 429 and 503, or null for nothing that can be used (RFC 9110, 10.2.3). */
export function retryAfterOf({ status, headers }: Response): number | null {
  const value = (status === 429 || status === 503 ? headers.get('Retry-After') : null) ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  // Engines take nearly anything for a date, so only what looks like one is given to them.
  const seconds = value.endsWith('GMT') ? (Date.parse(value) - Date.now()) / 1000 : -1;
  return seconds >= 0 ? Math.ceil(seconds) : null;
}

/** Runs a task that must end within so many milliseconds, even if it does not heed its signal. */
export async function withTimeout<T>(
  milliseconds: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new VerifyError('resolver-timeout', `No answer within ${milliseconds} ms.`));
  }, milliseconds);
  const done = new AbortController();
  try {
    const limited = AbortSignal.any([signal, limit.signal]);
    return await Promise.race([task(limited), rejectOnAbort(limited, done.signal)]);
  } catch (error) {
    // Of an answer that is not wanted the rest may never come: nothing is left open for it.
    limit.abort();
    throw error;
  } finally {
    done.abort();
    clearTimeout(timer);
  }
}

/**
 * Rejects with the signal's reason, unless it is done before: a combined signal that is listened to
 * lives as long as those that it was made of (DOM, 3.2.3).
 */
export function rejectOnAbort(signal: AbortSignal, done?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { signal: done });
  });
}
