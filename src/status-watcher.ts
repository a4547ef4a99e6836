import { withTimeout } from './backend-request.js';
import { VerifyError, type VerifyErrorDetail } from './errors.js';
import { readEventStream, type StreamEnd } from './event-stream.js';
import type { StreamMessage } from './event-stream-parser.js';
import type { Session } from './session.js';
import { sleep } from './sleep.js';
import {
  hasStatus,
  isWord,
  requestStatus,
  statusIn,
  unavailableBy,
  type StatusOptions,
} from './status-request.js';

/** So many failures in a row are an outage. */
const OUTAGE = 3;

const MAX_BACKOFF_MS = 60_000;
const MAX_RETRY_AFTER_MS = 60 * 60_000;

/** Between the end of a stream and the next: what it may ask for. */
const RETRY_MS = { least: 1000, most: 30_000 };

/** What the watcher goes by; read anew each time. */
export interface WatchOptions extends StatusOptions {
  /** Milliseconds between two polls. */
  readonly pollInterval: number;
}

export interface StatusListener {
  /** Told Didit's word each time that it is heard, also where it has not changed. */
  readonly onStatus: (status: string) => void;
  /** Told once for an outage, and where there is nothing left to ask. */
  readonly onOutage: (detail: VerifyErrorDetail) => void;
  /** Whether there is no point in asking any more. */
  readonly isOver: () => boolean;
}

/** Whoever has the page's one stream: on HTTP/1.1 six connections starve the site. */
const streaming = new Set<StatusWatcher>();

/**
 * Follows the status of one session: by its stream of events where it has one, else by polling.
 * Nothing is open, and no timer runs, but between `resume()` and `pause()`.
 */
export class StatusWatcher {
  #session: Session;
  #options: () => WatchOptions;
  #listener: StatusListener;
  #running: AbortController | null = null;
  #streams: boolean;
  #streamFailures = 0;
  /** Whether the stream has told a status since it was opened. */
  #hasSpoken = false;
  /** When the stream may be tried again, in milliseconds of the page's age. */
  #streamNotBefore = 0;
  #failures = 0;
  /** Until when the backend wants to be left alone, in milliseconds of the page's age. */
  #notBefore = 0;
  #gone = false;

  constructor(session: Session, options: () => WatchOptions, listener: StatusListener) {
    this.#session = session;
    this.#options = options;
    this.#listener = listener;
    this.#streams = session.eventsUrl !== null;
  }

  /** Goes on, and begins what was under way anew. `atOnce`: asks before it waits. */
  resume({ atOnce = true } = {}): void {
    this.pause();
    this.#running = new AbortController();
    void this.#run(this.#running.signal, atOnce);
  }

  /** What was wrong with whoever was asked says nothing of whoever is asked now. */
  forgive(): void {
    this.#gone = false;
    this.#failures = 0;
    this.#notBefore = 0;
  }

  /** Goes on, unless it is under way. */
  keepUp(): void {
    if (!this.#running) this.resume();
  }

  /** Lets go of connections and timers at once. */
  pause(): void {
    this.#running?.abort();
    this.#running = null;
    streaming.delete(this);
  }

  /** From now on by polling alone, so that another session can have the stream. */
  stopStreaming(): void {
    this.#streams = false;
    if (this.#running) this.resume();
  }

  /** Asks once, beside what is under way. A failure counts as one, and is not thrown. */
  async ask(signal: AbortSignal, patience = Infinity): Promise<void> {
    if (this.#gone || this.#timeToWait > 0) return;
    const options = this.#options();
    const timeout = Math.min(patience, options.timeout);
    try {
      if (!this.#canPoll) return await withTimeout(timeout, signal, (limit) => this.#glance(limit));
      const status = await requestStatus(this.#session, { ...options, timeout }, signal);
      if (!signal.aborted) this.#heard(status);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
  }

  async #run(signal: AbortSignal, atOnce: boolean): Promise<void> {
    if (!atOnce && !this.#mayStream) await sleep(this.#interval, signal);
    while (!signal.aborted && this.#canAsk && !this.#listener.isOver()) {
      await sleep(this.#timeToWait, signal);
      await sleep(await this.#learn(signal), signal);
    }
    if (!signal.aborted) this.#running = null;
  }

  /** By the stream while it lasts, else once: how long to wait then, in milliseconds. */
  async #learn(signal: AbortSignal): Promise<number> {
    const pause = this.#mayStream && !signal.aborted ? await this.#listen(signal) : null;
    if (pause !== null) return pause;
    await this.ask(signal);
    return Math.max(this.#interval, this.#timeToWait);
  }

  /** Whether there is anybody to ask. */
  get #canAsk(): boolean {
    return !this.#gone && (this.#canStream || this.#canPoll);
  }

  get #timeToWait(): number {
    return this.#notBefore - performance.now();
  }

  get #canPoll(): boolean {
    return hasStatus(this.#session, this.#options());
  }

  /** Whoever brings a function of their own is asked by it alone. */
  get #canStream(): boolean {
    return this.#streams && !this.#options().statusResolver;
  }

  get #mayStream(): boolean {
    return this.#canStream && streaming.size === 0 && performance.now() >= this.#streamNotBefore;
  }

  /** Until the next poll: never longer than asked for but after failures, and never in step. */
  get #interval(): number {
    return this.#backoff(this.#failures) * (0.8 + Math.random() / 5);
  }

  /** A single failure is passed over. */
  #backoff(failures: number): number {
    const { pollInterval } = this.#options();
    const longer = pollInterval * 2 ** Math.max(0, failures - 1);
    return Math.max(pollInterval, Math.min(longer, MAX_BACKOFF_MS));
  }

  /** Listens to the stream until it ends: how long to wait then, or null to ask at once. */
  async #listen(signal: AbortSignal): Promise<number | null> {
    streaming.add(this);
    this.#hasSpoken = false;
    const { eventsUrl } = this.#session;
    const end = await readEventStream(eventsUrl!, this.#options(), signal, this.#read);
    if (signal.aborted) return null;
    streaming.delete(this);
    return this.#next(end);
  }

  /** Where nothing can be polled: a look into the stream, until it says something. */
  async #glance(signal: AbortSignal): Promise<void> {
    if (!this.#canStream) return;
    const { eventsUrl } = this.#session;
    const seen = new AbortController();
    const limited = AbortSignal.any([signal, seen.signal]);
    const { error } = await readEventStream(eventsUrl!, this.#options(), limited, (message) => {
      if (this.#read(message)) seen.abort();
    });
    if (!limited.aborted) this.#failed(error);
  }

  #next({ how, retry, error }: StreamEnd): number | null {
    if (how === 'ended' && this.#hasSpoken) {
      return Math.max(RETRY_MS.least, Math.min(retry ?? this.#interval, RETRY_MS.most));
    }
    if (how === 'useless') this.#streams = false;
    if (how === 'failed' || how === 'ended') {
      const wait = Math.max(
        this.#backoff(++this.#streamFailures),
        Math.min(retry ?? 0, RETRY_MS.most),
      );
      this.#streamNotBefore = performance.now() + wait;
      if (error instanceof VerifyError) this.#wait(error.detail);
    }
    if (this.#canPoll) return null;
    if (how === 'silent') return 0;
    this.#failed(error);
    return Math.max(this.#interval, this.#streamNotBefore - performance.now());
  }

  /** Whether it said a status. */
  readonly #read = ({ event, data }: StreamMessage): boolean => {
    const status = event === 'status' ? statusOf(data) : null;
    if (status === null) return false;
    this.#hasSpoken = true;
    this.#streamFailures = 0;
    this.#heard(status);
    return true;
  };

  #heard(status: string): void {
    this.#failures = 0;
    this.#listener.onStatus(status);
  }

  #failed(error: unknown): void {
    const { detail } = unavailableBy(error, 'The stream of events cannot be had.');
    this.#failures++;
    this.#gone = !detail.retryable || !this.#canAsk;
    this.#wait(detail);
    const told = this.#failures > OUTAGE;
    if (!told && (this.#gone || this.#failures === OUTAGE)) this.#listener.onOutage(detail);
  }

  #wait({ retryAfter = 0 }: VerifyErrorDetail): void {
    const until = performance.now() + Math.min(retryAfter * 1000, MAX_RETRY_AFTER_MS);
    this.#notBefore = Math.max(this.#notBefore, until);
  }
}

/** What a stream says is data: whatever is no status is passed over. */
function statusOf(data: string): string | null {
  try {
    const status = statusIn(data);
    return isWord(status) ? status : null;
  } catch {
    return null;
  }
}
