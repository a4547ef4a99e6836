import type { DiditVerifyElement } from '../../../src/index.js';
import { FakeSite, FakeStream, never, refusal, saying } from '../../fake-site.js';
import { restorePointer, setHidden } from '../../helpers.js';
import type { CreateAnswer, Refusal, StatusAnswer, StreamAnswer } from './answers.js';
import { FakeIntersectionObserver, scroll } from './fake-intersection-observer.js';
import { Witness } from './witness.js';

/** Whether the link may be copied, which takes until it is answered. */
export type Clipboard = 'takes' | 'refuses' | 'hangs';

/** How an element is asked for its session. */
export interface SiteOptions {
  readonly hasStatus: boolean;
  readonly hasEvents: boolean;
}

/**
 * A page in the hands of a test: its site and its clock, what the browser tells, chance, and the
 * witness of all that the element does. Whatever goes wrong in it is found by `check()`.
 */
export class FuzzedPage {
  readonly site = new FakeSite();
  readonly fieldset = document.createElement('fieldset');
  readonly form = document.createElement('form');
  /** What the site answers from now on. */
  create: CreateAnswer = { kind: 'session', members: {} };
  status: StatusAnswer = { kind: 'word' };
  events: StreamAnswer = { kind: 'stream' };
  clipboard: Clipboard = 'takes';
  element: DiditVerifyElement;
  witness: Witness;
  /** The page's own sessions, the newest last, and the id that each was answered with. */
  readonly answered = new Map<string, unknown>();
  /** Every word that was told of any session. */
  readonly said = new Set<unknown>();
  /** Whose each stream is. */
  readonly #streamOf = new Map<FakeStream, string>();
  readonly #errors: unknown[] = [];
  readonly #promises = new Set<Promise<unknown>>();
  readonly #listening = new AbortController();
  readonly #onerror = window.onerror;
  readonly #random = Math.random;
  readonly #IntersectionObserver = window.IntersectionObserver;

  constructor({ hasStatus, hasEvents }: SiteOptions, element: () => DiditVerifyElement) {
    sessionStorage.clear();
    Object.assign(this.site, { hasStatus, hasEvents, answer: {} });
    this.site.onCreate = (session) => this.#hear('create', session, () => this.#created(session));
    this.site.onStatus = (session) => this.#hear('status', session, () => this.#told(session));
    this.site.onEvents = (session) => this.#hear('events', session, () => this.#stream(session));
    this.#listenForErrors();
    this.#replacePlatform();
    this.form.append(this.fieldset);
    document.body.append(this.form);
    this.element = element();
    this.witness = new Witness(this.element, this);
  }

  /** A page that was loaded anew: another element, and what `sessionStorage` has. */
  async reload(element: () => DiditVerifyElement): Promise<void> {
    this.element.remove();
    await this.site.pass(1);
    this.element = element();
    this.witness = new Witness(this.element, this);
    this.fieldset.append(this.element);
  }

  /** What a method has promised, which is never refused. */
  expect(promise: Promise<unknown>): void {
    this.#promises.add(promise);
    promise.then(
      (state) => {
        if (state !== undefined && !this.witness.isState(state)) this.#errors.push(state);
        this.#promises.delete(promise);
      },
      (error: unknown) => this.#errors.push(error),
    );
  }

  /** All that is under way comes to where time must pass. */
  async drain(): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
    port1.close();
  }

  /** What was found where nothing can be thrown; `check()` throws it. */
  report(error: unknown): void {
    this.#errors.push(error);
  }

  /** Demands what must hold at any time. */
  check(): void {
    this.#checkErrors();
    this.witness.check();
    const sessions = this.site.openStreams.map((stream) => this.#streamOf.get(stream)!);
    // Where nothing can be polled, a second one is a look at the status before a code is replaced.
    const most = this.site.hasStatus ? 1 : 2;
    if (sessions.length > most) throw new Error(`${sessions.length} streams are open.`);
    if (new Set(sessions).size > 1) throw new Error(`Streams of ${sessions.join(' and ')}.`);
    for (const session of sessions) this.witness.checkAsking(session, 'events');
  }

  /** Plays something in it, takes everything away, and demands that nothing is left of it. */
  async play(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.element.remove();
      // A changed attribute is left alone for so long, also where nobody will ask with it.
      await this.site.pass(300);
      await this.drain();
      this.#checkErrors();
      if (this.site.openStreams.length > 0) throw new Error('A stream is left open.');
      if (this.#promises.size > 0) throw new Error('A promise is left open.');
      const timers = this.site.clock.countTimers();
      if (timers > 0) throw new Error(`${timers} timers are left.`);
    } finally {
      this.#restore();
    }
  }

  /** Takes everything away, whatever state it is in. */
  #restore(): void {
    this.element.remove();
    this.form.remove();
    this.site.close();
    this.#listening.abort();
    window.onerror = this.#onerror;
    restorePointer();
    sessionStorage.clear();
    Reflect.deleteProperty(navigator, 'clipboard');
    Math.random = this.#random;
    window.IntersectionObserver = this.#IntersectionObserver;
  }

  /** The id that the site gave a session of its own, as text. */
  idOf(session: string): string {
    return this.answered.has(session) ? String(this.answered.get(session)) : session;
  }

  /** The site's word for a session: the newest one, or so many before. */
  say(word: string, back = 0): void {
    const session = [...this.answered.keys()].at(-1 - back);
    if (session === undefined) return;
    this.site.statuses.set(session, word);
    for (const stream of this.site.openStreams) {
      if (this.#streamOf.get(stream) !== session) continue;
      this.said.add(word);
      stream.tell(word);
    }
  }

  hide(isHidden: boolean): void {
    setHidden(isHidden);
  }

  /** What a resolver function gives. */
  answerOfFunction(): never {
    const session = `f${this.answered.size + 1}`;
    return this.#hear('create', session, () => this.#created(session)) as never;
  }

  /** What a function for the status gives. */
  statusOfFunction(id: string): never {
    const session = [...this.answered.keys()].findLast((each) => this.idOf(each) === id) ?? id;
    return this.#hear('status', session, () => this.#told(session)) as never;
  }

  #hear<Reply>(what: 'create' | 'status' | 'events', session: string, reply: () => Reply): Reply {
    try {
      this.witness.checkAsking(session, what);
    } catch (error) {
      this.report(error);
    }
    return reply();
  }

  #created(session: string): object | Promise<object> {
    const { create } = this;
    if (create.kind !== 'session') return refuse(create);
    const answer = { ...this.site.created(session), ...create.members };
    if (create.isRepeated) answer.session_id = [...this.answered.values()].at(-1) ?? session;
    // camelCase is read, too.
    this.answered.set(session, answer.session_id ?? answer.sessionId);
    this.said.add(answer.status);
    return answer;
  }

  #told(session: string): string | object | Promise<object> {
    const { status } = this;
    if (status.kind === 'json') return this.#saidIn(status.body);
    if (status.kind !== 'word') return refuse(status);
    const word = this.site.statusOf(session);
    this.said.add(word);
    return word;
  }

  #saidIn(body: string): Response {
    try {
      this.said.add((JSON.parse(body) as { status?: unknown } | null)?.status);
    } catch {
      // No JSON: it says nothing.
    }
    return saying(body);
  }

  #stream(session: string): object | Promise<object> {
    const { events } = this;
    if (events.kind === 'refused' || events.kind === 'broken' || events.kind === 'hangs')
      return refuse(events);
    const stream = new FakeStream(events.type);
    this.site.streams.push(stream);
    this.#streamOf.set(stream, session);
    if (events.kind === 'silent') return stream.response;
    if (events.first) stream.send(events.first);
    this.said.add(this.site.statusOf(session));
    stream.tell(this.site.statusOf(session));
    return stream.response;
  }

  #checkErrors(): void {
    const [error] = this.#errors;
    if (error instanceof Error) throw error;
    if (this.#errors.length > 0) throw new Error(`Nobody caught ${describe(error)}.`);
  }

  #listenForErrors(): void {
    // The test runner's would end the test, and nothing would be made smaller.
    window.onerror = null;
    const options = { capture: true, signal: this.#listening.signal };
    const keep = (event: Event, error: unknown) => {
      event.preventDefault();
      this.#errors.push(error);
    };
    addEventListener(
      'error',
      (event) => {
        // Of elements, and of an observer that a frame was too short for, which is none.
        const isOther = event.target !== window || event.message.startsWith('ResizeObserver');
        if (!isOther) keep(event, event.error ?? event.message);
      },
      options,
    );
    addEventListener('unhandledrejection', (event) => keep(event, event.reason), options);
  }

  #replacePlatform(): void {
    let last = 1;
    Math.random = () => (last = (last * 48_271) % 2_147_483_647) / 2_147_483_647;
    window.IntersectionObserver = FakeIntersectionObserver;
    // Wherever the case before has scrolled to.
    scroll(true);
    const writeText = (): Promise<void> => {
      if (this.clipboard === 'hangs') return never();
      return this.clipboard === 'takes' ? Promise.resolve() : Promise.reject(new Error('refused'));
    };
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  }
}

function refuse(answer: Refusal): object | Promise<object> {
  switch (answer.kind) {
    case 'refused':
      return refusal(answer.http, answer.headers);
    case 'says':
      return saying(answer.text, answer.type, answer.http);
    case 'broken':
      return Promise.reject(new TypeError('network error'));
    case 'hangs':
      return never();
    default:
      return answer satisfies never;
  }
}

function describe(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'what is no text';
  }
}
