import { fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import sinon from 'sinon';
import '../src/index.js';
import type { DiditVerifyElement } from '../src/index.js';

/** What the test backend wrote down of a request. */
export interface LoggedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Whether its connection is still open. */
  open: boolean;
}

// What one test leaves for a reload, the next must not find.
beforeEach(() => sessionStorage.clear());

type FakedFunction = 'setTimeout' | 'clearTimeout' | 'setInterval' | 'clearInterval' | 'Date';

let backends = 0;

/** A fresh endpoint of the test backend (`test/backend.mjs`) that behaves as said. */
export function endpoint(behaviours: string, origin = '') {
  const id = `${Date.now()}-${backends++}-${Math.random().toString(36).slice(2)}`;
  const log = async (condition = ''): Promise<LoggedRequest[]> => {
    const response = await fetch(`${origin && location.origin}/backend-log/${id}${condition}`);
    return (await response.json()) as LoggedRequest[];
  };
  return {
    url: `${origin}/backend/${id}/${behaviours}`,
    requests: () => log(),
    /** What it was asked, as soon as it was asked so often. */
    asked: (count: number) => log(`?asked=${count}`),
    /** What it was asked, as soon as every connection is closed. */
    closed: () => log('?closed'),
  };
}

/** The origin of the test backend that is not the page's. */
export async function elsewhere(): Promise<string> {
  return (await fetch('/backend-elsewhere')).text();
}

/** An element that is not in the page yet. */
export function create(properties: Partial<DiditVerifyElement>): DiditVerifyElement {
  return Object.assign(document.createElement('didit-verify'), properties);
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

/** Waits until something is so, however long the test may take. */
export async function until(isSo: () => unknown): Promise<void> {
  while (!isSo()) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Any observer has had its look: the first may still be at the page as it was before. */
export async function looked(target: Element): Promise<void> {
  for (let count = 0; count < 2; count++) {
    await new Promise<void>((resolve) => {
      const observer = new IntersectionObserver(() => {
        observer.disconnect();
        resolve();
      });
      observer.observe(target);
    });
  }
}

/** Presses a key for real; false where the browser's driver has no keys, as WebKitGTK's. */
export async function press(key: string): Promise<boolean> {
  try {
    await sendKeys({ press: key });
    return true;
  } catch (error) {
    if (!String(error).endsWith('sendKeys is not a function')) throw error;
    return false;
  }
}

/** The node that carries the part, or null. */
export function part(target: Element, name: string): HTMLElement | null {
  return target.shadowRoot!.querySelector(`[part~="${name}"]`);
}

/** Brings to its end what only comes in; what goes on for as long as something is waited for stays. */
export function finishAnimations(target: Element): void {
  for (const animation of target.shadowRoot!.getAnimations()) {
    if (animation.effect!.getComputedTiming().endTime !== Infinity) animation.finish();
  }
}

/** A session as a resolver answers it. */
export function answer(number: number | string = 1) {
  return {
    session_id: `session-${number}`,
    url: `https://app.didit.me/authorize/token-${number}`,
  };
}

/** WebKitGTK 2.52 does not have it yet. */
export const canMoveBefore = 'moveBefore' in Element.prototype;

/**
 * Firefox 140 (but not 153) takes the class from every custom element that moves into another
 * document, so there is nothing left to test. Found out by trying, not by the browser's name.
 */
export function adoptionKeepsClasses(): boolean {
  class Plain extends HTMLElement {}
  const name = 'plain-element';
  if (!customElements.get(name)) customElements.define(name, Plain);
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const target = document.createElement(name);
  frame.contentDocument!.body.append(target);
  const kept = target.constructor === customElements.get(name);
  frame.remove();
  return kept;
}

/** Leaves the running test out, and says why; without a reason it would count as failed. */
export function leaveOut(context: Mocha.Context, reason: string): void {
  context.test!.title += ` (left out: ${reason})`;
  context.skip();
}

/** Why {@link adoptionKeepsClasses} leaves a test out. */
export const ADOPTION = 'this engine takes the class from what moves into another document';
/** Why {@link canMoveBefore} does. */
export const MOVE_BEFORE = 'this engine has no moveBefore()';

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

const realMatchMedia = window.matchMedia;
let isFinger = false;
const coarse = Object.defineProperty(new EventTarget(), 'matches', { get: () => isFinger });

/** Makes a finger or a mouse the main pointer, as plugging one in does. */
export function setPointer(pointer: 'finger' | 'mouse'): void {
  isFinger = pointer === 'finger';
  window.matchMedia = (query) =>
    query === '(pointer: coarse)' ? (coarse as MediaQueryList) : realMatchMedia.call(window, query);
  coarse.dispatchEvent(new Event('change'));
}

/** Undoes {@link setPointer}. */
export function restorePointer(): void {
  window.matchMedia = realMatchMedia;
}

/** What to give the element for a status that the test says, word by word. */
export function spoken(first = 'Not Started') {
  let word = first;
  return {
    statusResolver: () => word,
    pollInterval: 100,
    say(next: string): void {
      word = next;
    },
  };
}

/**
 * A clock that stands still until it is told: both of the page's clocks, and its timers. The
 * monotonic one is faked in its place, since code of WebKit that has run often goes on reading the
 * global object that another was put for.
 */
export function fakeClock(
  now = Date.now(),
  toFake: FakedFunction[] = ['setTimeout', 'clearTimeout', 'Date'],
): sinon.SinonFakeTimers {
  const clock = sinon.useFakeTimers({ now, toFake });
  const { performance: faked } = clock as unknown as { performance: Performance };
  Object.defineProperty(performance, 'now', { configurable: true, value: () => faked.now() });
  const restore = clock.restore.bind(clock);
  clock.restore = () => {
    Reflect.deleteProperty(performance, 'now');
    restore();
  };
  return clock;
}

/** The next task: what was put off to its end has happened. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
