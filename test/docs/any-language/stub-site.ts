import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Page } from 'playwright-core';
import { builtScript, LISTENING } from '../../e2e/own-page.js';
import { serve, type WebServer } from '../../web-server.js';

/** Answers one request; null cuts the connection. */
export type Responder = (request: Request) => Response | null | Promise<Response | null>;

/** A request as a backend got it. */
export interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  /** Milliseconds. */
  readonly at: number;
}

/** A site with a page that has the element, and backends that answer as they are told to, by path. */
export class StubSite {
  readonly requests: PageRequest[] = [];
  readonly #responders = new Map<string, Responder>();
  readonly #news = new EventEmitter();
  #server?: WebServer;

  async start(): Promise<void> {
    this.#server = await serve((request, env) =>
      this.#answer(request, (env as { incoming: IncomingMessage }).incoming),
    );
  }

  get origin(): string {
    return this.#server!.origin;
  }

  close(): Promise<void> {
    return this.#server!.close();
  }

  answer(path: string, responder: Responder): void {
    this.#responders.set(path, responder);
  }

  /** The requests to a path, without those that ask for permission. */
  requestsTo(path: string): PageRequest[] {
    return this.requests.filter((request) => request.path === path && request.method !== 'OPTIONS');
  }

  /** Resolves once a path was asked for so often. */
  async asked(path: string, times: number): Promise<void> {
    while (this.requestsTo(path).length < times) await once(this.#news, 'request');
  }

  async #answer(request: Request, incoming: IncomingMessage): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/')
      return html(`${LISTENING}<script src="/dist/didit-verify.min.js"></script>`);
    if (pathname.startsWith('/dist/')) return file(pathname.slice(6));
    const path = pathname + search;
    const { method, headers } = request;
    const body = await request.clone().text();
    this.requests.push({ method, path, headers, body, at: performance.now() });
    this.#news.emit('request');
    const response = await this.#responders.get(path)?.(request);
    if (response === null) incoming.socket.destroy();
    const answer = response ?? new Response('Not found', { status: 404 });
    // Browsers repeat by themselves what fails on a connection that was used before.
    answer.headers.set('Connection', 'close');
    return answer;
  }
}

/** A tag of a page, with these properties. */
export interface TagProperties {
  readonly resolverUrl: string;
  readonly [name: string]: unknown;
}

/**
 * Puts tags into the page, and resolves with what each says first: an error, or a session.
 * All of its errors are kept in `data-errors`.
 */
export function addTags(page: Page, all: readonly TagProperties[]): Promise<string[]> {
  return page.evaluate(
    (all) =>
      Promise.all(
        all.map(
          (properties) =>
            new Promise<string>((resolve) => {
              const tag = document.createElement('didit-verify');
              tag.addEventListener('session-created', () => resolve('shows the code'));
              tag.addEventListener('error', ({ detail: { code } }) => {
                tag.dataset.errors = [tag.dataset.errors, code].filter(Boolean).join(' ');
                resolve(code);
              });
              Object.assign(tag, { noResume: true, ...properties });
              document.body.append(tag);
            }),
        ),
      ),
    all,
  );
}

function html(text: string): Response {
  return new Response(`<!doctype html><link rel="icon" href="data:,"><body>${text}`, {
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  });
}

function file(name: string): Response {
  const { headers, body } = builtScript(name);
  return new Response(body as Uint8Array<ArrayBuffer>, { headers });
}
