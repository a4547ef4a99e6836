/**
 * `didit-verify/server`: the backend of `<didit-verify>`, in web standards alone, for Node 20 and
 * later, Deno, Bun and workers.
 */
export type { ErrorBody, ErrorCode } from './answers.js';
export type {
  ApiKeyCredentials,
  ClientCredentials,
  DiditCredentials,
  VerificationCredentials,
} from './credentials.js';
export { createDidit, type Didit } from './didit.js';
export { DiditApiError, type UpstreamFailure } from './didit-api-error.js';
export {
  DiditClient,
  type DiditClientOptions,
  type DiditDecision,
  type DiditSession,
  type SessionRequest,
} from './didit-client.js';
export { HookError, type HookName } from './hooks.js';
export type { LogEvent } from './log.js';
export type {
  DecisionContext,
  DecisionResult,
  DecisionSource,
  DiditOptions,
  DiditSettings,
  SessionContext,
  SessionFields,
  User,
} from './options.js';
export { signWebhook, type SignedWebhook, type WebhookBody } from './sign-webhook.js';
export type { DiditStorage, StoredItem } from './storage.js';
