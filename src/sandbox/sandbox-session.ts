import { BoundedMap } from '../server/bounded-map.js';
import type { Lifecycle, Steps } from './lifecycles.js';
import { Refusal } from './refusal.js';

/** One request of an application, to one person. */
export interface SandboxSession<Status extends string, Asked> {
  readonly id: string;
  readonly token: string;
  /** Counts from 1 for each API of a sandbox. */
  readonly number: number;
  readonly vendorData: string | null;
  /** What it was created with, besides. */
  readonly asked: Asked;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** From when on it is overdue if it is unfinished, in milliseconds since 1970. */
  readonly endsAt: number;
  readonly status: Status;
}

export interface SandboxSessionsOptions<Status extends string, Asked> {
  readonly lifecycle: Lifecycle<Status>;
  /** Seconds until an unfinished session is overdue. */
  readonly lifetime: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of every new status; of an overdue one when it is noticed, as nothing runs by itself. */
  readonly onStatus: (session: SandboxSession<Status, Asked>) => void;
}

/** The sessions of one API, in memory. */
export class SandboxSessions<Status extends string, Asked> {
  readonly lifecycle: Lifecycle<Status>;
  #options: SandboxSessionsOptions<Status, Asked>;
  #byId = new BoundedMap<SandboxSession<Status, Asked>>();
  #idsByToken = new BoundedMap<string>();
  #count = 0;

  constructor(options: SandboxSessionsOptions<Status, Asked>) {
    this.lifecycle = options.lifecycle;
    this.#options = options;
  }

  create(vendorData: string | null, asked: Asked): SandboxSession<Status, Asked> {
    const session = {
      id: crypto.randomUUID(),
      token: randomToken(24),
      number: ++this.#count,
      vendorData,
      asked,
      createdAt: this.#options.now(),
      endsAt: this.#newEnd(),
      status: this.lifecycle.first,
    };
    this.#byId.add(session.id, session);
    this.#idsByToken.add(session.token, session.id);
    return session;
  }

  byId(id: string): SandboxSession<Status, Asked> | undefined {
    const session = this.#byId.get(id);
    const isOver = session !== undefined && this.#options.now() >= session.endsAt;
    return isOver ? this.#step(session, this.lifecycle.overdue) : session;
  }

  byToken(token: string): SandboxSession<Status, Asked> | undefined {
    return this.byId(this.#idsByToken.get(token) ?? '');
  }

  /** Whether the person can still answer. */
  isUnfinished({ status }: Pick<SandboxSession<Status, Asked>, 'status'>): boolean {
    return this.lifecycle.overdue.has(status);
  }

  /** Notices what is overdue by now; when the next one is, or Infinity where none is unfinished. */
  endOverdue(): number {
    const now = this.#options.now();
    let next = Infinity;
    for (const session of this.#byId.values()) {
      if (!this.isUnfinished(session)) continue;
      if (now < session.endsAt) next = Math.min(next, session.endsAt);
      else this.#step(session, this.lifecycle.overdue);
    }
    return next;
  }

  /** Moves a session on, if the steps lead anywhere from where it is, and returns it as it then is. */
  advance(
    session: SandboxSession<Status, Asked>,
    steps: Steps<Status>,
  ): SandboxSession<Status, Asked> {
    return this.#step(this.byId(session.id) ?? session, steps);
  }

  /**
   * Plays the phone: `open`, or an action of the page's form. Undefined if there is no such session.
   *
   * @throws Refusal for any other action.
   */
  play(id: string, action: string): SandboxSession<Status, Asked> | undefined {
    const { opened, actions } = this.lifecycle;
    const session = this.byId(id);
    if (!session) return undefined;
    const steps = action === 'open' ? opened : actions.get(action);
    if (steps) return this.advance(session, steps);
    throw new Refusal(400, `The action must be one of open, ${[...actions.keys()].join(', ')}.`);
  }

  /** Whether there was one to forget. */
  delete(id: string): boolean {
    const session = this.#byId.get(id);
    if (!session) return false;
    this.#byId.delete(id);
    this.#idsByToken.delete(session.token);
    return true;
  }

  /** Puts something else in the place of what it was created with. */
  ask(session: SandboxSession<Status, Asked>, asked: Asked): SandboxSession<Status, Asked> {
    const next = { ...session, asked };
    this.#byId.add(next.id, next);
    return next;
  }

  #step(session: SandboxSession<Status, Asked>, steps: Steps<Status>) {
    const status = steps.get(session.status);
    if (status === undefined || status === session.status) return session;
    const isTakenUpAgain = !this.isUnfinished(session) && this.isUnfinished({ status });
    const endsAt = isTakenUpAgain ? this.#newEnd() : session.endsAt;
    const next = { ...session, status, endsAt };
    this.#byId.add(next.id, next);
    this.#options.onStatus(next);
    return next;
  }

  #newEnd(): number {
    return this.#options.now() + this.#options.lifetime * 1000;
  }
}

/** Random bytes as URL-safe characters, four for every three bytes (RFC 4648, 5). */
export function randomToken(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...random))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
