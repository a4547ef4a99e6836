import { elapsed } from './elapsed.js';
import { sleep } from './sleep.js';

/** How often the stream looks for something new, whether or not it is woken in between. */
const LOOK_MS = 1000;

/** Proxies close what is silent for long, and a page connects again after 30 s of silence. */
const HEARTBEAT_MS = 8000;

/** Then it is asked anew who listens. */
const LIFETIME_MS = 10 * 60_000;

/** Pages that were cut off together do not come back together: between these, in milliseconds. */
const RETRY_MS = [1000, 6000] as const;

/** What a stream is made of. */
export interface StatusSource {
  /** A look: has the status asked for, if that is due; it may take long, or reject. */
  readonly read: () => Promise<unknown>;
  /** Has what other instances know looked for, while a look takes long. */
  readonly catchUp: () => Promise<unknown>;
  /** The status as last heard, by whoever asked: what is told. */
  readonly last: () => string;
  /** Has this called when that has changed, where the platform allows it, until the stream ends. */
  readonly listen: (onChange: () => void) => void;
  /** Whether nothing will change any more. */
  readonly isOver: () => boolean;
  /** Whether the server shuts down. */
  readonly isClosing: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A stream of server-sent events (WHATWG HTML, 9.2): `event: status` with `{"status":"…"}`, the
 * first at once and then whenever it changed. It ends after the last one, after 10 minutes, and when
 * nobody listens any more: that is when the signal aborts, which `stop` brings about.
 */
export function statusStream(
  source: StatusSource,
  signal: AbortSignal,
  stop: () => void,
): ReadableStream<Uint8Array> {
  const messages = statusMessages(source, signal);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await messages.next();
        if (!done) return controller.enqueue(encoder.encode(value));
        stop();
        controller.close();
      },
      cancel: stop,
    },
    // Nothing is read ahead of the listener.
    { highWaterMark: 0 },
  );
}

async function* statusMessages(source: StatusSource, signal: AbortSignal) {
  const { last, isOver, isClosing, now } = source;
  const news = new News(source, signal);
  const startedAt = now();
  let sentAt = startedAt;
  let told: string | undefined;
  while (!signal.aborted && !isClosing() && elapsed(startedAt, now()) < LIFETIME_MS) {
    // It may have gone on while nobody took the last message.
    if (told === undefined || last() === told) await news.wait();
    const status = last();
    if (status !== told) {
      told = status;
      sentAt = now();
      yield `event: status\ndata: ${JSON.stringify({ status })}\n\n`;
      if (isOver() && last() === told) return;
    } else if (elapsed(sentAt, now()) >= HEARTBEAT_MS) {
      sentAt = now();
      yield ':\n\n';
    }
  }
  yield `retry: ${jitter(...RETRY_MS)}\n\n`;
}

/** Looks once a second, and hears of a change in between. */
class News {
  #source: StatusSource;
  #signal: AbortSignal;
  #pause: Promise<null> | null = null;
  #reading: Promise<null> | null = null;
  #wake: () => void = () => undefined;

  constructor(source: StatusSource, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
    source.listen(() => this.#wake());
  }

  /** Until there may be something to tell, a second at the most. */
  async wait(): Promise<void> {
    const change = new Promise<void>((resolve) => (this.#wake = resolve));
    const pause = (this.#pause ??= this.#look());
    await Promise.race([change, this.#reading ?? pause, pause]);
  }

  /** Resolves when it is time for the next one. */
  #look(): Promise<null> {
    // A decision may take long: it goes on while the heart beats.
    if (this.#reading) void this.#source.catchUp().catch(() => null);
    this.#reading ??= this.#source
      .read()
      .catch(() => null)
      .then(() => (this.#reading = null));
    return sleep(LOOK_MS, this.#signal).then(() => (this.#pause = null));
  }
}

function jitter(least: number, most: number): number {
  return Math.round(least + Math.random() * (most - least));
}
