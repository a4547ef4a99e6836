/** The longest time that platforms have a timer for. */
const LONGEST_MS = 2_147_483_647;

/** Looks at a session, and gives it if it goes on. */
type Look = (id: string) => { readonly endsAt: number } | undefined;

/** Looks at sessions when they are overdue, where nobody may ask for them before. */
export class OverdueWatch {
  #now: () => number;
  #look: Look;
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #isClosed = false;

  constructor(now: () => number, look: Look) {
    this.#now = now;
    this.#look = look;
  }

  /** Watches a session, or knows that it does already. */
  watch(id: string, endsAt: number): void {
    if (this.#isClosed || this.#timers.has(id)) return;
    const milliseconds = Math.min(Math.max(1, endsAt - this.#now()), LONGEST_MS);
    const timer = setTimeout(() => this.#end(id), milliseconds);
    // Node would not end before it; elsewhere a timer is a number.
    (timer as { unref?: () => void }).unref?.();
    this.#timers.set(id, timer);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Timers may be early, and a session may have been given more time. */
  #end(id: string): void {
    this.#timers.delete(id);
    const session = this.#look(id);
    if (session) this.watch(id, session.endsAt);
  }
}
