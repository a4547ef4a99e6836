import { isUnopened } from '../didit-status.js';
import { BoundedMap } from './bounded-map.js';
import { isDecided } from './decision.js';
import { isWord } from './didit-client.js';
import { elapsed } from './elapsed.js';
import { isGone } from './failure.js';
import type { Report } from './log.js';
import { SharedTasks } from './shared-tasks.js';
import type { Storage, StoredItem } from './storage.js';
import type { TrackedSession } from './tracked-session.js';
import { isHeard } from './webhook-event.js';

const PREFIX = 'didit-verify:session:';

const DAY_MS = 24 * 60 * 60_000;

/** How long a session is kept after its last change, unless its handles are good for longer. */
const LIFETIME_MS = 8 * DAY_MS;

/** How often a session is looked for: by streams, which come by once a second, each time. */
const LOOK_MS = 900;

/** Who has read an item before an end was written has written it by then, or failed. */
const CONFIRM_MS = 2500;

/** What instances tell each other of a session. */
export type SharedSession = Pick<
  TrackedSession,
  'status' | 'changedAt' | 'asOf' | 'decided' | 'over' | 'webhooks'
> & { readonly vendorData: string | null };

/** What the sessions of this process are, to what instances tell each other of them. */
export interface OwnSessions {
  readonly find: (sessionId: string) => TrackedSession | undefined;
  /** Takes over what is newer elsewhere. */
  readonly adopt: (session: TrackedSession, shared: SharedSession, report: Report) => void;
  /** Hears what happens on no request's behalf. */
  readonly report: Report;
}

/** Tells the other instances of a session, and hears from them, by the site's store. */
export class SharedSessions {
  #storage: Storage | null;
  #now: () => number;
  #own: OwnSessions;
  #looks = new SharedTasks<SharedSession | null | undefined>();
  #writes = new SharedTasks<boolean>();
  /** Ends that are to be confirmed, and since when, in milliseconds since 1970. */
  #ends = new BoundedMap<{ readonly session: TrackedSession; readonly notedAt: number }>();
  #unwatch: Promise<(() => void) | null> | null = null;
  #isClosed = false;

  /** Without a store nothing ever happens. */
  constructor(storage: Storage | null, now: () => number, own: OwnSessions) {
    this.#storage = storage;
    this.#now = now;
    this.#own = own;
  }

  /** Takes over what others know, looked for once in a while; tells them what they do not know. */
  async catchUp(session: TrackedSession, report: Report): Promise<void> {
    if (!this.#storage) return;
    // Who comes while somebody looks is not to go on without.
    const isLooking = this.#looks.has(session.sessionId);
    if (isLooking || this.#isDue(session)) await this.catchUpNow(session, report);
    if (session.unshared) await this.share(session, report);
  }

  /** Takes over what others know now. */
  async catchUpNow(session: TrackedSession, report: Report): Promise<void> {
    const storage = this.#storage;
    if (!storage) return;
    const shared = await this.#looks.run(session.sessionId, async () => {
      session.lookedAt = this.#now();
      const item = await storage.get(keyOf(session), report);
      return item && toShared(item);
    });
    // Lost by the store; or deleted, as Didit has it no more.
    const isLost = shared === null && !isGone(session.failure);
    if (isLost || (shared && isBehind(shared, session))) session.unshared = true;
    if (shared && isNews(shared, session)) this.#own.adopt(session, shared, report);
  }

  /** Tells the others, if there is something to tell. */
  async share(session: TrackedSession, report: Report): Promise<void> {
    const storage = this.#storage;
    let isKept = true;
    // One after another: what is written last is to be what is newest.
    while (storage && isKept && isToShare(session)) {
      isKept = await this.#writes.run(session.sessionId, async () => {
        // What they know and this process does not is not to be written over.
        await this.catchUpNow(session, report);
        return this.#write(storage, session, report);
      });
    }
  }

  /** Whether ends are left to be looked for. */
  get hasEnds(): boolean {
    return this.#ends.values().next().done !== true;
  }

  /**
   * Looks for ends once more: nobody else asks for those, and the store may have failed, or an
   * instance that did not know of it have written over it.
   */
  async confirmEnds(): Promise<void> {
    for (const { session, notedAt } of [...this.#ends.values()]) {
      if (elapsed(notedAt, this.#now()) < CONFIRM_MS) continue;
      this.#ends.delete(session.sessionId);
      await this.catchUpNow(session, this.#own.report);
      if (this.#storage?.isPaused()) this.#noteEnd(session);
      else await this.share(session, this.#own.report);
    }
  }

  /** Has changes by others taken over at once, for pages that listen, where the store tells of them. */
  watch(): void {
    if (!this.#storage || this.#unwatch || this.#isClosed) return;
    const onChange = (key: string) => void this.#onChange(key).catch(() => undefined);
    this.#unwatch = this.#storage.watch(onChange, this.#own.report).then((unwatch) => {
      if (!unwatch) this.#unwatch = null;
      return unwatch;
    });
  }

  close(): void {
    this.#isClosed = true;
    void this.#unwatch?.then((unwatch) => unwatch?.());
  }

  async #write(storage: Storage, session: TrackedSession, report: Report): Promise<boolean> {
    const { vendorData = null, over, ...facts } = session;
    const { status, changedAt, asOf, decided, webhooks } = facts;
    const shared: SharedSession = { vendorData, status, changedAt, asOf, decided, over, webhooks };
    const expiresAt = Math.max(session.expiresAt, this.#now() + LIFETIME_MS);
    session.unshared = false;
    const isKept = await storage.set(keyOf(session), { ...shared, expiresAt }, report);
    if (!isKept) session.unshared = true;
    if (over) this.#noteEnd(session);
    return isKept;
  }

  #noteEnd(session: TrackedSession): void {
    this.#ends.add(session.sessionId, { session, notedAt: this.#now() });
  }

  /** A store may put something of its own before its keys. */
  async #onChange(key: string): Promise<void> {
    const [, sessionId = ''] = key.split(PREFIX);
    const session = this.#own.find(sessionId);
    if (session?.listeners) await this.catchUpNow(session, this.#own.report);
  }

  #isDue({ lookedAt, over }: TrackedSession): boolean {
    return !over && elapsed(lookedAt, this.#now()) >= LOOK_MS;
  }
}

/** Where it is not known whose it is, nobody else could know whether it is that of their page. */
function isToShare({ unshared, vendorData }: TrackedSession): boolean {
  return unshared && vendorData !== undefined;
}

/** Whether this person's session stands less far there than here. */
function isBehind(shared: SharedSession, session: TrackedSession): boolean {
  if (session.vendorData !== shared.vendorData || shared.over) return false;
  return session.over || session.changedAt > shared.changedAt;
}

function keyOf({ sessionId }: TrackedSession): string {
  return PREFIX + sessionId;
}

/** Whether another instance knows more of this person's session, or whose it is. */
function isNews(shared: SharedSession, session: TrackedSession): boolean {
  if (session.vendorData === undefined) return true;
  const isOwn = session.vendorData === shared.vendorData;
  return isOwn && (isAhead(shared, session) || isWebhookNews(shared, session));
}

/** Whether the session stands further there than here. What has ended never changes again. */
export function isAhead(shared: SharedSession, session: TrackedSession): boolean {
  if (session.over) return false;
  // Whatever the clocks say.
  const isOpened = isUnopened(session.status) && !isUnopened(shared.status);
  return shared.over || isOpened || shared.changedAt > session.changedAt;
}

/** Whether webhooks have been taken up there that are not known here. */
export function isWebhookNews({ webhooks }: SharedSession, session: TrackedSession): boolean {
  const { at, keys } = session.webhooks;
  return webhooks.at > at || webhooks.keys.some((key) => !keys.includes(key));
}

/** Undefined for what was written by another version: it is there, and is of no use here. */
function toShared(item: StoredItem): SharedSession | undefined {
  const { vendorData, status, changedAt, asOf, decided, over, webhooks } = item as Unchecked;
  const isSound =
    (vendorData === null || typeof vendorData === 'string') &&
    isWord(status) &&
    [changedAt, asOf].every((time) => typeof time === 'number') &&
    typeof over === 'boolean' &&
    (decided === null || (isDecided(decided?.stage) && isWord(decided.status))) &&
    isHeard(webhooks);
  return isSound ? (item as unknown as SharedSession) : undefined;
}

type Unchecked = Partial<Record<keyof SharedSession, unknown>> & {
  readonly decided?: Partial<Record<'stage' | 'status', unknown>> | null;
};
