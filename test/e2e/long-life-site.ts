import { build } from 'esbuild';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { builtScript, html, script, type Answer } from './own-page.js';

/** What a site has open at a moment, and what it was asked in all. */
export interface SiteCounts {
  readonly created: number;
  /** Requests that are not answered to their end, streams among them. */
  readonly open: number;
  /** The most that were so at a time. */
  readonly mostOpen: number;
  readonly streams: number;
}

/** A site for pages that live long. */
export interface LongLifeSite {
  readonly origin: string;
  readonly counts: () => SiteCounts;
  /** Resolves once nothing is open any more; rejects where that takes too long. */
  readonly quiet: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const PAGE = `<link rel="icon" href="data:,"><title>Lives</title>
  <body><script src="/element.js"></script><script src="/page.js"></script>`;
const ELEMENT = readFileSync('dist/didit-verify.min.js', 'utf8');

const QUIET_MS = 30_000;

/** The same in a frame, since a driver needs the time of the page that it is at. */
const FRAMED = `<iframe src="/" onload="globalThis.days = this.contentWindow.days"></iframe>`;
const PAGES = new Map<string, Answer>([
  ['/', html(PAGE)],
  ['/framed', html(FRAMED)],
]);

/**
 * Serves a page with the built element and a script of ours. Its sessions are had from
 * `/session/{kind}`: `stream` has a stream of events, `hang` is never answered, `fail` is refused, and
 * of any other kind the status is that very word.
 */
export async function startLongLifeSite(page: string, element = ELEMENT): Promise<LongLifeSite> {
  const files = new Map(PAGES).set('/element.js', script(element)).set('/page.js', script(page));
  const open = new Set<ServerResponse>();
  const streams = new Set<ServerResponse>();
  let created = 0;
  let mostOpen = 0;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const [, route, kind = ''] = decodeURIComponent(pathname).split('/');
    if (route === 'events') return stream(response, streams);
    if (route === 'status') return reply(response, { body: JSON.stringify({ status: kind }) });
    if (route === 'locales') return reply(response, builtScript(`locales/${kind}`));
    if (route !== 'session') return reply(response, files.get(`/${route}`) ?? { status: 404 });
    created++;
    if (kind !== 'hang')
      reply(response, kind === 'fail' ? { status: 500 } : session(kind, created));
  }

  const server = createServer((request, response) => {
    open.add(response);
    mostOpen = Math.max(mostOpen, open.size);
    response.on('close', () => [open, streams].forEach((each) => each.delete(response)));
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => ({ created, open: open.size, mostOpen, streams: streams.size }),
    async quiet() {
      const signal = AbortSignal.timeout(QUIET_MS);
      for (const response of open) await once(response, 'close', { signal });
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function reply(response: ServerResponse, { status = 200, headers, body }: Answer): void {
  response.writeHead(status, { 'Cache-Control': 'no-store', ...headers });
  response.end(body);
}

function session(kind: string, number: number): Answer {
  const answer = {
    session_id: `session-${number}`,
    url: `https://app.didit.me/authorize/token-${number}`,
    status_url: `/status/${kind === 'stream' ? 'Not Started' : kind}/${number}`,
    ...(kind === 'stream' ? { events_url: `/events/${number}` } : {}),
    expires_in: 600,
  };
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(answer) };
}

/** Tells its status at once, and stays open. */
function stream(response: ServerResponse, streams: Set<ServerResponse>): void {
  streams.add(response);
  response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Type': 'text/event-stream' });
  response.write('event: status\ndata: {"status":"Not Started"}\n\n');
}

/** A script for the page, with all that it imports. */
export async function bundledPage(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    write: false,
    target: 'es2022',
  });
  return outputFiles[0]!.text;
}
