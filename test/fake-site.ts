import sinon from 'sinon';
import '../src/index.js';
import type { DiditVerifyElement } from '../src/index.js';
import { fakeClock, restoreVisibility } from './helpers.js';
import { task } from './task.js';

/** What the page asks its backend for. */
export type Question = 'create' | 'status' | 'events';

/** A request, and when it came, in milliseconds since the site was made. */
export interface Asked {
  readonly what: Question;
  /** The session's id; of a `create` the one that it would get. */
  readonly session: string;
  readonly at: number;
  readonly init: RequestInit;
}

/** What the site may answer: a status alone, or JSON, or all of it, now or later. */
type Reply = string | object | Promise<string | object>;

const EPOCH = Date.UTC(2030, 0, 1);

/**
 * A page's own backend and the page's clock, both in the hands of a test: nothing happens but in
 * `pass()`, and all of it at a known moment.
 */
export class FakeSite {
  readonly clock = fakeClock(EPOCH, [
    ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
    'Date',
  ]);
  readonly asked: Asked[] = [];
  /** Didit's word for each session. */
  readonly statuses = new Map<string, string>();
  readonly streams: FakeStream[] = [];
  /** Members of every create answer beside its id and URL; undefined ones are left out. */
  answer: Record<string, unknown> = { expires_in: 100 };
  hasStatus = true;
  hasEvents = false;

  /** Answer in place of what is written below, for one test. */
  onCreate: (session: string) => Reply = (session) => this.created(session);
  onStatus: (session: string) => Reply = (session) => this.statusOf(session);
  onEvents: (session: string) => Reply = (session) => this.stream(session);

  #sessions = 0;
  #fetch = sinon.stub(window, 'fetch').callsFake((input, init) => this.#receive(input, init));

  /** Undoes everything, the elements of the test included. */
  close(): void {
    for (const target of document.querySelectorAll('didit-verify')) target.remove();
    // It is let go in the next task.
    this.clock.tick(1);
    this.#fetch.restore();
    this.clock.restore();
    restoreVisibility();
  }

  /** Lets so many milliseconds pass, and all that happens in them. */
  async pass(milliseconds: number): Promise<void> {
    let isOver = false;
    this.clock.setTimeout(() => (isOver = true), milliseconds);
    await task();
    while (!isOver) {
      this.clock.next();
      await task();
    }
    // What was put off to this very moment meanwhile.
    await this.clock.tickAsync(0);
  }

  /** Lets time pass up to a moment, in milliseconds since the site was made. */
  async until(moment: number): Promise<void> {
    await this.pass(moment - this.now);
  }

  get now(): number {
    return performance.now();
  }

  /** The moments of these requests. */
  times(what: Question, session?: string): number[] {
    return this.#of(what, session).map(({ at }) => at);
  }

  count(what: Question, session?: string): number {
    return this.#of(what, session).length;
  }

  #of(what: Question, session?: string): Asked[] {
    return this.asked.filter(
      (each) => each.what === what && (!session || each.session === session),
    );
  }

  get openStreams(): FakeStream[] {
    return this.streams.filter(({ isOpen }) => isOpen);
  }

  /** A new element, not yet in the page. */
  element(properties: Partial<DiditVerifyElement> = {}): DiditVerifyElement {
    const target = document.createElement('didit-verify');
    return Object.assign(target, { resolverUrl: '/site/session', ...properties });
  }

  /** A new element in the page; `ready`, if nothing stands in the way. */
  async show(properties: Partial<DiditVerifyElement> = {}): Promise<DiditVerifyElement> {
    const target = this.element(properties);
    document.body.append(target);
    await this.pass(1);
    return target;
  }

  created(session: string): Record<string, unknown> {
    return {
      session_id: session,
      url: `https://app.didit.me/authorize/${session}`,
      ...(this.hasStatus ? { status_url: `/site/status/${session}` } : {}),
      ...(this.hasEvents ? { events_url: `/site/events/${session}` } : {}),
      ...this.answer,
    };
  }

  statusOf(session: string): string {
    return this.statuses.get(session) ?? 'Not Started';
  }

  /** A stream that tells the present status at once. */
  stream(session: string): Response {
    const stream = new FakeStream();
    this.streams.push(stream);
    stream.tell(this.statusOf(session));
    return stream.response;
  }

  async #receive(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(input as string, location.href);
    const [, , route, id] = pathname.split('/');
    const what = route === 'session' ? 'create' : (route as Question);
    const session = id ?? `s${++this.#sessions}`;
    this.asked.push({ what, session, at: this.now, init });
    init.signal?.throwIfAborted();
    const reply = Promise.resolve(this.#reply(what, session));
    const response = toResponse(await Promise.race([reply, aborted(init.signal)]));
    const stream = FakeStream.of(response);
    init.signal?.addEventListener('abort', () => stream?.cut(init.signal?.reason));
    return response;
  }

  #reply(what: Question, session: string): Reply {
    switch (what) {
      case 'create':
        return this.onCreate(session);
      case 'status':
        return this.onStatus(session);
      case 'events':
        return this.onEvents(session);
      default:
        return what satisfies never;
    }
  }
}

/** A stream of events whose messages are given by hand. */
export class FakeStream {
  static #all = new WeakMap<Response, FakeStream>();

  /** The stream that is the body of the response, if one is. */
  static of(response: Response): FakeStream | undefined {
    return FakeStream.#all.get(response);
  }

  isOpen = true;
  readonly response: Response;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  constructor(type = 'text/event-stream') {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
    });
    this.response = new Response(body, { headers: { 'Content-Type': type } });
    FakeStream.#all.set(this.response, this);
  }

  send(text: string): void {
    this.sendBytes(new TextEncoder().encode(text));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#controller.enqueue(bytes);
  }

  tell(status: string): void {
    this.send(`event: status\ndata: ${JSON.stringify({ status })}\n\n`);
  }

  end(): void {
    this.isOpen = false;
    this.#controller.close();
  }

  cut(reason: unknown = new TypeError('network error')): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#controller.error(reason);
  }
}

/** An answer with nothing but a status code. */
export function refusal(status: number, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : bodyOf('{}'), { status, headers });
}

/** An answer in any words. */
export function saying(text: string, type = 'application/json', status = 200): Response {
  return new Response(bodyOf(text), { status, headers: { 'Content-Type': type } });
}

/** A stream that shows that it is alive, and says nothing. */
export function beating(): Response {
  const stream = new FakeStream();
  const beat = () => {
    if (!stream.isOpen) return;
    stream.send(':\n\n');
    setTimeout(beat, 4000);
  };
  beat();
  return stream.response;
}

/** A reply that never comes. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** What an element tells, in its order: the event's name, and what is said of it. */
export function record(target: DiditVerifyElement): string[] {
  const told: string[] = [];
  const says = (name: string, describe: (detail: never) => unknown[]) =>
    target.addEventListener(name, (event) => {
      told.push([name, ...describe((event as CustomEvent<never>).detail)].join(' '));
    });
  type Detail = Record<string, unknown>;
  says('session-created', ({ sessionId, reason }: Detail) => [sessionId, reason]);
  says('status-changed', ({ sessionId, previousState, state, status }: Detail) => [
    `${String(sessionId)} ${String(previousState)} → ${String(state)}, ${String(status)}`,
  ]);
  says('session-completed', ({ sessionId, state }: Detail) => [sessionId, state]);
  says('session-expired', ({ sessionId, willRefresh }: Detail) => [
    sessionId,
    willRefresh ? 'will refresh' : 'for good',
  ]);
  says('error', ({ code }: Detail) => [code]);
  return told;
}

/** The QR code on show, or null. */
export function code(target: DiditVerifyElement): Element | null {
  return target.shadowRoot!.querySelector('.code');
}

function toResponse(reply: string | object): Response {
  if (reply instanceof Response) return reply;
  return saying(JSON.stringify(typeof reply === 'string' ? { status: reply } : reply));
}

/** Made here, so that reading it takes no task of the browser's. */
function bodyOf(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (text) controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}

function aborted(signal?: AbortSignal | null): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
