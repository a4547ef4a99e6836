import type { QrCode } from './qr.js';
import { resolveSession, type Intent, type ResolverOptions } from './resolver.js';
import type { Session } from './session.js';
import { encodeQr, loadParts } from './session-parts.js';

/** A session with its URL drawn: one code for each answer, so it also tells answers apart. */
export interface LiveSession extends Session {
  readonly qr: QrCode;
}

/** @throws VerifyError `qr-failed` */
export function drawn(session: Session): LiveSession {
  return { ...session, qr: encodeQr(session.url) };
}

/**
 * Asks the site's backend for a session, and draws it; what draws it is loaded meanwhile, where it
 * is not there yet.
 *
 * @throws VerifyError after the last retry, or the signal's reason if it aborts.
 */
export async function requestSession(
  options: () => ResolverOptions,
  intent: Intent,
  signal: AbortSignal,
): Promise<LiveSession> {
  const [session] = await Promise.all([resolveSession(options, intent, signal), loadParts()]);
  return drawn(session);
}
