/**
 * `didit-verify/sandbox`: a stand-in for Didit's data transfer, so that everything runs and is
 * tested with no account and no network. For development only: it confirms whoever presses a button.
 */
export { createSandbox } from './sandbox.js';
export type { Sandbox, SandboxEvent, SandboxOptions } from './sandbox.js';
export type { SandboxStatus } from './sandbox-session.js';
