import type { SandboxStatus } from './lifecycles.js';
import { SAMPLE_PERSON } from './sample-person.js';

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
);

type SessionEventType = Exclude<SandboxEvent['type'], 'token.issued'>;

export interface SandboxOptions {
  /** The one client's id. Default `sandbox`. */
  readonly clientId?: string;
  /** The one client's secret. Default `sandbox-secret`. */
  readonly clientSecret?: string;
  /**
   * Taken as `X-Api-Key`: by verification, and by data transfer in place of a client token. Default
   * none, with which verification refuses everybody.
   */
  readonly apiKey?: string;
  /** Who asks, on the phone page. Default `Demo application`. */
  readonly applicationName?: string;
  /** Base of the phone page's URLs, as phones reach it. Default: the create request's origin. */
  readonly publicUrl?: string;
  /**
   * Seconds until a session ends that the person has not finished: as `expired` in data transfer; in
   * verification as `Expired` if nobody opened it, else as `Abandoned`. One that is resubmitted
   * starts again. Default 300 for both, though Didit's verification gives 7 days.
   */
  readonly sessionLifetime?: number;
  /** Seconds for which a client token is good. Default 86400, a day. */
  readonly tokenLifetime?: number;
  /** What the person shares, by scope; laid over the built-in sample person. */
  readonly userData?: Readonly<Record<string, unknown>>;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Told of what happens. Default: nobody. */
  readonly log?: (event: SandboxEvent) => void;
}

type Unset = 'apiKey' | 'publicUrl';

/** The options with their defaults; `log` never throws. */
export type Settings = Required<Omit<SandboxOptions, Unset>> & Pick<SandboxOptions, Unset>;

/** @throws TypeError for a lifetime that is not a positive number, or empty credentials. */
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
    now: options.now ?? Date.now,
    log: (event) => quietly(() => options.log?.(event)),
  };
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
