import { stageOf } from './didit-status.js';
import { drawn, type LiveSession } from './live-session.js';
import { savedNames } from './saved-name.js';
import { parseSession } from './session.js';
import { isFinalName, type VerifyState } from './state.js';

/** How long a finished session is found again. */
const FINISHED_MS = 10 * 60_000;

/** A page with more elements than this keeps the newest. */
const MAX_SAVED = 20;

/** What a list of sessions is looked up by. */
export interface SavedKey {
  /** The resolver's URL, or the page's path where the resolver is a function. */
  readonly resolver: string;
  readonly scope?: string;
  readonly vendorData?: string;
}

/** A create answer, with what only this page knows. Times are in milliseconds. */
interface SavedSession {
  readonly session_id: string;
  readonly url: string;
  readonly status: string | null;
  readonly status_url: string | null;
  readonly events_url: string | null;
  readonly ends: number | null;
  readonly lifetime: number | null;
  readonly finished: number | null;
}

/** A session of before a reload. */
export interface FoundSession {
  readonly session: LiveSession;
  readonly isFinished: boolean;
}

/** Which elements show a session, by its id: no two of a page take up the same one. */
const shown = new Map<string, Set<HTMLElement>>();

/** The sessions of this tab that a reload must not lose, in `sessionStorage`. */
export class SavedSessions {
  #host: HTMLElement;
  /** The session that the host shows. */
  #shown = '';

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Takes up the first session that nobody else shows and that has not been tried, if any. */
  claim(
    key: SavedKey,
    allowedHosts: string,
    tried: ReadonlySet<string> = new Set(),
  ): FoundSession | null {
    for (const saved of read(key)) {
      if (tried.has(saved.session_id) || this.#isShownElsewhere(saved.session_id)) continue;
      const session = revived(saved, key, allowedHosts);
      if (!session) continue;
      this.#show(session.sessionId);
      return { session, isFinished: saved.finished !== null };
    }
    return null;
  }

  /** Whether there is one that nobody else shows. */
  has(key: SavedKey): boolean {
    return read(key).some(({ session_id }) => !this.#isShownElsewhere(session_id));
  }

  /** Keeps the session on show, unless nobody wants it again, and forgets one that no longer is. */
  update(key: SavedKey, state: VerifyState, previous: VerifyState, noResume: boolean): void {
    const isLost = state.name === 'cancelled' || (state.name === 'expired' && state.final);
    const keeps = 'session' in state && !isLost && !noResume;
    const old = 'session' in previous ? previous.session.sessionId : null;
    if (old && !(keeps && old === state.session.sessionId)) this.forget(key, old);
    if (keeps) this.keep(key, state.session, isFinalName(state.name));
  }

  /** Keeps a session, in place of what was known of it. */
  keep(key: SavedKey, session: LiveSession, isFinished: boolean): void {
    this.#show(session.sessionId);
    const [others, old] = apart(key, session.sessionId);
    const saved: SavedSession = {
      session_id: session.sessionId,
      url: session.url,
      status: session.status,
      status_url: session.statusUrl,
      events_url: session.eventsUrl,
      ends: session.expiresAt?.getTime() ?? null,
      lifetime: session.lifetime,
      // It does not begin anew with each time that it is found again.
      finished: old?.finished ?? (isFinished ? Date.now() : null),
    };
    write(key, [...others, saved].slice(-MAX_SAVED));
  }

  /** Forgets what this element has taken up. */
  forgetClaimed(key: SavedKey): void {
    if (this.#shown) this.forget(key, this.#shown);
  }

  forget(key: SavedKey, sessionId: string): void {
    this.release();
    write(key, apart(key, sessionId)[0]);
  }

  /** Others may take up what this element has shown. */
  release(): void {
    const hosts = shown.get(this.#shown);
    hosts?.delete(this.#host);
    if (!hosts?.size) shown.delete(this.#shown);
    this.#shown = '';
  }

  #show(sessionId: string): void {
    this.release();
    this.#shown = sessionId;
    shown.set(sessionId, (shown.get(sessionId) ?? new Set()).add(this.#host));
  }

  #isShownElsewhere(sessionId: string): boolean {
    for (const host of shown.get(sessionId) ?? []) {
      if (host !== this.#host && host.isConnected) return true;
    }
    return false;
  }
}

/** Whether one is kept that no other element than this shows. */
export function hasSaved(host: HTMLElement, key: SavedKey): boolean {
  return new SavedSessions(host).has(key);
}

/** Through the same gate as an answer: what is stored may have been changed. */
function revived(saved: SavedSession, key: SavedKey, allowedHosts: string): LiveSession | null {
  try {
    const addresses = [saved.status_url, saved.events_url].filter((address) => address !== null);
    if (!addresses.every((address) => URL.canParse(address))) return null;
    // Where the answer came from; that of a function may have come from anywhere.
    const base = URL.canParse(key.resolver) ? key.resolver : (addresses[0] ?? document.baseURI);
    const session = parseSession(saved, { base, allowedHosts, arrival: Date.now() });
    return drawn({ ...session, ...endOf(saved), status: openWord(saved) });
  } catch {
    return null;
  }
}

function endOf({ ends, lifetime }: SavedSession): Pick<LiveSession, 'expiresAt' | 'lifetime'> {
  const expiresAt = new Date(ends ?? NaN);
  return Number.isNaN(expiresAt.getTime())
    ? { expiresAt: null, lifetime: null }
    : { expiresAt, lifetime };
}

/** Nothing that was stored is ever approved by itself: of what is not finished no such word is taken. */
function openWord({ status, finished }: SavedSession): string | null {
  const stage = stageOf(status ?? '');
  return finished !== null || stage === 'ready' || stage === 'in-progress' ? status : null;
}

function read(key: SavedKey): SavedSession[] {
  try {
    const saved = JSON.parse(sessionStorage.getItem(nameOf(key)) ?? '[]') as SavedSession[];
    const fresh = saved.filter(
      ({ finished }) => finished === null || Date.now() - finished < FINISHED_MS,
    );
    if (fresh.length < saved.length) write(key, fresh);
    return fresh;
  } catch {
    // Nothing there, not ours, or a page that may not store anything.
    return [];
  }
}

/** Those with another id, and the one with this. */
function apart(key: SavedKey, sessionId: string): [SavedSession[], SavedSession?] {
  const all = read(key);
  const own = all.find(({ session_id }) => session_id === sessionId);
  return [all.filter((saved) => saved.session_id !== sessionId), own];
}

function write(key: SavedKey, sessions: SavedSession[]): void {
  try {
    if (sessions.length) sessionStorage.setItem(nameOf(key), JSON.stringify(sessions));
    else sessionStorage.removeItem(nameOf(key));
  } catch {
    // Full or forbidden: then a reload starts anew.
  }
}

/** Vendor data may be personal, so it does not appear; the backend knows whose a session is. */
function nameOf(key: SavedKey): string {
  const person = key.vendorData === undefined ? null : hash(key.vendorData);
  return `${savedNames(key)}${person}]`;
}

/** FNV-1a, 32 bits: enough to tell the persons of one tab apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value;
}
