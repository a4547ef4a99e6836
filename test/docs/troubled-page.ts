import { createSandbox, type Sandbox } from 'didit-verify/sandbox';
import { createDidit, type DiditOptions } from 'didit-verify/server';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../e2e/browser.js';
import { serve } from '../web-server.js';

/** A page in which something is wrong. */
export interface Trouble {
  /** What is in its body. */
  readonly body: string;
  /** What is in its head; without it, the built single file is loaded there. */
  readonly head?: string;
  /** Headers of the page, say a policy. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the backend is given besides; the sandbox is its Didit. */
  readonly options?: Partial<DiditOptions>;
  /** Answers in place of backend and files; undefined leaves it to those. */
  readonly answer?: (request: Request) => Answer | Promise<Answer>;
  /** Runs in the page before anything else. */
  readonly before?: () => void;
  /** What the page's host is called. */
  readonly host?: 'localhost';
}

type Answer = Response | undefined;

/** The page in Chromium. */
export interface TroubledPage {
  readonly page: Page;
  readonly origin: string;
  readonly sandbox: Sandbox;
  /** What the console says, the browser's own words included, so far. */
  readonly said: readonly string[];
  /** Methods and paths, with their queries, that the site was asked for, so far. */
  readonly asked: readonly string[];
}

export const ENDPOINT = '/api/didit/session';
export const TAG = `<didit-verify resolver-url="${ENDPOINT}"></didit-verify>`;

/** Didit's own answer to "create session", or nearly. */
export const SESSION = { session_id: '1', url: 'https://app.didit.me/authorize/1' };

const SCRIPT = '<script src="/dist/didit-verify.min.js"></script>';
const NOT_FOUND = { status: 404, headers: { 'Content-Type': 'text/html' } };

let browser: Promise<Browser> | undefined;

/** Ends the browser; for a file's `after`. */
export async function closeTroubledPages(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** Opens it, and hears what the console says from the beginning. */
export async function openTroubled(t: TestContext, trouble: Trouble): Promise<TroubledPage> {
  const { sandbox, didit } = backend(trouble.options);
  const asked: string[] = [];
  const site = await serve(async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    asked.push(`${request.method} ${pathname}${search}`);
    const answer = await trouble.answer?.(request);
    if (answer) return answer;
    if (pathname === ENDPOINT) return didit.session(request);
    if (pathname === '/') return pageOf(trouble);
    return pathname.startsWith('/dist/') ? built(pathname.slice(1)) : new Response('', NOT_FOUND);
  });
  const origin = trouble.host ? site.origin.replace('127.0.0.1', trouble.host) : site.origin;
  browser ??= launchChromium();
  const context = await (await browser).newContext();
  const page = await context.newPage();
  t.after(async () => {
    await context.close();
    didit.close();
    await site.close();
  });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', ({ message }) => said.push(message));
  // What tsx puts around functions, to keep their names.
  await page.addInitScript('globalThis.__name = (named) => named;');
  if (trouble.before) await page.addInitScript(trouble.before);
  await page.goto(`${origin}/`);
  return { page, origin, sandbox, said, asked };
}

function backend(options: Partial<DiditOptions> = {}) {
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

function pageOf({ head = SCRIPT, body, headers }: Trouble): Response {
  const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="/icon">${head}<body>${body}`;
  return new Response(html, {
    headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
  });
}

function built(name: string): Response {
  const isFile = path.normalize(name).startsWith('dist/');
  const body = isFile ? readFileSync(name) : '';
  return new Response(body, { headers: { 'Content-Type': 'text/javascript; charset=utf-8' } });
}
