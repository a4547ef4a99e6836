import { elapsed } from './elapsed.js';
import { reasonOf } from './hooks.js';
import { inTime } from './in-time.js';
import type { Report } from './log.js';

/**
 * Where the instances of a site tell each other of their sessions: as much of `unstorage` as is used
 * here, which has drivers for Redis, Postgres and many more (unstorage documentation, Drivers). What
 * one instance has written, all others must see within a second.
 */
export interface DiditStorage {
  /** Gives what was set, as an object or as its JSON, or null or undefined. */
  getItem(key: string): unknown;
  /** Keeps an object of JSON values, under a key of letters, digits, `:`, `_` and `-`. */
  setItem(key: string, item: StoredItem, options: { ttl: number }): unknown;
  /** Forgets an object; there may be none. */
  removeItem(key: string): unknown;
  /** Tells of changes. Where it misses those of other instances, they are asked for even so. */
  watch?(onChange: (event: 'update' | 'remove', key: string) => unknown): unknown;
}

/** What is kept; stores that do not heed `ttl` may delete it from then on. */
export interface StoredItem {
  /** JSON values of the server part's own. */
  readonly [member: string]: unknown;
  /** From when on it is of no use, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A store that takes longer is passed over: pages wait for it. */
const LIMIT_MS = 2000;

/** How long a store is left alone after a failure: one that hangs would hold up every page. */
const PAUSE_MS = 5000;

/** The site's store. It may fail: nothing depends on it but what instances know of each other. */
export class Storage {
  #storage: DiditStorage;
  #now: () => number;
  #failedAt = -Infinity;

  constructor(storage: DiditStorage, now: () => number) {
    this.#storage = storage;
    this.#now = now;
  }

  /** An item that has not expired, or null; undefined where the store fails. */
  async get(key: string, report: Report): Promise<StoredItem | null | undefined> {
    const item = await this.#ask(async () => toItem(await this.#storage.getItem(key)), report);
    if (!item || this.#now() < item.expiresAt) return item;
    await this.#ask(() => this.#storage.removeItem(key), report);
    return null;
  }

  /** Whether it is kept. */
  async set(key: string, item: StoredItem, report: Report): Promise<boolean> {
    const ttl = Math.ceil((item.expiresAt - this.#now()) / 1000);
    if (ttl <= 0) return true;
    const done = await this.#ask(async () => {
      await this.#storage.setItem(key, item, { ttl });
      return true;
    }, report);
    return done === true;
  }

  /** Hears of changes where the store tells of them; gives what ends that, or null if it fails. */
  async watch(onChange: (key: string) => void, report: Report): Promise<(() => void) | null> {
    const watch = () => this.#storage.watch?.((_, key) => onChange(key));
    const watching = await this.#ask(async () => ({ unwatch: await watch() }), report);
    if (!watching) return null;
    return () => {
      const { unwatch } = watching;
      if (typeof unwatch !== 'function') return;
      // Whether or not the store is left alone: nobody tries again.
      void inTime(LIMIT_MS, unwatch as () => unknown).catch((error: unknown) => {
        report({ type: 'storage.failed', reason: reasonOf(error) });
      });
    };
  }

  /** What the store gives; undefined where it fails, and while it is left alone. */
  async #ask<T>(call: () => T, report: Report): Promise<Awaited<T> | undefined> {
    if (this.isPaused()) return undefined;
    try {
      return await inTime(LIMIT_MS, call);
    } catch (error) {
      // Those that were under way fail together, and are told of once.
      if (!this.isPaused()) report({ type: 'storage.failed', reason: reasonOf(error) });
      this.#failedAt = this.#now();
      return undefined;
    }
  }

  /** Whether it is left alone. */
  isPaused(): boolean {
    return elapsed(this.#failedAt, this.#now()) < PAUSE_MS;
  }
}

/** Anything else was written by somebody else. */
function toItem(value: unknown): StoredItem | null {
  const item: unknown = typeof value === 'string' ? parse(value) : value;
  if (typeof item !== 'object' || item === null) return null;
  return 'expiresAt' in item && typeof item.expiresAt === 'number' ? (item as StoredItem) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
