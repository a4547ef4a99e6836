import { authorizePage, type PageModel } from './authorize-page.js';
import { BoundedMap } from '../server/bounded-map.js';
import {
  SandboxSessions,
  isLive,
  randomToken,
  type SandboxSession,
  type SandboxStatus,
} from './sandbox-session.js';
import { SAMPLE_PERSON } from './sample-person.js';

/** A whole create request is a few hundred bytes. */
const MAX_BODY_CHARACTERS = 16_384;

/** On every answer, so that nobody takes one of these for Didit's. */
const COMMON_HEADERS = {
  'Didit-Sandbox': 'true',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** What happened in the sandbox; never a token, a secret or vendor data. */
export type SandboxEvent = {
  /** Milliseconds since 1970. */
  readonly at: number;
} & (
  | { readonly type: 'token.issued' }
  | {
      readonly type: 'session.created' | 'session.status';
      readonly sessionId: string;
      readonly status: SandboxStatus;
    }
);

export interface SandboxOptions {
  /** The one client's id. Default `sandbox`. */
  readonly clientId?: string;
  /** The one client's secret. Default `sandbox-secret`. */
  readonly clientSecret?: string;
  /** Taken as `X-Api-Key` in place of a client token. Default none. */
  readonly apiKey?: string;
  /** Who asks, on the phone page. Default `Demo application`. */
  readonly applicationName?: string;
  /** Base of the authorize URLs, as phones reach it. Default: the create request's origin. */
  readonly publicUrl?: string;
  /** Seconds until a session expires that is neither confirmed nor declined. Default 300. */
  readonly sessionLifetime?: number;
  /** Seconds for which a client token is good. Default 86400, a day. */
  readonly tokenLifetime?: number;
  /** What the person shares, by scope; laid over the built-in sample person. */
  readonly userData?: Readonly<Record<string, unknown>>;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Told of what happens. Default: nobody. */
  readonly log?: (event: SandboxEvent) => void;
}

/** A running sandbox: the whole server is one function, and needs no `this`. */
export interface Sandbox {
  fetch(request: Request): Promise<Response>;
}

type Unset = 'apiKey' | 'publicUrl';
type Settings = Required<Omit<SandboxOptions, Unset>> & Pick<SandboxOptions, Unset>;

interface Call {
  readonly request: Request;
  readonly url: URL;
  /** What the path names: a session's id or token. */
  readonly key: string;
  readonly settings: Settings;
  readonly sessions: SandboxSessions;
  /** Client tokens and when they end, in milliseconds since 1970. */
  readonly tokens: BoundedMap<number>;
}

type Handler = (call: Call) => Response | Promise<Response>;

/** Didit's paths are documented with and without the last slash. */
const ROUTES: readonly (readonly [RegExp, ReadonlyMap<string, Handler>])[] = [
  [/^\/auth\/v2\/token\/?$/, new Map([['POST', issueToken]])],
  [/^\/auth\/v2\/session\/?$/, new Map([['POST', authenticated(createSession)]])],
  [/^\/auth\/v2\/session\/([^/]+)\/status\/?$/, new Map([['GET', authenticated(readStatus)]])],
  [/^\/auth\/v2\/session\/([^/]+)\/decision\/?$/, new Map([['GET', authenticated(readDecision)]])],
  [
    /^\/authorize\/([^/]+)\/?$/,
    new Map<string, Handler>([
      ['GET', openPage],
      ['HEAD', (call) => page(call, call.sessions.byToken(call.key))],
      ['POST', takeAnswer],
    ]),
  ],
];

/** What the page's buttons send; `cancel` has none, and is there for tests of that state. */
const ACTIONS: ReadonlyMap<unknown, SandboxStatus> = new Map([
  ['confirm', 'confirmed'],
  ['decline', 'declined'],
  ['cancel', 'cancelled'],
]);

/**
 * A stand-in for Didit's data transfer, with a phone page at its authorize URLs. Keeps everything
 * in memory: the newest 10,000 sessions and tokens.
 *
 * @throws TypeError for a lifetime that is not a positive number, or empty credentials.
 *
 * @example
 * const sandbox = createSandbox();
 * Deno.serve(sandbox.fetch);
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const settings = checked(withDefaults(options));
  const sessions = new SandboxSessions({
    lifetime: settings.sessionLifetime,
    now: settings.now,
    onStatus: (session) => logSession(settings, 'session.status', session),
  });
  const context = { settings, sessions, tokens: new BoundedMap<number>() };
  return {
    async fetch(request) {
      const response = await route(request, context);
      for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
      return response;
    },
  };
}

function withDefaults(options: SandboxOptions): Settings {
  return {
    clientId: options.clientId ?? 'sandbox',
    clientSecret: options.clientSecret ?? 'sandbox-secret',
    apiKey: options.apiKey,
    applicationName: options.applicationName ?? 'Demo application',
    publicUrl: options.publicUrl,
    sessionLifetime: options.sessionLifetime ?? 300,
    tokenLifetime: options.tokenLifetime ?? 86_400,
    userData: { ...SAMPLE_PERSON, ...options.userData },
    now: options.now ?? Date.now,
    log: (event) => quietly(() => options.log?.(event)),
  };
}

function checked(settings: Settings): Settings {
  const { sessionLifetime, tokenLifetime, clientId, clientSecret } = settings;
  for (const [name, seconds] of Object.entries({ sessionLifetime, tokenLifetime })) {
    if (!(Number.isFinite(seconds) && seconds > 0)) {
      throw new TypeError(`createSandbox: ${name} must be a positive number of seconds.`);
    }
  }
  if (!clientId || !clientSecret) {
    throw new TypeError('createSandbox: clientId and clientSecret must not be empty.');
  }
  return settings;
}

/** Whatever the log of a test throws is its own affair. */
function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // There is nobody to tell.
  }
}

function route(
  request: Request,
  context: Pick<Call, 'settings' | 'sessions' | 'tokens'>,
): Response | Promise<Response> {
  const url = new URL(request.url);
  for (const [pattern, handlers] of ROUTES) {
    const match = pattern.exec(url.pathname);
    if (!match) continue;
    const handler = handlers.get(request.method);
    if (handler) return handler({ ...context, request, url, key: match[1] ?? '' });
    return refusal(405, 'Method not allowed.', { Allow: [...handlers.keys()].join(', ') });
  }
  return refusal(404, 'Not found.');
}

async function issueToken({ request, url, settings, tokens }: Call): Promise<Response> {
  const { clientId, clientSecret, tokenLifetime, now, log } = settings;
  const contentType = request.headers.get('Content-Type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)) {
    return refusal(415, 'Send application/x-www-form-urlencoded.');
  }
  if (basicCredentials(request) !== `${clientId}:${clientSecret}`) {
    return refusal(401, 'Wrong client credentials.', { 'WWW-Authenticate': 'Basic' });
  }
  const form = new URLSearchParams(await request.text());
  if (form.get('grant_type') !== 'client_credentials') {
    return refusal(400, 'grant_type must be client_credentials.');
  }
  const at = now();
  const iat = Math.floor(at / 1000);
  const token = randomToken(48);
  tokens.add(token, at + tokenLifetime * 1000);
  log({ type: 'token.issued', at });
  return Response.json({
    ...{ iss: url.origin, iat, sub: clientId, client_id: clientId, organization_id: 'sandbox' },
    ...{ expires_in: tokenLifetime, exp: iat + tokenLifetime, access_token: token },
  });
}

async function createSession({ request, url, settings, sessions }: Call): Promise<Response> {
  const text = await request.text();
  if (text.length > MAX_BODY_CHARACTERS) return refusal(413, 'The body is too long.');
  const fields = parsedObject(text);
  if (!fields) return refusal(400, 'Send a JSON object.');
  const { scope = '', vendor_data: vendorData = null } = fields;
  if (typeof scope !== 'string') return refusal(400, 'scope must be a string.');
  if (typeof vendorData !== 'string' && vendorData !== null) {
    return refusal(400, 'vendor_data must be a string.');
  }
  const session = sessions.create(scope, vendorData);
  logSession(settings, 'session.created', session);
  const base = (settings.publicUrl ?? url.origin).replace(/\/+$/, '');
  return Response.json(
    {
      session_id: session.id,
      session_token: session.token,
      url: `${base}/authorize/${session.token}`,
    },
    { status: 201 },
  );
}

function readStatus({ request, sessions, key }: Call): Response {
  const session = sessions.byId(key);
  if (!session) return refusal(404, 'No such session.');
  if (request.headers.get('Data-Session-Token') !== session.token) {
    return refusal(403, 'Data-Session-Token is not that of the session.');
  }
  return Response.json({ status: session.status });
}

/** The status is capitalised here and lower case in the status call, as in Didit's samples. */
function readDecision({ sessions, settings, key }: Call): Response {
  const session = sessions.byId(key);
  if (!session) return refusal(404, 'No such session.');
  const { id, number, status, vendorData, scope, createdAt } = session;
  const shared = status === 'confirmed' ? askedFor(scope, settings) : [];
  return Response.json({
    session_id: id,
    session_number: number,
    status: status.charAt(0).toUpperCase() + status.slice(1),
    vendor_data: vendorData,
    scope,
    user_data: Object.fromEntries(shared.filter(([, value]) => value !== undefined)),
    created_at: new Date(createdAt).toISOString(),
  });
}

/** The session's scopes, once each, with what the person has of them. */
function askedFor(scope: string, { userData }: Settings): [scope: string, value: unknown][] {
  const scopes = new Set(scope.split(/\s+/).filter(Boolean));
  const has = (name: string) => Object.hasOwn(userData, name);
  return [...scopes].map((name) => [name, has(name) ? userData[name] : undefined]);
}

/** A browser that only looks ahead has not opened the session yet. */
function openPage(call: Call): Response {
  const session = call.sessions.byToken(call.key);
  if (call.request.headers.get('Sec-Purpose')?.startsWith('prefetch')) return page(call, session);
  return page(call, session && call.sessions.advance(session, 'retrieved'));
}

/** Leads back to the page by a relative reference: the path may be another in front of a proxy. */
async function takeAnswer(call: Call): Promise<Response> {
  const { request, url, sessions, key } = call;
  const session = sessions.byToken(key);
  if (!session) return page(call, undefined);
  if (isForeign(request, url)) return refusal(403, 'Only the page itself can answer.');
  const status = ACTIONS.get(new URLSearchParams(await request.text()).get('action'));
  if (!status) return refusal(400, 'action must be confirm, decline or cancel.');
  sessions.advance(session, status);
  const location = url.pathname.endsWith('/') ? `../${session.token}` : session.token;
  return new Response(null, { status: 303, headers: { Location: location } });
}

function page({ request, settings }: Call, session: SandboxSession | undefined): Response {
  const nonce = randomToken(18);
  const model: PageModel = {
    status: session?.status ?? 'unknown',
    applicationName: settings.applicationName,
    rows: session && isLive(session) ? askedFor(session.scope, settings) : [],
    nonce,
  };
  return new Response(request.method === 'HEAD' ? null : authorizePage(model), {
    status: session ? 200 : 404,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; ` +
        `frame-ancestors 'self'; base-uri 'none'`,
    },
  });
}

function authenticated(handler: Handler): Handler {
  return (call) =>
    isKnownCaller(call)
      ? handler(call)
      : refusal(401, 'No valid credentials.', { 'WWW-Authenticate': 'Bearer' });
}

function isKnownCaller({ request, settings, tokens }: Call): boolean {
  const { apiKey, now } = settings;
  if (apiKey && request.headers.get('X-Api-Key') === apiKey) return true;
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  return token !== undefined && (tokens.get(token) ?? 0) > now();
}

/** `id:secret` (RFC 7617), or null for whatever is not that. */
function basicCredentials(request: Request): string | null {
  const encoded = /^Basic +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  try {
    const bytes = Uint8Array.from(atob(encoded ?? ''), (byte) => byte.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The host alone counts: behind a TLS proxy the request itself looks like `http`. */
function isForeign(request: Request, url: URL): boolean {
  const site = request.headers.get('Sec-Fetch-Site');
  if (site !== null && site !== 'same-origin') return true;
  const origin = request.headers.get('Origin');
  if (origin === null) return false;
  const host = request.headers.get('Host') ?? url.host;
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase();
}

function parsedObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || Array.isArray(value)) return null;
    return value as Record<string, unknown> | null;
  } catch {
    return null;
  }
}

function logSession(
  { log, now }: Settings,
  type: 'session.created' | 'session.status',
  { id, status }: SandboxSession,
): void {
  log({ type, at: now(), sessionId: id, status });
}

function refusal(status: number, message: string, headers: HeadersInit = {}): Response {
  return Response.json({ message }, { status, headers });
}
