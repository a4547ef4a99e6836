import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server answers; 200 where it does not say. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A server of a few pages and files, for one test. */
export interface OwnPage {
  readonly origin: string;
  close(): Promise<void>;
}

/** Answers by path, without query; a promise that never settles is a server that hangs. */
export async function startPage(
  answer: (path: string, request: IncomingMessage) => Answer | Promise<Answer>,
): Promise<OwnPage> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    void Promise.resolve(answer(pathname, request)).then(({ status = 200, headers, body }) => {
      response.writeHead(status, { 'Cache-Control': 'no-store', ...headers });
      response.end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A page; `headers` as a policy would be. */
export function html(body: string, headers: Answer['headers'] = {}): Answer {
  const page = `<!doctype html><link rel="icon" href="data:,">${body}`;
  return { headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body: page };
}

/** For the head of a page: keeps in `said` what is warned of and thrown. */
export const LISTENING = `<script>
  // What tsx puts around functions, to keep their names.
  globalThis.__name = (named) => named;
  globalThis.said = [];
  for (const name of ['warn', 'error']) console[name] = (...words) => said.push(words.join(' '));
  addEventListener('error', ({ message }) => said.push(message));
  addEventListener('unhandledrejection', ({ reason }) => said.push(String(reason)));
</script>`;

declare global {
  /** What was warned of and thrown, in a page that keeps it. */
  var said: string[];
}

/** A script, or a file of the build. */
export function script(body: string | Buffer, headers: Answer['headers'] = {}): Answer {
  return { headers: { 'Content-Type': 'text/javascript; charset=utf-8', ...headers }, body };
}

export function builtScript(path: string, headers?: Answer['headers']): Answer {
  return script(readFileSync(`dist/${path}`), headers);
}
