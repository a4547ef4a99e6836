/** How much a process keeps of each kind: of users, sessions, requests. */
const DEFAULT_LIMIT = 10_000;

/** A map that forgets its oldest entry rather than grow without end. */
export class BoundedMap<V> {
  #entries = new Map<string, V>();
  #limit: number;

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** A `Map` hands out its keys in the order they came (ECMAScript, 24.1.3.5). */
  add(key: string, value: V): void {
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) return;
      this.#entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** From the oldest to the newest. */
  values(): MapIterator<V> {
    return this.#entries.values();
  }
}
