import { askBackend, rejectOnAbort, texts, type BackendOptions } from './backend-request.js';
import { EventStreamParser, type StreamMessage } from './event-stream-parser.js';
import { refused } from './status-request.js';

/** A stream that has given no byte by then is not waited for. */
const FIRST_BYTE_MS = 5000;

/** The server part's heart beats every 8 s: after this the connection is taken for dead. */
const SILENCE_MS = 30_000;

const ACCEPT = { Accept: 'text/event-stream' };

/** How a stream came to its end. */
export interface StreamEnd {
  /** `useless`: what answered is no stream, and need not be asked again. */
  readonly how: 'ended' | 'silent' | 'failed' | 'useless';
  /** How long to wait before connecting again, in milliseconds, where the stream said so. */
  readonly retry: number | null;
  /** What went wrong, where something did. */
  readonly error?: unknown;
}

/**
 * Reads a stream of server-sent events to its end, by `fetch`: unlike an `EventSource` it takes
 * headers, and tells what was answered. Never rejects.
 */
export async function readEventStream(
  url: string,
  options: BackendOptions,
  signal: AbortSignal,
  onMessage: (message: StreamMessage) => void,
): Promise<StreamEnd> {
  const parser = new EventStreamParser();
  const alarm = new Alarm();
  const limited = AbortSignal.any([signal, alarm.signal]);
  const end = (how: StreamEnd['how'], error?: unknown) => ({ how, retry: parser.retry, error });
  let isAlive = false;
  try {
    alarm.set(FIRST_BYTE_MS);
    // The author's function for the headers may take for ever.
    const asking = askBackend(url, options, ACCEPT, { signal: limited });
    const response = await Promise.race([asking, rejectOnAbort(limited)]);
    if (!isEventStream(response)) {
      return end(isPassing(response) ? 'failed' : 'useless', refused(response));
    }
    for await (const text of texts(response.body!)) {
      isAlive = true;
      alarm.set(SILENCE_MS);
      for (const message of parser.push(text)) if (!signal.aborted) onMessage(message);
    }
    return end(isAlive ? 'ended' : 'failed');
  } catch (error) {
    return end(isAlive && alarm.signal.aborted ? 'silent' : 'failed', error);
  } finally {
    // Lets go of whatever is still open.
    alarm.ring();
  }
}

/** Aborts when it was not set anew in time. */
class Alarm {
  #controller = new AbortController();
  #timer?: ReturnType<typeof setTimeout>;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  set(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ring(), milliseconds);
  }

  ring(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}

/** Too many requests, or a server in trouble: later it may be another story. */
function isPassing({ status }: Response): boolean {
  return status === 429 || status >= 500;
}

function isEventStream({ status, headers }: Response): boolean {
  return status === 200 && /^text\/event-stream\s*(;|$)/i.test(headers.get('Content-Type') ?? '');
}
