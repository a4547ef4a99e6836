import type { Stage } from '../didit-status.js';
import type { DiditDecision } from './didit-client.js';
import { callHook, HookError } from './hooks.js';
import type { Report } from './log.js';
import type { DecisionSource, DiditSettings } from './options.js';
import type { TrackedSession } from './tracked-session.js';

/** Why Didit is asked, and by whom. */
export interface Cause {
  readonly source: DecisionSource;
  readonly request?: Request;
  readonly report: Report;
}

/** A stage on which Didit gives a decision. */
export type DecidedStage = Extract<Stage, 'approved' | 'declined' | 'in-review'>;

export function isDecided(stage: unknown): stage is DecidedStage {
  return stage === 'approved' || stage === 'declined' || stage === 'in-review';
}

/** What becomes of a decision; `mismatched`: it is that of another session or person. */
export type Verdict = 'accepted' | 'refused' | 'mismatched';

/**
 * Checks whose decision it is, and asks the site whether it accepts it.
 *
 * @throws HookError where `onDecision` fails or does not answer in 20 seconds.
 */
export async function judge(
  onDecision: DiditSettings['onDecision'],
  session: Pick<TrackedSession, 'sessionId' | 'vendorData'>,
  decision: DiditDecision,
  stage: DecidedStage,
  { source, request, report }: Cause,
): Promise<Verdict> {
  const { sessionId } = session;
  const { status } = decision;
  const member = mismatch(session, decision);
  if (member) {
    report({ type: 'decision.mismatched', sessionId, member });
    return 'mismatched';
  }
  const context = {
    ...{ sessionId, status, source, vendorData: vendorDataOf(decision) ?? undefined },
    idempotencyKey: `${sessionId}:${stage}`,
    ...(request ? { request } : {}),
  };
  const result = await callHook('onDecision', () => onDecision?.(decision, context));
  const verdict = isAccepted(result) ? 'accepted' : 'refused';
  report({ type: `decision.${verdict}`, sessionId, status });
  return verdict;
}

/** The member of the decision that is not that of the session, or null. */
function mismatch(
  { sessionId, vendorData }: Pick<TrackedSession, 'sessionId' | 'vendorData'>,
  decision: DiditDecision,
): 'session_id' | 'vendor_data' | null {
  if (decision.session_id !== sessionId) return 'session_id';
  const isOwn = vendorData === undefined || vendorData === vendorDataOf(decision);
  return isOwn ? null : 'vendor_data';
}

/** Didit has an empty one, or none, where a session was created without. */
function vendorDataOf({ vendor_data }: DiditDecision): string | null {
  return vendor_data === '' ? null : (vendor_data ?? null);
}

/** Nobody is let in by a slip: what is neither nothing nor `{ accept }` is a mistake. */
function isAccepted(result: unknown): boolean {
  if (result === undefined || result === null) return true;
  const accept: unknown = typeof result === 'object' && 'accept' in result ? result.accept : null;
  if (typeof accept === 'boolean') return accept;
  throw new HookError('onDecision', 'it gave neither nothing nor { accept: boolean }');
}
