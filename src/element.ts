/**
 * `didit-verify/element`: the class and its types, with nothing registered.
 */
export { DiditVerifyElement } from './didit-verify-element.js';
export type { HeadersSource } from './backend-request.js';
export type { VerifyErrorCode, VerifyErrorDetail } from './errors.js';
export type {
  DiditVerifyEventMap,
  SessionCompletedDetail,
  SessionCreatedDetail,
  SessionExpiredDetail,
  StatusChangedDetail,
} from './events.js';
export type { Resolver, ResolverAnswer, ResolverContext } from './resolver.js';
export type { CamelCaseSessionResponse, PublicSession, SessionResponse } from './session.js';
export type { FinalName, SessionReason, StateName } from './state.js';
export type { StatusResolver, StatusResolverContext } from './status-request.js';
export type { PluralForms, StringKey, Strings } from './strings.js';
