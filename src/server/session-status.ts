import { Refusal, retryAfter, type Answer } from './answers.js';
import type { Cause } from './decision.js';
import type { HandleSeal } from './handle.js';
import type { Report } from './log.js';
import type { Settings, User } from './options.js';
import { statusStream, type StatusSource } from './status-stream.js';
import type { StatusTracker } from './status-tracker.js';
import type { TrackedSession } from './tracked-session.js';
import { identify } from './user.js';

/** Pages that may listen at a time, so that nobody takes up all of the memory. */
const MAX_LISTENERS = { session: 20, person: 100 };
const RETRY_S = 30;

/** The way from a page's GET to the status of its session. */
export class SessionStatus {
  #settings: Settings;
  #seal: HandleSeal;
  #tracker: StatusTracker;
  #isClosing = false;

  constructor(settings: Settings, seal: HandleSeal, tracker: StatusTracker) {
    this.#settings = settings;
    this.#seal = seal;
    this.#tracker = tracker;
  }

  /** @throws Refusal, HookError */
  async answer(request: Request, report: Report): Promise<Answer> {
    const { searchParams } = new URL(request.url);
    const wantsEvents = searchParams.has('events');
    if (wantsEvents && !this.#settings.events) throw new Refusal('bad-request');
    const user = await identify(this.#settings.getUser, request);
    const session = await this.#open(searchParams.get('session') ?? '', user, report);
    const cause: Cause = { source: wantsEvents ? 'events' : 'status', request, report };
    if (wantsEvents) return this.#events(session, cause, request);
    return { status: 200, body: { status: await this.#tracker.read(session, cause) } };
  }

  /** Ends every stream within a second; pages connect again after a while. */
  close(): void {
    // Streams look at it: on some platforms nobody else may touch them.
    this.#isClosing = true;
  }

  /** Whatever is wrong with a handle, the page hears the same. */
  async #open(handle: string, { vendorData }: User, report: Report): Promise<TrackedSession> {
    const facts = await this.#seal.open(handle, vendorData);
    if (facts && this.#settings.now() < facts.expiresAt) return this.#tracker.addOpened(facts);
    report({ type: 'handle.refused', reason: facts ? 'expired' : 'unreadable' });
    throw new Refusal('session-not-found');
  }

  #events(session: TrackedSession, cause: Cause, request: Request): Answer {
    this.#demandRoom(session);
    const listening = new AbortController();
    const stop = () => listening.abort();
    // Not every platform cancels the body of a page that is gone.
    request.signal.addEventListener('abort', stop, { once: true });
    const { sessionId } = session;
    listening.signal.addEventListener('abort', () => {
      cause.report({ type: 'events.closed', sessionId });
    });
    cause.report({ type: 'events.opened', sessionId });
    // It may have gone while it was asked who it is.
    if (request.signal.aborted) stop();
    return {
      status: 200,
      body: statusStream(this.#sourceOf(session, cause, listening.signal), listening.signal, stop),
      headers: {
        'Content-Type': 'text/event-stream',
        // Proxies must neither keep, compress nor collect it.
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      },
    };
  }

  #demandRoom(tracked: TrackedSession): void {
    const { session, person } = this.#tracker.listening(tracked);
    if (session < MAX_LISTENERS.session && person < MAX_LISTENERS.person) return;
    throw new Refusal('rate-limited', retryAfter(RETRY_S));
  }

  #sourceOf(session: TrackedSession, cause: Cause, signal: AbortSignal): StatusSource {
    return {
      read: () => this.#tracker.read(session, cause),
      catchUp: () => this.#tracker.catchUp(session, cause.report),
      last: () => session.status,
      listen: (onChange) => this.#tracker.listen(session, onChange, signal),
      isOver: () => session.over,
      isClosing: () => this.#isClosing,
      now: this.#settings.now,
    };
  }
}
