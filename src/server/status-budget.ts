const MINUTE_MS = 60_000;

/** No sixth of a minute has more than a sixth of the calls: else they all come in one burst. */
const PARTS = 6;

/** Counts calls so that no minute, wherever it begins, has more of them than it may. */
export class StatusBudget {
  #perMinute: number;
  #perPart: number;
  #now: () => number;
  /** When calls were made, the oldest first, in milliseconds since 1970. */
  #calls: number[] = [];

  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute;
    this.#perPart = Math.ceil(perMinute / PARTS);
    this.#now = now;
  }

  /** How many calls may be made now. */
  get left(): number {
    const now = this.#now();
    // One that lies ahead was counted before the clock was put back: it counts as of now.
    this.#calls = this.#calls.map((at) => Math.min(at, now)).filter((at) => now - at < MINUTE_MS);
    const inPart = this.#calls.filter((at) => now - at < MINUTE_MS / PARTS).length;
    return Math.min(this.#perMinute - this.#calls.length, this.#perPart - inPart);
  }

  /** Counts a call, if there is one left. */
  take(): boolean {
    if (this.left <= 0) return false;
    this.#calls.push(this.#now());
    return true;
  }
}
