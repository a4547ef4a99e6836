import type { DiditStorage, StoredItem } from '../../src/server/index.js';

type Listener = (event: 'update' | 'remove', key: string) => unknown;

/** A store for several instances, which keeps JSON as Redis does. */
export function sharedStore() {
  const items = new Map<string, string>();
  const ttls = new Map<string, number>();
  const calls = { get: 0, set: 0, remove: 0 };
  const storage: DiditStorage = {
    getItem: async (key) => {
      calls.get++;
      return items.get(key) ?? null;
    },
    setItem: async (key, item, { ttl }) => {
      calls.set++;
      items.set(key, JSON.stringify(item));
      ttls.set(key, ttl);
    },
    removeItem: async (key) => {
      calls.remove++;
      items.delete(key);
    },
  };
  const keys = () => [...items.keys()];
  const item = (key: string) => JSON.parse(items.get(key) ?? 'null') as StoredItem | null;
  return { storage, items, ttls, calls, keys, item };
}

/** The same, and it tells of changes. */
export function watchedStore() {
  const store = sharedStore();
  const listeners = new Set<Listener>();
  const storage: DiditStorage = {
    ...store.storage,
    setItem: async (key, item, options) => {
      await store.storage.setItem(key, item, options);
      for (const listener of listeners) listener('update', `shop:${key}`);
    },
    watch: async (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { ...store, storage, listeners };
}
