import { Refusal } from './answers.js';
import { BoundedMap } from './bounded-map.js';
import { SharedTasks } from './shared-tasks.js';

/** How long an answer is given again. */
export const KEY_LIFETIME_MS = 10 * 60_000;

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

interface Result<T> {
  readonly startedAt: number;
  readonly value: T;
}

/**
 * Runs a task once for each key: who comes while it runs joins it, who comes within 10 minutes of
 * its start gets the same result. A failed run frees its key. At most 10,000 results are kept.
 */
export class Idempotency<T> {
  #tasks = new SharedTasks<T>();
  #results = new BoundedMap<Result<T>>();
  #now: () => number;
  #isUsable: (value: T) => boolean;

  /** `isUsable`: whether a result is still worth repeating. `now`: milliseconds. */
  constructor(now: () => number, isUsable: (value: T) => boolean) {
    this.#now = now;
    this.#isUsable = isUsable;
  }

  async run(key: string, task: () => Promise<T>): Promise<T> {
    const known = this.#results.get(key);
    if (known && this.#isAlive(known)) return known.value;
    return this.#tasks.run(key, () => this.#start(key, task));
  }

  async #start(key: string, task: () => Promise<T>): Promise<T> {
    const startedAt = this.#now();
    const value = await task();
    this.#results.delete(key);
    this.#results.add(key, { startedAt, value });
    return value;
  }

  #isAlive({ startedAt, value }: Result<T>): boolean {
    return this.#now() - startedAt < KEY_LIFETIME_MS && this.#isUsable(value);
  }
}
