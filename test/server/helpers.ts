import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { DiditOptions, LogEvent } from '../../src/server/index.js';
import { checkOptions, type Settings } from '../../src/server/options.js';

export const CLIENT_ID = 'client-4711';
export const CLIENT_SECRET = 'sécret "of" the/site';
export const VENDOR_DATA = 'Zoë "Z" O’Hara & sons';
export const ACCESS_TOKEN = 'eyJ0.access-token.sig';
export const SESSION_ID = '3f2e8c1a-0000-4000-8000-000000000001';
export const SESSION_TOKEN = 'session-token-1';
export const AUTHORIZE_URL = `https://app.didit.me/authorize/${SESSION_TOKEN}`;

/** Everything that must not get into an answer, a header or an event. */
export const PRIVATE = [CLIENT_ID, CLIENT_SECRET, VENDOR_DATA, ACCESS_TOKEN];

export const SITE = 'https://site.example';

export const TOKEN_BODY = { access_token: ACCESS_TOKEN, expires_in: 86_400 };
export const SESSION_BODY = {
  session_id: SESSION_ID,
  session_token: SESSION_TOKEN,
  url: AUTHORIZE_URL,
};

/** Good options; give those that differ. */
export function options(differing: Partial<DiditOptions> = {}): DiditOptions {
  return {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    getUser: () => ({ vendorData: VENDOR_DATA }),
    ...differing,
  };
}

export function settings(differing: Partial<DiditOptions> = {}): Settings {
  return checkOptions(options(differing));
}

/** What the element sends to a backend on its own origin. */
export function pageRequest(body: unknown = {}, headers: Record<string, string> = {}): Request {
  return new Request(`${SITE}/api/didit/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

/** A call that a fake `fetch` got. */
export interface SeenCall {
  url: string;
  init: RequestInit;
  headers: Headers;
  body: string;
  /** `token` or `session`. */
  kind: 'token' | 'session';
}

type Reply = (call: SeenCall) => Response | Promise<Response>;

/** A `fetch` that is Didit; give the replies that differ. */
export function fakeDidit(replies: { token?: Reply; session?: Reply } = {}) {
  const calls: SeenCall[] = [];
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const { url } = new Request(input);
    const kind = url.endsWith('/token/') ? ('token' as const) : ('session' as const);
    const body = typeof init.body === 'string' ? init.body : '';
    const call = { url, init, headers: new Headers(init.headers), body, kind };
    calls.push(call);
    if (kind === 'token') return replies.token ? replies.token(call) : json(TOKEN_BODY);
    return replies.session ? replies.session(call) : json(SESSION_BODY, 201);
  };
  const count = (kind: SeenCall['kind']) => calls.filter((call) => call.kind === kind).length;
  return { fetch, calls, count };
}

/** Gives a new session, numbered from 1, at each call. */
export function numberedSessions(): Reply {
  let number = 0;
  return () => {
    number++;
    return json(
      { session_id: `session-${number}`, url: `https://app.didit.me/authorize/${number}` },
      201,
    );
  };
}

/** Collects the events of `log`. */
export function recordedLog() {
  const events: LogEvent[] = [];
  const log = (event: LogEvent) => void events.push(event);
  const types = () => events.map((event) => event.type);
  return { events, log, types };
}

/** A clock that stands still until it is moved. */
export function clock(start = 1_750_000_000_000) {
  let time = start;
  return { now: () => time, pass: (seconds: number) => void (time += seconds * 1000) };
}

/** A promise and the hands that settle it. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((...hands) => ([resolve, reject] = hands));
  return { promise, resolve, reject };
}

/** Lets everything that is ready run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A request as a real upstream got it. */
export interface WireRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type WireHandler = (request: WireRequest, response: ServerResponse) => void;

/** A real HTTP server in Didit's place, closed with the test. */
export async function upstream(
  test: TestContext,
  handlers: { token?: WireHandler; session?: WireHandler } = {},
) {
  const requests: WireRequest[] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming;
      const request = { method, path, headers, body };
      requests.push(request);
      const isToken = path.endsWith('/token/');
      const handler = isToken ? handlers.token : handlers.session;
      if (handler) handler(request, response);
      else if (isToken) send(response, 200, TOKEN_BODY);
      else send(response, 201, SESSION_BODY);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const count = (end: string) => requests.filter(({ path }) => path.endsWith(end)).length;
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, count };
}

/** Answers with JSON, or with a text as it is. */
export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
