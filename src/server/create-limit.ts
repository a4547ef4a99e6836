import { Refusal, retryAfter } from './answers.js';
import { BoundedMap } from './bounded-map.js';
import { callHook, HookError } from './hooks.js';
import type { Settings, User } from './options.js';

const PER_USER = { most: 20, windowMs: 60 * 60_000 };

/** People without vendor data cannot be told apart. */
const UNKNOWN_USERS = { most: 20, windowMs: 60_000 };

/** How many sessions may be created, so that nobody runs up the site's bill. */
export class CreateLimit {
  #settings: Settings;
  /** When each person's sessions were created, in milliseconds since 1970. */
  #creates = new BoundedMap<number[]>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Counts a create; gives a function that takes it back, for one that fails.
   *
   * @throws Refusal `rate-limited`
   * @throws HookError for a `limit` that throws or gives nonsense.
   */
  async take(request: Request, user: User): Promise<() => void> {
    const { limit } = this.#settings;
    if (!limit) return this.#takeOwn(user);
    const result = await callHook('limit', () => limit(request, user));
    if (result === true) return () => undefined;
    if (typeof result !== 'number' || result < 0 || !Number.isSafeInteger(Math.ceil(result))) {
      throw new HookError('limit', 'it gave neither true nor seconds');
    }
    throw new Refusal('rate-limited', retryAfter(result));
  }

  #takeOwn({ vendorData }: User): () => void {
    const { most, windowMs } = vendorData === undefined ? UNKNOWN_USERS : PER_USER;
    const key = JSON.stringify(vendorData ?? null);
    const now = this.#settings.now();
    const recent = (this.#creates.get(key) ?? []).filter((at) => Math.abs(now - at) < windowMs);
    const [oldest = now] = recent;
    if (recent.length >= most) {
      throw new Refusal('rate-limited', retryAfter((oldest + windowMs - now) / 1000));
    }
    // The newest person is forgotten last.
    this.#creates.delete(key);
    this.#creates.add(key, [...recent, now]);
    return () => this.#giveBack(key, now);
  }

  #giveBack(key: string, at: number): void {
    const creates = this.#creates.get(key) ?? [];
    const index = creates.indexOf(at);
    if (index >= 0) this.#creates.add(key, creates.toSpliced(index, 1));
  }
}
