import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { VerifyError, type VerifyErrorDetail } from './errors.js';
import { encodeQr } from './qr.js';
import { resolveSession, type Intent, type ResolverOptions } from './resolver.js';
import {
  INITIAL_STATE,
  transition,
  type Action,
  type SessionReason,
  type StateName,
  type VerifyState,
} from './state.js';

/** How long the attributes must be left alone before a changed one is asked with. */
const QUIET_MS = 300;

/** How far outside the viewport a `loading="lazy"` element starts. */
const LAZY_MARGIN = '200px';

const NEEDS_RESOLVER = 'resolver-url or resolver is needed.';

/** What the controller goes by; read anew each time, since frameworks replace functions at will. */
export interface SessionOptions extends ResolverOptions {
  /** Start only when asked to. */
  readonly manual: boolean;
  /** Start by itself only near the viewport. */
  readonly lazy: boolean;
}

/** Called after every change of state. */
export type StateListener = (state: VerifyState, previous: VerifyState) => void;

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
  #onChange: StateListener;
  #state: VerifyState = INITIAL_STATE;

  /** The wish that is not yet answered; `auto` where nobody pressed anything for it. */
  #intent?: { readonly reason: SessionReason; readonly auto: boolean };
  /** The key of the last request, and what it asked with, while its outcome is not known. */
  #unanswered?: { readonly key: string; readonly inputs: string };
  /** Aborts the request under way. */
  #attempt?: AbortController;
  /** Counts down to the next request. */
  #timer?: ReturnType<typeof setTimeout>;

  #settled?: { promise: Promise<StateName>; resolve: (value?: unknown) => void };
  #connection?: AbortController;
  #releaseTimer?: ReturnType<typeof setTimeout>;
  #viewport?: IntersectionObserver;
  #nearViewport = false;

  #seen = { inputs: '', hasResolver: false, startsByItself: false };
  #warned = false;

  constructor(
    host: ReactiveControllerHost & HTMLElement,
    options: () => SessionOptions,
    onChange: StateListener,
  ) {
    this.#host = host;
    this.#options = options;
    this.#onChange = onChange;
    host.addController(this);
  }

  get state(): VerifyState {
    return this.#state;
  }

  // What the page and the person ask for

  start(): Promise<StateName> {
    switch (this.#state.name) {
      case 'idle':
        this.#ask('initial');
        break;
      case 'cancelled':
        this.#ask('restart');
        break;
      case 'error':
        this.#ask('retry');
        break;
      case 'loading':
      case 'ready':
        break;
      default:
        this.#state satisfies never;
    }
    return this.#whenSettled();
  }

  restart(): Promise<StateName> {
    this.#ask('restart');
    return this.#whenSettled();
  }

  cancel(): Promise<StateName> {
    this.#abandon();
    this.#apply({ type: 'cancel' });
    return this.#whenSettled();
  }

  // Lit's life cycle

  hostConnected(): void {
    clearTimeout(this.#releaseTimer);
    this.#connection?.abort();
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const page = this.#host.ownerDocument;
    page.addEventListener('visibilitychange', this.#proceed, { signal });
    page.addEventListener('prerenderingchange', this.#proceed, { signal });
    // The rest of this task may still set the attributes.
    setTimeout(this.#warnWithoutResolver);
    this.#proceed();
  }

  /** In the next task: a node that is moved, or put back at once, keeps all it has. */
  hostDisconnected(): void {
    this.#releaseTimer = setTimeout(() => {
      this.#connection?.abort();
      this.#forgetViewport();
      this.#stopAttempt();
      this.#settle();
    });
  }

  hostUpdate(): void {
    const { inputs: before, hasResolver: had, startsByItself: started } = this.#seen;
    this.#seen = this.#look();
    const { inputs, hasResolver, startsByItself } = this.#seen;
    const idle = this.#state.name === 'idle' && !this.#intent;

    const unwanted = this.#intent?.auto && !startsByItself && !this.#attempt;

    if ((had && !hasResolver) || unwanted) this.#clear();
    else if (idle && startsByItself && !started) this.#ask('initial', { auto: true });
    else if (had && inputs !== before) this.#inputsChanged();
    this.#proceed();
  }

  /** What decides over starting and starting anew; compared with what was seen the last time. */
  #look() {
    const { resolverUrl, resolver, scope, vendorData, manual } = this.#options();
    const hasResolver = Boolean(resolverUrl || resolver);
    return {
      inputs: JSON.stringify([resolverUrl, scope, vendorData]),
      hasResolver,
      startsByItself: hasResolver && !manual,
    };
  }

  // From a wish to a session

  #ask(reason: SessionReason, { auto = false } = {}): void {
    this.#abandon();
    // Only trying again is still the same wish.
    if (reason !== 'retry') this.#unanswered = undefined;
    const { inputs, hasResolver } = this.#look();
    Object.assign(this.#seen, { inputs, hasResolver });
    if (!hasResolver) {
      this.#apply({ type: 'load', reason });
      this.#apply({ type: 'reject', error: missingResolver() });
      return;
    }
    this.#intent = { reason, auto };
    if (this.#blocked()) this.#apply({ type: 'wait' });
    this.#proceed();
  }

  /** A changed attribute: nothing old stays on show, and the new session waits for quiet. */
  #inputsChanged(): void {
    const state = this.#state.name;
    if (state === 'idle' || state === 'cancelled') return;
    // Not asked yet: the request at the end of this task takes the new values along.
    if (this.#timer && this.#intent?.reason !== 'change') return;
    this.#abandon();
    this.#intent = { reason: 'change', auto: false };
    this.#apply({ type: 'load', reason: 'change' });
    this.#schedule(QUIET_MS);
  }

  /** Does what is wished for, if nothing stands in the way and it is not under way already. */
  readonly #proceed = (): void => {
    if (!this.#intent || this.#attempt || this.#timer) return;
    if (this.#blocked()) {
      this.#watchViewport();
      return;
    }
    this.#forgetViewport();
    if (this.#state.name !== 'loading') this.#apply({ type: 'load', reason: this.#intent.reason });
    // At the end of the task: what the page sets until then belongs to the same wish.
    this.#schedule(0);
  };

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#blocked()) return void this.#run();
      this.#settle();
      this.#watchViewport();
    }, milliseconds);
  }

  async #run(): Promise<void> {
    if (!this.#intent) return;
    const intent = { key: this.#key(), reason: this.#intent.reason };
    const attempt = (this.#attempt = new AbortController());
    const action = await this.#resolve(intent, attempt.signal);
    if (attempt.signal.aborted) return;
    this.#attempt = undefined;
    // Asked again, with the same key, when it is put back.
    if (!this.#host.isConnected) return;
    this.#intent = undefined;
    if (action.type === 'resolve' || !action.error.retryable) this.#unanswered = undefined;
    this.#apply(action);
  }

  /** The same for the same question until its outcome is known: a backend repeats its answer. */
  #key(): string {
    const { inputs } = this.#look();
    if (this.#unanswered?.inputs !== inputs) this.#unanswered = { key: newKey(), inputs };
    return this.#unanswered.key;
  }

  async #resolve(
    intent: Intent,
    signal: AbortSignal,
  ): Promise<Extract<Action, { type: 'resolve' | 'reject' }>> {
    try {
      const session = await resolveSession(this.#options, intent, signal);
      return { type: 'resolve', session, qr: encodeQr(session.url) };
    } catch (error) {
      return { type: 'reject', error: detailOf(error) };
    }
  }

  #apply(action: Action): void {
    const previous = this.#state;
    this.#state = transition(previous, action);
    if (this.#state === previous) return;
    if (this.#state.name !== 'loading') this.#settle();
    this.#onChange(this.#state, previous);
  }

  // Letting go

  #clear(): void {
    this.#abandon();
    this.#apply({ type: 'clear' });
  }

  #abandon(): void {
    this.#stopAttempt();
    this.#forgetViewport();
    this.#nearViewport = false;
    this.#intent = undefined;
  }

  #stopAttempt(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempt?.abort();
    this.#attempt = undefined;
  }

  // Waiting

  #blocked(): boolean {
    const page = this.#host.ownerDocument;
    const unseen = this.#intent?.auto && this.#options().lazy && !this.#nearViewport;
    // Not in every engine, so not in TypeScript's library.
    const { prerendering } = page as { prerendering?: boolean };
    return !this.#host.isConnected || page.hidden || Boolean(prerendering) || Boolean(unseen);
  }

  #watchViewport(): void {
    if (this.#viewport || !this.#intent?.auto) return;
    if (!this.#options().lazy || !this.#host.isConnected) return;
    this.#viewport = new IntersectionObserver(
      (entries) => {
        this.#nearViewport = entries.at(-1)!.isIntersecting;
        this.#proceed();
      },
      { rootMargin: LAZY_MARGIN },
    );
    this.#viewport.observe(this.#host);
  }

  #forgetViewport(): void {
    this.#viewport?.disconnect();
    this.#viewport = undefined;
  }

  /** Resolves with the state's name, after it is rendered, once nothing is loading any more. */
  #whenSettled(): Promise<StateName> {
    if (this.#settled) return this.#settled.promise;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const rendered = promise
      // A node that was never in a page renders nothing yet.
      .then(() => this.#host.isConnected && this.#host.updateComplete)
      .then(() => this.#state.name);
    const underWay = this.#state.name === 'loading' && Boolean(this.#attempt ?? this.#timer);
    if (underWay) this.#settled = { promise: rendered, resolve };
    else resolve(undefined);
    return rendered;
  }

  #settle(): void {
    this.#settled?.resolve();
    this.#settled = undefined;
  }

  readonly #warnWithoutResolver = (): void => {
    if (this.#seen.hasResolver || this.#warned || !this.#host.isConnected) return;
    this.#warned = true;
    console.warn(this.#host, NEEDS_RESOLVER);
  };
}

function missingResolver(): VerifyErrorDetail {
  return new VerifyError('resolver-missing', NEEDS_RESOLVER).detail;
}

function detailOf(error: unknown): VerifyErrorDetail {
  if (error instanceof VerifyError) return error.detail;
  return new VerifyError('resolver-failed', 'Asking for a session failed.', { cause: error })
    .detail;
}

/** A UUID (RFC 9562, version 4), also on pages without HTTPS, where `randomUUID` is missing. */
function newKey(): string {
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const random = crypto.getRandomValues(new Uint8Array(1))[0]!;
    return (Number(digit) ^ (random & (15 >> (Number(digit) / 4)))).toString(16);
  });
}
