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
    const timer: unknown = setTimeout(() => void this.#tick(), TICK_MS);
    this.#timer = timer as ReturnType<typeof setTimeout>;
    // Node, Bun: an object; elsewhere a number, and the platform decides.
    (timer as { unref?: () => void }).unref?.();
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
      const checks = schedule.background(most).map((session) => {
        return this.#tracker.check(session, reporter(this.#settings, crypto.randomUUID()));
      });
      if (schedule.hasBackground) this.start();
      await Promise.all(checks);
    } catch {
      // The next request starts it again.
    }
  }
}
