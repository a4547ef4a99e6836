import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { createSandbox } from '../../src/sandbox/sandbox.js';
import type { SandboxEvent, SandboxOptions } from '../../src/sandbox/sandbox-options.js';

export const ORIGIN = 'http://sandbox.test';
export const TOKEN = '/auth/v2/token/';
export const SESSION = '/auth/v2/session/';
export const VERIFICATION = '/v3/session/';
export const START = Date.UTC(2025, 5, 1, 12);

/** Either API's answer to "create session". */
export interface Created {
  session_id: string;
  session_token: string;
  url: string;
}

export const base64 = (text: string) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export const fields = async (response: Response) =>
  (await response.json()) as Record<string, unknown>;

/** The phone page's Content-Security-Policy: nothing but its own style sheet and form. */
export const policyOf = (nonce: string | undefined) =>
  `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; ` +
  `frame-ancestors 'self'; base-uri 'none'`;

/** An error with words in one member: `message` in data transfer, `detail` in verification. */
export async function assertRefused(response: Response, status: number, member = 'message') {
  assert.equal(response.status, status);
  const body = await fields(response);
  assert.deepEqual(Object.keys(body), [member]);
  assert.equal(typeof body[member], 'string');
}

const KEY = { 'X-Api-Key': 'key' };

/** A sandbox with a clock that stands still, an API key `key`, and short ways to call it. */
export function setUp(options: SandboxOptions = {}) {
  const clock = { time: START };
  const events: SandboxEvent[] = [];
  const news = new EventEmitter();
  const sandbox = createSandbox({
    apiKey: 'key',
    now: () => clock.time,
    log: (event) => {
      events.push(event);
      news.emit('event');
    },
    ...options,
  });
  const { fetch } = sandbox;
  /** Resolves once so many events of a type are told, with all of them. */
  const told = async <Type extends SandboxEvent['type']>(type: Type, count = 1) => {
    for (;;) {
      const all = events.filter(
        (event): event is SandboxEvent & { type: Type } => event.type === type,
      );
      if (all.length >= count) return all;
      await once(news, 'event');
    }
  };
  const call = (path: string, init?: RequestInit) => fetch(new Request(ORIGIN + path, init));
  const get = (path: string, headers: HeadersInit = KEY) => call(path, { headers });
  const post = (path: string, body: unknown, headers: HeadersInit = KEY) =>
    call(path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  /** Opens the phone page. */
  const open = ({ url }: Created) => call(new URL(url).pathname);
  /** Presses a button of the phone page. */
  const answer = ({ url }: Created, action: string, headers: HeadersInit = {}) =>
    call(new URL(url).pathname, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ action }),
    });
  return { ...sandbox, clock, events, told, call, get, post, open, answer };
}

/** {@link setUp}, and the calls of data transfer. */
export function setUpDataTransfer(options: SandboxOptions = {}) {
  const all = setUp(options);
  const { call, get, post } = all;
  const token = (credentials = 'sandbox:sandbox-secret', init: RequestInit = {}) =>
    call(TOKEN, {
      method: 'POST',
      headers: { Authorization: `Basic ${base64(credentials)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      ...init,
    });
  const create = (body: unknown, headers?: HeadersInit, path = SESSION) =>
    post(path, body, headers);
  const session = async (scope = 'names email') =>
    (await (await create({ scope, vendor_data: 'user-1' })).json()) as Created;
  const status = async ({ session_id, session_token }: Created) => {
    const headers = { ...KEY, 'Data-Session-Token': session_token };
    return (await fields(await get(`${SESSION}${session_id}/status/`, headers))).status;
  };
  const decision = async ({ session_id }: Created) =>
    fields(await get(`${SESSION}${session_id}/decision/`));
  return { ...all, token, create, session, status, decision };
}

/** {@link setUp}, and the calls of verification. */
export function setUpVerification(options: SandboxOptions = {}) {
  const all = setUp(options);
  const { get, post } = all;
  const create = (body: unknown, headers?: HeadersInit) => post(VERIFICATION, body, headers);
  /** Of nobody who could be known again, unless it says so. */
  const session = async (body: object = {}) =>
    (await (await create({ workflow_id: 'workflow-1', ...body })).json()) as Created;
  const decision = async ({ session_id }: Created) =>
    fields(await get(`${VERIFICATION}${session_id}/decision/`));
  const status = async (created: Created) => (await decision(created)).status;
  return { ...all, create, session, status, decision };
}

/** A webhook as it arrived. */
export interface Arrived {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real server that webhooks go to, closed with the test; it answers 200 where nothing else is said. */
export async function webhookServer(
  test: TestContext,
  answer: (response: ServerResponse, count: number) => void = (response) => response.end(),
) {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      arrived.push({ headers: request.headers, body });
      answer(response, arrived.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  return { webhookUrl, arrived };
}
