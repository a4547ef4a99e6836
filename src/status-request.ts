import {
  askBackend,
  readText,
  refusalOf,
  withTimeout,
  type BackendOptions,
} from './backend-request.js';
import { VerifyError } from './errors.js';
import { parsedUrl } from './parsed-url.js';
import type { Session } from './session.js';

/** Asks for a status in place of the URL; gives Didit's word. */
export type StatusResolver = (context: StatusResolverContext) => string | Promise<string>;

/** What a {@link StatusResolver} is told. */
export interface StatusResolverContext {
  /** Aborts when the answer is no longer wanted, and after `timeout`. */
  readonly signal: AbortSignal;
  /** Didit's id of the session. */
  readonly sessionId: string;
}

/** How the status is asked for; read anew each time. */
export interface StatusOptions extends BackendOptions {
  /** The author's own address, in place of the answer's. */
  readonly statusUrl?: string;
  readonly statusResolver?: StatusResolver;
}

/** Whether there is anybody to ask. */
export function hasStatus(session: Session, { statusResolver, statusUrl }: StatusOptions): boolean {
  return Boolean(statusResolver) || Boolean(statusUrl) || session.statusUrl !== null;
}

/**
 * Asks the page's own backend where a session stands.
 *
 * @throws VerifyError `status-unavailable`, or the signal's reason if it aborts.
 */
export async function requestStatus(
  session: Session,
  options: StatusOptions,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await withTimeout(options.timeout, signal, (limited) => ask(session, options, limited));
  } catch (cause) {
    signal.throwIfAborted();
    throw unavailableBy(cause, 'The status cannot be asked for.');
  }
}

/** Whatever went wrong, for whoever wants to know a status. */
export function unavailableBy(cause: unknown, message: string): VerifyError {
  const isSaid = cause instanceof VerifyError && cause.detail.code === 'status-unavailable';
  return isSaid ? cause : unavailable(message, { cause });
}

async function ask(session: Session, options: StatusOptions, signal: AbortSignal): Promise<string> {
  const { statusResolver } = options;
  if (statusResolver) {
    return word(await statusResolver({ signal, sessionId: session.sessionId }));
  }
  const headers = { Accept: 'application/json' };
  const response = await askBackend(statusAddress(session, options), options, headers, { signal });
  if (!response.ok) throw refused(response);
  return word(statusIn(await readText(response)));
}

/** The author's address may be anywhere, and name the session. */
function statusAddress({ sessionId, statusUrl }: Session, options: StatusOptions): string {
  if (!options.statusUrl) return statusUrl!;
  const address = options.statusUrl.replaceAll('{session_id}', encodeURIComponent(sessionId));
  const url = parsedUrl(address, document.baseURI);
  if (url?.protocol.startsWith('http')) return url.href;
  throw unavailable('status-url is not an HTTP URL.', { retryable: false });
}

/**
 * The error for an answer outside 2xx; after 404 and 410 there is nothing left to ask for. Whatever
 * else the answer says is not read: whoever asked lets go of it.
 */
export function refused(response: Response): VerifyError {
  const { status } = response;
  const retryable = status !== 404 && status !== 410;
  return unavailable(`The answer is ${status}.`, { ...refusalOf(response), retryable });
}

/** @throws SyntaxError for what is not JSON. */
export function statusIn(text: string): unknown {
  return (JSON.parse(text) as { status?: unknown } | null)?.status;
}

export function isWord(status: unknown): status is string {
  return typeof status === 'string' && status.trim() !== '';
}

function word(status: unknown): string {
  if (isWord(status)) return status;
  throw unavailable('The answer has no status.');
}

function unavailable(
  message: string,
  extras?: ConstructorParameters<typeof VerifyError>[2],
): VerifyError {
  return new VerifyError('status-unavailable', message, extras);
}
