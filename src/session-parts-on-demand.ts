/**
 * What the split build has in place of `session-parts.ts`, which is then a file of its own, and
 * loaded while the session is asked for. That file imports nothing: the address of this one, from
 * which it would have to import, is the page's own choice. So it has copies of a few modules; none
 * of these keeps anything, and {@link VerifyError} knows those of its copies. Of Lit, which is to be
 * there once, it is given what it needs.
 */
import { html, nothing, type CSSResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { VerifyError } from './errors.js';
import { savedNames } from './saved-name.js';
import type { SavedKey } from './saved-sessions.js';
import type * as Parts from './session-parts.js';
import { styles } from './styles.js';

/** Not there before `loadParts()` is done. */
export let drawn: typeof Parts.drawn;
export let endedParts: typeof Parts.endedParts;
export let inProgressParts: typeof Parts.inProgressParts;
export let parseSession: typeof Parts.parseSession;
export let publicSession: typeof Parts.publicSession;
export let readyParts: typeof Parts.readyParts;
export let resumeSession: typeof Parts.resumeSession;
export let sessionEvents: typeof Parts.sessionEvents;
export let sessionTransition: typeof Parts.sessionTransition;
export let SavedSessions: typeof Parts.SavedSessions;
export let SessionFollower: typeof Parts.SessionFollower;

let loaded: typeof Parts | undefined;
let loading: Promise<void> | undefined;

/** @throws VerifyError `qr-failed`, which trying again may mend. */
export function loadParts(load: () => Promise<typeof Parts> = loadFile): Promise<void> {
  return (loading ??= load().then(
    (parts) => {
      loaded = parts;
      ({ drawn, parseSession, publicSession, resumeSession } = parts);
      ({ endedParts, inProgressParts, readyParts } = parts);
      ({ sessionEvents, sessionTransition, SavedSessions, SessionFollower } = parts);
    },
    (cause: unknown) => {
      loading = undefined;
      const message = 'The QR encoder could not be loaded.';
      throw new VerifyError('qr-failed', message, { cause, retryable: true });
    },
  ));
}

/**
 * Whether one is kept that no other element shows: before there is anything to show, whether there
 * is a list at all. Whose it is, and what is in it, is seen once the parts are there.
 */
export function hasSaved(host: HTMLElement, key: SavedKey): boolean {
  if (loaded) return loaded.hasSaved(host, key);
  try {
    return Object.keys(sessionStorage).some((name) => name.startsWith(savedNames(key)));
  } catch {
    // A page that may not store anything.
    return false;
  }
}

async function loadFile(): Promise<typeof Parts> {
  const file = await import('./session-parts-file.js');
  file.giveLit({ html, nothing, keyed });
  addStyles(file.sessionStyles);
  return file;
}

/** Shadow roots that have the sheet follow by themselves; what is made of its text has all of it. */
function addStyles(more: CSSResult): void {
  const cssText = styles.cssText + more.cssText;
  Object.assign(styles, { cssText }).styleSheet?.replaceSync(cssText);
}
