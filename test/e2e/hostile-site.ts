import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorizePage, type PageModel } from '../../src/sandbox/authorize-page.js';
import { payloads } from './hostile-corpus.js';
import { PLACES } from './hostile-places.js';
import { installWatch } from './hostile-watch.js';

/** A site whose backend answers what attackers would have it answer, and which notes every request. */
export interface HostileSite {
  readonly origin: string;
  /** What was asked for that neither the page, nor the tag by its own `fetch`, asks for. */
  readonly strange: string[];
  close(): Promise<void>;
}

/** Sent with each request of a tag, by its `headers`: markup cannot send it. */
const CASE = 'X-Case';

const SCRIPT = '/dist/didit-verify.min.js';
const OWN = ['/', '/favicon.ico', '/payloads', '/answers', '/phone', SCRIPT];

/** One step of a stream for each payload, and another of nothing but payloads. */
function streamOf(texts: readonly string[]): string {
  const lines = texts.flatMap((text) => [
    `event: status\ndata: ${JSON.stringify({ status: text, [text]: text })}\n\n`,
    `id: ${text}\nretry: ${text}\nevent: ${text}\ndata: ${text}\n\n`,
    `event: status\ndata: ${text}\n\n`,
  ]);
  return `${lines.join('')}event: status\ndata: {"status":"retrieved"}\n\n`;
}

function watchScript(nonce: string): string {
  return `<script nonce="${nonce}">
    // What tsx puts around functions, to keep their names.
    globalThis.__name = (named) => named;
    (${String(installWatch)})();
  </script>`;
}

function pageOf(nonce: string): string {
  return `<!doctype html>
    <meta charset="utf-8">
    ${watchScript(nonce)}
    <script src="${SCRIPT}"></script>
    <body>`;
}

/** The sandbox's page for the phone, for an application of this name that asks for such things. */
function phonePageOf(nonce: string, status: string, texts: readonly string[]): string {
  const model: PageModel = {
    nonce,
    status: status as PageModel['status'],
    applicationName: texts.join(' '),
    rows: texts.map((text, index) => [text, index % 2 ? text : { full_name: text }]),
    returnUrl: new URL(`https://shop.example/?${texts.join('&')}`).href,
  };
  return authorizePage(model).replace('<head>', () => `<head>${watchScript(nonce)}`);
}

export async function startHostileSite(): Promise<HostileSite> {
  const strange: string[] = [];

  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url!, 'http://localhost');
    const given = request.headers[CASE.toLowerCase()];
    if (typeof given === 'string') return answerCase(given, request, response);
    if (request.method !== 'GET' || !OWN.includes(pathname)) {
      strange.push(`${request.method} ${request.url}`);
    }
    return answerPage(pathname, search.slice(1), response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    strange,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** By the place and the payload's number: `url 17`. */
function answerCase(given: string, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const [place, number] = given.split(' ') as [string, string];
  const payload = payloads[Number(number)]!;
  if (request.url === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    // It stays open: a stream that ends is asked for again.
    response.write(streamOf(payloads));
    return;
  }
  const answer = request.method === 'POST' ? PLACES[place]!(payload) : { body: '{"status":"?"}' };
  response.writeHead(answer.status ?? 200, {
    'Content-Type': 'application/json',
    ...answer.headers,
  });
  response.end(answer.body);
}

/** By the policy nothing is forbidden; it only reports. */
function answerHtml(response: ServerResponse, page: (nonce: string) => string): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy-Report-Only':
      `default-src 'self'; script-src 'self' 'nonce-${nonce}'; style-src 'nonce-${nonce}'; ` +
      `object-src 'none'; base-uri 'none'; form-action 'none'; ` +
      `require-trusted-types-for 'script'; trusted-types lit-html`,
  });
  response.end(page(nonce));
}

function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

function answerPage(pathname: string, query: string, response: ServerResponse): void {
  if (pathname === '/') return answerHtml(response, pageOf);
  if (pathname === '/payloads') return answerJson(response, payloads);
  if (pathname === '/answers') return answerJson(response, payloads.map(PLACES[query]!));
  if (pathname === '/phone') {
    const [status, whose] = decodeURIComponent(query).split('-') as [string, string];
    const texts = whose === 'hostile' ? payloads : ['Harbour Books', 'a scope of its own'];
    return answerHtml(response, (nonce) => phonePageOf(nonce, status, texts));
  }
  response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' });
  // Where nothing should have been asked for: a script that would show that it ran.
  response.end(pathname === SCRIPT ? readFileSync(`.${SCRIPT}`) : 'alert(1);');
}
