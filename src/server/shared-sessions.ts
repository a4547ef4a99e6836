import { isDecided } from './decision.js';
import { isWord } from './didit-client.js';
import { elapsed } from './elapsed.js';
import { isGone } from './failure.js';
import type { Report } from './log.js';
import { isRequestBound, SharedTasks } from './shared-tasks.js';
import type { Storage, StoredItem } from './storage.js';
import type { TrackedSession } from './tracked-session.js';
import { isHeard } from './webhook-event.js';

const PREFIX = 'didit-verify:session:';

const DAY_MS = 24 * 60 * 60_000;

/** How long a session is kept after its last change, unless its handles are good for longer. */
const LIFETIME_MS = 8 * DAY_MS;

/**
 * How often a session is looked for while somebody waits for it, and how often where the store has
 * told of a change by itself that another instance had made.
 */
const LOOK_MS = { alone: 1000, told: 10_000 };

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
  /** The ids of those that are being written here: their change is no news. */
  #writing = new Set<string>();
  #storeTells = false;
  #unwatch: Promise<() => void> | null = null;
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
    if (this.#looks.has(session.sessionId) || this.#isDue(session)) {
      if (await this.catchUpNow(session, report)) this.#storeTells = false;
    }
    if (session.unshared) await this.share(session, report);
  }

  /** Takes over what others know now; gives whether that was anything new. */
  async catchUpNow(session: TrackedSession, report: Report): Promise<boolean> {
    const storage = this.#storage;
    if (!storage) return false;
    const shared = await this.#looks.run(session.sessionId, async () => {
      session.lookedAt = this.#now();
      const item = await storage.get(keyOf(session), report);
      return item && toShared(item);
    });
    // Lost by the store; or deleted, as Didit has it no more.
    if (shared === null && !isGone(session.failure)) session.unshared = true;
    if (!shared || !isNews(shared, session)) return false;
    this.#own.adopt(session, shared, report);
    return true;
  }

  /** Tells the others, if there is something to tell. */
  async share(session: TrackedSession, report: Report): Promise<void> {
    // Nobody else could know whether it is the one of their page.
    if (!this.#storage || !session.unshared || session.vendorData === undefined) return;
    // What they know and this process does not is not to be written over.
    await this.catchUpNow(session, report);
    session.unshared = false;
    if (!(await this.#write(this.#storage, session, report))) session.unshared = true;
  }

  /** Has changes by others taken over at once, for pages that listen, where the store tells of them. */
  watch(): void {
    if (!this.#storage || isRequestBound() || this.#isClosed) return;
    this.#unwatch ??= this.#storage.watch((key) => void this.#onChange(key), this.#own.report);
  }

  close(): void {
    this.#isClosed = true;
    void this.#unwatch?.then((unwatch) => unwatch());
  }

  async #write(storage: Storage, session: TrackedSession, report: Report): Promise<boolean> {
    const {
      sessionId,
      vendorData = null,
      status,
      changedAt,
      asOf,
      decided,
      over,
      webhooks,
    } = session;
    const shared: SharedSession = { vendorData, status, changedAt, asOf, decided, over, webhooks };
    const expiresAt = Math.max(session.expiresAt, this.#now() + LIFETIME_MS);
    this.#writing.add(sessionId);
    try {
      return await storage.set(keyOf(session), { ...shared, expiresAt }, report);
    } finally {
      this.#writing.delete(sessionId);
    }
  }

  /** A store may put something of its own before its keys. */
  async #onChange(key: string): Promise<void> {
    const [, sessionId = ''] = key.split(PREFIX);
    const session = this.#own.find(sessionId);
    if (!session?.listeners || this.#writing.has(sessionId)) return;
    if (await this.catchUpNow(session, this.#own.report)) this.#storeTells = true;
  }

  #isDue({ lookedAt, over }: TrackedSession): boolean {
    return !over && elapsed(lookedAt, this.#now()) >= LOOK_MS[this.#storeTells ? 'told' : 'alone'];
  }
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
  const isUntouched = session.changedAt === session.createdAt && shared.status !== session.status;
  return shared.over || isUntouched || shared.changedAt > session.changedAt;
}

/** Whether more webhooks have been taken up there than is known here. */
export function isWebhookNews({ webhooks }: SharedSession, session: TrackedSession): boolean {
  return webhooks.at > session.webhooks.at || webhooks.keys.length > session.webhooks.keys.length;
}

/** Null for what was written by another version. */
function toShared(item: StoredItem): SharedSession | null {
  const { vendorData, status, changedAt, asOf, decided, over, webhooks } = item as Unchecked;
  const isSound =
    (vendorData === null || typeof vendorData === 'string') &&
    isWord(status) &&
    [changedAt, asOf].every((time) => typeof time === 'number') &&
    typeof over === 'boolean' &&
    (decided === null || (isDecided(decided?.stage) && isWord(decided.status))) &&
    isHeard(webhooks);
  return isSound ? (item as unknown as SharedSession) : null;
}

type Unchecked = Partial<Record<keyof SharedSession, unknown>> & {
  readonly decided?: Partial<Record<'stage' | 'status', unknown>> | null;
};
