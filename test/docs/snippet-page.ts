import { createSandbox, type Sandbox } from 'didit-verify/sandbox';
import { createDidit, type DiditOptions } from 'didit-verify/server';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../e2e/browser.js';
import { LISTENING } from '../e2e/own-page.js';
import { serve } from '../web-server.js';

/** A page that a guide shows, or a part of one. */
export interface Snippet {
  /** What is in its body. The built single file is loaded before it, unless it loads one itself. */
  readonly html?: string;
  readonly css?: string;
  /** A module, after the body. */
  readonly js?: string;
  /** What the backend is given besides. */
  readonly options?: Partial<DiditOptions>;
  /** Answers to other paths of the site; undefined is 404. */
  readonly answer?: (request: Request) => Response | Promise<Response> | undefined;
}

/** A page in Chromium, with a backend under `/api/didit/session`, and the sandbox as Didit. */
export interface SnippetPage {
  readonly page: Page;
  readonly origin: string;
  readonly sandbox: Sandbox;
}

const ENDPOINT = '/api/didit/session';
const CDN = 'https://cdn.jsdelivr.net/npm/didit-verify@';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css',
};

let browser: Promise<Browser> | undefined;

/** Ends the browser that `openSnippet` started; for a file's `after`. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/**
 * Opens what a guide shows, as it is. A CDN's addresses are answered from `dist/`, Didit's own are
 * those of the sandbox. The page's `said` has what it warned of and threw.
 */
export async function openSnippet(t: TestContext, snippet: Snippet): Promise<SnippetPage> {
  const { sandbox, didit } = createBackend(snippet.options);
  const site = await serve(async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === ENDPOINT) return didit.session(request);
    if (pathname === '/') return file(pageOf(snippet), 'text/html');
    const answer = await snippet.answer?.(request);
    if (answer) return answer;
    return pathname.startsWith('/dist/') ? built(pathname.slice(6)) : notFound();
  });
  browser ??= launchChromium();
  const page = await (await browser).newPage();
  t.after(async () => {
    await page.close();
    didit.close();
    await site.close();
  });
  await page.route(`${CDN}**`, (route) => {
    const name = route
      .request()
      .url()
      .replace(/^.*?@[^/]*\/?/, '');
    return route.fulfill({
      body: readFileSync(path.join('dist', name.replace(/^dist\//, '') || 'didit-verify.min.js')),
      contentType: 'text/javascript',
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
  });
  await page.goto(`${site.origin}/`);
  return { page, origin: site.origin, sandbox };
}

function createBackend(options: Partial<DiditOptions> = {}) {
  const account = { clientId: 'a-client', clientSecret: 'a-secret' };
  const sandbox = createSandbox({ ...account, publicUrl: 'https://app.didit.me' });
  const didit = createDidit({
    ...account,
    apiUrl: 'https://app.didit.me',
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
    getUser: () => ({ vendorData: 'somebody' }),
    ...options,
  } as DiditOptions);
  return { sandbox, didit };
}

function pageOf({ html = '', css = '', js = '' }: Snippet): string {
  const own = /<script[^>]*src=/.test(html);
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${LISTENING}
    <style>${css}</style>
    ${own ? '' : '<script src="/dist/didit-verify.min.js"></script>'}
    <body>${html}
    <script type="module">${js}</script>`;
}

function built(name: string): Response {
  return file(readFileSync(path.join('dist', name)), TYPES[path.extname(name)] ?? 'text/plain');
}

function file(body: string | Uint8Array<ArrayBuffer>, type: string): Response {
  return new Response(body, { headers: { 'Content-Type': `${type}; charset=utf-8` } });
}

function notFound(): Response {
  return new Response('Not found', { status: 404 });
}
