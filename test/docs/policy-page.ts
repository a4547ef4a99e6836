import { EventEmitter, on } from 'node:events';
import type { TestContext } from 'node:test';
import type { EnginePage } from '../e2e/engines.js';
import { builtScript, html, type Answer } from '../e2e/own-page.js';
import { serve } from '../web-server.js';

/** A page that a guide shows, and the policy that it shows for it. */
export interface PolicyPage {
  /** The header's value. */
  readonly policy: string;
  /** What loads the element, and the element. */
  readonly markup: string;
  /** Makes the backend of a page of this origin; without it a create is answered with a session. */
  readonly backendFor?: (origin: string) => (request: Request) => Promise<Response>;
}

/** What came of a page. */
export interface Outcome {
  readonly state: string;
  readonly hasCode: boolean;
  readonly heading: string;
  /** What the browser says was violated, and by what, but for what was done on purpose. */
  readonly violations: readonly string[];
}

/** Origins of the guides, in place of which there are those of this machine. */
const CDN = 'https://cdn.jsdelivr.net';
const BACKEND = 'https://api.shop.example';

const CORS = { 'Access-Control-Allow-Origin': '*' };
/** Sent with the page. Another port of this machine is another origin of the same site. */
const LOGIN = 'login=somebody; Path=/; SameSite=Lax';
/** Which no policy allows. */
const FORBIDDEN = 'http://forbidden.invalid/';
const PACKAGE = /^(\/npm\/didit-verify@[^/]+)?\/dist\//;

/**
 * Opens a page with such a policy, and waits for what becomes of its element. The same policy is
 * sent a second time to be reported on alone, so that nothing in the page has to listen. In the end
 * something that is forbidden everywhere is done: once that is reported, so is all that was before.
 */
export async function openUnderPolicy(
  t: TestContext,
  page: EnginePage,
  shown: PolicyPage,
): Promise<Outcome> {
  const reports = new EventEmitter();
  const told = on(reports, 'violation');
  let answerBackend: (request: Request) => Promise<Response> = async () => created();
  const cdn = await serve((request: Request) => built(request));
  const backend = await serve((request: Request) => answerBackend(request));
  const local = (text: string) =>
    text.replaceAll(CDN, cdn.origin).replaceAll(BACKEND, backend.origin);
  const site = await serve(async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/api/didit/session') return answerBackend(request);
    if (pathname !== '/violations')
      return pathname === '/' ? pageOf(local(shown.markup), local(shown.policy)) : built(request);
    reports.emit('violation', violationIn(await request.text()));
    return new Response(null, { status: 204 });
  });
  t.after(() => Promise.all([site, cdn, backend].map((server) => server.close())));
  answerBackend = shown.backendFor?.(site.origin) ?? answerBackend;
  await page.goto(`${site.origin}/`);
  await page.waitFor(() => document.querySelector('didit-verify') !== null);
  await page.waitFor(isSettled);
  const seen = await page.evaluate(look);
  await page.evaluate((url) => fetch(url).then(String, String), FORBIDDEN);
  return { ...seen, violations: await untilForbidden(told) };
}

interface Violation {
  readonly directive: string;
  readonly blocked: string;
}

async function untilForbidden(told: AsyncIterable<unknown[]>): Promise<string[]> {
  const violations: string[] = [];
  for await (const [violation] of told as AsyncIterable<[Violation]>) {
    if (violation.blocked.startsWith(FORBIDDEN.slice(0, -1))) return violations;
    // The icon, which only keeps the browser from asking for one.
    if (violation.blocked !== 'data')
      violations.push(`${violation.directive}: ${violation.blocked}`);
  }
  return violations;
}

function violationIn(report: string): Violation {
  const told = JSON.parse(report) as { 'csp-report': Record<string, string | undefined> };
  const {
    'violated-directive': directive = '',
    'effective-directive': effective,
    'blocked-uri': blocked = '',
  } = told['csp-report'];
  return { directive: effective ?? directive, blocked };
}

/** In the page: it is drawn in the page's language, or will never be there. */
function isSettled(): boolean {
  const tag = document.querySelector('didit-verify');
  if (!customElements.get('didit-verify')) return document.readyState === 'complete';
  const isPending = tag?.shadowRoot?.querySelector('.pending') !== null;
  return !isPending && /^(ready|error)$/.test(tag.state);
}

function look(): Omit<Outcome, 'violations'> {
  const tag = document.querySelector('didit-verify')!;
  const find = (selector: string) => tag.shadowRoot?.querySelector(selector);
  return {
    state: tag.state ?? 'not there',
    hasCode: Boolean(find('svg.code path')?.getAttribute('d')),
    heading: find('[part="heading"]')?.textContent?.trim() ?? '',
  };
}

function pageOf(markup: string, policy: string): Response {
  const headers = {
    'Set-Cookie': LOGIN,
    'Content-Security-Policy': policy,
    'Content-Security-Policy-Report-Only': `${policy}; report-uri /violations`,
  };
  return responseOf(html(`<html lang="de">${markup}`, headers));
}

/** With what another origin's module needs; a classic script goes without. */
function built(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (!PACKAGE.test(pathname)) return new Response('Not found', { status: 404 });
  return responseOf(builtScript(pathname.replace(PACKAGE, ''), CORS));
}

function created(): Response {
  return Response.json({ session_id: '1', url: 'https://app.didit.me/authorize/1' });
}

function responseOf({ status, headers, body }: Answer): Response {
  const content = typeof body === 'string' ? body : new Uint8Array(body ?? []);
  return new Response(content, { status, headers });
}
