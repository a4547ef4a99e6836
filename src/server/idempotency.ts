import { Refusal } from './answers.js';

const LIFETIME_MS = 10 * 60_000;
const CAPACITY = 10_000;

/**
 * The request's `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), or null.
 *
 * @throws Refusal `bad-request` for anything but 1 to 255 visible ASCII characters.
 */
export function idempotencyKey({ headers }: Request): string | null {
  const key = headers.get('Idempotency-Key');
  if (key !== null && !/^[\x21-\x7e]{1,255}$/.test(key)) throw new Refusal('bad-request');
  return key;
}

interface Run<T> {
  readonly startedAt: number;
  readonly result: Promise<T>;
  /** Set once it is there. */
  value?: T;
}

/**
 * Runs a task once for each key: who comes while it runs joins it, who comes within 10 minutes gets
 * the same result. A failed run frees its key. At most 10,000 runs are kept, the oldest go first.
 */
export class Idempotency<T> {
  #runs = new Map<string, Run<T>>();
  #now: () => number;
  #isUsable: (value: T) => boolean;

  /** `isUsable`: whether a result is still worth repeating. `now`: milliseconds. */
  constructor(now: () => number, isUsable: (value: T) => boolean) {
    this.#now = now;
    this.#isUsable = isUsable;
  }

  /** `repeated`: whether the result is that of an earlier call. */
  run(key: string, task: () => Promise<T>): { result: Promise<T>; repeated: boolean } {
    const known = this.#runs.get(key);
    if (known && this.#isAlive(known)) return { result: known.result, repeated: true };
    this.#runs.delete(key);
    this.#makeRoom();
    const run: Run<T> = { startedAt: this.#now(), result: task() };
    this.#runs.set(key, run);
    run.result.then(
      (value) => (run.value = value),
      () => this.#runs.get(key) === run && this.#runs.delete(key),
    );
    return { result: run.result, repeated: false };
  }

  #isAlive({ startedAt, value }: Run<T>): boolean {
    const fresh = this.#now() - startedAt < LIFETIME_MS;
    return fresh && (value === undefined || this.#isUsable(value));
  }

  /** A map iterates in order of insertion, so the oldest come first. */
  #makeRoom(): void {
    for (const [key, run] of this.#runs) {
      if (this.#runs.size < CAPACITY && this.#isAlive(run)) return;
      this.#runs.delete(key);
    }
  }
}
