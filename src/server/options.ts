import type { DiditSession } from './didit-client.js';
import type { LogEvent } from './log.js';

/** Base URL of the data transfer API (Didit documentation, Data transfer). */
const DIDIT_URL = 'https://apx.didit.me';

/** The person who asks, as the site knows them. */
export interface User {
  /**
   * Sent to Didit as `vendor_data`: a non-empty string, unique to this person, say a UUID. Leave
   * the member out for people who have none: an undefined or empty one is a mistake, answered 500.
   */
  vendorData?: string;
}

/** What `onSession` is told besides Didit's answer. */
export interface SessionContext {
  /** Didit's id of the session, the same as `session.session_id`. */
  sessionId: string;
  /** What `getUser` gave, or undefined for a `{}` user. */
  vendorData: string | undefined;
  /** The page's request; its body is read already. */
  request: Request;
}

/** Settings of {@link createDidit}. */
export interface DiditOptions {
  /** Id of the application (Didit documentation, Data transfer). */
  clientId: string;
  /** Its secret; it leaves the server for Didit's token endpoint alone. */
  clientSecret: string;
  /** Data to ask for where the page names none, separated by spaces. Default: left to Didit. */
  scope?: string;
  /** The most that a page may ask for, a list or separated by spaces. Default: those of `scope`. */
  allowedScopes?: readonly string[] | string;
  /**
   * Who sends this request: from the site's own login, never from the body, which it must leave
   * unread. Null or undefined is answered 401, a throw 500.
   */
  getUser: (request: Request) => User | null | undefined | Promise<User | null | undefined>;
  /**
   * Called once for each new session, before the page sees it: the place to link its id to the
   * user. `session` is Didit's answer without the token. A throw is answered 500, and the session
   * is never shown.
   */
  onSession?: (session: DiditSession, context: SessionContext) => unknown;
  /** Seconds that a session lives, told to the page as `expires_in`. Default: not told. */
  sessionLifetime?: number;
  /** Didit, the sandbox or a proxy: `https:`, or `http:` on loopback. Default https://apx.didit.me */
  apiUrl?: string;
  /** Other origins whose pages may ask, with cookies, say `https://shop.example`. Default: none. */
  allowedOrigins?: readonly string[];
  /** Used in place of the platform's `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /** Hears what happens, without secrets or personal data; its own failures are passed over. */
  log?: (event: LogEvent) => unknown;
}

/** The options, checked and with their defaults. */
export interface Settings extends Pick<
  DiditOptions,
  'clientId' | 'clientSecret' | 'getUser' | 'onSession' | 'log'
> {
  readonly scope: string | undefined;
  readonly allowedScopes: ReadonlySet<string>;
  readonly sessionLifetime: number | undefined;
  /** Without a slash at the end. */
  readonly apiUrl: string;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
}

/**
 * Checks what a site passed to {@link createDidit}.
 *
 * @throws TypeError naming the option that is wrong, never its value.
 */
export function checkOptions(options: DiditOptions): Settings {
  demand(Object(options) === options, 'options must be an object');
  demand(isText(options.clientId), 'clientId must be a non-empty string');
  // It ends where the first colon is (RFC 7617, 2).
  demand(!options.clientId.includes(':'), 'clientId must not have a colon');
  demand(isText(options.clientSecret), 'clientSecret must be a non-empty string');
  demand(typeof options.getUser === 'function', 'getUser must be a function');
  for (const name of ['onSession', 'fetch', 'now', 'log'] as const) {
    demand(['undefined', 'function'].includes(typeof options[name]), `${name} must be a function`);
  }
  const { clientId, clientSecret, getUser, onSession, log } = options;
  return {
    ...{ clientId, clientSecret, getUser, onSession, log },
    ...checkScopes(options),
    sessionLifetime: checkLifetime(options.sessionLifetime),
    apiUrl: checkApiUrl(options.apiUrl ?? DIDIT_URL),
    allowedOrigins: checkOrigins(options.allowedOrigins ?? []),
    // Looked up at each call, so that whoever replaces the platform's own later is heeded.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: options.now ?? (() => Date.now()),
  };
}

/** The words of a scope. */
export function scopeWords(scope: string): string[] {
  return scope.split(/\s+/).filter((word) => word !== '');
}

function checkScopes({ scope, allowedScopes }: DiditOptions) {
  demand(scope === undefined || typeof scope === 'string', 'scope must be a string');
  const words = scopeWords(scope ?? '');
  const allowed = allowedScopes === undefined ? words : wordsOfList(allowedScopes);
  demand(
    words.every((word) => allowed.includes(word)),
    'scope must be within allowedScopes',
  );
  return { scope: words.join(' ') || undefined, allowedScopes: new Set(allowed) };
}

function wordsOfList(scopes: readonly string[] | string): string[] {
  const list = typeof scopes === 'string' ? [scopes] : scopes;
  demand(
    Array.isArray(list) && list.every((entry) => typeof entry === 'string'),
    'allowedScopes must be a string or a list of strings',
  );
  return list.flatMap(scopeWords);
}

function checkLifetime(seconds: number | undefined): number | undefined {
  demand(
    seconds === undefined || (Number.isFinite(seconds) && seconds > 0),
    'sessionLifetime must be a positive number of seconds',
  );
  return seconds;
}

function checkApiUrl(value: string): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const safe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  demand(
    url !== null && safe && !url.username && !url.password && !url.search && !url.hash,
    'apiUrl must be an https URL, or an http one on loopback, without user, query or fragment',
  );
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** The loopback names and addresses of the Secure Contexts specification. */
function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function checkOrigins(origins: readonly string[]): ReadonlySet<string> {
  demand(
    Array.isArray(origins) && origins.every((entry: string) => isOrigin(entry)),
    'allowedOrigins must be a list of exact origins such as https://shop.example',
  );
  return new Set(origins);
}

/** Pages come from HTTP origins alone. */
function isOrigin(entry: string): boolean {
  return /^https?:/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new TypeError(`createDidit: ${message}.`);
}
