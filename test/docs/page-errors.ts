import type { Page } from 'playwright-core';
import type { VerifyErrorCode, VerifyErrorDetail } from '../../src/errors.js';
import { readFileSync } from 'node:fs';
import { serve, type WebServer } from '../web-server.js';
import type { SnippetPage } from './snippet-page.js';

/** A server that misbehaves, what the page is told, and what it shows. */
export interface PageError {
  readonly code: VerifyErrorCode;
  readonly what: string;
  /** The tag's attributes; of addresses on another origin it is told that origin. */
  readonly attributes: (elsewhere: string) => string;
  /** What `/broken` answers. */
  readonly answer?: () => Response | Promise<Response>;
  /** Before the tag; in the same place a script may load the file. */
  readonly before?: string;
  /** What the page or a person does then. */
  readonly act?: (opened: SnippetPage) => Promise<unknown>;
  readonly detail: Partial<Omit<VerifyErrorDetail, 'code'>>;
  /** How often `/broken` was asked for a session. */
  readonly asked?: number;
  /** What a person sees; null where it stays as it was. */
  readonly shows?: RegExp | null;
}

const BROKEN = () => 'resolver-url="/broken"';
const RETRYABLE = { retryable: true };
const FINAL = { retryable: false };

/** What a create answers, with something wrong about it. */
function session(differing: object = {}): () => Response {
  const good = { session_id: 's-1', url: 'https://app.didit.me/authorize/t-1' };
  return () => Response.json({ ...good, ...differing });
}

function status(httpStatus: number, headers: Record<string, string> = {}, body?: string) {
  return () => new Response(body, { status: httpStatus, headers });
}

function start({ page }: SnippetPage): Promise<unknown> {
  return page.evaluate(() => document.querySelector('didit-verify')!.start());
}

/** Sets a function of the page's, and starts with it. */
function startWith(set: () => void): NonNullable<PageError['act']> {
  return async (opened) => {
    await opened.page.evaluate(set);
    await start(opened);
  };
}

/** Without its QR encoder the split build cannot draw. */
async function startWithoutEncoder(opened: SnippetPage): Promise<void> {
  await opened.page.route('**/dist/session-parts.js', (route) => route.abort());
  await start(opened);
}

function setThrowingResolver(): void {
  document.querySelector('didit-verify')!.resolver = () => {
    throw new Error('Not today.');
  };
}

function setThrowingHeaders(): void {
  document.querySelector('didit-verify')!.headers = () => {
    throw new Error('No token.');
  };
}

/** Each error code of the page, once for each thing that the guide says of it. */
export const PAGE_ERRORS: readonly PageError[] = [
  {
    code: 'resolver-missing',
    what: 'neither URL nor function',
    attributes: () => '',
    act: start,
    detail: FINAL,
  },
  {
    code: 'resolver-unreachable',
    what: 'a connection that breaks',
    attributes: () => `${BROKEN()} max-retries="1"`,
    answer: cut,
    detail: RETRYABLE,
    asked: 2,
  },
  {
    code: 'resolver-unreachable',
    what: 'another origin that does not allow the page',
    attributes: (elsewhere) => `resolver-url="${elsewhere}/closed"`,
    detail: RETRYABLE,
  },
  {
    code: 'resolver-unreachable',
    what: 'a policy that forbids it',
    attributes: () => `${BROKEN()} max-retries="0" manual`,
    before: '<meta http-equiv="Content-Security-Policy" content="connect-src \'none\'">',
    act: async (opened) => {
      await opened.page.evaluate(() =>
        document.head.append(document.querySelector('meta[http-equiv]')!),
      );
      await start(opened);
    },
    answer: session(),
    detail: RETRYABLE,
    asked: 0,
  },
  {
    code: 'resolver-unreachable',
    what: 'no HTTP URL',
    attributes: () => 'resolver-url="mailto:somebody@example.com"',
    detail: FINAL,
  },
  {
    code: 'resolver-timeout',
    what: 'no answer in time',
    attributes: () => `${BROKEN()} timeout="3000" max-retries="1"`,
    answer: () => new Promise(() => undefined),
    detail: RETRYABLE,
    asked: 2,
  },
  ...[400, 401, 403, 404].map((httpStatus): PageError => ({
    code: 'resolver-rejected',
    what: String(httpStatus),
    attributes: BROKEN,
    answer: status(httpStatus),
    detail: { ...FINAL, httpStatus },
    asked: 1,
  })),
  {
    code: 'resolver-failed',
    what: '500, and the words of the backend',
    attributes: () => `${BROKEN()} max-retries="1"`,
    answer: () => Response.json({ message: 'The words of the backend.' }, { status: 500 }),
    detail: {
      ...RETRYABLE,
      httpStatus: 500,
      message: 'The answer is 500: The words of the backend.',
    },
    asked: 2,
  },
  {
    code: 'resolver-failed',
    what: '503, which says when',
    attributes: BROKEN,
    answer: status(503, { 'Retry-After': '31' }),
    detail: { ...RETRYABLE, httpStatus: 503, retryAfter: 31 },
    asked: 1,
  },
  {
    code: 'resolver-failed',
    what: '500 elsewhere, never repeated',
    attributes: (elsewhere) => `resolver-url="${elsewhere}/open/500" max-retries="1"`,
    detail: { ...RETRYABLE, httpStatus: 500 },
    asked: 1,
  },
  {
    code: 'resolver-failed',
    what: '503 elsewhere, repeated',
    attributes: (elsewhere) => `resolver-url="${elsewhere}/open/503" max-retries="1"`,
    detail: { ...RETRYABLE, httpStatus: 503 },
    asked: 2,
  },
  {
    code: 'resolver-failed',
    what: 'a resolver that throws, called once',
    attributes: () => 'manual',
    act: startWith(setThrowingResolver),
    detail: RETRYABLE,
  },
  {
    code: 'resolver-failed',
    what: 'headers that throw',
    attributes: () => `${BROKEN()} manual`,
    act: startWith(setThrowingHeaders),
    detail: FINAL,
    asked: 0,
  },
  {
    code: 'rate-limited',
    what: '429',
    attributes: () => `${BROKEN()} max-retries="1"`,
    answer: status(429),
    detail: { ...RETRYABLE, httpStatus: 429 },
    asked: 2,
  },
  {
    code: 'rate-limited',
    what: '429 elsewhere, repeated',
    attributes: (elsewhere) => `resolver-url="${elsewhere}/open/429" max-retries="1"`,
    detail: { ...RETRYABLE, httpStatus: 429 },
    asked: 2,
  },
  {
    code: 'rate-limited',
    what: '429 for a second, which is waited for',
    attributes: () => `${BROKEN()} max-retries="1"`,
    answer: status(429, { 'Retry-After': '1' }),
    detail: { ...RETRYABLE, httpStatus: 429, retryAfter: 1 },
    asked: 2,
    shows: /^Too many tries\. You can try again at \d.+\.$/,
  },
  {
    code: 'rate-limited',
    what: '429 for longer, which is not',
    attributes: BROKEN,
    answer: status(429, { 'Retry-After': '31' }),
    detail: { ...RETRYABLE, httpStatus: 429, retryAfter: 31 },
    asked: 1,
    shows: /^Too many tries\. You can try again at \d.+\.$/,
  },
  {
    code: 'rate-limited',
    what: '429 for twelve hours',
    attributes: BROKEN,
    answer: status(429, { 'Retry-After': '43200' }),
    detail: { ...RETRYABLE, retryAfter: 43_200 },
  },
  {
    code: 'invalid-response',
    what: 'HTML',
    attributes: BROKEN,
    answer: status(200, { 'Content-Type': 'text/html' }, '<h1>Welcome</h1>'),
    detail: { ...FINAL, httpStatus: 200, message: 'The answer is not JSON.' },
    asked: 1,
  },
  {
    code: 'invalid-response',
    what: 'a login page',
    attributes: BROKEN,
    answer: status(303, { Location: '/login' }),
    detail: { ...FINAL, message: 'The answer is not JSON. Redirected, to a login page?' },
  },
  {
    code: 'invalid-response',
    what: 'no session_id',
    attributes: BROKEN,
    answer: session({ session_id: undefined }),
    detail: FINAL,
  },
  {
    code: 'invalid-response',
    what: 'neither url nor session_token',
    attributes: BROKEN,
    answer: session({ url: undefined }),
    detail: FINAL,
  },
  {
    code: 'invalid-response',
    what: 'more than 64 kB',
    attributes: BROKEN,
    answer: session({ more: 'x'.repeat(65_536) }),
    detail: FINAL,
  },
  ...[
    'https://elsewhere.example/authorize/1',
    'http://app.didit.me/authorize/1',
    'https://somebody@app.didit.me/authorize/1',
    `https://app.didit.me/authorize/${'1'.repeat(2000)}`,
  ].map((url): PageError => ({
    code: 'unsafe-url',
    what: url.slice(0, 50),
    attributes: BROKEN,
    answer: session({ url }),
    detail: FINAL,
    asked: 1,
  })),
  ...['status_url', 'events_url'].map((member): PageError => ({
    code: 'unsafe-url',
    what: `${member} on another origin`,
    attributes: BROKEN,
    answer: session({ [member]: 'https://elsewhere.example/' }),
    detail: FINAL,
  })),
  ...[404, 410].map((httpStatus): PageError => ({
    code: 'status-unavailable',
    what: `${httpStatus}, at once`,
    attributes: () => `${BROKEN()} status-url="/status/${httpStatus}" poll-interval="100"`,
    answer: session(),
    detail: { ...FINAL, httpStatus },
    shows: null,
  })),
  {
    code: 'status-unavailable',
    what: '500, for the third time',
    attributes: () => `${BROKEN()} status-url="/status/500" poll-interval="100"`,
    answer: session(),
    detail: { ...RETRYABLE, httpStatus: 500 },
    shows: null,
  },
  {
    code: 'status-unavailable',
    what: 'a status-url that is no HTTP URL',
    attributes: () => `${BROKEN()} status-url="mailto:somebody@example.com" poll-interval="100"`,
    answer: session(),
    detail: FINAL,
    shows: null,
  },
  {
    code: 'qr-failed',
    what: 'a page that breaks TextEncoder',
    attributes: BROKEN,
    before: '<script>TextEncoder.prototype.encode = () => { throw new Error("No."); };</script>',
    answer: session(),
    detail: FINAL,
    asked: 1,
  },
  {
    code: 'qr-failed',
    what: 'the split build without its encoder',
    attributes: () => `${BROKEN()} manual`,
    before: '<script type="module" src="/dist/didit-verify.split.js"></script>',
    answer: session(),
    act: startWithoutEncoder,
    detail: RETRYABLE,
    asked: 1,
  },
];

/** An answer that ends before it is whole. */
function cut(): Response {
  return new Response('{', { headers: { 'Content-Length': '100', Connection: 'close' } });
}

/** Another origin: what is `/open` allows every page, and answers the status that it names. */
export async function startElsewhere(): Promise<WebServer & { asked: () => number }> {
  let asked = 0;
  const server = await serve((request: Request) => {
    const [, place, httpStatus] = new URL(request.url).pathname.split('/');
    if (place !== 'open') return new Response(null, { status: 204 });
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers });
    asked++;
    return new Response(null, { status: Number(httpStatus), headers });
  });
  return { ...server, asked: () => asked };
}

/** What a person sees of it. */
export function shown(page: Page) {
  return page.evaluate(() => {
    const tag = document.querySelector('didit-verify')!;
    const find = (selector: string) => tag.shadowRoot!.querySelector(selector);
    return {
      state: tag.state,
      error: tag.error?.code ?? null,
      message: find('[part="message"]')!.textContent.trim(),
      hasCode: find('.code path') !== null,
      hasRetryButton: find('[part="retry-button"]') !== null,
    };
  });
}

/** The members of a union of texts, in the order of the source. */
export function unionOf(file: string, type: string): string[] {
  const [, union] = new RegExp(`export type ${type} =([^;]*);`).exec(readFileSync(file, 'utf8'))!;
  return [...union!.matchAll(/'([^']*)'/g)].map(([, text]) => text!);
}
