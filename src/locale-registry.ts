import type { Strings } from './strings.js';

interface Registry {
  /** By tag, in lower case. */
  readonly words: Map<string, Strings>;
  readonly listeners: Set<() => void>;
}

const KEY = Symbol.for('didit-verify locales');
const page = globalThis as { [KEY]?: Registry };

/**
 * One for the page, whatever bundles its copies are in: so a locale module needs to import nothing,
 * and is as good beside a single file as it is in an application. Made when it is needed, so that
 * importing the element alone changes nothing.
 */
function registry(): Registry {
  return (page[KEY] ??= { words: new Map(), listeners: new Set() });
}

/**
 * Makes the words of a language known, by its tag in lower case. Each module of
 * `didit-verify/locales/` does so itself.
 */
export function registerLocale(tag: string, strings: Strings): Strings {
  const { words, listeners } = registry();
  words.set(tag, strings);
  for (const listener of listeners) listener();
  return strings;
}

/** The words of a language as far as they are known. */
export function registeredLocale(tag: string): Strings | undefined {
  return registry().words.get(tag);
}

/** Calls back after each registration, until the signal aborts. */
export function onRegistration(listener: () => void, signal: AbortSignal): void {
  const { listeners } = registry();
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
}
