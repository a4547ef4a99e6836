/**
 * What is needed once there is a session, and not before. Nothing is to be loaded: it is here. In
 * the split build it is a file of its own; see `session-parts-on-demand.ts`.
 */
export { drawn } from './live-session.js';
export { resumeSession } from './resume-session.js';
export { hasSaved, SavedSessions } from './saved-sessions.js';
export { parseSession, publicSession } from './session.js';
export { sessionEvents } from './session-events.js';
export { SessionFollower } from './session-follower.js';
export { sessionTransition } from './session-transition.js';
export { endedParts, inProgressParts, readyParts } from './session-views.js';

export function loadParts(): Promise<void> | undefined {
  return undefined;
}
