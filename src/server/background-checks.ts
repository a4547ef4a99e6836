import { reporter } from './log.js';
import type { Settings } from './options.js';
import { isRequestBound } from './shared-tasks.js';
import type { StatusTracker } from './status-tracker.js';

const TICK_MS = 1000;

/** A minute's budget is never spent in less than so many ticks. */
const MIN_TICKS = 20;

/**
 * Asks for sessions that no page asks for, so that a decision is taken up although the page was
 * closed. It keeps no process alive, and does nothing where timers end with the request.
 */
export class BackgroundChecks {
  #settings: Settings;
  #tracker: StatusTracker;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(settings: Settings, tracker: StatusTracker) {
    this.#settings = settings;
    this.#tracker = tracker;
  }

  /** To be called when there may be something to ask for. */
  start(): void {
    if (this.#timer !== undefined || this.#stopped || isRequestBound()) return;
    this.#timer = setTimeout(() => void this.#tick(), TICK_MS);
    letGo(this.#timer);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Nobody awaits it, so nothing may get out of it: not even what a clock of the site's throws. */
  async #tick(): Promise<void> {
    this.#timer = undefined;
    const { schedule } = this.#tracker;
    const most = Math.ceil(this.#settings.statusBudget / MIN_TICKS);
    try {
      const checks = schedule
        .background(most)
        .map((session) =>
          this.#tracker.check(session, reporter(this.#settings, crypto.randomUUID())),
        );
      const done = Promise.allSettled([...checks, this.#tracker.confirmEnds()]);
      if (schedule.hasBackground) this.start();
      await done;
      if (this.#tracker.hasEnds) this.start();
    } catch {
      // The next request starts it again.
    }
  }
}

/** Lets the process end although the timer runs: Node and Bun have a method for it, Deno a function. */
function letGo(timer: unknown): void {
  const { Deno } = globalThis as { Deno?: { unrefTimer?: (id: unknown) => void } };
  if (Deno?.unrefTimer) Deno.unrefTimer(timer);
  else (timer as { unref?: () => void }).unref?.();
}
