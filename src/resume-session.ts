import { isUnopened, stageOf } from './didit-status.js';
import { VerifyError } from './errors.js';
import type { LiveSession } from './live-session.js';
import type { FoundSession, SavedKey, SavedSessions } from './saved-sessions.js';
import { hasStatus, requestStatus, type StatusOptions } from './status-request.js';

/** How long their status may take before a session is shown without. */
const PATIENCE_MS = 5000;

/** The backend does not know the session, or not as this person's. */
const NOT_OURS: readonly unknown[] = [401, 403, 404, 410];

export interface ResumeOptions extends StatusOptions {
  readonly allowedHosts: string;
}

/**
 * The unfinished session of before a reload, or the one just finished, with its status; null where
 * there is none. Rejects with the signal's reason alone.
 */
export async function resumeSession(
  saved: SavedSessions,
  key: SavedKey,
  options: ResumeOptions,
  signal: AbortSignal,
): Promise<LiveSession | null> {
  const tried = new Set<string>();
  const giveUp = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = saved.claim(key, options.allowedHosts, tried);
    if (!found) return null;
    const timeout = Math.min(options.timeout, Math.max(0, giveUp - performance.now()));
    const verdict = await judge(found, { ...options, timeout }, signal);
    if (typeof verdict === 'object') return verdict;
    const { sessionId } = found.session;
    tried.add(sessionId);
    if (verdict === 'discard') saved.forget(key, sessionId);
    else saved.release();
  }
}

/** `skip`: not now, but nothing speaks against it. */
async function judge(
  { session, isFinished }: FoundSession,
  options: ResumeOptions,
  signal: AbortSignal,
): Promise<LiveSession | 'discard' | 'skip'> {
  const hasEnded = session.expiresAt !== null && session.expiresAt.getTime() <= Date.now();
  if (!hasStatus(session, options)) {
    return session.expiresAt !== null && !hasEnded && !isFinished ? session : 'discard';
  }
  try {
    const status = await requestStatus(session, options, signal);
    const isLost = stageOf(status) === 'expired' || (hasEnded && isUnopened(status));
    return isLost ? 'discard' : { ...session, status };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VerifyError && NOT_OURS.includes(error.detail.httpStatus))
      return 'discard';
    // Nothing that was stored is ever approved by itself.
    return (hasEnded && !wasOpened(session)) || isFinished ? 'skip' : session;
  }
}

/** Once the phone has taken it up, only a status ends it. */
function wasOpened({ status }: LiveSession): boolean {
  return status !== null && stageOf(status) !== null && !isUnopened(status);
}
