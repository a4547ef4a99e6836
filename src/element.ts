/**
 * `didit-verify/element`: the class and its types, with nothing registered.
 */
export { DiditVerifyElement } from './didit-verify-element.js';
export type { VerifyErrorCode, VerifyErrorDetail } from './errors.js';
export type { DiditVerifyEventMap, SessionCreatedDetail } from './events.js';
export type { HeadersSource, Resolver, ResolverAnswer, ResolverContext } from './resolver.js';
export type { CamelCaseSessionResponse, PublicSession, SessionResponse } from './session.js';
export type { SessionReason, StateName } from './state.js';
export type { StringKey, Strings } from './strings.js';
