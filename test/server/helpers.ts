import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Upstream } from '../../src/server/call-didit.js';
import { Circuit } from '../../src/server/circuit.js';
import { DiditClient, type DiditClientOptions } from '../../src/server/didit-client.js';
import type { DiditOptions, DiditSettings, LogEvent } from '../../src/server/index.js';
import { checkOptions, type Settings } from '../../src/server/options.js';

export const CLIENT_ID = 'client-4711';
export const CLIENT_SECRET = 'sécret "of" the/site';
export const API_KEY = 'api-key-of-the-site';
export const WORKFLOW_ID = '7d0c2b1a-0000-4000-8000-0000000000ff';
export const VENDOR_DATA = 'Zoë "Z" O’Hara & sons';
export const ACCESS_TOKEN = 'eyJ0.access-token.sig';
export const SESSION_ID = '3f2e8c1a-0000-4000-8000-000000000001';
export const SESSION_TOKEN = 'session-token-1';
export const AUTHORIZE_URL = `https://app.didit.me/authorize/${SESSION_TOKEN}`;

/** What fake Didits say in their errors; it must stay behind the server part. */
export const DIDIT_TEXT = 'the words of Didit itself';

/** What a person shared; it must not reach the browser. */
export const USER_DATA = { names: { first_name: 'Personal-data-of-Zoë' } };

/** Everything that must not get into an answer, a header or an event. */
export const PRIVATE = [
  ...[CLIENT_ID, CLIENT_SECRET, API_KEY, VENDOR_DATA, ACCESS_TOKEN, DIDIT_TEXT],
  USER_DATA.names.first_name,
];

export const SITE = 'https://site.example';

export const TOKEN_BODY = { access_token: ACCESS_TOKEN, expires_in: 86_400 };
export const SESSION_BODY = {
  session_id: SESSION_ID,
  session_token: SESSION_TOKEN,
  url: AUTHORIZE_URL,
};

type Credentials = 'clientId' | 'clientSecret' | 'apiKey' | 'workflowId';

/** Options that differ from good ones. */
export type Differing = Partial<
  DiditSettings & Pick<DiditClientOptions, 'apiUrl' | 'fetch' | 'now'> & Record<Credentials, string>
>;

/** Good options for data transfer by client token, or by the credentials that are given. */
export function options(differing: Differing = {}): DiditOptions {
  const ownCredentials = 'apiKey' in differing;
  return {
    ...(ownCredentials ? {} : { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }),
    getUser: () => ({ vendorData: VENDOR_DATA }),
    ...differing,
  } as DiditOptions;
}

/** The credentials of the verification API. */
export const VERIFICATION = { apiKey: API_KEY, workflowId: WORKFLOW_ID };

export function settings(differing: Differing = {}): Settings {
  return checkOptions(options(differing));
}

export function client(differing: Differing = {}): DiditClient {
  return new DiditClient(options(differing));
}

/** Didit's data transfer, as its calls see it. */
export function upstreamTo(differing: Partial<Upstream> = {}): Upstream {
  return {
    apiUrl: 'https://apx.didit.me',
    fetch: (input, init) => globalThis.fetch(input, init),
    now: () => Date.now(),
    circuit: new Circuit(differing.now ?? Date.now),
    secrets: [CLIENT_ID, CLIENT_SECRET],
    ...differing,
  };
}

/** What the element sends to a backend on its own origin. */
export function pageRequest(body: unknown = {}, headers: Record<string, string> = {}): Request {
  return new Request(`${SITE}/api/didit/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** What the element sends for the status, by a reference of the create answer. */
export function statusRequest(reference: string, headers: Record<string, string> = {}): Request {
  return new Request(new URL(reference, `${SITE}/api/didit/session`), {
    headers: { 'Sec-Fetch-Site': 'same-origin', ...headers },
  });
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

const KINDS = ['token', 'status', 'decision', 'delete', 'session'] as const;
type Kind = (typeof KINDS)[number];

/** A call that a fake `fetch` got. */
export interface SeenCall {
  url: string;
  init: RequestInit;
  headers: Headers;
  body: string;
  kind: Kind;
  /** Which session the path names. */
  sessionId: string;
}

type Reply = (call: SeenCall) => Response | Promise<Response>;

/** A `fetch` that is Didit, of either API; give the replies that differ. */
export function fakeDidit(replies: Partial<Record<Kind, Reply>> = {}) {
  const calls: SeenCall[] = [];
  const statuses = new Map<string, string>();
  const people = new Map<string, unknown>();
  const statusOf = (id: string) => statuses.get(id) ?? 'initialized';

  const defaults: Record<Kind, Reply> = {
    token: () => json(TOKEN_BODY),
    session: () => json(SESSION_BODY, 201),
    status: ({ sessionId }) => json({ status: statusOf(sessionId) }),
    decision: ({ sessionId }) => json(decisionBody(sessionId)),
    delete: () => new Response(null, { status: 204 }),
  };
  const decisionBody = (sessionId: string) => ({
    session_id: sessionId,
    status: statusOf(sessionId),
    vendor_data: people.get(sessionId),
    user_data: USER_DATA,
  });
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const { url } = new Request(input);
    const [, sessionId = '', end = ''] = /([^/]*)\/([^/]*)\/$/.exec(url) ?? [];
    const kind = KINDS.find((name) => name === end) ?? 'session';
    const body = typeof init.body === 'string' ? init.body : '';
    const call = { url, init, headers: new Headers(init.headers), body, kind, sessionId };
    calls.push(call);
    const response = await (replies[kind] ?? defaults[kind])(call);
    if (kind === 'session' && response.status === 201) {
      await remember(response.clone(), body).catch(() => undefined);
    }
    return response;
  };
  const remember = async (response: Response, body: string) => {
    const { session_id } = (await response.json()) as { session_id: string };
    people.set(session_id, (JSON.parse(body) as { vendor_data?: string }).vendor_data);
  };
  const count = (...kinds: Kind[]) => calls.filter(({ kind }) => kinds.includes(kind)).length;
  /** Moves a session on, in Didit's word. */
  const set = (status: string, sessionId = SESSION_ID) => void statuses.set(sessionId, status);
  return { fetch, calls, count, set, people, decisionBody };
}

/** Gives a new session, numbered from 1, at each call. */
export function numberedSessions(): Reply {
  let number = 0;
  return () => {
    number++;
    return json(
      {
        session_id: `session-${number}`,
        session_token: `token-${number}`,
        url: `https://app.didit.me/authorize/token-${number}`,
      },
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
  handlers: Partial<Record<Exclude<Kind, 'delete'>, WireHandler>> = {},
) {
  const requests: WireRequest[] = [];
  const all: Record<string, WireHandler> = {
    token: (_, response) => send(response, 200, TOKEN_BODY),
    session: (_, response) => send(response, 201, SESSION_BODY),
    status: (_, response) => send(response, 200, { status: 'initialized' }),
    ...handlers,
  };
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming;
      const request = { method, path, headers, body };
      requests.push(request);
      const [, end = ''] = /([^/]*)\/$/.exec(path) ?? [];
      const handler = all[end];
      if (handler) handler(request, response);
      else send(response, 404, {});
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
