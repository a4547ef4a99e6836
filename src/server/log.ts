import type { ErrorCode } from './answers.js';
import type { UpstreamFailure } from './didit-api-error.js';
import type { HookName } from './hooks.js';
import type { Settings } from './options.js';

/**
 * What happened. Each request ends in one of the first three, but for OPTIONS answered with 204.
 */
export type Incident =
  /** A new session is answered. */
  | { readonly type: 'session.created'; readonly sessionId: string }
  /** The session of an earlier request with the same idempotency key is answered. */
  | { readonly type: 'session.repeated'; readonly sessionId: string }
  /** An error is answered. */
  | { readonly type: 'session.refused'; readonly code: ErrorCode }
  /** Didit gave no session; told once for each request that waited for it. */
  | {
      readonly type: 'upstream.failed';
      readonly reason: UpstreamFailure;
      /** HTTP status of Didit's answer, where there was one. */
      readonly status?: number;
      /** Didit's own text, at most 300 characters, what is secret or personal taken out. */
      readonly detail?: string;
    }
  /** A function of the site threw, or gave what cannot be used. */
  | {
      readonly type: 'hook.failed';
      readonly hook: HookName;
      /** Name of what was thrown (its message may be personal), or what was wrong. */
      readonly reason: string;
    }
  /** `getUser` gave `{}`: whoever holds such a session's handle can read it. Told once. */
  | { readonly type: 'user.readable-by-anyone' }
  /** The server part itself failed. */
  | { readonly type: 'internal.failed'; readonly reason: string };

/** What `log` hears: never a secret, a token, or vendor data. */
export type LogEvent = Incident & {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** The same for all events of a request; errors carry it to the page as `correlation_id`. */
  readonly correlationId: string;
};

/** Tells the site's `log` of an incident in the request at hand. */
export type Report = (incident: Incident) => void;

/** A {@link Report} for one request. */
export function reporter({ log, now }: Settings, correlationId: string): Report {
  return (incident) => {
    void tell(() => log?.({ ...incident, at: now(), correlationId }));
  };
}

/** Async, so that neither a throw nor a rejected promise of the site's log gets further. */
async function tell(log: () => unknown): Promise<void> {
  try {
    await log();
  } catch {
    // There is nobody left to tell.
  }
}
