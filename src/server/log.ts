import type { ErrorCode } from './answers.js';
import type { UpstreamFailure } from './didit-api-error.js';
import type { HookName } from './hooks.js';
import type { Settings } from './options.js';

/** What happened. */
export type Incident =
  /** A new session is answered. */
  | { readonly type: 'session.created'; readonly sessionId: string }
  /** The person's unopened session is answered again in place of a second one. */
  | { readonly type: 'session.reused'; readonly sessionId: string }
  /** The session of an earlier request with the same idempotency key is answered. */
  | { readonly type: 'session.repeated'; readonly sessionId: string }
  /** What the session's page hears has changed. */
  | { readonly type: 'session.status'; readonly sessionId: string; readonly status: string }
  /** A page listens to the events of a session, or does so no more. */
  | { readonly type: 'events.opened' | 'events.closed'; readonly sessionId: string }
  /** The site accepted a decision, or refused it: then the page hears `declined`. */
  | {
      readonly type: 'decision.accepted' | 'decision.refused';
      readonly sessionId: string;
      /** Didit's word. */
      readonly status: string;
    }
  /** `onDecision` failed; it is called again, and the page waits. */
  | { readonly type: 'decision.failed'; readonly sessionId: string; readonly reason: string }
  /** Didit's decision is that of another session or person: nobody is asked, the page hears no. */
  | {
      readonly type: 'decision.mismatched';
      readonly sessionId: string;
      /** The member of the decision that differs. */
      readonly member: 'session_id' | 'vendor_data';
    }
  /** A webhook is taken up. */
  | { readonly type: 'webhook.received'; readonly sessionId: string }
  /**
   * Nothing is to be done for a webhook: it was taken up before, or a newer one was, or it is a
   * test, or about something else.
   */
  | {
      readonly type: 'webhook.ignored';
      readonly reason: 'repeated' | 'older' | 'test' | 'type' | 'business';
    }
  /** A webhook's time is more than five minutes off, or no secret has signed it. */
  | { readonly type: 'webhook.refused'; readonly reason: 'timestamp' | 'signature' }
  /** An error is answered. */
  | { readonly type: 'request.refused'; readonly code: ErrorCode }
  /**
   * Why a request for a status is answered with `session-not-found`: its handle has ended, or it
   * does not open, being cut, made up, another person's, or sealed by another secret.
   */
  | { readonly type: 'handle.refused'; readonly reason: 'expired' | 'unreadable' }
  /** A call to Didit failed. Didit's own text is in no event, since it may quote what was sent. */
  | {
      readonly type: 'upstream.failed';
      readonly reason: UpstreamFailure;
      /** HTTP status of Didit's answer, where there was one. */
      readonly status?: number | undefined;
      /** The session that was asked for; none for one that could not be created. */
      readonly sessionId?: string;
    }
  /** `statusBudget` is spent: pages hear what was last known. Told at most once a minute. */
  | { readonly type: 'budget.exhausted'; readonly statusBudget: number }
  /** A function of the site threw, or gave what cannot be used. */
  | {
      readonly type: 'hook.failed';
      readonly hook: HookName;
      /** Name of what was thrown (its message may be personal), or what was wrong. */
      readonly reason: string;
    }
  /**
   * `storage` threw, or did not answer in two seconds: it is left alone for five, and instances do
   * not hear of each other.
   */
  | { readonly type: 'storage.failed'; readonly reason: string }
  /** `getUser` gave `{}`: whoever holds such a session's handle can read it. Told once. */
  | { readonly type: 'user.readable-by-anyone' }
  /** The server part itself failed. */
  | { readonly type: 'internal.failed'; readonly reason: string };

/** What `log` hears: never a secret, a token, a handle, vendor data, or Didit's own text. */
export type LogEvent = Incident & {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /**
   * The same for all events of a request, or of one call in the background; errors carry it to the
   * page as `correlation_id`.
   */
  readonly correlationId: string;
};

/** Tells the site's `log` of an incident in the request at hand. */
export type Report = (incident: Incident) => void;

/** A {@link Report} for one request. */
export function reporter(
  { log, now }: Pick<Settings, 'log' | 'now'>,
  correlationId: string,
): Report {
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
