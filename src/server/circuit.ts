import { DiditApiError, type UpstreamFailure } from './didit-api-error.js';
import { elapsed } from './elapsed.js';

/** So many failures in a row mean that Didit is down. */
const MAX_FAILURES = 5;

/** How long nothing is sent then, before one call tries whether it is back. */
const PAUSE_MS = 5000;

/** Of these the next call may well be one more; whatever else Didit answers, it is there. */
const DOWN: ReadonlySet<UpstreamFailure> = new Set(['failed', 'timeout', 'unreachable']);

/**
 * Spares Didit while it is down, and the page a wait of eight seconds for each call: after five
 * failures in a row the last one is told again at once, and every five seconds one call is let
 * through.
 */
export class Circuit {
  #now: () => number;
  #failures = 0;
  #last?: DiditApiError;
  #pausedAt = -Infinity;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws DiditApiError, and whatever the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#last && this.#failures >= MAX_FAILURES) this.#demandTurn(this.#last);
    try {
      const answer = await call();
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** The first after the pause tries it; the others go on waiting for what comes of that. */
  #demandTurn({ reason, status, detail }: DiditApiError): void {
    if (elapsed(this.#pausedAt, this.#now()) < PAUSE_MS) {
      throw new DiditApiError(reason, { status, detail });
    }
    this.#pausedAt = this.#now();
  }

  #note(error: unknown): void {
    if (error instanceof DiditApiError && DOWN.has(error.reason)) {
      this.#failures++;
      this.#last = error;
      this.#pausedAt = this.#now();
    } else {
      this.#failures = 0;
    }
  }
}
