import { VerifyError, type VerifyErrorCode } from './errors.js';
import {
  parseSession,
  type CamelCaseSessionResponse,
  type Session,
  type SessionResponse,
} from './session.js';
import type { SessionReason } from './state.js';

/** A longer `Retry-After` is not waited for: the person is told at once. */
const MAX_RETRY_AFTER_SECONDS = 30;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8000;

/** A session answer is a few hundred bytes; more than this is something else. */
const MAX_BODY_BYTES = 65_536;
const MAX_QUOTED_CHARACTERS = 200;

/** What a `resolver` function is told. */
export interface ResolverContext {
  /** Aborts when the answer is no longer wanted, and after `timeout`. */
  readonly signal: AbortSignal;
  /** Why a session is asked for. */
  readonly reason: SessionReason;
  /** The element's `scope`, if set. */
  readonly scope?: string;
  /** The element's `vendorData`, if set. */
  readonly vendorData?: string;
}

/**
 * Asks for a session in place of `resolver-url`. A returned `Response` is read like the endpoint's;
 * a throw is `resolver-failed`.
 */
export type Resolver = (context: ResolverContext) => ResolverAnswer | Promise<ResolverAnswer>;

/** What a {@link Resolver} gives, members in snake_case or camelCase. */
export type ResolverAnswer = SessionResponse | CamelCaseSessionResponse | Response;

/** Headers for the page's own backend, or a function that gives them for each request. */
export type HeadersSource = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

/** What the resolver reads of the element, each time it asks. */
export interface ResolverOptions {
  readonly resolverUrl: string;
  readonly resolver?: Resolver;
  readonly scope?: string;
  readonly vendorData?: string;
  readonly headers?: HeadersSource;
  readonly withCredentials: boolean;
  /** Milliseconds for one attempt, body included. */
  readonly timeout: number;
  /** Further attempts after the first. */
  readonly maxRetries: number;
  readonly allowedHosts: string;
}

/** One wish of the person for one session, however many requests it takes. */
export interface Intent {
  /** Sent as `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
  readonly key: string;
  readonly reason: SessionReason;
}

/**
 * Asks the site's backend for a session.
 *
 * @throws VerifyError after the last retry, or the signal's reason if it aborts.
 */
export function resolveSession(
  currentOptions: () => ResolverOptions,
  intent: Intent,
  signal: AbortSignal,
): Promise<Session> {
  return currentOptions().resolver
    ? callResolver(currentOptions(), intent, signal)
    : requestWithRetries(currentOptions, intent, signal);
}

async function callResolver(options: ResolverOptions, intent: Intent, signal: AbortSignal) {
  try {
    return await withTimeout(options.timeout, signal, async (limited) => {
      const { scope, vendorData } = options;
      const { reason } = intent;
      const answer = await options.resolver?.({ signal: limited, reason, scope, vendorData });
      return isResponse(answer) ? readSession(answer, options) : parse(answer, '', options);
    });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof VerifyError) throw cause;
    throw new VerifyError('resolver-failed', 'The resolver threw.', { cause });
  }
}

async function requestWithRetries(
  currentOptions: () => ResolverOptions,
  intent: Intent,
  signal: AbortSignal,
) {
  const url = resolverAddress(currentOptions().resolverUrl);
  const sameOrigin = url.origin === origin;
  for (let retries = 0; ; retries++) {
    const options = currentOptions();
    try {
      return await withTimeout(options.timeout, signal, (limited) =>
        request(url, options, sameOrigin ? intent.key : null, limited),
      );
    } catch (error) {
      signal.throwIfAborted();
      const wait = retries < options.maxRetries ? backoff(error, retries, sameOrigin) : null;
      if (wait === null) throw error;
      await sleep(wait, signal);
    }
  }
}

function resolverAddress(resolverUrl: string): URL {
  const base = document.baseURI;
  const url = URL.canParse(resolverUrl, base) ? new URL(resolverUrl, base) : null;
  // `fetch` refuses user info, and no other scheme can take a POST.
  if (!url?.protocol.startsWith('http') || url.username || url.password) {
    throw new VerifyError('resolver-unreachable', 'resolver-url is not an HTTP URL.', {
      retryable: false,
    });
  }
  return url;
}

async function request(
  url: URL,
  options: ResolverOptions,
  key: string | null,
  signal: AbortSignal,
): Promise<Session> {
  const init: RequestInit = {
    method: 'POST',
    headers: await requestHeaders(options.headers, key),
    body: JSON.stringify({ scope: options.scope, vendor_data: options.vendorData }),
    credentials: options.withCredentials ? 'include' : 'same-origin',
    cache: 'no-store',
    signal,
  };
  try {
    return await readSession(await fetch(url, init), options);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof VerifyError) throw cause;
    throw new VerifyError('resolver-unreachable', 'resolver-url cannot be reached.', { cause });
  }
}

async function requestHeaders(source: HeadersSource | undefined, key: string | null) {
  try {
    const headers = new Headers(typeof source === 'function' ? await source() : (source ?? {}));
    headers.set('Content-Type', 'application/json');
    headers.set('Accept', 'application/json');
    if (key) headers.set('Idempotency-Key', key);
    return headers;
  } catch (cause) {
    throw new VerifyError('resolver-failed', 'headers cannot be sent.', {
      cause,
      retryable: false,
    });
  }
}

async function readSession(response: Response, options: ResolverOptions): Promise<Session> {
  const body = await readText(response);
  if (!response.ok) throw refusal(response, body);
  return parse(readJson(body, response), response.url, options);
}

function parse(answer: unknown, url: string, { allowedHosts }: ResolverOptions): Session {
  return parseSession(answer, { base: url || document.baseURI, allowedHosts, arrival: Date.now() });
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return response.text();
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = '';
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > MAX_BODY_BYTES) {
      reader.cancel().catch(() => undefined);
      throw new VerifyError('invalid-response', 'The answer is too long.');
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

function readJson(body: string, response: Response): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    const hint = response.redirected ? ' Redirected, to a login page?' : '';
    throw new VerifyError('invalid-response', `The answer is not JSON.${hint}`, {
      httpStatus: response.status,
      cause,
    });
  }
}

/** The error for an answer outside 2xx. */
function refusal(response: Response, body: string): VerifyError {
  const { status } = response;
  const retryAfter =
    status === 429 || status === 503 ? parseRetryAfter(response.headers.get('Retry-After')) : null;
  return new VerifyError(refusalCode(status), `The answer is ${status}${quote(body)}`, {
    httpStatus: status,
    ...(retryAfter === null ? {} : { retryAfter }),
  });
}

function refusalCode(status: number): VerifyErrorCode {
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'resolver-failed';
  return status >= 400 ? 'resolver-rejected' : 'invalid-response';
}

/** The backend's own words, for the developer's log: JSON with `message`, `detail`, `error` or `title`. */
function quote(body: string): string {
  try {
    const { message, detail, error, title } = JSON.parse(body) as Record<string, unknown>;
    const words = [message, detail, error, title].find((value) => typeof value === 'string');
    return words ? `: ${words.slice(0, MAX_QUOTED_CHARACTERS)}` : '.';
  } catch {
    return '.';
  }
}

/** Seconds from now, or null for nothing that can be used (RFC 9110, 10.2.3). */
function parseRetryAfter(value: string | null): number | null {
  if (/^\d+$/.test(value ?? '')) return Number(value);
  // Engines take nearly anything for a date, so only what looks like one is given to them.
  const seconds = (value ?? '').endsWith('GMT') ? (Date.parse(value!) - Date.now()) / 1000 : -1;
  return seconds >= 0 ? Math.ceil(seconds) : null;
}

/**
 * Milliseconds to wait before the next attempt, or null if there must be none. A create is repeated
 * where it cannot have been carried out (429, 503) or where the key makes a repeat harmless.
 */
function backoff(error: unknown, retries: number, hasKey: boolean): number | null {
  if (!(error instanceof VerifyError) || !error.detail.retryable) return null;
  const { code, httpStatus, retryAfter = 0 } = error.detail;
  const notCarriedOut = code === 'rate-limited' || httpStatus === 503;
  if (!(hasKey || notCarriedOut) || retryAfter > MAX_RETRY_AFTER_SECONDS) return null;
  const ceiling = Math.min(FIRST_BACKOFF_MS * 2 ** retries, MAX_BACKOFF_MS);
  return retryAfter * 1000 + ceiling * (0.5 + Math.random() / 2);
}

/** Runs a task that must end within so many milliseconds, even if it does not heed its signal. */
async function withTimeout<T>(
  milliseconds: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new VerifyError('resolver-timeout', `No answer within ${milliseconds} ms.`));
  }, milliseconds);
  try {
    const limited = AbortSignal.any([signal, limit.signal]);
    return await Promise.race([task(limited), rejectOnAbort(limited)]);
  } finally {
    clearTimeout(timer);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

/** By shape, since a resolver may bring its own `fetch`. */
function isResponse(answer: unknown): answer is Response {
  return typeof (answer as Response | null | undefined)?.text === 'function';
}
