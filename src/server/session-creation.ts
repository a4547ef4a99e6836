import { AnsweredSessions, type AnsweredSession, type Question } from './answered-sessions.js';
import type { Answer } from './answers.js';
import { BoundedMap } from './bounded-map.js';
import { CreateLimit } from './create-limit.js';
import { CreatePause } from './create-pause.js';
import type { DiditClient, DiditSession } from './didit-client.js';
import type { HandleSeal } from './handle.js';
import { callHook, HookError } from './hooks.js';
import { Idempotency, idempotencyKey, KEY_LIFETIME_MS } from './idempotency.js';
import type { Report } from './log.js';
import type { SessionContext, SessionFields, Settings, User } from './options.js';
import { chooseScope, demandJson, readBody } from './request-body.js';
import { SharedTasks } from './shared-tasks.js';
import type { StatusTracker } from './status-tracker.js';
import type { TrackedSession } from './tracked-session.js';
import { identify } from './user.js';

const HOUR_MS = 60 * 60_000;

/** How long a handle is good where the lifetime of its session is not known. */
const HANDLE_LIFETIME_MS = { dataTransfer: 24 * HOUR_MS, verification: 8 * 24 * HOUR_MS };

/** How long a handle outlives its session: a person who has begun may finish later. */
const HANDLE_GRACE_MS = HOUR_MS;

/** Less is not worth being shown again. */
const MIN_REUSE_S = 30;

interface CreatedSession extends AnsweredSession {
  readonly tracked: TrackedSession;
}

interface Made {
  readonly created: CreatedSession;
  /** Not the person's unopened one, nor one that Didit gave again. */
  readonly isNew: boolean;
}

/** What a session is asked for with. */
interface Wish {
  readonly user: User;
  readonly scope: string | undefined;
  readonly fields: SessionFields;
  readonly request: Request;
  readonly report: Report;
}

/** The way from a page's POST to a session. */
export class SessionCreation {
  #settings: Settings;
  #client: DiditClient;
  #seal: HandleSeal;
  #tracker: StatusTracker;
  #limit: CreateLimit;
  #pause: CreatePause;
  /** What other instances have answered. */
  #answered: AnsweredSessions;
  #idempotency: Idempotency<CreatedSession>;
  /** The last session of each person and wish, and those under way. */
  #latest = new BoundedMap<CreatedSession>();
  #making = new SharedTasks<Made>();
  #warned = false;

  constructor(settings: Settings, client: DiditClient, seal: HandleSeal, tracker: StatusTracker) {
    this.#settings = settings;
    this.#client = client;
    this.#seal = seal;
    this.#tracker = tracker;
    this.#limit = new CreateLimit(settings);
    this.#pause = new CreatePause(settings.now);
    this.#answered = new AnsweredSessions(settings, seal);
    this.#idempotency = new Idempotency(settings.now, (created) => this.#secondsLeft(created) > 0);
  }

  /** @throws Refusal, HookError, DiditApiError */
  async answer(request: Request, report: Report): Promise<Answer> {
    demandJson(request);
    const user = await identify(this.#settings.getUser, request);
    if (user.vendorData === undefined) this.#warn(report);
    const scope = chooseScope((await readBody(request)).scope, this.#settings);
    const key = idempotencyKey(request);

    let type: 'session.created' | 'session.reused' | 'session.repeated' = 'session.repeated';
    const make = async () => {
      const fields = await this.#fieldsFor(user, request);
      const wish = { user, scope, fields, request, report };
      const { created, isNew } = await this.#reuseOrCreate(wish);
      type = isNew ? 'session.created' : 'session.reused';
      return created;
    };
    const created = await (key === null ? make() : this.#once([user, scope, key], make, report));
    report({ type, sessionId: created.tracked.sessionId });
    return { status: 201, body: this.#body(created, request) };
  }

  /** Once for each key, here and on other instances. */
  #once(
    [{ vendorData }, scope, key]: readonly [User, string | undefined, string],
    make: () => Promise<CreatedSession>,
    report: Report,
  ): Promise<CreatedSession> {
    const text = JSON.stringify([vendorData, scope, key]);
    return this.#idempotency.run(text, async () => {
      const question = { by: 'key', text, vendorData: vendorData ?? null } as const;
      const answered = await this.#answeredElsewhere(question, report);
      if (answered && this.#secondsLeft(answered) > 0) return answered;
      const created = await make();
      const expiresAt = this.#settings.now() + KEY_LIFETIME_MS;
      await this.#answered.keep(question, created, { expiresAt, report });
      return created;
    });
  }

  async #answeredElsewhere(question: Question, report: Report): Promise<CreatedSession | null> {
    const found = await this.#answered.find(question, report);
    return found && { ...found, tracked: this.#tracker.addOpened(found.facts) };
  }

  /** Checked as JSON, which is how they leave. */
  async #fieldsFor(user: User, request: Request): Promise<SessionFields> {
    const { sessionFields } = this.#settings;
    if (!sessionFields) return undefined;
    const fields = await callHook('sessionFields', async () => {
      const given = await sessionFields(user, request);
      return given && (JSON.parse(JSON.stringify(given)) as unknown);
    });
    if (fields === undefined || fields === null) return undefined;
    if (typeof fields === 'object' && !Array.isArray(fields)) return fields;
    throw new HookError('sessionFields', 'it gave no object');
  }

  /** Only of people who can be told apart, and only while it is known how long a session lives. */
  async #reuseOrCreate(wish: Wish): Promise<Made> {
    const { user, scope, fields } = wish;
    const { sessionLifetime } = this.#settings;
    if (user.vendorData === undefined || sessionLifetime === undefined) {
      return this.#create(wish);
    }
    const key = JSON.stringify([user.vendorData, scope, fields]);
    const joins = this.#making.has(key);
    const made = await this.#making.run(key, async () => {
      const question = { by: 'wish', text: key, vendorData: user.vendorData } as const;
      const reusable = await this.#reusable(question, wish);
      if (reusable) return { created: reusable, isNew: false };
      const made = await this.#create(wish);
      this.#latest.delete(key);
      this.#latest.add(key, made.created);
      const expiresAt = this.#settings.now() + sessionLifetime * 1000;
      await this.#answered.keep(question, made.created, { expiresAt, report: wish.report });
      return made;
    });
    return joins ? { ...made, isNew: false } : made;
  }

  /** The last one to the same wish, if it may be shown again. */
  async #reusable(question: Question, wish: Wish): Promise<CreatedSession | null> {
    const own = this.#latest.get(question.text);
    if (own && (await this.#isReusable(own, wish))) return own;
    const answered = await this.#answeredElsewhere(question, wish.report);
    return answered && (await this.#isReusable(answered, wish)) ? answered : null;
  }

  async #isReusable(created: CreatedSession, { request, report }: Wish): Promise<boolean> {
    if (this.#secondsLeft(created) < MIN_REUSE_S) return false;
    return this.#tracker.checkUnopened(created.tracked, { source: 'status', request, report });
  }

  async #create({ user, scope, fields, request, report }: Wish): Promise<Made> {
    const vendorData = user.vendorData ?? null;
    this.#pause.demandNone();
    const giveBack = await this.#limit.take(request, user);
    const session = await this.#client
      .createSession({ scope, vendorData: user.vendorData, fields })
      .catch((error: unknown) => {
        giveBack();
        this.#pause.note(error);
        throw error;
      });
    const createdAt = this.#settings.now();
    // Taken before the hook, which may do with its object as it likes.
    const { session_id: sessionId, url, session_token: sessionToken, status } = session;
    const isNew = !this.#tracker.knows({ sessionId, vendorData });
    if (isNew) await this.#tellSite(session, { sessionId, vendorData: user.vendorData, request });
    const expiresAt = createdAt + this.#handleLifetime;
    const facts = { sessionId, sessionToken, vendorData, createdAt, expiresAt };
    const tracked = this.#tracker.addCreated(facts, status);
    await this.#tracker.share(tracked, report);
    return { created: { url, createdAt, handle: await this.#seal.seal(facts), tracked }, isNew };
  }

  async #tellSite({ session_token: _, ...session }: DiditSession, context: SessionContext) {
    await callHook('onSession', () => this.#settings.onSession?.(session as DiditSession, context));
  }

  get #handleLifetime(): number {
    const { sessionLifetime, isVerification } = this.#settings;
    if (sessionLifetime !== undefined) return sessionLifetime * 1000 + HANDLE_GRACE_MS;
    return isVerification ? HANDLE_LIFETIME_MS.verification : HANDLE_LIFETIME_MS.dataTransfer;
  }

  #body(created: CreatedSession, request: Request) {
    const { sessionLifetime, events } = this.#settings;
    const { url, handle, tracked } = created;
    const statusUrl = statusReference(request, handle);
    return {
      session_id: tracked.sessionId,
      url,
      status: tracked.status,
      // Whole seconds, but for a lifetime that is none itself.
      ...(sessionLifetime
        ? { expires_in: Math.min(sessionLifetime, Math.ceil(this.#secondsLeft(created))) }
        : {}),
      status_url: statusUrl,
      ...(events ? { events_url: `${statusUrl}&events` } : {}),
    };
  }

  #secondsLeft({ createdAt }: AnsweredSession): number {
    const { sessionLifetime = Infinity, now } = this.#settings;
    return Math.max(0, sessionLifetime - (now() - createdAt) / 1000);
  }

  #warn(report: Report): void {
    if (this.#warned) return;
    this.#warned = true;
    report({ type: 'user.readable-by-anyone' });
  }
}

/** Relative to the request, so that it holds wherever this is mounted; the page's query is kept. */
function statusReference(request: Request, handle: string): string {
  const { searchParams } = new URL(request.url);
  searchParams.delete('events');
  searchParams.set('session', handle);
  return `?${searchParams}`;
}
