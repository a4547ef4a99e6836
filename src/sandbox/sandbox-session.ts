import { BoundedMap } from '../server/bounded-map.js';

/** Where a session stands, in Didit's words. */
export type SandboxStatus =
  'initialized' | 'retrieved' | 'confirmed' | 'declined' | 'expired' | 'cancelled';

/** One request of an application for a person's data. */
export interface SandboxSession {
  readonly id: string;
  readonly token: string;
  /** Counts from 1 in each sandbox. */
  readonly number: number;
  readonly scope: string;
  readonly vendorData: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly status: SandboxStatus;
}

export interface SandboxSessionsOptions {
  /** Seconds until a session that nobody answered expires. */
  readonly lifetime: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of every new status; of `expired` when it is first noticed, as nothing runs by itself. */
  readonly onStatus: (session: SandboxSession) => void;
}

/** The sessions of one sandbox, in memory. */
export class SandboxSessions {
  #options: SandboxSessionsOptions;
  #byId = new BoundedMap<SandboxSession>();
  #idsByToken = new BoundedMap<string>();
  #count = 0;

  constructor(options: SandboxSessionsOptions) {
    this.#options = options;
  }

  create(scope: string, vendorData: string | null): SandboxSession {
    const session: SandboxSession = {
      ...{ id: crypto.randomUUID(), token: randomToken(24), number: ++this.#count },
      ...{ scope, vendorData, createdAt: this.#options.now(), status: 'initialized' },
    };
    this.#byId.add(session.id, session);
    this.#idsByToken.add(session.token, session.id);
    return session;
  }

  byId(id: string): SandboxSession | undefined {
    const session = this.#byId.get(id);
    return session && this.#isOverdue(session) ? this.#set(session, 'expired') : session;
  }

  byToken(token: string): SandboxSession | undefined {
    return this.byId(this.#idsByToken.get(token) ?? '');
  }

  /** Moves a session on and returns it as it then is. One that is over stays as it is. */
  advance(session: SandboxSession, status: SandboxStatus): SandboxSession {
    const current = this.byId(session.id) ?? session;
    return isLive(current) && current.status !== status ? this.#set(current, status) : current;
  }

  #set(session: SandboxSession, status: SandboxStatus): SandboxSession {
    const next = { ...session, status };
    this.#byId.add(next.id, next);
    this.#options.onStatus(next);
    return next;
  }

  #isOverdue(session: SandboxSession): boolean {
    const { lifetime, now } = this.#options;
    return isLive(session) && now() >= session.createdAt + lifetime * 1000;
  }
}

/** Whether the person can still answer. */
export function isLive({ status }: Pick<SandboxSession, 'status'>): boolean {
  return status === 'initialized' || status === 'retrieved';
}

/** Random bytes as URL-safe characters, four for every three bytes (RFC 4648, 5). */
export function randomToken(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...random))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
