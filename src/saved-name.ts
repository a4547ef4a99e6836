import type { SavedKey } from './saved-sessions.js';

/** What the names of a resolver's lists in `sessionStorage` begin with, each followed by a person. */
export function savedNames({ resolver, scope }: SavedKey): string {
  return `didit-verify:${JSON.stringify([resolver, scope]).slice(0, -1)},`;
}
