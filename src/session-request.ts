import type { LiveSession } from './live-session.js';
import { resolveSession, type Intent, type ResolverOptions } from './resolver.js';
import { drawn, loadParts } from './session-parts.js';

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
