import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { DiditVerifyEventMap } from '../../src/index.js';
import type { Press } from '../e2e/phone.js';
import { openSnippet, type Snippet, type SnippetPage } from './snippet-page.js';

/** An event as the page heard it. */
export interface Told {
  readonly type: keyof DiditVerifyEventMap;
  readonly bubbles: boolean;
  readonly composed: boolean;
  readonly cancelable: boolean;
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>> | null;
  /** What the element says of itself when the event comes. */
  readonly stateThen: string;
}

declare global {
  /** All that a page that listens has heard. */
  var told: Told[];
}

/** Before the tag; in the capture phase also what does not bubble is heard. */
const LISTENER = `<script>
  globalThis.told = [];
  const names = ['session-created', 'status-changed', 'session-completed', 'session-expired',
    'error', 'change', 'close'];
  for (const type of names) document.addEventListener(type, (event) => {
    const { target, bubbles, composed, cancelable } = event;
    if (target.localName !== 'didit-verify') return;
    const detail = event.detail === undefined ? null : { ...event.detail, cause: undefined };
    const kind = event.constructor.name;
    told.push({ type, bubbles, composed, cancelable, kind, detail, stateThen: target.state });
  }, true);
</script>`;

/** Opens a page that writes down what its element tells. */
export async function openHeard(t: TestContext, snippet: Snippet): Promise<SnippetPage> {
  return openSnippet(t, { ...snippet, html: `${LISTENER}${snippet.html ?? ''}` });
}

/** All that the page has heard, as soon as it is so much. */
export async function told(page: Page, count: number): Promise<Told[]> {
  await page.waitForFunction((wanted) => globalThis.told.length >= wanted, count);
  return page.evaluate(() => globalThis.told);
}

/** The phone takes up the session that is on show. */
export async function play({ page, sandbox }: SnippetPage, ...presses: Press[]): Promise<void> {
  const sessionId = await page.evaluate(
    () => document.querySelector('didit-verify')!.session!.sessionId,
  );
  for (const press of presses) sandbox.play(sessionId, press);
}

/** Presses a button of the element, as soon as it can be seen. */
export async function press(page: Page, part: string): Promise<void> {
  await page.locator(`didit-verify [part="${part}"]:visible`).click();
}

/** Waits until an element of the page is in a state. */
export async function inState(page: Page, state: string): Promise<void> {
  await page.locator(`didit-verify:state(${state})`).first().waitFor({ state: 'attached' });
}

/** What the page said that nobody expected. */
export async function expectQuiet(page: Page): Promise<void> {
  assert.deepEqual(await page.evaluate(() => globalThis.said), []);
}
