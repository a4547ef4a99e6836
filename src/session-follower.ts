import { Deadline } from './deadline.js';
import { isPlainlyExpired } from './didit-status.js';
import { detailOf, type VerifyErrorDetail } from './errors.js';
import { newKey } from './idempotency-key.js';
import type { LiveSession } from './live-session.js';
import type { ResolverOptions } from './resolver.js';
import {
  endsByClock,
  isOver,
  isReplacing,
  type Action,
  type SessionReason,
  type VerifyState,
} from './state.js';
import { StatusWatcher, type WatchOptions } from './status-watcher.js';

/** So many times a code is replaced by itself before a person must ask for it. */
const MAX_REFRESHES = 5;

/** How long before its end a session is replaced: this, or a fifth of its lifetime if that is less. */
const MAX_LEAD_MS = 10_000;

/** How long an ended session is still asked for: the phone may have been faster than the clock. */
const GRACE_MS = 60_000;

/** The countdown runs for so long before the end. */
const COUNTDOWN_MS = 60_000;

/** How long the status may take where a decision waits for it. */
const PATIENCE_MS = 3000;

/** A clock that is late by more than this has slept: something may have happened meanwhile. */
const LATE_MS = 1000;

/** How often the clocks are looked at, at least: one may have been set, or have slept. */
const LOOK_AGAIN_MS = 30_000;

export interface FollowOptions extends ResolverOptions, WatchOptions {
  /** Whether a session that nobody has taken up is replaced by itself. */
  readonly autoRefresh: boolean;
}

/** What the follower knows of the rest, and what it tells. */
export interface FollowerHost {
  readonly options: () => FollowOptions;
  /** Asks for a session; the same for the same key. */
  readonly request: (
    reason: SessionReason,
    key: string,
    signal: AbortSignal,
  ) => Promise<LiveSession>;
  /** Whether it is laid out at all. To find out may lay out the page: only asked where it matters. */
  readonly hasBox: () => boolean;
  readonly state: () => VerifyState;
  readonly apply: (action: Action) => void;
  /** A failure that leaves the state as it is. */
  readonly onFailure: (detail: VerifyErrorDetail) => void;
  /** The countdown has moved. */
  readonly onTick: () => void;
}

interface Followed {
  readonly session: LiveSession;
  readonly deadline: Deadline | null;
  readonly watcher: StatusWatcher;
}

/** Follows the session on show: its status, its end, and the one that takes its place. */
export class SessionFollower {
  #host: FollowerHost;
  #current: Followed | null = null;
  /** Those that were replaced, while the phone may still take one of them up. */
  #earlier: Followed[] = [];
  /** Aborts what is asked for a page that is seen; null while it is not. */
  #awake: AbortController | null = null;
  #timer?: ReturnType<typeof setTimeout>;

  #asking: AbortController | null = null;
  #refreshing: AbortController | null = null;
  #refreshKey = '';
  #refreshes = 0;
  #refreshFailed = false;

  constructor(host: FollowerHost) {
    this.#host = host;
  }

  /** Takes up what has become of the state. */
  update(state: VerifyState): void {
    if ('session' in state && !isOver(state)) this.#watch(state.session);
    else if (isReplacing(state)) this.#retire();
    else this.drop();
    const wantsAnother = endsByClock(state) || (state.name === 'expired' && state.refreshing);
    if (!wantsAnother) this.#forgetRefresh();
    if (state.name === 'in-progress') this.#dropEarlier();
    this.#tick();
  }

  /** The page is seen: everything goes on. */
  wake(): void {
    if (this.#awake) return;
    this.#awake = new AbortController();
    if (endsByClock(this.#host.state()) && this.#left <= 0) return void this.#endUnseen();
    for (const { watcher } of this.#all) watcher.resume();
    this.#tick();
  }

  /** The page is not seen: nothing is asked, no timer runs. A request for a session is not lost. */
  sleep(): void {
    this.#awake?.abort();
    this.#awake = null;
    clearTimeout(this.#timer);
    this.#asking?.abort();
    for (const { watcher } of this.#all) watcher.pause();
  }

  /** Nobody is there to take an answer. What was asked is asked again, by the same key. */
  release(): void {
    this.sleep();
    this.#refreshing?.abort();
    this.#refreshing = null;
  }

  /** Somebody is there: codes may be replaced by themselves again. */
  personActed(): void {
    this.#refreshes = 0;
    this.#refreshFailed = false;
  }

  /** The options are others. */
  optionsChanged(): void {
    this.#tick();
  }

  /** There is somebody else to ask for the status. */
  statusMoved(): void {
    for (const { watcher } of this.#all) {
      watcher.forgive();
      if (this.#awake) watcher.resume();
    }
  }

  /** Takes up what is said of a session. */
  hear(session: LiveSession, status: string): void {
    const refreshing = isPlainlyExpired(status) && this.#willRefresh();
    this.#host.apply({ type: 'status', session, status, refreshing });
  }

  /** Seconds of the countdown, or null where there is none to be shown. */
  get secondsLeft(): number | null {
    const left = this.#left;
    const counts = left <= COUNTDOWN_MS && endsByClock(this.#host.state());
    return counts && !this.#willRefresh(left) ? Math.ceil(left / 1000) : null;
  }

  /**
   * Whether a new session follows by itself, with so much time left until the present one ends. Who
   * may have no box until then is only asked when it is due.
   */
  #willRefresh(left = 0): boolean {
    const { options, hasBox } = this.#host;
    const { autoRefresh } = options();
    const mayBegin = this.#refreshes < MAX_REFRESHES && !this.#refreshFailed;
    return autoRefresh && (this.#refreshKey !== '' || mayBegin) && (left > this.#lead || hasBox());
  }

  // Watching

  get #all(): Followed[] {
    return this.#current ? [this.#current, ...this.#earlier] : this.#earlier;
  }

  #watch(session: LiveSession): void {
    const current = this.#current;
    if (current?.session.qr === session.qr) return;
    const earlier = this.#earlier.find(({ session: { qr } }) => qr === session.qr);
    if (current?.session.sessionId === session.sessionId) this.#dropCurrent();
    else this.#retire();
    if (earlier) return void (this.#current = earlier);
    this.#refreshFailed = false;
    this.#current = this.#follow(session);
    if (this.#awake) this.#current.watcher.resume({ atOnce: false });
  }

  #follow(session: LiveSession): Followed {
    const { options, onFailure } = this.#host;
    const watcher = new StatusWatcher(session, options, {
      onStatus: (status) => this.hear(session, status),
      onOutage: (detail) => {
        if (this.#current === followed) onFailure(detail);
      },
      isOver: () => this.#hasLapsed(followed),
    });
    const { expiresAt } = session;
    const deadline = expiresAt && new Deadline(expiresAt.getTime());
    const followed: Followed = { session, deadline, watcher };
    return followed;
  }

  /** Whether it has ended for so long that not even a fast phone can still be heard of. */
  #hasLapsed(followed: Followed): boolean {
    const isEnded = followed !== this.#current || this.#host.state().name === 'expired';
    return isEnded && (followed.deadline?.remaining ?? 0) < -GRACE_MS;
  }

  /** A new session comes in place of the current one. */
  #retire(): void {
    const old = this.#current;
    if (!old) return;
    // First, so that it is known as ended to whoever asks for it.
    this.#current = null;
    old.watcher.stopStreaming();
    this.#earlier = [...this.#earlier, old].filter((each) => {
      const isOpen = !this.#hasLapsed(each);
      if (!isOpen) each.watcher.pause();
      return isOpen;
    });
  }

  /** Lets go of all of them. */
  drop(): void {
    this.#dropCurrent();
    this.#dropEarlier();
  }

  #dropCurrent(): void {
    this.#asking?.abort();
    this.#current?.watcher.pause();
    this.#current = null;
  }

  #dropEarlier(): void {
    for (const { watcher } of this.#earlier)
      if (watcher !== this.#current?.watcher) watcher.pause();
    this.#earlier = [];
  }

  // The end

  /** Milliseconds until the present one ends; without end where that is not known. */
  get #left(): number {
    return this.#current?.deadline?.remaining ?? Infinity;
  }

  /** Does what is due, and sets the timer for what comes next. */
  readonly #tick = (): void => {
    clearTimeout(this.#timer);
    if (!this.#awake) return;
    const state = this.#host.state();
    if (state.name === 'expired' && state.refreshing) return this.#refresh();
    const left = this.#left;
    if (left === Infinity) return;
    if (state.name === 'expired') return this.#lapse(left);
    if (!endsByClock(state) || state.overdue) return;
    if (left < -LATE_MS) return void this.#endUnseen();
    if (left <= 0) return this.#expire();
    const willRefresh = this.#willRefresh(left);
    if (willRefresh && left <= this.#lead) this.#refresh();
    const next = willRefresh ? this.#lead : COUNTDOWN_MS;
    const last = willRefresh ? left : left % 1000 || 1000;
    this.#wait(left > next ? left - next : last);
    if (this.secondsLeft !== null) this.#host.onTick();
  };

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(this.#tick, Math.min(Math.ceil(milliseconds), LOOK_AGAIN_MS));
  }

  /** Ended by the clock: listened to for a while. */
  #lapse(left: number): void {
    if (left < -GRACE_MS) return this.drop();
    this.#wait(left + GRACE_MS + 1);
  }

  #expire(): void {
    this.#host.apply({ type: 'expire', refreshing: this.#willRefresh() });
  }

  /** It ended while nobody looked: no code from now on, and its status decides. */
  async #endUnseen(): Promise<void> {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    const ended = this.#current;
    this.#host.apply({ type: 'overdue' });
    await ended?.watcher.ask(signal, PATIENCE_MS);
    if (signal.aborted) return;
    if (ended === this.#current) this.#expire();
    for (const { watcher } of this.#all) watcher.keepUp();
  }

  // The next one

  get #lead(): number {
    return Math.min(MAX_LEAD_MS, (this.#current?.session.lifetime ?? 0) / 5);
  }

  #refresh(): void {
    if (this.#refreshing) return;
    if (!this.#willRefresh()) return this.#host.apply({ type: 'refresh-failed' });
    if (!this.#refreshKey) {
      this.#refreshKey = newKey();
      this.#refreshes++;
    }
    void this.#replace((this.#refreshing = new AbortController()).signal);
  }

  /** Whoever has taken up the old session meanwhile makes an end of this, by `update()`. */
  async #replace(signal: AbortSignal): Promise<void> {
    const { request, apply } = this.#host;
    try {
      await this.#askFirst(signal);
      // Hidden or switched off meanwhile: asked again, by the same key, when that has passed.
      if (!this.#awake || !this.#willRefresh()) {
        this.#refreshing = null;
        return this.#tick();
      }
      const session = await request('refresh', this.#refreshKey, signal);
      await this.#askFirst(signal);
      this.#forgetRefresh();
      if (this.#isNext(session)) apply({ type: 'replace', session });
      else this.#refreshFails();
    } catch (error) {
      if (signal.aborted) return;
      this.#forgetRefresh();
      this.#refreshFails(detailOf(error, 'resolver-failed', 'Asking for a session failed.'));
    }
  }

  #refreshFails(detail?: VerifyErrorDetail): void {
    this.#refreshFailed = true;
    if (detail) this.#host.onFailure(detail);
    this.#host.apply({ type: 'refresh-failed' });
    this.#tick();
  }

  /** Whether the phone has taken up the old one, as far as it can be asked. */
  async #askFirst(signal: AbortSignal): Promise<void> {
    if (this.#awake) {
      const seen = AbortSignal.any([signal, this.#awake.signal]);
      await this.#current?.watcher.ask(seen, PATIENCE_MS);
    }
    signal.throwIfAborted();
  }

  /** The same session with no later end is not a next one. */
  #isNext({ sessionId, expiresAt }: LiveSession): boolean {
    const state = this.#host.state();
    const old = 'session' in state ? state.session : null;
    return old?.sessionId !== sessionId || Number(expiresAt) > Number(old.expiresAt);
  }

  #forgetRefresh(): void {
    this.#refreshing?.abort();
    this.#refreshing = null;
    this.#refreshKey = '';
  }
}
