import type { LiveSession } from '../src/live-session.js';

/** A session as an answer brings it, with nothing but what it must have, or what is given. */
export function sampleSession(given: Partial<LiveSession> = {}): LiveSession {
  const sessionId = given.sessionId ?? 'session-1';
  return {
    sessionId,
    url: `https://app.didit.me/authorize/${encodeURIComponent(sessionId.toWellFormed())}`,
    expiresAt: null,
    lifetime: null,
    status: null,
    statusUrl: null,
    eventsUrl: null,
    qr: { size: 29, path: 'M4 4h7v1h-7z' },
    ...given,
  };
}
