import type { VerificationStatus } from './lifecycles.js';
import type { Settings } from './sandbox-options.js';
import { decisionAnswer, type VerificationSession } from './verification-answers.js';

/** What a webhook tells of a session that has a new status, besides the time at which it is sent. */
export type StatusEvent = ReturnType<typeof statusEvent>;

/** With these a webhook brings the decision along. */
const DECIDED: ReadonlySet<VerificationStatus> = new Set(['Approved', 'Declined', 'In Review']);

/** The event of a session's new status (Didit documentation, Webhooks). */
export function statusEvent(session: VerificationSession, { userData, now }: Settings) {
  const { id, status, vendorData, asked } = session;
  return {
    event_id: crypto.randomUUID(),
    webhook_type: 'status.updated',
    session_id: id,
    status,
    created_at: Math.floor(now() / 1000),
    workflow_id: asked.workflowId,
    vendor_data: vendorData,
    ...(asked.metadata === null ? {} : { metadata: asked.metadata }),
    ...(DECIDED.has(status) ? { decision: decisionAnswer(session, userData) } : {}),
  };
}
