import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { detailOf, VerifyError, type VerifyErrorDetail } from './errors.js';
import { Gate } from './gate.js';
import { newKey } from './idempotency-key.js';
import type { LiveSession } from './live-session.js';
import { NearViewport } from './near-viewport.js';
import { parsedUrl } from './parsed-url.js';
import type { SavedKey } from './saved-sessions.js';
import type { FollowOptions } from './session-follower.js';
import {
  hasSaved,
  loadParts,
  resumeSession,
  SavedSessions,
  SessionFollower,
} from './session-parts.js';
import { requestSession } from './session-request.js';
import {
  endsByClock,
  INITIAL_STATE,
  isOver,
  type Action,
  type SessionReason,
  type StateName,
  type VerifyState,
} from './state.js';
import { transition } from './transition.js';

/** How long the attributes must be left alone before a changed one is asked with. */
const QUIET_MS = 300;

const NEEDS_RESOLVER = 'resolver-url or resolver is needed.';

/** Why a start makes sense in a state, where it does. */
const REASONS_TO_START: Partial<Record<StateName, SessionReason>> = {
  idle: 'initial',
  cancelled: 'restart',
  error: 'retry',
  expired: 'refresh',
};

/** For these, a session of before a reload will do. */
const RESUMABLE: readonly SessionReason[] = ['initial', 'retry', 'resume'];

const OF_THE_PAGE = ['visibilitychange', 'prerenderingchange'];
const OF_ITS_WINDOW = ['pagehide', 'pageshow', 'online', 'load'];

/** What the controller goes by; read anew each time, since frameworks replace functions at will. */
export interface SessionOptions extends FollowOptions {
  /** Start only when asked to. */
  readonly manual: boolean;
  /** Start by itself only near the viewport. */
  readonly lazy: boolean;
  /** Start nothing. */
  readonly disabled: boolean;
  /** Keep nothing for after a reload, and take nothing up. */
  readonly noResume: boolean;
}

/** What the controller tells. */
export interface SessionListener {
  /** After every change of state. */
  readonly onChange: (state: VerifyState, previous: VerifyState, action: Action) => void;
  /** A failure that leaves the state as it is. */
  readonly onFailure: (detail: VerifyErrorDetail) => void;
}

/** A wish for a session; `auto` where nobody pressed anything for it. */
interface Wish {
  readonly reason: SessionReason;
  readonly auto: boolean;
}

/**
 * The life of one session, and the only writer of the element's state.
 *
 * A wish for a session is an {@link Intent}. It is fulfilled as soon as the element is connected and
 * its page visible, and stays the same one, with the same key, until it is answered, so that moving
 * the node or losing the connection never makes a second session.
 */
export class SessionController implements ReactiveController {
  #host: ReactiveControllerHost & HTMLElement;
  #options: () => SessionOptions;
  #listener: SessionListener;
  #state: VerifyState = INITIAL_STATE;
  /** Of the first session, and of those that follow. */
  #follower?: SessionFollower;
  /** Not there before there is a session, or one kept. */
  #saved?: SavedSessions;
  /** What the present session is kept by. */
  #savedKey?: SavedKey;

  /** What is not yet answered. */
  #intent?: Wish;
  /** The key of the last request, and what it asked with, while its outcome is not known. */
  #unanswered?: { readonly key: string; readonly inputs: string };
  /** Aborts the request under way. */
  #attempt?: AbortController;
  /** Counts down to the next request. */
  #timer?: ReturnType<typeof setTimeout>;
  #viewport: NearViewport;
  #gate = new Gate(() => !this.#blocked());

  #settled?: Promise<StateName>;
  #settle?: () => void;
  #connection?: AbortController;
  #releaseTimer?: ReturnType<typeof setTimeout>;

  #seen = {
    inputs: '',
    startsByItself: false,
    autoRefresh: false,
    statusSource: '',
  };
  #warned = false;

  constructor(
    host: ReactiveControllerHost & HTMLElement,
    options: () => SessionOptions,
    listener: SessionListener,
  ) {
    this.#host = host;
    this.#options = options;
    this.#listener = listener;
    this.#viewport = new NearViewport(host, () => this.#proceed());
    host.addController(this);
  }

  get state(): VerifyState {
    return this.#state;
  }

  /** Seconds of the countdown, or null where there is none to be shown. */
  get secondsLeft(): number | null {
    return this.#follower?.secondsLeft ?? null;
  }

  // What the page and the person ask for

  start(): Promise<StateName> {
    const state = this.#state;
    const reason = REASONS_TO_START[state.name];
    const isOnItsWay = state.name === 'expired' && state.refreshing;
    if (reason && !isOnItsWay) this.#askByPerson(reason);
    else this.#makeOwn();
    return this.settled();
  }

  restart(): Promise<StateName> {
    this.#askByPerson('restart');
    return this.settled();
  }

  cancel(): Promise<StateName> {
    this.#forgetClaimed();
    this.#abandon();
    this.#apply({ type: 'cancel' });
    return this.settled();
  }

  /** As before the first session: nothing starts by itself. */
  reset(): void {
    this.#forgetClaimed();
    this.#clear();
  }

  /** Somebody is there, and has pressed something. */
  personActed(): void {
    this.#follower?.personActed();
    this.#follower?.optionsChanged();
  }

  showCode(): void {
    this.#apply({ type: 'show-code' });
  }

  /** A session that is on its way is wanted by somebody now, and not an old one alone. */
  #makeOwn(): void {
    if (this.#intent) this.#intent = { reason: newReason(this.#intent), auto: false };
  }

  // Lit's life cycle

  hostConnected(): void {
    clearTimeout(this.#releaseTimer);
    if (!this.#connection) this.#remember(this.#state, this.#state);
    this.#connection?.abort();
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const page = this.#host.ownerDocument;
    const view = page.defaultView ?? window;
    for (const type of OF_THE_PAGE) page.addEventListener(type, this, { signal });
    for (const type of OF_ITS_WINDOW) view.addEventListener(type, this, { signal });
    // The rest of this task may still set the attributes, and so may scripts of a page that loads.
    if (page.readyState === 'complete') setTimeout(this.#warnWithoutResolver);
    this.#attend();
  }

  /** In the next task: a node that is moved, or put back at once, keeps all it has. */
  hostDisconnected(): void {
    this.#releaseTimer = setTimeout(() => {
      this.#connection?.abort();
      this.#connection = undefined;
      this.#viewport.forget();
      this.#stopAttempt();
      this.#follower?.release();
      this.#saved?.release();
      this.#settle?.();
    });
  }

  hostUpdate(): void {
    const before = this.#seen;
    this.#seen = this.#look();
    const { inputs, startsByItself, autoRefresh, statusSource } = this.#seen;
    const idle = this.#state.name === 'idle' && !this.#intent;
    const unwanted = this.#intent?.auto && !startsByItself && !this.#attempt;

    if ((before.inputs && !inputs) || unwanted) this.#clear();
    else if (idle && startsByItself && !before.startsByItself) this.#ask('initial', { auto: true });
    else if (idle && inputs && !before.inputs && this.#hasSaved()) this.#ask('resume');
    else if (before.inputs && inputs !== before.inputs) this.#inputsChanged(before.inputs);
    if (statusSource !== before.statusSource) this.#follower?.statusMoved();
    if (autoRefresh !== before.autoRefresh) this.#follower?.optionsChanged();
    this.#proceed();
  }

  /** Follows what the page does: hidden, shown, back from the cache, another document. */
  handleEvent({ type }: Event): void {
    if (type === 'load') return void setTimeout(this.#warnWithoutResolver);
    // What was open before is dead, whatever it looks like; nor is anything left open behind.
    if (type === 'online' || type === 'pagehide') this.#follower?.sleep();
    if (type !== 'pagehide') this.#attend();
  }

  #attend(): void {
    if (this.#isSeen) this.#follower?.wake();
    else this.#follower?.sleep();
    // What was about to begin waits without a timer, where the page is not seen.
    if (this.#timer && this.#blocked()) this.#hold();
    this.#proceed();
  }

  /** What decides over starting and starting anew; compared with what was seen the last time. */
  #look() {
    const options = this.#options();
    const { resolverUrl, resolver, scope, vendorData, manual } = options;
    const { statusUrl, statusResolver, autoRefresh } = options;
    const hasResolver = Boolean(resolverUrl || resolver);
    return {
      /** What a session is asked for with; empty where there is nobody to ask. */
      inputs: hasResolver ? JSON.stringify([resolverUrl, scope, vendorData]) : '',
      startsByItself: hasResolver && !manual,
      autoRefresh,
      statusSource: JSON.stringify([statusUrl, Boolean(statusResolver)]),
    };
  }

  // From a wish to a session

  #askByPerson(reason: SessionReason): void {
    if (this.#options().disabled) return;
    if (reason === 'restart') this.#forgetClaimed();
    this.#follower?.personActed();
    this.#ask(reason);
  }

  #ask(reason: SessionReason, { auto = false } = {}): void {
    this.#abandon();
    // Only trying again is still the same wish.
    if (reason !== 'retry') this.#unanswered = undefined;
    const { inputs, startsByItself } = this.#look();
    Object.assign(this.#seen, { inputs, startsByItself });
    if (!inputs) {
      this.#apply({ type: 'load', reason });
      this.#apply({
        type: 'reject',
        error: new VerifyError('resolver-missing', NEEDS_RESOLVER).detail,
      });
      return;
    }
    this.#intent = { reason, auto };
    this.#apply(this.#blocked() ? { type: 'wait' } : { type: 'load', reason });
    this.#proceed();
  }

  /** A changed attribute: nothing old stays on show, and the new session waits for quiet. */
  #inputsChanged(before: string): void {
    // Switched off, nothing starts: it is noticed when that has passed.
    if (this.#options().disabled) return void (this.#seen.inputs = before);
    if (!this.#mayChange) return;
    // Not asked yet: the request at the end of this task takes the new values along.
    if (this.#timer && this.#intent?.reason !== 'change') return;
    this.#abandon();
    this.#intent = { reason: 'change', auto: false };
    this.#apply({ type: 'load', reason: 'change' });
    this.#schedule(QUIET_MS);
  }

  /** Not where the phone has taken the session up, or is done with it. */
  get #mayChange(): boolean {
    const state = this.#state;
    if (state.name === 'expired') return state.refreshing || !state.final;
    return state.name === 'loading' || state.name === 'error' || endsByClock(state);
  }

  /** Does what is wished for, if nothing stands in the way and it is not under way already. */
  readonly #proceed = (): void => {
    this.#gate.check();
    if (!this.#intent || this.#attempt || this.#timer) return;
    if (this.#blocked()) return this.#watchViewport();
    this.#viewport.stop();
    if (this.#state.name !== 'loading') this.#apply({ type: 'load', reason: this.#intent.reason });
    // At the end of the task: what the page sets until then belongs to the same wish.
    this.#schedule(0);
  };

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#blocked()) this.#hold();
      else void this.#run();
    }, milliseconds);
    if (this.#blocked()) this.#hold();
  }

  /** Waits for what stands in the way. */
  #hold(): void {
    this.#stopTimer();
    this.#settle?.();
    this.#watchViewport();
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    const attempt = (this.#attempt = new AbortController());
    const action = await this.#resolve(attempt.signal);
    if (attempt.signal.aborted) return;
    this.#attempt = undefined;
    if (action.type !== 'wait') this.#intent = undefined;
    const isUnknown = action.type === 'reject' && action.error.retryable;
    if (!isUnknown) this.#unanswered = undefined;
    this.#apply(action);
  }

  /** What becomes of the wish: a session, or why there is none. */
  async #resolve(signal: AbortSignal): Promise<Action> {
    try {
      const { reason } = this.#intent!;
      const resumed = RESUMABLE.includes(reason) ? await this.#resume(signal) : null;
      if (resumed) return { type: 'resolve', session: resumed, reason: 'resume' };
      // It may have changed while an old session was looked for.
      if (this.#blocked()) return { type: 'wait' };
      return this.#isUnwanted ? { type: 'clear' } : await this.#create(signal);
    } catch (error) {
      const message = 'Asking for a session failed.';
      return { type: 'reject', error: detailOf(error, 'resolver-failed', message) };
    }
  }

  async #resume(signal: AbortSignal): Promise<LiveSession | null> {
    const options = this.#options();
    if (options.noResume) return null;
    this.#savedKey = savedKeyOf(options);
    if (!hasSaved(this.#host, this.#savedKey)) return null;
    await loadParts();
    signal.throwIfAborted();
    this.#saved ??= new SavedSessions(this.#host);
    return resumeSession(this.#saved, this.#savedKey, options, signal);
  }

  /** Nobody has asked for a new one, or not any more. */
  get #isUnwanted(): boolean {
    const { auto, reason } = this.#intent!;
    return (auto || reason === 'resume') && !this.#look().startsByItself;
  }

  async #create(signal: AbortSignal): Promise<Action> {
    const reason = newReason(this.#intent!);
    this.#savedKey = savedKeyOf(this.#options());
    const session = await this.#request(reason, this.#key(), signal);
    return { type: 'resolve', session, reason };
  }

  #request(reason: SessionReason, key: string, signal: AbortSignal): Promise<LiveSession> {
    return requestSession(this.#options, { key, reason, gate: this.#gate }, signal);
  }

  /** The same for the same question until its outcome is known: a backend repeats its answer. */
  #key(): string {
    const { inputs } = this.#look();
    if (this.#unanswered?.inputs !== inputs) this.#unanswered = { key: newKey(), inputs };
    return this.#unanswered.key;
  }

  #apply(action: Action): void {
    const previous = this.#state;
    const state = (this.#state = transition(previous, action));
    if (state === previous) return;
    if ('session' in state) {
      this.#follower ??= this.#newFollower();
      this.#saved ??= new SavedSessions(this.#host);
    }
    // Somebody took the old one up while a new one was asked for.
    if (previous.name === 'loading' && action.type === 'status') this.#abandon();
    this.#remember(state, previous);
    if (state.name !== 'loading') this.#settle?.();
    // At once: a listener may ask for another, which does not take the place of what has ended.
    if (isOver(state)) this.#follower?.drop();
    this.#listener.onChange(state, previous, action);
    if (action.type === 'resolve' || action.type === 'replace') this.#hearAnswer(action.session);
    // It may have moved on, and what follows here has followed there.
    if (this.#state === state) this.#follower?.update(state);
  }

  #newFollower(): SessionFollower {
    const follower = new SessionFollower({
      options: this.#options,
      request: (...wish) => this.#request(...wish),
      // Nobody looks at the code of a view that is kept, with no box.
      hasBox: () => this.#host.shadowRoot?.firstElementChild?.checkVisibility() !== false,
      state: () => this.#state,
      apply: (action) => this.#apply(action),
      onFailure: this.#listener.onFailure,
      onTick: () => this.#host.requestUpdate(),
    });
    if (this.#isSeen) follower.wake();
    return follower;
  }

  /** A create answer may already say more than that there is a session. */
  #hearAnswer(session: LiveSession): void {
    if (session.status !== null) this.#follower!.hear(session, session.status);
  }

  // For after a reload

  #remember(state: VerifyState, previous: VerifyState): void {
    if (!this.#savedKey) return;
    this.#saved?.update(this.#savedKey, state, previous, this.#options().noResume);
  }

  /** What is being looked at for after a reload is not wanted any more. */
  #forgetClaimed(): void {
    if (this.#state.name === 'loading' && this.#savedKey)
      this.#saved?.forgetClaimed(this.#savedKey);
  }

  #hasSaved(): boolean {
    const options = this.#options();
    return !options.noResume && !options.disabled && hasSaved(this.#host, savedKeyOf(options));
  }

  // Letting go

  #clear(): void {
    this.#abandon();
    this.#apply({ type: 'clear' });
  }

  #abandon(): void {
    this.#stopAttempt();
    this.#viewport.forget();
    this.#intent = undefined;
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #stopAttempt(): void {
    this.#stopTimer();
    this.#attempt?.abort();
    this.#attempt = undefined;
  }

  // Waiting

  get #isSeen(): boolean {
    const page = this.#host.ownerDocument;
    // Not in every engine, so not in TypeScript's library.
    const { prerendering } = page as { prerendering?: boolean };
    return this.#host.isConnected && !page.hidden && !prerendering;
  }

  #blocked(): boolean {
    const { lazy, disabled } = this.#options();
    const isFar = this.#intent?.auto && lazy && !this.#viewport.isNear;
    return !this.#isSeen || disabled || Boolean(isFar);
  }

  #watchViewport(): void {
    if (this.#intent?.auto && this.#options().lazy && this.#host.isConnected)
      this.#viewport.watch();
  }

  /** Resolves with the state's name, after it is rendered, once nothing is loading any more. */
  settled(): Promise<StateName> {
    // `Promise.withResolvers()` is missing where a page has promises of its own, as zone.js has.
    const settled = (this.#settled ??= new Promise<void>((resolve) => {
      this.#settle = () => {
        this.#settled = undefined;
        resolve();
      };
    })
      // A node that was never in a page renders nothing yet.
      .then(() => this.#host.isConnected && this.#host.updateComplete)
      .then(() => this.#state.name));
    const isUnderWay = this.#state.name === 'loading' && (this.#attempt ?? this.#timer);
    if (!isUnderWay) this.#settle?.();
    return settled;
  }

  readonly #warnWithoutResolver = (): void => {
    if (this.#seen.inputs || this.#warned || !this.#host.isConnected) return;
    this.#warned = true;
    console.warn(this.#host, NEEDS_RESOLVER);
  };
}

/** What it is asked for with, where no old session will do. */
function newReason({ reason }: Wish): SessionReason {
  return reason === 'resume' ? 'initial' : reason;
}

function savedKeyOf({ resolver, resolverUrl, scope, vendorData }: SessionOptions): SavedKey {
  const url = parsedUrl(resolverUrl, document.baseURI)?.href ?? resolverUrl;
  return { resolver: resolver ? location.pathname : url, scope, vendorData };
}
