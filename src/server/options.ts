import type { DiditClientOptions, DiditDecision, DiditSession } from './didit-client.js';
import type { LogEvent } from './log.js';
import { checkFunctions, demand } from './option-checks.js';
import { Storage, type DiditStorage } from './storage.js';

/** Status calls that one process makes in a minute, by default. */
const STATUS_BUDGET = { dataTransfer: 300, verification: 60 };

/** Bytes that a secret needs, so that nobody guesses it. */
const MIN_SECRET_BYTES = 32;

/**
 * The person who asks, as the site knows them. `vendorData` is sent to Didit as `vendor_data`: a
 * non-empty string, unique to this person, say a UUID. Leave the member out for people who have none:
 * an undefined or empty one is a mistake, answered 500.
 */
export type User =
  | {
      /** The site's id of the person, sent to Didit as `vendor_data`. */
      vendorData: string;
    }
  | {
      /** There is none. */
      vendorData?: never;
    };

/** What `onSession` is told besides Didit's answer. */
export interface SessionContext {
  /** Didit's id of the session, the same as `session.session_id`. */
  sessionId: string;
  /** What `getUser` gave, or undefined for a `{}` user. */
  vendorData: string | undefined;
  /** The page's request; its body is read already. */
  request: Request;
}

/** How the server part came to ask Didit for a decision. */
export type DecisionSource =
  /** The page asked for the status. */
  | 'status'
  /** The page listens to the events. */
  | 'events'
  /** Didit has sent a webhook. */
  | 'webhook'
  /** `settle()`, or a session that no page asks for any more. */
  | 'settle';

/** What `onDecision` is told besides the decision. */
export interface DecisionContext {
  /** Didit's id of the session, the same as `decision.session_id`. */
  sessionId: string;
  /**
   * Whose session it is, checked: what `getUser` gave when it was created. For a session that this
   * process does not know, what Didit's decision says. Undefined for a `{}` user.
   */
  vendorData: string | undefined;
  /** Didit's word, the same as `decision.status`. */
  status: string;
  /** How the server part came to ask for it. */
  source: DecisionSource;
  /** The same for each (session, final status), also in another process and after a failure. */
  idempotencyKey: string;
  /** The page's request, where the page asked. */
  request?: Request;
}

/** What `onDecision` may give: nothing, or whether the site accepts the decision. */
export type DecisionResult = { accept: boolean } | undefined | void;

/** Settings of {@link createDidit}, besides the credentials. */
export interface DiditSettings {
  /** Data to ask for where the page names none, separated by spaces; without it, left to Didit. */
  scope?: string;
  /** The most that a page may ask for, a list or separated by spaces; without it, `scope`. */
  allowedScopes?: readonly string[] | string;
  /**
   * Who sends this request: from the site's own login, never from the body, which it must leave
   * unread. Null or undefined is answered 401, a throw 500. Called for each request; as for all
   * functions here, 20 seconds are the limit.
   */
  getUser: (request: Request) => User | null | undefined | Promise<User | null | undefined>;
  /**
   * Verification: further members of the request to Didit, such as `callback`, `language` and
   * `metadata` (Didit documentation, Create session). It cannot set `workflow_id` or `vendor_data`,
   * and the page can set none of them.
   */
  sessionFields?: (user: User, request: Request) => SessionFields | Promise<SessionFields>;
  /**
   * Called for each new session, before the page sees it: the place to link its id to the user.
   * `session` is Didit's answer without the token. A throw is answered 500, and the session is never
   * shown. Another process may call it again for a session that the verification API gives again.
   */
  onSession?: (session: DiditSession, context: SessionContext) => unknown;
  /**
   * Called with Didit's decision before the page hears of it, at least once for each session and
   * final status (approved, declined, in review). `{ accept: false }` is a no: the page hears
   * declined. A throw, no answer in 20 seconds, or anything but nothing and `{ accept }` is a failure:
   * the page waits, and it is called again. Without it what Didit decided counts.
   */
  onDecision?: (
    decision: DiditDecision,
    context: DecisionContext,
  ) => DecisionResult | Promise<DecisionResult>;
  /**
   * Seals the handles that pages ask for the status with, at least 32 bytes. A list for rotation:
   * the first seals, all open. Without it they are sealed by a key of `clientSecret` or `apiKey`.
   */
  secret?: string | readonly string[];
  /**
   * Verification: secrets of Didit's webhooks, each of which may have signed one; two while they are
   * being changed. Without any the webhook answers 404.
   *
   * @default []
   */
  webhookSecrets?: readonly string[];
  /**
   * Other origins whose pages may ask, with cookies, say `https://shop.example`.
   *
   * @default []
   */
  allowedOrigins?: readonly string[];
  /**
   * Whether this person may create one more session: true, or the seconds to wait (429). Called
   * only for sessions that really are created. Without it, 20 an hour for each person, and 20 a
   * minute for all `{}` users together.
   */
  limit?: (request: Request, user: User) => number | true | Promise<number | true>;
  /** Seconds that a session lives, told to the page as `expires_in`; without it, not told. */
  sessionLifetime?: number;
  /**
   * Where the instances of a site tell each other of their sessions, so that what one of them hears
   * reaches pages that are connected to another: a store of `unstorage` with Redis, Postgres or the
   * like behind it. Cloudflare KV lags, and will not do. Without it, each instance for itself.
   */
  storage?: DiditStorage;
  /**
   * The most calls in a minute, of this process, that ask Didit for a status or a decision. Without
   * it, 300 for data transfer, and 60 for verification, whose limit is 100 for each key (Didit
   * documentation, Rate limits).
   */
  statusBudget?: number;
  /**
   * Whether pages may listen to a stream; false where those are not wanted.
   *
   * @default true
   */
  events?: boolean;
  /** Hears what happens, without secrets or personal data; its own failures are passed over. */
  log?: (event: LogEvent) => unknown;
}

/** Further members of the verification API's "create session". */
export type SessionFields = object | undefined;

/** Options of {@link createDidit}. */
export type DiditOptions = DiditClientOptions & DiditSettings;

type Checked =
  | 'scope'
  | 'allowedScopes'
  | 'secret'
  | 'webhookSecrets'
  | 'allowedOrigins'
  | 'storage'
  | 'statusBudget'
  | 'events';

/** The options besides the credentials, checked and with their defaults. */
export interface Settings extends Omit<DiditSettings, Checked> {
  readonly scope: string | undefined;
  readonly allowedScopes: ReadonlySet<string>;
  readonly allowedOrigins: ReadonlySet<string>;
  /** The first seals, all open. */
  readonly secrets: readonly string[];
  readonly webhookSecrets: readonly string[];
  readonly storage: Storage | null;
  readonly statusBudget: number;
  readonly events: boolean;
  readonly now: () => number;
  /** What tells one API and application from another: part of each handle's seal. */
  readonly audience: string;
  readonly isVerification: boolean;
}

/**
 * Checks what a site passed to {@link createDidit}, the credentials excepted.
 *
 * @throws TypeError naming the option that is wrong, never its value.
 */
export function checkOptions(options: DiditOptions): Settings {
  demand(Object(options) === options, 'options must be an object');
  demand(typeof options.getUser === 'function', 'getUser must be a function');
  checkFunctions(options, ['sessionFields', 'onSession', 'onDecision', 'limit', 'now', 'log']);
  const { getUser, sessionFields, onSession, onDecision, limit, log, workflowId } = options;
  const isVerification = workflowId !== undefined;
  const now = options.now ?? (() => Date.now());
  demand(
    sessionFields === undefined || isVerification,
    'sessionFields is for verification, which needs workflowId',
  );
  return {
    ...{ getUser, sessionFields, onSession, onDecision, limit, log, isVerification },
    ...checkScopes(options),
    secrets: checkSecrets(options),
    webhookSecrets: checkWebhookSecrets(isVerification, options.webhookSecrets),
    audience: JSON.stringify([isVerification, workflowId ?? options.clientId ?? options.apiKey]),
    allowedOrigins: checkOrigins(options.allowedOrigins ?? []),
    sessionLifetime: checkLifetime(options.sessionLifetime),
    storage: checkStorage(options.storage, now),
    statusBudget: checkBudget(options.statusBudget, isVerification),
    events: checkEvents(options.events),
    now,
  };
}

/** The words of a scope. */
export function scopeWords(scope: string): string[] {
  return scope.split(/\s+/).filter((word) => word !== '');
}

function checkScopes({ scope, allowedScopes }: DiditSettings) {
  demand(scope === undefined || typeof scope === 'string', 'scope must be a string');
  const words = scopeWords(scope ?? '');
  const allowed = allowedScopes === undefined ? words : wordsOfList(allowedScopes);
  demand(
    words.every((word) => allowed.includes(word)),
    'scope must be within allowedScopes',
  );
  return { scope: words.join(' ') || undefined, allowedScopes: new Set(allowed) };
}

function wordsOfList(scopes: readonly string[] | string): string[] {
  const list = typeof scopes === 'string' ? [scopes] : scopes;
  demand(
    Array.isArray(list) && list.every((entry) => typeof entry === 'string'),
    'allowedScopes must be a string or a list of strings',
  );
  return list.flatMap(scopeWords);
}

function checkSecrets({ secret, clientSecret, apiKey }: DiditOptions): readonly string[] {
  // The credentials are checked elsewhere: they may be short, since Didit gave them.
  if (secret === undefined) return [clientSecret ?? apiKey];
  const secrets: readonly string[] = typeof secret === 'string' ? [secret] : secret;
  demand(isList(secrets) && secrets.length > 0, 'secret must be a string or a list of them');
  for (const one of secrets) {
    demand(
      typeof one === 'string' && new TextEncoder().encode(one).length >= MIN_SECRET_BYTES,
      `secret must have at least ${MIN_SECRET_BYTES} bytes`,
    );
  }
  return [...secrets];
}

/** They may be short, since Didit gave them. */
function checkWebhookSecrets(
  isVerification: boolean,
  secrets: readonly string[] = [],
): readonly string[] {
  demand(
    isList(secrets) && secrets.every((one) => typeof one === 'string' && one !== ''),
    'webhookSecrets must be a list of strings that are not empty',
  );
  demand(
    isVerification || secrets.length === 0,
    'webhookSecrets is for verification, which needs workflowId',
  );
  return [...secrets];
}

/** As `Array.isArray`, which knows of no list that is only read. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function checkLifetime(seconds: number | undefined): number | undefined {
  demand(
    seconds === undefined || (Number.isFinite(seconds) && seconds > 0),
    'sessionLifetime must be a positive number of seconds',
  );
  return seconds;
}

function checkBudget(calls: number | undefined, isVerification: boolean): number {
  if (calls === undefined) {
    return isVerification ? STATUS_BUDGET.verification : STATUS_BUDGET.dataTransfer;
  }
  demand(Number.isInteger(calls) && calls > 0, 'statusBudget must be a positive integer');
  return calls;
}

function checkStorage(storage: DiditStorage | undefined, now: () => number): Storage | null {
  if (storage === undefined) return null;
  const methods = ['getItem', 'setItem', 'removeItem'] as const;
  demand(
    Object(storage) === storage && methods.every((name) => typeof storage[name] === 'function'),
    'storage must have the functions getItem, setItem and removeItem',
  );
  return new Storage(storage, now);
}

function checkEvents(events = true): boolean {
  demand(typeof events === 'boolean', 'events must be a boolean');
  return events;
}

function checkOrigins(origins: readonly string[]): ReadonlySet<string> {
  demand(
    Array.isArray(origins) && origins.every((entry: string) => isOrigin(entry)),
    'allowedOrigins must be a list of exact origins such as https://shop.example',
  );
  return new Set(origins);
}

/** Pages come from HTTP origins alone. */
function isOrigin(entry: string): boolean {
  return /^https?:/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry;
}
