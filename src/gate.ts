/** Holds back what must wait until it is allowed. */
export class Gate {
  #isOpen: () => boolean;
  #waiting = new Set<() => void>();

  constructor(isOpen: () => boolean) {
    this.#isOpen = isOpen;
  }

  /** Resolves as soon as it is open, or the signal aborts. */
  pass(signal: AbortSignal): Promise<void> {
    if (this.#isOpen() || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** Lets pass what waits, if it is open now. */
  check(): void {
    if (this.#isOpen()) for (const done of this.#waiting) done();
  }
}
