import {
  adoptStyles,
  LitElement,
  type CSSResultGroup,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { VerifyErrorDetail } from './errors.js';
import type { DiditVerifyEventMap, SessionCreatedDetail } from './events.js';
import { QrFit } from './qr-fit.js';
import type { HeadersSource, Resolver } from './resolver.js';
import { DEFAULT_ALLOWED_HOSTS, type PublicSession } from './session.js';
import { SessionController, type SessionOptions } from './session-controller.js';
import type { StateName, VerifyState } from './state.js';
import { withReplaced, type Strings } from './strings.js';
import { styles } from './styles.js';
import { view } from './views.js';

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_RETRIES = 2;

/** The longest delay that timers take; a longer one would fire at once (HTML, timers). */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface DiditVerifyElement {
  addEventListener<K extends keyof DiditVerifyEventMap>(
    type: K,
    listener: (this: DiditVerifyElement, event: DiditVerifyEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: DiditVerifyElement, event: HTMLElementEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof DiditVerifyEventMap>(
    type: K,
    listener: (this: DiditVerifyElement, event: DiditVerifyEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: DiditVerifyElement, event: HTMLElementEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

/**
 * Asks a person to prove who they are with Didit: gets a session from the site's own backend, shows
 * its authorize URL as a QR code and as a link, and tells the page by events.
 *
 * @summary Identity verification with Didit, as one tag.
 *
 * @event {CustomEvent<SessionCreatedDetail>} session-created - A session is there, its code is
 * about to be shown. Bubbles and is composed.
 * @event {CustomEvent<VerifyErrorDetail>} error - No session could be had, after the last retry.
 * Does not bubble.
 *
 * @slot - Fallback for pages without script; not shown once the element is defined.
 * @slot heading - In place of the heading.
 * @slot description - In place of the sentence below the heading.
 * @slot footer - Below everything.
 *
 * @csspart base - The box around everything.
 * @csspart heading - The heading.
 * @csspart description - The sentence below it.
 * @csspart qr - The frame of the QR code, the spinner and the status icon.
 * @csspart spinner - Shown while a session is asked for.
 * @csspart status-icon - Shown where there is neither code nor spinner.
 * @csspart message - What is going on, or went wrong; a polite live region.
 * @csspart link - The authorize URL as a link.
 * @csspart start-button - Asks for the first session, or a new one after `cancel()`.
 * @csspart retry-button - Asks again after an error.
 *
 * @cssproperty --didit-accent-color - Buttons, spinner and focus ring.
 * @cssproperty --didit-background - Ground of the box.
 * @cssproperty --didit-color - Text.
 * @cssproperty --didit-border - Border of the box, as the `border` shorthand.
 * @cssproperty --didit-radius - Roundness of the box; what is inside follows. Default 16px.
 * @cssproperty --didit-spacing - Inner spacing. Default 24px.
 * @cssproperty --didit-qr-size - Side of the QR code's frame, a length. Default 240px.
 * @cssproperty --didit-qr-color - The dark modules; kept dark whatever it is. Default black.
 * @cssproperty --didit-qr-background - Their ground; kept light whatever it is. Default white.
 *
 * @cssstate idle - Nothing asked for yet.
 * @cssstate loading - A session is asked for.
 * @cssstate ready - The code is on show.
 * @cssstate cancelled - Ended by `cancel()`.
 * @cssstate error - No session could be had.
 */
export class DiditVerifyElement extends LitElement {
  static override properties = {
    resolverUrl: { attribute: 'resolver-url' },
    resolver: { attribute: false },
    scope: {},
    vendorData: { attribute: 'vendor-data' },
    withCredentials: { attribute: 'with-credentials', type: Boolean },
    headers: { attribute: false },
    manual: { type: Boolean },
    loading: {},
    timeout: { type: Number },
    maxRetries: { attribute: 'max-retries', type: Number },
    allowedHosts: { attribute: 'allowed-hosts' },
    theme: { reflect: true, useDefault: true },
    strings: { attribute: false },
  };

  static override styles: CSSResultGroup = styles;

  /**
   * Registers the class, once for each registry. Does nothing where the tag is taken; under a
   * second name it registers a subclass, since a registry takes each class once (HTML, custom
   * elements).
   *
   * @throws DOMException for a name that is not a custom element's.
   */
  static define(
    tag = 'didit-verify',
    registry: CustomElementRegistry | null | undefined = globalThis.customElements,
  ): void {
    if (!registry || registry.get(tag)) return;
    try {
      registry.define(tag, this);
    } catch {
      registry.define(tag, class extends this {});
    }
  }

  /** The backend's endpoint that creates a session; a URL, relative ones to the page. */
  declare resolverUrl: string;

  /** Asks for a session in place of `resolverUrl`. May be a new function on every render. */
  declare resolver?: Resolver;

  /** Data to ask for, separated by spaces, sent to the resolver. The backend has the last word. */
  declare scope?: string;

  /** Sent to the resolver; backends should take the person from their own login instead. */
  declare vendorData?: string;

  /** Send cookies also where `resolverUrl` is on another origin. */
  declare withCredentials: boolean;

  /** Headers for the requests to the backend, or a function that gives them, say a CSRF token. */
  declare headers?: HeadersSource;

  /** Wait for a press of the start button, or for `start()`. */
  declare manual: boolean;

  /** `lazy`: do not start before the element comes near the viewport. Default `eager`. */
  declare loading: 'eager' | 'lazy';

  /** Milliseconds for one attempt, body included. Default 15000. */
  declare timeout: number;

  /** Further attempts after a failure that may pass. Default 2. */
  declare maxRetries: number;

  /**
   * Hosts that the authorize URL may have, separated by spaces or commas: a name, `*.` and a name, either with
   * a port. Plain `http:` is taken for loopback hosts named here, and for no others. Default
   * `didit.me *.didit.me`.
   */
  declare allowedHosts: string;

  /** `auto`, the default, follows the page's `color-scheme`. */
  declare theme: 'auto' | 'light' | 'dark';

  /** Words to replace, by key: `{ heading: 'Prove your age', 'rate-limited': '…' }`. */
  declare strings: Partial<Strings>;

  #controller = new SessionController(
    this,
    () => this.#options(),
    (state, previous) => this.#stateChanged(state, previous),
  );
  #qrFit = new QrFit(this);
  #internals = this.attachInternals();
  #pressed = false;

  constructor() {
    super();
    this.resolverUrl = '';
    this.withCredentials = false;
    this.manual = false;
    this.loading = 'eager';
    this.timeout = DEFAULT_TIMEOUT_MS;
    this.maxRetries = DEFAULT_MAX_RETRIES;
    this.allowedHosts = DEFAULT_ALLOWED_HOSTS;
    this.theme = 'auto';
    this.strings = {};
    this.#internals.states.add(this.state);
  }

  /** Where the element stands; also `:state(…)` in style sheets. */
  get state(): StateName {
    return this.#controller.state.name;
  }

  /** The session on show, or null. */
  get session(): PublicSession | null {
    const state = this.#controller.state;
    if (!('session' in state)) return null;
    const { sessionId, url, expiresAt } = state.session;
    // A date can be changed: the page gets one of its own.
    return { sessionId, url, expiresAt: expiresAt && new Date(expiresAt) };
  }

  /** Didit's own word for the session's status, as far as the backend told it, or null. */
  get status(): string | null {
    const state = this.#controller.state;
    return 'session' in state ? state.session.status : null;
  }

  /** Why there is no session, or null. */
  get error(): VerifyErrorDetail | null {
    const state = this.#controller.state;
    return state.name === 'error' ? state.error : null;
  }

  /**
   * Asks for a session where there is none: in `idle`, `cancelled` and `error`. While the page is
   * hidden the start is kept until it is seen.
   *
   * @returns the state, once it is on show; never rejects.
   */
  start(): Promise<StateName> {
    return this.#controller.start();
  }

  /** Asks for a new session in any state. Returns what `start()` does. */
  restart(): Promise<StateName> {
    return this.#controller.restart();
  }

  /** Ends what is going on: `loading` goes back to `idle`, a session on show to `cancelled`. */
  cancel(): Promise<StateName> {
    return this.#controller.cancel();
  }

  adoptedCallback(): void {
    if (this.shadowRoot) this.#dress(this.shadowRoot);
  }

  protected override createRenderRoot(): ShadowRoot {
    const root = this.attachShadow({ mode: 'open' });
    this.#dress(root);
    return root;
  }

  /** A style sheet belongs to one document (CSSOM, 6.2), so another document needs its own. */
  #dress(root: ShadowRoot): void {
    const { elementStyles } = this.constructor as typeof DiditVerifyElement;
    const page = this.ownerDocument.defaultView;
    if (page === window) return adoptStyles(root, elementStyles);
    if (!page) return;
    root.adoptedStyleSheets = elementStyles.map((style) => {
      const sheet = new page.CSSStyleSheet();
      sheet.replaceSync('cssText' in style ? style.cssText : rulesOf(style));
      return sheet;
    });
  }

  /** What markup left out or got wrong is replaced by its default. */
  #options(): SessionOptions {
    const { resolver, headers, withCredentials, manual } = this;
    return {
      ...{ resolver, headers, withCredentials, manual },
      resolverUrl: textOf(this.resolverUrl) ?? '',
      scope: textOf(this.scope),
      vendorData: textOf(this.vendorData),
      lazy: this.loading === 'lazy',
      timeout: Math.min(atLeast(1, this.timeout, DEFAULT_TIMEOUT_MS), MAX_TIMER_MS),
      maxRetries: atLeast(0, this.maxRetries, DEFAULT_MAX_RETRIES),
      allowedHosts: textOf(this.allowedHosts) ?? DEFAULT_ALLOWED_HOSTS,
    };
  }

  #stateChanged(state: VerifyState, previous: VerifyState): void {
    this.#internals.states.delete(previous.name);
    this.#internals.states.add(state.name);
    this.requestUpdate();
    if (state.name === 'ready' && this.session) {
      const detail: SessionCreatedDetail = { ...this.session, reason: state.reason };
      const event = new CustomEvent('session-created', { detail, bubbles: true, composed: true });
      this.dispatchEvent(event);
    }
    if (state.name === 'error') {
      this.dispatchEvent(new CustomEvent('error', { detail: state.error }));
    }
  }

  protected override render(): TemplateResult {
    const { resolverUrl, resolver } = this;
    return view({
      state: this.#controller.state,
      strings: withReplaced(this.strings),
      startable: Boolean(resolverUrl || resolver),
      sideOf: (modules) => this.#qrFit.sideOf(modules),
      onPress: this.#press,
    });
  }

  readonly #press = (): void => {
    this.#pressed = true;
    void this.start();
  };

  /** Where the pressed button is gone, whoever uses a keyboard goes on from here. */
  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.#pressed) return;
    this.#pressed = false;
    if (this.shadowRoot?.activeElement) return;
    this.renderRoot.querySelector<HTMLElement>('.base')?.focus({ preventScroll: true });
  }
}

/** An attribute that is taken away makes its property null, and nonsense makes it NaN. */
function atLeast(minimum: number, value: number | null, fallback: number): number {
  return value !== null && value >= minimum ? value : fallback;
}

/** Frameworks bind null for nothing, and numbers where a text is meant. */
function textOf(value: string | number | null | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function rulesOf(sheet: CSSStyleSheet): string {
  return Array.from(sheet.cssRules, (rule) => rule.cssText).join('');
}

declare global {
  interface HTMLElementTagNameMap {
    'didit-verify': DiditVerifyElement;
  }
}
