import { readText } from './bounded-text.js';
import { DiditApiError, invalidAnswer } from './didit-api-error.js';
import { redact, wordsForLog } from './didit-words.js';
import type { Settings } from './options.js';

/** For one call, body included; a page waits 15 s for the whole. */
const LIMIT_MS = 8000;

/** Didit's answers are a few hundred bytes; more than this is something else. */
const MAX_BYTES = 65_536;

/** A POST to Didit. */
export interface DiditCall {
  /** From the base URL, the slash at the end included: without it Didit redirects. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The documented status of success. */
  readonly expects: number;
  /** What must not get into the log, besides the client's own id and secret. */
  readonly secrets: readonly string[];
}

/**
 * Sends a call and reads the JSON object that Didit answers. The page going away does not abort it:
 * the session would be made, and nobody would know of it.
 *
 * @throws DiditApiError
 */
export function callDidit(settings: Settings, call: DiditCall): Promise<Record<string, unknown>> {
  const secrets = [...call.secrets, settings.clientId, settings.clientSecret];
  return withinLimit((signal) => exchange(settings, { ...call, secrets }, signal));
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
  } finally {
    clearTimeout(timer);
    // Also lets go of a body that was not read to its end.
    limit.abort();
  }
}

async function exchange(settings: Settings, call: DiditCall, signal: AbortSignal) {
  const response = await send(settings, call, signal);
  const { status, headers, type, redirected } = response;
  if (headers.get('Didit-Sandbox') === 'true' && isProduction()) {
    throw new DiditApiError('sandbox-in-production', { status });
  }
  // The Fetch standard hides a redirect's status behind the type; servers' `fetch` shows it.
  if (type === 'opaqueredirect' || redirected || (status >= 300 && status < 400)) {
    throw new DiditApiError('redirected', { status });
  }
  if (status >= 400) throw await refusal(response, call.secrets);
  if (status !== call.expects) throw invalidAnswer(status, `${call.expects} was expected`);
  return readFields(response, call.secrets);
}

async function send({ fetch, apiUrl }: Settings, call: DiditCall, signal: AbortSignal) {
  try {
    return await fetch(apiUrl + call.path, {
      method: 'POST',
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
async function refusal({ status, headers, body }: Response, secrets: readonly string[]) {
  const text = await readText(body, MAX_BYTES).catch(() => null);
  const detail = wordsForLog(text ?? '', secrets);
  if (status === 429) {
    const retryAfter = checkRetryAfter(headers.get('Retry-After'));
    return new DiditApiError('rate-limited', { status, detail, retryAfter });
  }
  return new DiditApiError(status >= 500 ? 'failed' : 'refused', { status, detail });
}

async function readFields({ status, body }: Response, secrets: readonly string[]) {
  const text = await readText(body, MAX_BYTES).catch((error: unknown) => {
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

/** It reaches the page, so only what RFC 9110, 10.2.3 has: seconds, or a date as written today. */
function checkRetryAfter(value: string | null): string | undefined {
  if (value === null) return undefined;
  const date = new Date(value);
  const isDate = date.getTime() >= 0 && date.toUTCString() === value;
  return isDate || /^\d{1,10}$/.test(value) ? value : undefined;
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
