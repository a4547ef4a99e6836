/**
 * `didit-verify/sandbox`: a stand-in for Didit's data transfer and verification, so that everything
 * runs and is tested with no account and no network. For development only: it confirms whoever
 * presses a button.
 */
export { createSandbox } from './sandbox.js';
export type { Sandbox } from './sandbox.js';
export type { SandboxCall, SandboxFault } from './fault.js';
export type { SandboxEvent, SandboxOptions } from './sandbox-options.js';
export type { DataTransferStatus, SandboxStatus, VerificationStatus } from './lifecycles.js';
