import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createBackend } from '../../demo/backend.mjs';
import { serve, type WebServer } from '../web-server.js';

/** What a site answers besides its pages. */
type Backend = Parameters<typeof serve>[0];

/** Where the demo's backend, and the sandbox that plays Didit in it, are. */
const DEMO = /^\/(api|auth|authorize|session|v3)\//;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The demo's backend, with an application's built files in place of the demo's pages. */
export async function startSite(folder?: string): Promise<WebServer> {
  const site = await serve((request, env) => {
    const { pathname } = new URL(request.url);
    return DEMO.test(pathname) ? demo.fetch(request, env) : fileOf(pathname, folder);
  });
  const demo = createBackend({ origin: site.origin, account: null }).app;
  return site;
}

/** A backend of its own, with the pages of a folder, or of an application's server. */
export function startOwnSite(backend: Backend, pages: string): Promise<WebServer> {
  return serve((request, env) => {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith('/api/')) return backend(request, env);
    if (pathname === '/favicon.ico') return new Response(null, { status: 204 });
    // As it is: what is encoded would be decoded on the way.
    const headers = { 'Accept-Encoding': 'identity' };
    if (pages.startsWith('http')) return fetch(pages + pathname + search, { headers });
    return fileOf(pathname, pages);
  });
}

/** A file, a page without its ending, or what every address of an application begins with. */
function fileOf(pathname: string, folder?: string): Response {
  if (folder === undefined) return new Response('No pages here.', { status: 404 });
  const place = path.join(folder, pathname);
  const isFile = path.extname(place) !== '';
  const file = [isFile ? place : `${place}.html`, path.join(folder, 'index.html')].find(existsSync);
  if (!file || (isFile && file !== place)) return new Response('Not found.', { status: 404 });
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  return new Response(readFileSync(file), { headers: { 'Content-Type': type } });
}
