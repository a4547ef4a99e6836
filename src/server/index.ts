/**
 * `didit-verify/server`: the backend of `<didit-verify>`, in web standards alone, for Node 20 and
 * later, Deno, Bun and workers.
 */
export type { ErrorBody, ErrorCode } from './answers.js';
export { createDidit, type Didit } from './didit.js';
export type { UpstreamFailure } from './didit-api-error.js';
export type { DiditSession } from './didit-client.js';
export type { HookName } from './hooks.js';
export type { LogEvent } from './log.js';
export type { DiditOptions, SessionContext, User } from './options.js';
