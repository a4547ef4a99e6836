import type { SandboxCall, SandboxFault } from './fault.js';
import type { SandboxStatus } from './lifecycles.js';
import { SAMPLE_PERSON } from './sample-person.js';

const RETRY_DELAYS_S = [1, 5, 25];

/** What happened in the sandbox; never a token, a secret or vendor data. */
export type SandboxEvent = {
  /** Milliseconds since 1970. */
  readonly at: number;
} & (
  | { readonly type: 'token.issued' }
  | {
      /** `session.reused`: verification gave a person's unfinished session again. */
      readonly type: 'session.created' | 'session.reused' | 'session.status';
      readonly sessionId: string;
      readonly status: SandboxStatus;
    }
  | {
      readonly type: 'webhook.delivered';
      readonly sessionId: string;
      /** What the webhook tells. */
      readonly status: SandboxStatus;
      /** Counts from 1. */
      readonly attempt: number;
      /** What it was answered with. */
      readonly httpStatus: number;
    }
  | {
      readonly type: 'webhook.failed';
      readonly sessionId: string;
      readonly status: SandboxStatus;
      readonly attempt: number;
      /** Null: no answer in time, or no connection. */
      readonly httpStatus: number | null;
      readonly isSentAgain: boolean;
    }
  | {
      /** A call of Didit's APIs was spoilt, as {@link Sandbox.fail} was told to. */
      readonly type: 'fault.applied';
      readonly fault: SandboxFault['kind'];
      readonly call: SandboxCall;
    }
);

type SessionEventType = 'session.created' | 'session.reused' | 'session.status';

/** Options of `createSandbox`. */
export interface SandboxOptions {
  /**
   * The one client's id.
   *
   * @default 'sandbox'
   */
  readonly clientId?: string;
  /**
   * The one client's secret.
   *
   * @default 'sandbox-secret'
   */
  readonly clientSecret?: string;
  /**
   * Taken as `X-Api-Key`: by verification, and by data transfer in place of a client token. Without
   * it verification refuses everybody.
   */
  readonly apiKey?: string;
  /**
   * Who asks, on the phone page.
   *
   * @default 'Demo application'
   */
  readonly applicationName?: string;
  /** Base of the phone page's URLs, as phones reach it; without it, the create request's origin. */
  readonly publicUrl?: string;
  /**
   * Seconds until a session ends that the person has not finished: as `expired` in data transfer; in
   * verification as `Expired` if nobody opened it, else as `Abandoned`. One that is resubmitted
   * starts again. The same for both, though Didit's verification gives 7 days.
   *
   * @default 300
   */
  readonly sessionLifetime?: number;
  /**
   * Seconds for which a client token is good: a day.
   *
   * @default 86400
   */
  readonly tokenLifetime?: number;
  /** What the person shares, by scope; laid over the built-in sample person. */
  readonly userData?: Readonly<Record<string, unknown>>;
  /**
   * Where the webhooks of verification go, one for each new status of a session. Without it none is
   * sent.
   */
  readonly webhookUrl?: string;
  /** Signs the webhooks; given together with `webhookUrl`. */
  readonly webhookSecret?: string;
  /**
   * A webhook that is answered with 404 or 5xx, or not within 5 seconds, is sent again: once for each
   * of these, after so many seconds.
   *
   * @default [1, 5, 25]
   */
  readonly webhookRetryDelays?: readonly number[];
  /**
   * What webhooks are sent by.
   *
   * @default globalThis.fetch
   */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * The clock, in milliseconds since 1970.
   *
   * @default Date.now
   */
  readonly now?: () => number;
  /** Told of what happens. What it throws is passed over. */
  readonly log?: (event: SandboxEvent) => void;
}

/** How webhooks are sent. */
export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
  /** In seconds. */
  readonly retryDelays: readonly number[];
}

type Unset = 'apiKey' | 'publicUrl';
type Webhook = 'webhookUrl' | 'webhookSecret' | 'webhookRetryDelays';

/** The options with their defaults; `log` never throws. */
export type Settings = Required<Omit<SandboxOptions, Unset | Webhook>> &
  Pick<SandboxOptions, Unset> & {
    /** Null: none are sent. */
    readonly webhook: WebhookSettings | null;
  };

/**
 * @throws TypeError for a lifetime that is not a positive number, empty credentials, or half of what
 * webhooks need.
 */
export function checkOptions(options: SandboxOptions): Settings {
  const settings = withDefaults(options);
  const { sessionLifetime, tokenLifetime, clientId, clientSecret } = settings;
  for (const [name, seconds] of Object.entries({ sessionLifetime, tokenLifetime })) {
    if (!(Number.isFinite(seconds) && seconds > 0)) {
      throw new TypeError(`createSandbox: ${name} must be a positive number of seconds.`);
    }
  }
  if (!clientId || !clientSecret) {
    throw new TypeError('createSandbox: clientId and clientSecret must not be empty.');
  }
  return settings;
}

function withDefaults(options: SandboxOptions): Settings {
  return {
    clientId: options.clientId ?? 'sandbox',
    clientSecret: options.clientSecret ?? 'sandbox-secret',
    apiKey: options.apiKey,
    applicationName: options.applicationName ?? 'Demo application',
    publicUrl: options.publicUrl,
    sessionLifetime: options.sessionLifetime ?? 300,
    tokenLifetime: options.tokenLifetime ?? 86_400,
    userData: { ...SAMPLE_PERSON, ...options.userData },
    webhook: checkWebhook(options),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: options.now ?? Date.now,
    log: (event) => quietly(() => options.log?.(event)),
  };
}

function checkWebhook(options: SandboxOptions): WebhookSettings | null {
  const { webhookUrl: url, webhookSecret: secret, webhookRetryDelays } = options;
  const retryDelays = webhookRetryDelays ?? RETRY_DELAYS_S;
  if (!Array.isArray(retryDelays) || !retryDelays.every(isDelay)) {
    throw new TypeError('createSandbox: webhookRetryDelays must be a list of seconds.');
  }
  if (url === undefined && secret === undefined) return null;
  if (url === undefined || secret === undefined) {
    throw new TypeError('createSandbox: webhookUrl and webhookSecret must be given together.');
  }
  if (!isHttpUrl(url))
    throw new TypeError('createSandbox: webhookUrl must be an http or https URL.');
  if (typeof secret !== 'string' || secret === '') {
    throw new TypeError('createSandbox: webhookSecret must not be empty.');
  }
  return { url, secret, retryDelays: [...retryDelays] };
}

function isHttpUrl(value: unknown): value is string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  // `fetch` throws for a URL with a user or a password.
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
}

/** At most a day: the longest time that platforms have a timer for is 24 days. */
function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 86_400;
}

/** Tells the log what happened to a session. */
export function tell(
  { log, now }: Settings,
  type: SessionEventType,
  { id, status }: { readonly id: string; readonly status: SandboxStatus },
): void {
  log({ type, at: now(), sessionId: id, status });
}

/** Whatever the log of a test throws is its own affair. */
function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // There is nobody to tell.
  }
}
