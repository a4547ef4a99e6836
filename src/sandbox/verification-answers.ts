import { identityCheck } from './identity-check.js';
import type { VerificationStatus } from './lifecycles.js';
import type { SandboxSession } from './sandbox-session.js';
import type { VerificationRequest } from './verification-request.js';

/** A session of the verification API. */
export type VerificationSession = SandboxSession<VerificationStatus, VerificationRequest>;

/** What "create session" answers; `base` is where phones reach the sandbox. */
export function createdAnswer(session: VerificationSession, base: string) {
  const { id, number, token, vendorData, status, asked } = session;
  return {
    session_id: id,
    session_number: number,
    session_token: token,
    vendor_data: vendorData,
    metadata: asked.metadata,
    status,
    workflow_id: asked.workflowId,
    callback: asked.callback,
    url: `${base}/session/${token}`,
  };
}

/** The decision on a session, of a person who has such data. */
export function decisionAnswer(
  session: VerificationSession,
  userData: Readonly<Record<string, unknown>>,
) {
  const { id, number, status, vendorData, asked, createdAt } = session;
  return {
    session_id: id,
    session_number: number,
    status,
    workflow_id: asked.workflowId,
    features: ['ID_VERIFICATION'],
    vendor_data: vendorData,
    metadata: asked.metadata,
    callback: asked.callback,
    id_verifications: status === 'Approved' ? [identityCheck(userData)] : [],
    created_at: new Date(createdAt).toISOString(),
  };
}
