import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { ENDPOINT, openTroubled, type Trouble, type TroubledPage } from '../troubled-page.js';

/** Brings a symptom about; gives what is then to be seen, in which the quoted words must be. */
export type Case = (t: TestContext) => unknown;

/** By the first cell of their rows, code without its marks. */
export type Cases = Readonly<Record<string, Case>>;

/** Of what cannot be brought about here; it needs a reason. */
export class Untried {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The element's markup, with further attributes. */
export function tag(attributes = '', content = ''): string {
  return `<didit-verify resolver-url="${ENDPOINT}" ${attributes}>${content}</didit-verify>`;
}

/** Waits for a state; the page's words are then those of it. */
export async function untilState(page: Page, ...states: readonly string[]): Promise<void> {
  await page.waitForFunction(
    (wanted) => wanted.includes(document.querySelector('didit-verify')?.state ?? ''),
    states,
  );
  await page.evaluate(() => document.querySelector('didit-verify')!.updateComplete);
}

/** What people read inside of the element. */
export function words(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { shadowRoot } = document.querySelector('didit-verify')!;
    return shadowRoot!.querySelector<HTMLElement>('[part~="base"]')!.innerText;
  });
}

/** The code and the message of the first error that the tag tells. */
export async function errorOf(t: TestContext, trouble: Trouble): Promise<string> {
  const { page } = await openTroubled(t, { ...trouble, before: hear });
  return firstError(page);
}

/** For a page that hears of errors since `hear()`. */
export async function firstError(page: Page): Promise<string> {
  const heard = await page.waitForFunction(() => globalThis.heardErrors?.[0]);
  return (await heard.jsonValue())!;
}

/** Runs in the page, before the rest. */
export function hear(): void {
  globalThis.heardErrors = [];
  const keep = (event: Event) => {
    if (!(event instanceof CustomEvent)) return;
    const { code, message } = event.detail as { code: string; message: string };
    globalThis.heardErrors!.push(`${code} ${message}`);
  };
  document.addEventListener('error', keep, { capture: true });
}

/** The error of a tag whose backend answers so. */
export function errorOfAnswer(answer: () => Response, attributes = 'max-retries="0"'): Case {
  return (t) => errorOf(t, { body: tag(attributes), answer: to(ENDPOINT, answer) });
}

/** Answers one path. */
export function to(path: string, answer: (request: Request) => Response | Promise<Response>) {
  return (request: Request) =>
    new URL(request.url).pathname === path ? answer(request) : undefined;
}

/** Opens a page whose tag shows its code. */
export async function openReady(t: TestContext, trouble: Trouble): Promise<TroubledPage> {
  const opened = await openTroubled(t, trouble);
  await untilState(opened.page, 'ready');
  return opened;
}

/** Of a page of this site. */
export async function sessionIdIn(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector('didit-verify')!.session!.sessionId);
}

declare global {
  /** The errors that tags have told, in a page that hears them. */
  var heardErrors: string[] | undefined;
}
