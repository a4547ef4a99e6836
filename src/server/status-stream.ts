import { elapsed } from './elapsed.js';
import { sleep } from './sleep.js';

/** How often the stream looks for something new. */
const LOOK_MS = 1000;

/** Proxies close what is silent for long, and a page connects again after 30 s of silence. */
const HEARTBEAT_MS = 8000;

/** Then it is asked anew who listens. */
const LIFETIME_MS = 10 * 60_000;

/** Pages that were cut off together do not come back together: between these, in milliseconds. */
const RETRY_MS = [1000, 6000] as const;

/** What a stream is made of. */
export interface StatusSource {
  /** The status to be told now; after a rejection it is asked again. */
  readonly read: () => Promise<string>;
  /** The status as last heard: what is told at first, where the other takes its time. */
  readonly last: () => string;
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
  const { read, last, isOver, isClosing, now } = source;
  const startedAt = now();
  let sentAt = startedAt;
  let told: string | undefined;
  let reading: Promise<string | undefined> | null = null;
  while (!signal.aborted && !isClosing() && elapsed(startedAt, now()) < LIFETIME_MS) {
    const pause = sleep(LOOK_MS, signal).then(() => null);
    // A decision may take long: it goes on while the heart beats.
    reading ??= read().catch(() => undefined);
    const heard = await Promise.race([reading, pause]);
    if (heard !== null) reading = null;
    const status = heard ?? told ?? last();
    if (status !== told) {
      told = status;
      sentAt = now();
      yield `event: status\ndata: ${JSON.stringify({ status })}\n\n`;
      // It may have gone on while nobody took this message.
      if (isOver() && last() === told) return;
    } else if (elapsed(sentAt, now()) >= HEARTBEAT_MS) {
      sentAt = now();
      yield ':\n\n';
    }
    await pause;
  }
  yield `retry: ${jitter(...RETRY_MS)}\n\n`;
}

function jitter(least: number, most: number): number {
  return Math.round(least + Math.random() * (most - least));
}
