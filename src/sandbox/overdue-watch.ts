/** The longest time that platforms have a timer for. */
const LONGEST_MS = 2_147_483_647;

/** Looks at the sessions, and gives when the next one is overdue: milliseconds since 1970, or Infinity. */
type Look = () => number;

/** Looks at sessions when they are overdue, where nobody may ask for them before. */
export class OverdueWatch {
  #now: () => number;
  #look: Look;
  /** One for all sessions, since of those that are kept no longer nothing may be left. */
  #timer?: ReturnType<typeof setTimeout>;
  /** When it is looked next. */
  #lookAt = Infinity;
  #isClosed = false;

  constructor(now: () => number, look: Look) {
    this.#now = now;
    this.#look = look;
  }

  /** Looks when a session ends, or before. */
  watch(endsAt: number): void {
    if (this.#isClosed || endsAt >= this.#lookAt) return;
    clearTimeout(this.#timer);
    this.#lookAt = endsAt;
    const milliseconds = Math.min(Math.max(1, endsAt - this.#now()), LONGEST_MS);
    this.#timer = setTimeout(() => this.#end(), milliseconds);
    // Node would not end before it; elsewhere a timer is a number.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Timers may be early, and a session may have been given more time. */
  #end(): void {
    this.#lookAt = Infinity;
    this.watch(this.#look());
  }
}
