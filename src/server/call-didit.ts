import { readText } from './bounded-text.js';
import type { Circuit } from './circuit.js';
import { DiditApiError, invalidAnswer } from './didit-api-error.js';
import { redact, wordsOfBody } from './didit-words.js';

/** Where Didit is, and how to get there. */
export interface Upstream {
  /** Base URL, without a slash at the end. */
  readonly apiUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  /** Through which every call goes. */
  readonly circuit: Circuit;
  /** The site's own, to be kept out of errors. */
  readonly secrets: readonly string[];
}

/** For one call, body included; a page waits 15 s for the whole. */
const LIMIT_MS = 8000;

/** An error is a few hundred bytes, a decision may be long; more than this is something else. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A request to Didit. */
export interface DiditCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the base URL, the slash at the end included: without it Didit redirects. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The documented statuses of success. */
  readonly expects: readonly number[];
  /** What must not get into errors, besides the site's own secrets. */
  readonly secrets: readonly string[];
}

/**
 * Sends a call and reads the JSON object that Didit answers; for 204 an empty one. The page going
 * away does not abort it: the session would be made, and nobody would know of it.
 *
 * @throws DiditApiError
 */
export function callDidit(upstream: Upstream, call: DiditCall): Promise<Record<string, unknown>> {
  const secrets = [...call.secrets, ...upstream.secrets];
  return upstream.circuit.run(() =>
    withinLimit((signal) => exchange(upstream, { ...call, secrets }, signal)),
  );
}

/** Ends in time even where `fetch` does not heed its signal. */
async function withinLimit<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DiditApiError('timeout')), LIMIT_MS);
  });
  try {
    return await Promise.race([task(limit.signal), timeout]);
  } catch (error) {
    // Also lets go of a body that was not read to its end.
    limit.abort();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(upstream: Upstream, call: DiditCall, signal: AbortSignal) {
  const response = await send(upstream, call, signal);
  const { status, headers, type, redirected } = response;
  if (headers.get('Didit-Sandbox') === 'true' && isProduction()) {
    throw new DiditApiError('sandbox-in-production', { status });
  }
  // The Fetch standard hides a redirect's status behind the type; servers' `fetch` shows it.
  if (type === 'opaqueredirect' || redirected || (status >= 300 && status < 400)) {
    throw new DiditApiError('redirected', { status });
  }
  if (status >= 400) throw await refusal(response, call.secrets, upstream.now());
  if (!call.expects.includes(status))
    throw invalidAnswer(status, `${call.expects.join(' or ')} was expected`);
  return status === 204 ? {} : readFields(response, call.secrets);
}

async function send({ fetch, apiUrl }: Upstream, call: DiditCall, signal: AbortSignal) {
  try {
    return await fetch(apiUrl + call.path, {
      method: call.method,
      headers: { Accept: 'application/json', ...call.headers },
      body: call.body,
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    throw unreachable(error, call.secrets);
  }
}

/** The status is what counts: a broken or endless body only means that there is no detail. */
async function refusal(response: Response, secrets: readonly string[], now: number) {
  const { status, headers } = response;
  const text = await readText(response, MAX_BYTES).catch(() => null);
  const detail = wordsOfBody(text ?? '', secrets);
  if (status === 429) {
    const retryAfter = secondsOf(headers.get('Retry-After'), now);
    return new DiditApiError('rate-limited', { status, detail, retryAfter });
  }
  return new DiditApiError(status >= 500 ? 'failed' : 'refused', { status, detail });
}

async function readFields(response: Response, secrets: readonly string[]) {
  const { status } = response;
  const text = await readText(response, MAX_BYTES).catch((error: unknown) => {
    throw unreachable(error, secrets, status);
  });
  if (text === null) throw invalidAnswer(status, 'it is far too long');
  const fields = parse(text);
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
    return fields as Record<string, unknown>;
  }
  throw invalidAnswer(status, 'it is not a JSON object');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node's `fetch` keeps what happened on the wire in `cause`. */
function unreachable(error: unknown, secrets: readonly string[], status?: number): DiditApiError {
  const { message, cause } = error instanceof Error ? error : new Error('fetch failed');
  const detail = redact(cause instanceof Error ? cause.message : message, secrets);
  return new DiditApiError('unreachable', { status, detail });
}

/** Seconds, or a date as written today (RFC 9110, 10.2.3); anything else tells nothing. */
function secondsOf(retryAfter: string | null, now: number): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d{1,10}$/.test(retryAfter)) return Number(retryAfter);
  const date = new Date(retryAfter);
  const isDate = date.getTime() >= 0 && date.toUTCString() === retryAfter;
  return isDate ? Math.max(0, Math.ceil((date.getTime() - now) / 1000)) : undefined;
}

interface WithProcess {
  process?: { env?: { NODE_ENV?: string } };
}

/** Deno throws where reading the environment is not permitted. */
function isProduction(): boolean {
  try {
    return (globalThis as WithProcess).process?.env?.NODE_ENV === 'production';
  } catch {
    return false;
  }
}
