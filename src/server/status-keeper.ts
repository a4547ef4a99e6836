import { judge, type Cause, type DecidedStage } from './decision.js';
import type { DiditDecision } from './didit-client.js';
import type { Report } from './log.js';
import type { Settings } from './options.js';
import { isAhead, isWebhookNews, type SharedSession } from './shared-sessions.js';
import type { TrackedSession } from './tracked-session.js';
import { joined } from './webhook-event.js';

/** Writes down what is known of sessions, and wakes the pages that listen. */
export class StatusKeeper {
  #settings: Pick<Settings, 'onDecision' | 'now'>;
  /** How many pages of each person listen. */
  #listening = new Map<string, number>();

  constructor(settings: Pick<Settings, 'onDecision' | 'now'>) {
    this.#settings = settings;
  }

  set(session: TrackedSession, status: string, report: Report): void {
    if (session.status === status) return;
    session.status = status;
    // After whatever another instance has heard before, although its clock may be ahead.
    session.changedAt = Math.max(this.#settings.now(), session.changedAt + 1);
    session.unshared = true;
    for (const onChange of session.listeners ?? []) onChange();
    report({ type: 'session.status', sessionId: session.sessionId, status });
  }

  /** @throws HookError */
  async decide(
    session: TrackedSession,
    decision: DiditDecision,
    stage: DecidedStage,
    cause: Cause,
  ): Promise<void> {
    session.decisionDue = true;
    // Taken before the hook, which may do with its object as it likes.
    const word = decision.status;
    const { over } = session;
    const verdict = await judge(this.#settings.onDecision, session, decision, stage, cause);
    const status = verdict === 'accepted' ? word : 'declined';
    session.decisionDue = false;
    // Another instance has told meanwhile how it ended.
    if (session.over && !over) return;
    session.decided = { stage, status };
    session.unshared = true;
    this.set(session, status, cause.report);
    session.over = stage !== 'in-review' || verdict === 'mismatched';
  }

  /** Takes over what another instance has heard; what that has decided is not decided again. */
  adopt(session: TrackedSession, shared: SharedSession, report: Report): void {
    const { unshared } = session;
    session.vendorData = shared.vendorData;
    if (isWebhookNews(shared, session)) {
      session.webhooks = joined(shared.webhooks, session.webhooks);
    }
    if (!isAhead(shared, session)) return;
    // By another clock, which may be ahead: nothing is known of times to come.
    session.asOf = Math.max(Math.min(shared.asOf, this.#settings.now()), session.asOf);
    session.decided = shared.decided;
    session.over = shared.over;
    if (shared.over) session.decisionDue = false;
    if (!session.decisionDue) session.failure = null;
    this.set(session, shared.status, report);
    session.changedAt = shared.changedAt;
    // It is known there.
    session.unshared = unshared;
  }

  /** Calls a function for each change of what a session's page may hear, until the signal aborts. */
  listen(session: TrackedSession, onChange: () => void, signal: AbortSignal): void {
    const { vendorData } = session;
    const listeners = (session.listeners ??= new Set());
    listeners.add(onChange);
    this.#countListening(vendorData, 1);
    signal.addEventListener('abort', () => {
      listeners.delete(onChange);
      if (listeners.size === 0) session.listeners = null;
      this.#countListening(vendorData, -1);
    });
  }

  /** How many pages listen to sessions of a session's person; 0 where people cannot be told apart. */
  listening({ vendorData }: Pick<TrackedSession, 'vendorData'>): number {
    return this.#listening.get(vendorData ?? '') ?? 0;
  }

  #countListening(vendorData: TrackedSession['vendorData'], more: 1 | -1): void {
    // Who has none cannot be told from others.
    if (typeof vendorData !== 'string') return;
    const count = this.listening({ vendorData }) + more;
    if (count > 0) this.#listening.set(vendorData, count);
    else this.#listening.delete(vendorData);
  }
}
