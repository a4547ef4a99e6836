import {
  askBackend,
  readText,
  refusalOf,
  withTimeout,
  type BackendOptions,
} from './backend-request.js';
import { VerifyError, verifyErrorOf, type VerifyErrorCode } from './errors.js';
import type { Gate } from './gate.js';
import { parsedUrl } from './parsed-url.js';
import type {
  CamelCaseSessionResponse,
  ParseContext,
  Session,
  SessionResponse,
} from './session.js';
import { loadParts, parseSession } from './session-parts.js';
import { sleep } from './sleep.js';
import type { SessionReason } from './state.js';

/** A longer `Retry-After` is not waited for: the person is told at once. */
const MAX_RETRY_AFTER_SECONDS = 30;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8000;

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

/** What the resolver reads of the element, each time it asks. */
export interface ResolverOptions extends BackendOptions {
  readonly resolverUrl: string;
  readonly resolver?: Resolver;
  readonly scope?: string;
  readonly vendorData?: string;
  /** Further attempts after the first. */
  readonly maxRetries: number;
  readonly allowedHosts: string;
}

/** One wish of the person for one session, however many requests it takes. */
export interface Intent {
  /** Sent as `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
  readonly key: string;
  readonly reason: SessionReason;
  /** Holds back further attempts: none is made in a hidden page. */
  readonly gate?: Gate;
}

/** What was answered, not looked at yet. */
interface Answer {
  readonly answer: unknown;
  readonly context: ParseContext;
}

/**
 * Asks the site's backend for a session.
 *
 * @throws VerifyError after the last retry, or the signal's reason if it aborts.
 */
export async function resolveSession(
  currentOptions: () => ResolverOptions,
  intent: Intent,
  signal: AbortSignal,
): Promise<Session> {
  const { answer, context } = await ask(currentOptions, intent, signal);
  await loadParts();
  return parseSession(answer, context);
}

async function ask(
  currentOptions: () => ResolverOptions,
  intent: Intent,
  signal: AbortSignal,
): Promise<Answer> {
  const { resolver, resolverUrl } = currentOptions();
  const url = resolver ? null : resolverAddress(resolverUrl);
  const key = url?.origin === origin ? intent.key : null;
  for (let retries = 0; ; retries++) {
    const options = currentOptions();
    try {
      return await withTimeout(options.timeout, signal, (limited) =>
        url
          ? request(url, options, key, limited)
          : callResolver(resolver!, options, intent, limited),
      );
    } catch (error) {
      signal.throwIfAborted();
      const wait = url && retries < options.maxRetries ? backoff(error, retries, key) : null;
      if (wait === null) throw error;
      await sleep(wait, signal);
      await intent.gate?.pass(signal);
      signal.throwIfAborted();
    }
  }
}

async function callResolver(
  resolver: Resolver,
  options: ResolverOptions,
  { reason }: Intent,
  signal: AbortSignal,
): Promise<Answer> {
  const { scope, vendorData } = options;
  try {
    const answer = await resolver({ signal, reason, scope, vendorData });
    return await (isResponse(answer) ? readAnswer(answer, options) : answered(answer, '', options));
  } catch (cause) {
    throw verifyErrorOf(cause, 'resolver-failed', 'The resolver threw.');
  }
}

function resolverAddress(resolverUrl: string): URL {
  const url = parsedUrl(resolverUrl, document.baseURI);
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
): Promise<Answer> {
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    ...(key && { 'Idempotency-Key': key }),
  };
  const body = JSON.stringify({ scope: options.scope, vendor_data: options.vendorData });
  try {
    const response = await askBackend(url, options, headers, { method: 'POST', body, signal });
    return await readAnswer(response, options);
  } catch (cause) {
    throw verifyErrorOf(cause, 'resolver-unreachable', 'resolver-url cannot be reached.');
  }
}

async function readAnswer(response: Response, options: ResolverOptions): Promise<Answer> {
  if (!response.ok) throw refusal(response, await readText(response).catch(() => ''));
  return answered(readJson(await readText(response), response), response.url, options);
}

function answered(answer: unknown, url: string, { allowedHosts }: ResolverOptions): Answer {
  const base = url || document.baseURI;
  return { answer, context: { base, allowedHosts, arrival: Date.now() } };
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
  const message = `The answer is ${status}${quote(body)}`;
  return new VerifyError(refusalCode(status), message, refusalOf(response));
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

/**
 * Milliseconds to wait before the next attempt, or null if there must be none. A create is repeated
 * where it cannot have been carried out (429, 503) or where the key makes a repeat harmless.
 */
function backoff(error: unknown, retries: number, key: string | null): number | null {
  if (!(error instanceof VerifyError)) return null;
  const { retryable, httpStatus, retryAfter = 0 } = error.detail;
  const isHarmless = key !== null || httpStatus === 429 || httpStatus === 503;
  if (!retryable || !isHarmless || retryAfter > MAX_RETRY_AFTER_SECONDS) return null;
  const ceiling = Math.min(FIRST_BACKOFF_MS * 2 ** retries, MAX_BACKOFF_MS);
  return retryAfter * 1000 + ceiling * (0.5 + Math.random() / 2);
}

/** By shape, since a resolver may bring its own `fetch`. */
function isResponse(answer: unknown): answer is Response {
  return typeof (answer as Response | null | undefined)?.text === 'function';
}
