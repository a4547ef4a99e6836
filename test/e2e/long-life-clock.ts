import sinon from 'sinon';
import { task } from '../task.js';

const MINUTE_MS = 60_000;

/** What a page asks its backend for. */
export type Question = 'create' | 'status' | 'events';

/** What has happened since the beginning. */
export interface Happened {
  readonly created: number;
  readonly statuses: number;
  readonly streams: number;
  /** The most streams that were open at a time. */
  readonly mostStreams: number;
  /** The most sessions that were asked for within a minute. */
  readonly mostAsked: number;
  /** When a request came last, in milliseconds since the beginning. */
  readonly lastAsked: number;
}

/** The page's clocks, and its backend; nothing happens but in `pass()`. */
export class OwnTime {
  /** Milliseconds that a session lasts, or null where nobody says so. */
  lifetime: number | null = 600_000;
  hasStreams = false;
  /** Milliseconds after which the backend ends a stream. */
  streamLife = 600_000;
  word: string | undefined;
  readonly streams = new Set<Stream>();

  #clock: sinon.SinonFakeTimers;
  #fetch = window.fetch;
  #begun: number;
  #happened = { created: 0, statuses: 0, streams: 0, mostStreams: 0, mostAsked: 0, lastAsked: 0 };
  #askedOf = new Map<string, number>();

  constructor(now: number) {
    const timers = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;
    this.#clock = sinon.useFakeTimers({ now, toFake: [...timers, 'Date'] });
    const { performance: faked } = this.#clock as unknown as { performance: Performance };
    // In its place, since code of WebKit that has run often goes on reading the global object.
    Object.defineProperty(performance, 'now', { configurable: true, value: () => faked.now() });
    this.#begun = performance.now();
    window.fetch = async (input, init) => this.#receive(new URL(input as string, origin), init);
  }

  close(): void {
    this.#clock.restore();
    Reflect.deleteProperty(performance, 'now');
    Reflect.deleteProperty(document, 'hidden');
    window.fetch = this.#fetch;
  }

  get happened(): Happened {
    return { ...this.#happened };
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#clock.countTimers();
  }

  /** Milliseconds since the beginning, by the clock that nobody sets. */
  get elapsed(): number {
    return performance.now() - this.#begun;
  }

  async pass(milliseconds: number): Promise<void> {
    let isOver = false;
    this.#clock.setTimeout(() => (isOver = true), milliseconds);
    await task();
    while (!isOver) {
      this.#clock.next();
      await task();
    }
    await task();
  }

  /** Somebody sets the system's clock, or the computer sleeps and its monotonic clock, too. */
  setWallClock(by: number): void {
    this.#clock.setSystemTime(Date.now() + by);
  }

  /** The computer sleeps, and both clocks go on: each timer that is due fires once. */
  async sleep(milliseconds: number): Promise<void> {
    this.#clock.jump(milliseconds);
    await this.pass(1);
  }

  hide(hidden: boolean): void {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }

  #receive({ pathname }: URL, { signal }: RequestInit = {}): Response {
    signal?.throwIfAborted();
    const [, what, session] = pathname.split('/');
    this.#happened.lastAsked = this.elapsed;
    if (session) this.#note(session);
    if (what === 'status') return this.#status();
    if (what === 'events') return this.#stream(signal!);
    return this.#create();
  }

  #note(session: string): void {
    this.#askedOf.set(session, this.elapsed);
    for (const [id, at] of this.#askedOf)
      if (this.elapsed - at > MINUTE_MS) this.#askedOf.delete(id);
    this.#happened.mostAsked = Math.max(this.#happened.mostAsked, this.#askedOf.size);
  }

  #create(): Response {
    const number = ++this.#happened.created;
    return json({
      session_id: `session-${number}`,
      url: `https://app.didit.me/authorize/token-${number}`,
      status_url: `/status/${number}`,
      ...(this.hasStreams ? { events_url: `/events/${number}` } : {}),
      ...(this.lifetime === null ? {} : { expires_in: this.lifetime / 1000 }),
    });
  }

  #status(): Response {
    this.#happened.statuses++;
    return json({ status: this.word ?? 'Not Started' });
  }

  #stream(signal: AbortSignal): Response {
    this.#happened.streams++;
    const stream = new Stream(this.streamLife, () => this.streams.delete(stream));
    this.streams.add(stream);
    this.#happened.mostStreams = Math.max(this.#happened.mostStreams, this.streams.size);
    signal.addEventListener('abort', () => stream.end(signal.reason));
    stream.tell(this.word ?? 'Not Started');
    return stream.response;
  }
}

const BEAT_MS = 8000;

/** A stream of events whose heart beats, as the server part's does. */
class Stream {
  readonly response: Response;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #onEnd: () => void;
  #heart = setInterval(() => this.#send(':\n\n'), BEAT_MS);
  #death: ReturnType<typeof setTimeout>;

  constructor(life: number, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#death = setTimeout(() => this.end(), life);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
    });
    this.response = new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  tell(status: string): void {
    this.#send(`event: status\ndata: ${JSON.stringify({ status })}\n\n`);
  }

  /** Without a reason as the backend does, else as one who listens no more. */
  end(reason?: unknown): void {
    clearInterval(this.#heart);
    clearTimeout(this.#death);
    this.#onEnd();
    try {
      if (reason === undefined) this.#controller.close();
      else this.#controller.error(reason);
    } catch {
      // It had ended.
    }
  }

  #send(text: string): void {
    this.#controller.enqueue(new TextEncoder().encode(text));
  }
}

/** With a body made here, so that reading it takes no task of the browser's. */
function json(answer: object): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(JSON.stringify(answer)));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'application/json' } });
}
