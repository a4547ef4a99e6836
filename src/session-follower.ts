import { Deadline } from './deadline.js';
import { detailOf, type VerifyErrorDetail } from './errors.js';
import type { Gate } from './gate.js';
import { newKey } from './idempotency-key.js';
import type { LiveSession } from './live-session.js';
import type { Intent, ResolverOptions } from './resolver.js';
import { endsByClock, isOver, isReplacing, type Action, type VerifyState } from './state.js';
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
  readonly gate: Gate;
  /** Asks the site's backend for a session. */
  readonly request: (intent: Intent, signal: AbortSignal) => Promise<LiveSession>;
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
    if (this.#isPastEnd) return void this.#endUnseen();
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
    if (this.#awake) this.#tick();
  }

  /** There is somebody else to ask for the status. */
  statusMoved(): void {
    for (const { watcher } of this.#all) watcher.forgive();
    if (this.#awake) for (const { watcher } of this.#all) watcher.resume();
  }

  /** Whether a new session follows by itself where the present one ends. */
  get willRefresh(): boolean {
    const isBegun = this.#refreshKey !== '';
    const mayBegin = this.#refreshes < MAX_REFRESHES && !this.#refreshFailed;
    return this.#host.options().autoRefresh && (isBegun || mayBegin);
  }

  /** Seconds of the countdown, or null where there is none to be shown. */
  get secondsLeft(): number | null {
    const left = this.#left;
    const counts = endsByClock(this.#host.state()) && !this.willRefresh;
    return counts && left !== null && left <= COUNTDOWN_MS ? Math.ceil(left / 1000) : null;
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
    const { options, apply, onFailure } = this.#host;
    const watcher = new StatusWatcher(session, options, {
      onStatus: (status) => {
        apply({ type: 'status', session, status, refreshing: this.willRefresh });
      },
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

  get #left(): number | null {
    return this.#current?.deadline?.remaining ?? null;
  }

  get #isPastEnd(): boolean {
    return endsByClock(this.#host.state()) && (this.#left ?? 1) <= 0;
  }

  /** Does what is due, and sets the timer for what comes next. */
  readonly #tick = (): void => {
    clearTimeout(this.#timer);
    if (!this.#awake) return;
    const state = this.#host.state();
    if (state.name === 'expired' && state.refreshing) return this.#refresh();
    const left = this.#left;
    if (left === null) return;
    if (state.name === 'expired') return this.#lapse(left);
    if (!endsByClock(state) || state.overdue) return;
    if (left < -LATE_MS) return void this.#endUnseen();
    if (left <= 0) return this.#expire();
    if (this.willRefresh && left <= this.#lead) this.#refresh();
    this.#timer = setTimeout(this.#tick, Math.min(Math.ceil(this.#untilNext(left)), LOOK_AGAIN_MS));
    if (this.secondsLeft !== null) this.#host.onTick();
  };

  #untilNext(left: number): number {
    if (this.willRefresh) return left > this.#lead ? left - this.#lead : left;
    return left > COUNTDOWN_MS ? left - COUNTDOWN_MS : left % 1000 || 1000;
  }

  /** Ended by the clock: listened to for a while. */
  #lapse(left: number): void {
    if (left < -GRACE_MS) return this.drop();
    this.#timer = setTimeout(this.#tick, Math.min(left + GRACE_MS + 1, LOOK_AGAIN_MS));
  }

  #expire(): void {
    this.#host.apply({ type: 'expire', refreshing: this.willRefresh });
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
    if (!this.willRefresh) return this.#host.apply({ type: 'refresh-failed' });
    if (!this.#refreshKey) {
      this.#refreshKey = newKey();
      this.#refreshes++;
    }
    void this.#replace((this.#refreshing = new AbortController()).signal);
  }

  /** Whoever has taken up the old session meanwhile makes an end of this, by `update()`. */
  async #replace(signal: AbortSignal): Promise<void> {
    const { options, gate, request, apply, onFailure } = this.#host;
    const isWanted = () => this.#refreshing?.signal === signal;
    try {
      await this.#askIfAwake(signal);
      if (!isWanted()) return;
      // Hidden or switched off meanwhile: asked again, by the same key, when that has passed.
      if (!this.#awake || !options().autoRefresh) {
        this.#refreshing = null;
        return this.#tick();
      }
      const intent = { key: this.#refreshKey, reason: 'refresh', gate } as const;
      const session = await request(intent, signal);
      await this.#askIfAwake(signal);
      if (!isWanted()) return;
      this.#forgetRefresh();
      this.#offer(session);
    } catch (error) {
      if (!isWanted()) return;
      this.#forgetRefresh();
      this.#refreshFailed = true;
      onFailure(detailOf(error, 'resolver-failed', 'Asking for a session failed.'));
      apply({ type: 'refresh-failed' });
      this.#tick();
    }
  }

  async #askIfAwake(signal: AbortSignal): Promise<void> {
    if (!this.#awake) return;
    const seen = AbortSignal.any([signal, this.#awake.signal]);
    await this.#current?.watcher.ask(seen, PATIENCE_MS);
  }

  /** The same session with no later end is not a next one. */
  #offer(session: LiveSession): void {
    const { state, apply } = this.#host;
    const now = state();
    const old = 'session' in now ? now.session : null;
    const isNext = old?.sessionId !== session.sessionId || isLater(session, old);
    if (isNext) return apply({ type: 'replace', session });
    this.#refreshFailed = true;
    apply({ type: 'refresh-failed' });
    this.#tick();
  }

  #forgetRefresh(): void {
    this.#refreshing?.abort();
    this.#refreshing = null;
    this.#refreshKey = '';
  }
}

function isLater(session: LiveSession, old: LiveSession): boolean {
  return Number(session.expiresAt) > Number(old.expiresAt);
}
