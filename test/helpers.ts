import { fixture, html } from '@open-wc/testing';
import '../src/index.js';
import type { DiditVerifyElement } from '../src/index.js';

/** What the test backend wrote down of a request. */
export interface LoggedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

let backends = 0;

/** A fresh endpoint of the test backend (`test/backend.mjs`) that behaves as said. */
export function endpoint(behaviours: string, origin = '') {
  const id = `${Date.now()}-${backends++}-${Math.random().toString(36).slice(2)}`;
  return {
    url: `${origin}/backend/${id}/${behaviours}`,
    async requests(): Promise<LoggedRequest[]> {
      const response = await fetch(`${origin && location.origin}/backend-log/${id}`);
      return (await response.json()) as LoggedRequest[];
    },
  };
}

/** The origin of the test backend that is not the page's. */
export async function elsewhere(): Promise<string> {
  return (await fetch('/backend-elsewhere')).text();
}

export function element(properties: Partial<DiditVerifyElement> = {}): Promise<DiditVerifyElement> {
  const created = document.createElement('didit-verify');
  Object.assign(created, properties);
  return fixture<DiditVerifyElement>(html`${created}`);
}

/** Waits until the element is in the state, whichever way it gets there. */
export async function inState(target: DiditVerifyElement, state: string): Promise<void> {
  while (target.state !== state) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  await target.updateComplete;
}

/** The node that carries the part, or null. */
export function part(target: Element, name: string): HTMLElement | null {
  return target.shadowRoot!.querySelector(`[part~="${name}"]`);
}

/** A session as a resolver answers it. */
export function answer(number: number | string = 1) {
  return {
    session_id: `session-${number}`,
    url: `https://app.didit.me/authorize/token-${number}`,
  };
}

/** A promise with its handles outside. */
export function deferred<T>() {
  return Promise.withResolvers<T>();
}

/** Makes the page look hidden or visible, as a switch of tabs does. */
export function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Undoes {@link setHidden}. */
export function restoreVisibility(): void {
  Reflect.deleteProperty(document, 'hidden');
}

/** The next task: what was put off to its end has happened. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
