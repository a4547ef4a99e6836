import { VerifyError } from './errors.js';
import { parsedUrl } from './parsed-url.js';

/** Where `session_token` leads when the answer has no `url` (Didit's data transfer documentation). */
const AUTHORIZE_URL = 'https://app.didit.me/authorize/';

/** Room for any authorize URL, and still readable as a QR code of level L. */
const MAX_URL_LENGTH = 2000;

/** Hosts of Didit's own authorize pages, the default of `allowed-hosts`. */
export const DEFAULT_ALLOWED_HOSTS = 'didit.me *.didit.me';

/**
 * What a resolver answers: JSON with these members. Didit's own answer to "create session", passed
 * on unchanged, is one. camelCase spellings (`sessionId`) are read too.
 */
export interface SessionResponse {
  /** Didit's id of the session. */
  session_id: string;
  /** The authorize URL: `https:`, on a host of `allowed-hosts`, at most 2,000 characters. */
  url?: string;
  /** Only read where `url` is missing, to build it. */
  session_token?: string;
  /** Didit's word for where the session stands, if the endpoint knows it. */
  status?: string;
  /** Seconds from now until the session ends. */
  expires_in?: number;
  /** The same as a moment (RFC 3339); only read where `expires_in` is missing. */
  expires_at?: string;
  /** Where to ask for the status: a reference to the same origin as this answer. */
  status_url?: string;
  /** Where to listen for the status: a reference to the same origin as this answer. */
  events_url?: string;
}

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** {@link SessionResponse} as JavaScript spells it: `{ sessionId, url, expiresIn … }`. */
export type CamelCaseSessionResponse = {
  [Name in keyof SessionResponse as CamelCase<Name>]: SessionResponse[Name];
};

/** A session as the page may know it: never the bare token, never the backend's handle. */
export interface PublicSession {
  /** Didit's id of the session. */
  readonly sessionId: string;
  /** The authorize URL that the QR code and the link carry. */
  readonly url: string;
  /** When the session ends, by this device's clock, or null where that is not known. */
  readonly expiresAt: Date | null;
}

/** A date can be changed: the page gets one of its own. */
export function publicSession({ sessionId, url, expiresAt }: PublicSession): PublicSession {
  return { sessionId, url, expiresAt: expiresAt && new Date(expiresAt) };
}

/** A session as the element holds it. */
export interface Session extends PublicSession {
  /** Didit's own word for the status as last heard, or null. */
  readonly status: string | null;
  /** How long it is good for, from its arrival, in milliseconds, or null where that is not known. */
  readonly lifetime: number | null;
  /** Where to ask for the status, checked, or null. */
  readonly statusUrl: string | null;
  /** Where to listen for the status, checked, or null. */
  readonly eventsUrl: string | null;
}

export interface ParseContext {
  /** URL of the answer, against which its references are resolved. */
  base: string;
  /** The `allowed-hosts` in force: a list separated by spaces or commas. */
  allowedHosts: string;
  /** When the answer arrived, in milliseconds since 1970. */
  arrival: number;
}

/**
 * Reads what a resolver answered.
 *
 * @throws VerifyError `invalid-response` for anything that is not a session, `unsafe-url` for a URL
 * that must not be shown or asked.
 */
export function parseSession(answer: unknown, context: ParseContext): Session {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new VerifyError('invalid-response', 'The answer is not a JSON object.');
  }
  const fields = answer as Record<string, unknown>;
  const expiresAt = expiry(fields, context.arrival);
  return {
    sessionId: text(fields.session_id ?? fields.sessionId, 'session_id'),
    url: authorizeUrl(fields, context.allowedHosts),
    expiresAt,
    lifetime: expiresAt && expiresAt.getTime() - context.arrival,
    status: typeof fields.status === 'string' ? fields.status : null,
    statusUrl: ownReference(fields.status_url ?? fields.statusUrl, context.base),
    eventsUrl: ownReference(fields.events_url ?? fields.eventsUrl, context.base),
  };
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value.trim() && value.isWellFormed()) return value;
  throw new VerifyError('invalid-response', `The answer has no ${name}.`);
}

function authorizeUrl(fields: Record<string, unknown>, allowedHosts: string): string {
  const url =
    fields.url ??
    AUTHORIZE_URL +
      encodeURIComponent(text(fields.session_token ?? fields.sessionToken, 'url or session_token'));
  return checkUrl(text(url, 'url'), allowedHosts);
}

/**
 * The only gate between an answer and the screen. The parsed URL is what is shown, so that what was
 * checked and what is opened cannot differ.
 */
function checkUrl(value: string, allowedHosts: string): string {
  const url = parsedUrl(value);
  const safe =
    url !== null &&
    url.href.length <= MAX_URL_LENGTH &&
    // The URL parser drops tabs and line breaks, turns `\` into `/` and trims: none is ever meant.
    !/[\s\\]/.test(value) &&
    !url.username &&
    !url.password &&
    hostAllowed(url, allowedHosts) &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
  if (!safe) {
    throw new VerifyError('unsafe-url', 'The url is not https: on a host of allowed-hosts.');
  }
  return url.href;
}

/**
 * An entry is a host, or `*.` and a host for all names below it, either with an optional port. An
 * empty one is none: `https:` and `http:` always have a host.
 */
function hostAllowed(url: URL, allowedHosts: string): boolean {
  return allowedHosts
    .toLowerCase()
    .split(/[\s,]/)
    .some((entry) =>
      /^\*\../.test(entry)
        ? url.hostname.endsWith(entry.slice(1)) || url.host.endsWith(entry.slice(1))
        : entry === url.hostname || entry === url.host,
    );
}

/** The loopback names and addresses of the Secure Contexts specification. */
function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** The author's headers go to these URLs, so they stay on the origin that gave the answer. */
function ownReference(value: unknown, base: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  const url = typeof value === 'string' ? parsedUrl(value, base) : null;
  if (
    url?.origin !== new URL(base).origin ||
    !url.protocol.startsWith('http') ||
    url.username ||
    url.password
  ) {
    throw new VerifyError('unsafe-url', 'status_url or events_url is on another origin.');
  }
  return url.href;
}

/** A moment in the past is a wrong clock, not an ended session: the lifetime counts as unknown. */
function expiry(fields: Record<string, unknown>, arrival: number): Date | null {
  const seconds = fields.expires_in ?? fields.expiresIn;
  const moment = fields.expires_at ?? fields.expiresAt;
  try {
    const time =
      seconds === undefined || seconds === null
        ? Date.parse(String(moment))
        : arrival + Number(seconds) * 1000;
    const date = new Date(time);
    return date.getTime() > arrival ? date : null;
  } catch {
    // What becomes neither a number nor a text, such as `{ "toString": [] }`.
    return null;
  }
}
