import { Refusal, type Answer } from './answers.js';
import type { Cause } from './decision.js';
import type { HandleSeal } from './handle.js';
import type { Report } from './log.js';
import type { Settings, User } from './options.js';
import { statusStream } from './status-stream.js';
import type { StatusTracker } from './status-tracker.js';
import type { TrackedSession } from './tracked-session.js';
import { identify } from './user.js';

/** The way from a page's GET to the status of its session. */
export class SessionStatus {
  #settings: Settings;
  #seal: HandleSeal;
  #tracker: StatusTracker;
  /** Each ends a stream. */
  #streams = new Set<AbortController>();

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
    if (wantsEvents) return this.#events(session, cause);
    return { status: 200, body: { status: await this.#tracker.read(session, cause) } };
  }

  /** Ends every stream; pages connect again after a while. */
  close(): void {
    for (const stream of this.#streams) stream.abort();
  }

  /** Whatever is wrong with a handle, the page hears the same. */
  async #open(handle: string, { vendorData }: User, report: Report): Promise<TrackedSession> {
    const facts = await this.#seal.open(handle, vendorData);
    if (facts && this.#settings.now() < facts.expiresAt) return this.#tracker.bySeal(facts);
    report({ type: 'handle.refused', reason: facts ? 'expired' : 'unreadable' });
    throw new Refusal('session-not-found');
  }

  #events(session: TrackedSession, cause: Cause): Answer {
    const stop = new AbortController();
    this.#streams.add(stop);
    const { sessionId } = session;
    stop.signal.addEventListener('abort', () => {
      this.#streams.delete(stop);
      cause.report({ type: 'events.closed', sessionId });
    });
    cause.report({ type: 'events.opened', sessionId });
    const source = {
      read: () => this.#tracker.read(session, cause),
      isOver: () => session.over,
      now: this.#settings.now,
    };
    return {
      status: 200,
      body: statusStream(source, stop),
      headers: {
        'Content-Type': 'text/event-stream',
        // Proxies must neither keep, compress nor collect it.
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      },
    };
  }
}
