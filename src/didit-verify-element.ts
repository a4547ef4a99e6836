import {
  adoptStyles,
  LitElement,
  type CSSResultGroup,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { VerifyErrorDetail } from './errors.js';
import { errorEvent, eventsOf, type DiditVerifyEventMap } from './events.js';
import { Pointer } from './pointer.js';
import { QrFit } from './qr-fit.js';
import type { HeadersSource } from './backend-request.js';
import { styles } from './element-styles.js';
import { Language } from './language.js';
import type { LiveSession } from './live-session.js';
import type { Resolver } from './resolver.js';
import { DEFAULT_ALLOWED_HOSTS, type PublicSession } from './session.js';
import { SessionController, type SessionOptions } from './session-controller.js';
import { publicSession } from './session-parts.js';
import type { Action, StateName, VerifyState } from './state.js';
import type { StatusResolver } from './status-request.js';
import { onServer, serverState, serverStyles, serverView } from './server-rendering.js';
import { english, withReplaced, type Strings } from './strings.js';
import { dialogView, inlineView, type Presses, type ViewModel } from './views.js';

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_RETRIES = 2;
const DEFAULT_POLL_INTERVAL_MS = 3000;

/** A slip in the markup must not storm the site's own backend. */
const MIN_POLL_INTERVAL_MS = 100;

/** The longest delay that timers take; a longer one would fire at once (HTML, timers). */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface DiditVerifyElement {
  /** Listens to an event of the element's own, with its `detail` typed. */
  addEventListener<K extends keyof DiditVerifyEventMap>(
    type: K,
    listener: (this: DiditVerifyElement, event: DiditVerifyEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens to an event that any element has. */
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: DiditVerifyElement, event: HTMLElementEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens to an event of any other name. */
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens no more to an event of the element's own. */
  removeEventListener<K extends keyof DiditVerifyEventMap>(
    type: K,
    listener: (this: DiditVerifyElement, event: DiditVerifyEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  /** Listens no more to an event that any element has. */
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: DiditVerifyElement, event: HTMLElementEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  /** Listens no more to an event of any other name. */
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

/**
 * Asks a person to prove who they are with Didit: gets a session from the site's own backend, shows
 * its authorize URL as a QR code and as a link, follows it until the person has confirmed or
 * declined, and tells the page by events. What a page learns is a hint: the backend decides.
 *
 * @summary Identity verification with Didit, as one tag.
 *
 * @event {CustomEvent<SessionCreatedDetail>} session-created - A session is there, its code is
 * about to be shown. Bubbles and is composed.
 * @event {CustomEvent<StatusChangedDetail>} status-changed - State or Didit's word changed while
 * there is a session. Bubbles and is composed.
 * @event {CustomEvent<SessionCompletedDetail>} session-completed - Approved, declined, in review or
 * cancelled; once. Bubbles and is composed.
 * @event {CustomEvent<SessionExpiredDetail>} session-expired - The session's time is over, and it
 * is not finished; where a new one takes its place by itself, it says so. Bubbles and is composed.
 * @event {CustomEvent<VerifyErrorDetail>} error - No session could be had, after the last retry, or
 * its status cannot be asked for. Does not bubble.
 * @event {Event} change - The form value changed. Bubbles.
 * @event {Event} close - The dialog was closed. Does not bubble.
 *
 * @slot - Fallback for pages without script; not shown once the element is defined.
 * @slot heading - In place of the heading.
 * @slot description - In place of the sentence below the heading.
 * @slot logo - A picture for the middle of the code. Left out where the code would be hard to read.
 * @slot footer - Below everything.
 *
 * @csspart base - The box around everything.
 * @csspart heading - The heading.
 * @csspart description - The sentence below it.
 * @csspart qr - The frame of the QR code, the spinner and the status icon.
 * @csspart spinner - Shown while something is asked for.
 * @csspart status-icon - Shown where there is neither code nor spinner.
 * @csspart message - What is going on, or went wrong, in place of the description; a polite live
 * region.
 * @csspart countdown - In place of the description in the last minute of a code that is not
 * replaced by itself.
 * @csspart link - The authorize URL as a link.
 * @csspart copy-button - Copies that URL.
 * @csspart show-code-button - Shows the code where the link comes first, or again after the scan.
 * @csspart start-button - Asks for a session, or opens the dialog.
 * @csspart retry-button - Asks again after an error.
 * @csspart dialog - The dialog, where `presentation` says so.
 * @csspart close-button - Closes it.
 *
 * @cssproperty [--didit-accent-color=light-dark(#2457e6, #8fb0ff)] - Buttons, spinner and focus
 * ring; a colour.
 * @cssproperty [--didit-background=light-dark(#fff, #17191f)] - Ground of the box; a colour.
 * @cssproperty [--didit-color=light-dark(#15171c, #eceef3)] - Text; a colour.
 * @cssproperty [--didit-border=1px solid light-dark(#dfe2e8, #343843)] - Border of the box, as the
 * `border` shorthand.
 * @cssproperty [--didit-radius=16px] - Roundness of the box; what is inside follows. A length with
 * a unit, also zero (`0px`).
 * @cssproperty [--didit-spacing=24px] - Inner spacing. A length with a unit, also zero (`0px`).
 * @cssproperty [--didit-qr-size=240px] - Side of the QR code's frame. A length with a unit.
 * @cssproperty [--didit-qr-color=#000] - The dark modules; a colour, kept dark whatever it is.
 * @cssproperty [--didit-qr-background=#fff] - Their ground; a colour, kept light whatever it is.
 *
 * @cssstate idle - Nothing asked for yet.
 * @cssstate loading - A session is asked for.
 * @cssstate ready - The code can be scanned.
 * @cssstate in-progress - The phone has opened it.
 * @cssstate approved - Confirmed.
 * @cssstate declined - Declined.
 * @cssstate in-review - Somebody at Didit looks at it.
 * @cssstate cancelled - Ended by `cancel()`, or on the phone.
 * @cssstate expired - Its time is over, and it is not finished.
 * @cssstate error - No session could be had.
 */
export class DiditVerifyElement extends LitElement {
  static override properties: PropertyDeclarations = {
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
    statusUrl: { attribute: 'status-url' },
    statusResolver: { attribute: false },
    pollInterval: { attribute: 'poll-interval', type: Number },
    refreshExpired: { attribute: 'refresh-expired' },
    noResume: { attribute: 'no-resume', type: Boolean },
    presentation: { reflect: true, useDefault: true },
    open: { type: Boolean, reflect: true },
    name: { reflect: true, useDefault: true },
    required: { type: Boolean, reflect: true },
    // Declared, so that what is set before the upgrade is kept.
    disabled: { attribute: false, noAccessor: true },
  };

  /** Takes part in forms (HTML, form-associated custom elements). */
  static formAssociated = true;

  static override styles: CSSResultGroup = onServer ? [styles, serverStyles()] : styles;

  /**
   * Registers the class, once for each registry. Does nothing where the tag is taken, or where
   * there is no registry, as on a server; under a second name it registers a subclass, since a
   * registry takes each class once (HTML, custom elements).
   *
   * @param tag - the name of the tag.
   * @param registry - where it is registered; the page's own, or a scoped one.
   * @throws DOMException `SyntaxError` for a name that is not a custom element's.
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

  /**
   * The backend's endpoint that creates a session: a URL, relative ones to the page. Without it and
   * without a `resolver`, starting ends in `resolver-missing`.
   *
   * @default ''
   */
  declare resolverUrl: string;

  /**
   * Asks for a session in place of `resolverUrl`. May be a new function on every render. Where it
   * throws, the error is `resolver-failed`.
   *
   * @default undefined
   */
  declare resolver?: Resolver;

  /**
   * Data to ask for, separated by spaces, sent to the resolver. The backend has the last word.
   *
   * @default undefined
   */
  declare scope?: string;

  /**
   * The site's own word for the person, sent to the resolver. Backends should take the person from
   * their login instead: a page can send anything.
   *
   * @default undefined
   */
  declare vendorData?: string;

  /**
   * Send cookies also to other origins, for the session as for its status.
   *
   * @default false
   */
  declare withCredentials: boolean;

  /**
   * Headers for the requests to the backend, or a function that gives them, say a CSRF token. They
   * go to `resolverUrl` and `statusUrl`, wherever these are. Where they cannot be had or sent, the
   * error is `resolver-failed`, and for the status `status-unavailable`.
   *
   * @default undefined
   */
  declare headers?: HeadersSource;

  /**
   * Wait for a press of the start button, or for `start()`.
   *
   * @default false
   */
  declare manual: boolean;

  /**
   * When to start: `eager` at once, `lazy` not before the element comes near the viewport.
   *
   * @default 'eager'
   */
  declare loading: 'eager' | 'lazy';

  /**
   * Milliseconds for one attempt to get a session or its status, body included. A session that
   * takes longer is `resolver-timeout`.
   *
   * @default 15000
   */
  declare timeout: number;

  /**
   * Further attempts to get a session after a failure that may pass: no connection, no answer in
   * time, 5xx and 429; on another origin, where no key makes a repeat harmless, 429 and 503 alone.
   * A `resolver` is called once.
   *
   * @default 2
   */
  declare maxRetries: number;

  /**
   * Hosts that the authorize URL may have, separated by spaces or commas: a name, or `*.` and a
   * name, either with a port. Plain `http:` is taken for loopback hosts named here, and for no
   * others. Any other URL is not shown, and the error is `unsafe-url`.
   *
   * @default 'didit.me *.didit.me'
   */
  declare allowedHosts: string;

  /**
   * Light or dark; `auto` follows the page's `color-scheme`.
   *
   * @default 'auto'
   */
  declare theme: 'auto' | 'light' | 'dark';

  /**
   * Words to replace in any language, by key, those of errors by their code:
   * `{ heading: 'Prove your age', 'rate-limited': '…' }`. May be a new object on every render.
   *
   * @default {}
   */
  declare strings: Partial<Strings>;

  /**
   * Where to ask for the status, in place of what the resolver answered: a URL, relative ones to
   * the page, in which `{session_id}` stands for the session's id.
   *
   * @default undefined
   */
  declare statusUrl?: string;

  /**
   * Asks for the status in place of the URL; then no stream is used. May be a new function on every
   * render. Where it throws three times in a row, the error is `status-unavailable`.
   *
   * @default undefined
   */
  declare statusResolver?: StatusResolver;

  /**
   * Milliseconds between two questions for the status, where there is no stream; at least 100.
   *
   * @default 3000
   */
  declare pollInterval: number;

  /**
   * What follows a code that nobody has scanned in time: `auto` replaces it shortly before its end,
   * five times at most until a person presses something; `manual` offers a button; `never` does
   * neither.
   *
   * @default 'auto'
   */
  declare refreshExpired: 'auto' | 'manual' | 'never';

  /**
   * Keep nothing in `sessionStorage`: a reload begins anew.
   *
   * @default false
   */
  declare noResume: boolean;

  /**
   * Where it is shown: `inline` in the page, `dialog` as a button that opens a native dialog, where
   * the session begins.
   *
   * @default 'inline'
   */
  declare presentation: 'inline' | 'dialog';

  /**
   * Whether the dialog is open. Setting it opens or closes the dialog.
   *
   * @default false
   */
  declare open: boolean;

  /**
   * The name in its form. Without one its value is not submitted.
   *
   * @default ''
   */
  declare name: string;

  /**
   * Its form cannot be submitted until the person is approved.
   *
   * @default false
   */
  declare required: boolean;

  /**
   * Starts nothing and shows neither code nor controls; a session under way is still followed. The
   * same as the attribute, so it does not tell of a disabled fieldset around the element.
   *
   * @attr disabled
   * @reflect
   * @default false
   */
  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }

  set disabled(isDisabled: boolean) {
    // As the platform's controls do: the browser then says so by `formDisabledCallback`.
    if (isDisabled) this.setAttribute('disabled', '');
    else this.removeAttribute('disabled');
  }

  #controller = new SessionController(this, () => this.#options(), {
    onChange: (...change) => this.#stateChanged(...change),
    onFailure: (detail) => this.dispatchEvent(errorEvent(detail)),
  });
  #qrFit = new QrFit(this);
  #pointer = new Pointer(this);
  #language = new Language(this);
  #internals = this.attachInternals();
  #pressed = false;
  #copied: ViewModel['copied'] = 'no';
  #isEnding = false;
  #retryAt: Date | null = null;

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
    this.pollInterval = DEFAULT_POLL_INTERVAL_MS;
    this.refreshExpired = 'auto';
    this.noResume = false;
    this.presentation = 'inline';
    this.open = false;
    this.name = '';
    this.required = false;
    this.#internals.states.add(this.state);
  }

  /** Where the element stands; also `:state(…)` in style sheets. `idle` at first. */
  get state(): StateName {
    return this.#controller.state.name;
  }

  /** The session on show, also an ended one, or null where there is none. */
  get session(): PublicSession | null {
    const session = sessionOf(this.#controller.state);
    return session && publicSession(session);
  }

  /** Didit's own word for the session's status, as far as the backend told it, or null. */
  get status(): string | null {
    return sessionOf(this.#controller.state)?.status ?? null;
  }

  /** Why there is no session, in the state `error`, or null. */
  get error(): VerifyErrorDetail | null {
    const state = this.#controller.state;
    return state.name === 'error' ? state.error : null;
  }

  /** The form value: the session's id once it is approved, until then empty. */
  get value(): string {
    const state = this.#controller.state;
    return state.name === 'approved' ? state.session.sessionId : '';
  }

  /** The form that it belongs to, or null. */
  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }

  /** The `<label>` elements that are for it. */
  get labels(): NodeList {
    return this.#internals.labels;
  }

  /** `valueMissing` where it is required and the person is not approved. */
  get validity(): ValidityState {
    return this.#internals.validity;
  }

  /** What keeps the form from being submitted, in the person's language, or empty. */
  get validationMessage(): string {
    return this.#internals.validationMessage;
  }

  /** Whether the form looks at it at all: not where it is disabled. */
  get willValidate(): boolean {
    return this.#internals.willValidate;
  }

  /**
   * Checks it as its form does, and dispatches `invalid` where it is not valid.
   *
   * @returns whether it is valid.
   */
  checkValidity(): boolean {
    this.#updateValidity();
    return this.#internals.checkValidity();
  }

  /**
   * Checks it as its form does, dispatches `invalid` where it is not valid, and tells the person.
   *
   * @returns whether it is valid.
   */
  reportValidity(): boolean {
    this.#updateValidity();
    return this.#internals.reportValidity();
  }

  /**
   * Asks for a session where there is none: in `idle`, `expired`, `cancelled` and `error`; in any
   * other state it asks for nothing. While the page is hidden the start is kept until it is seen. A
   * failure ends in the state `error`, with one of all codes but `status-unavailable`.
   *
   * @returns the state, once it is on show; never rejects.
   */
  start(): Promise<StateName> {
    return this.#controller.start();
  }

  /**
   * Asks for a new session in any state. It fails as `start()` does.
   *
   * @returns the state, once it is on show; never rejects.
   */
  restart(): Promise<StateName> {
    return this.#controller.restart();
  }

  /**
   * Ends what is going on: `loading` goes back to `idle`, a session under way to `cancelled`. The
   * session itself goes on at Didit, which is not told.
   *
   * @returns the state, once it is on show; never rejects.
   */
  cancel(): Promise<StateName> {
    return this.#controller.cancel();
  }

  /**
   * Opens the dialog, where `presentation` says so, and starts; without a dialog it only starts. It
   * fails as `start()` does.
   *
   * @returns the state, once it is on show; never rejects.
   */
  async showModal(): Promise<StateName> {
    // It may have been closed a moment ago, of which the browser has yet to tell.
    if (!this.#isDisabled) this.#showDialog();
    if (!this.#isDialog || this.#isDisabled || this.open) return this.start();
    this.open = true;
    await this.#rendered();
    return this.#controller.settled();
  }

  /**
   * Closes the dialog; the session goes on.
   *
   * @returns the state, once the dialog is closed; never rejects.
   */
  async close(): Promise<StateName> {
    this.open = false;
    await this.#rendered();
    return this.state;
  }

  /** A node that was never in a page renders nothing yet. */
  async #rendered(): Promise<void> {
    if (this.isConnected) await this.updateComplete;
  }

  override connectedCallback(): void {
    // Servers may be told to call it, and there is nothing to connect to.
    if (onServer) return;
    super.connectedCallback();
    this.#showDialog();
  }

  /** Moved by `moveBefore()`: nothing has to be let go, nor begun again. */
  connectedMoveCallback(): void {
    this.#showDialog();
  }

  /** It was switched itself, or a fieldset around it. */
  formDisabledCallback(): void {
    this.requestUpdate();
  }

  /** As at first, but nothing starts by itself: a session costs money. */
  formResetCallback(): void {
    this.#controller.reset();
  }

  /** Another document needs style sheets of its own. */
  adoptedCallback(): void {
    if (this.shadowRoot) this.#dress(this.shadowRoot);
  }

  protected override createRenderRoot(): ShadowRoot {
    // One that came with the page is given back, empty (DOM, attach a shadow root).
    const root = this.attachShadow({ mode: 'open' });
    // A logo has come, or gone.
    root.addEventListener('slotchange', () => this.requestUpdate());
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

  get #isDisabled(): boolean {
    return onServer ? this.disabled : this.matches(':disabled');
  }

  get #isDialog(): boolean {
    return this.presentation === 'dialog';
  }

  /** What markup left out or got wrong is replaced by its default. */
  #options(): SessionOptions {
    const { resolver, headers, withCredentials, statusResolver, noResume } = this;
    const isDialog = this.#isDialog;
    const isDisabled = this.#isDisabled;
    const isClosed = isDialog && !this.open;
    const refreshes = !['manual', 'never'].includes(this.refreshExpired);
    return {
      resolver,
      headers,
      withCredentials,
      statusResolver,
      noResume,
      manual: this.manual || isDialog,
      disabled: isDisabled,
      // Nobody looks at the code of a closed dialog.
      autoRefresh: refreshes && !isDisabled && !isClosed,
      resolverUrl: textOf(this.resolverUrl) ?? '',
      statusUrl: textOf(this.statusUrl),
      scope: textOf(this.scope),
      vendorData: textOf(this.vendorData),
      lazy: this.loading === 'lazy',
      timeout: numberOf(this.timeout, 1, DEFAULT_TIMEOUT_MS),
      maxRetries: numberOf(this.maxRetries, 0, DEFAULT_MAX_RETRIES),
      pollInterval: Math.max(
        numberOf(this.pollInterval, 1, DEFAULT_POLL_INTERVAL_MS),
        MIN_POLL_INTERVAL_MS,
      ),
      allowedHosts: textOf(this.allowedHosts) ?? DEFAULT_ALLOWED_HOSTS,
    };
  }

  #stateChanged(state: VerifyState, previous: VerifyState, action: Action): void {
    this.#internals.states.delete(previous.name);
    this.#internals.states.add(state.name);
    if (sessionOf(state)?.url !== sessionOf(previous)?.url) this.#copied = 'no';
    // In the split build, styles have come that a sheet of another document may not have yet.
    const isNew = sessionOf(state) && !sessionOf(previous);
    if (isNew && this.ownerDocument !== document) this.adoptedCallback();
    this.#retryAt = retryTime(state);
    this.#internals.setFormValue(this.value || null);
    this.#updateValidity();
    this.requestUpdate();
    const events = eventsOf(state, previous, action);
    const changes = state.name === 'approved' && previous.name !== 'approved';
    if (changes) events.push(new Event('change', { bubbles: true }));
    for (const event of events) {
      // A listener may have moved on: of what is past nothing more is told.
      if (this.#controller.state !== state) return;
      this.dispatchEvent(event);
    }
  }

  // A form control

  #updateValidity(): void {
    if (this.required && !this.value) {
      // The platform takes no empty one.
      const message = this.#strings['value-missing'] || english['value-missing'];
      const anchor = this.#find('a, button') ?? this.#find('.base') ?? undefined;
      this.#internals.setValidity({ valueMissing: true }, message, anchor);
    } else if (!this.validity.valid) this.#internals.setValidity({});
  }

  #find(selector: string): HTMLElement | null | undefined {
    return this.shadowRoot?.querySelector<HTMLElement>(selector);
  }

  // A dialog

  get #dialog(): HTMLDialogElement | null | undefined {
    return this.shadowRoot?.querySelector('dialog');
  }

  /** What is moved loses its place above the page, though not the attribute. */
  #showDialog(): void {
    const dialog = this.#dialog;
    const isInPage = this.isConnected && this.ownerDocument.defaultView !== null;
    if (!dialog || !this.open || !isInPage || dialog.matches(':modal')) return;
    dialog.removeAttribute('open');
    dialog.showModal();
  }

  #turnDialog(): void {
    if (this.open) this.#showDialog();
    else if (this.#dialog?.open) this.#dialog.close();
  }

  readonly #dialogClosed = (): void => {
    // It may have been opened again meanwhile.
    if (this.#dialog?.open) return;
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isEnding = this.#controller.secondsLeft !== null;
    // What is said of the link makes way for what is said of the last minute.
    if (isEnding && !this.#isEnding && this.#copied === 'yes') this.#copied = 'no';
    this.#isEnding = isEnding;
    const isShown = this.open && this.#isDialog && !onServer;
    if (isShown && (changed.has('open') || changed.has('presentation'))) void this.start();
  }

  protected override render(): TemplateResult {
    const model = this.#viewModel();
    const view = this.#isDialog ? dialogView(model, this.#dialogClosed) : inlineView(model);
    return onServer ? serverView(view) : view;
  }

  get #strings(): Strings {
    return withReplaced(this.#language.words.strings, this.strings);
  }

  #viewModel(): ViewModel {
    const { words, isKnown, isPending } = this.#language;
    // In a language without words of ours, those that the page gives are in its own.
    const isOwn = !isKnown && Object.keys({ ...this.strings }).length > 0;
    const { lang, dir } = isOwn ? {} : words;
    return {
      state: onServer ? serverState(this.#options()) : this.#controller.state,
      strings: this.#strings,
      locales: words.locales,
      lang,
      dir,
      isPending,
      startable: Boolean(this.resolverUrl || this.resolver),
      refreshable: this.refreshExpired !== 'never',
      disabled: this.#isDisabled,
      isTouch: this.#pointer.isCoarse,
      copied: this.#copied,
      secondsLeft: this.#controller.secondsLeft,
      retryAt: this.#retryAt,
      hasLogo: !onServer && this.querySelector(':scope > [slot="logo"]') !== null,
      sideOf: (modules) => this.#qrFit.sideOf(modules),
      presses: this.#presses,
    };
  }

  readonly #presses: Presses = {
    start: this.#press(() => this.start()),
    showCode: this.#press(() => this.#controller.showCode()),
    copy: this.#press(() => this.#copy()),
    open: this.#press(() => this.showModal()),
    close: this.#press(() => this.close()),
  };

  #press(action: () => unknown): () => void {
    return () => {
      this.#pressed = true;
      this.#controller.personActed();
      this.requestUpdate();
      void action();
    };
  }

  async #copy(): Promise<void> {
    const { session } = this;
    if (!session) return;
    try {
      await navigator.clipboard.writeText(session.url);
      this.#copied = 'yes';
    } catch {
      this.#copied = 'refused';
    }
    if (this.session?.url !== session.url) this.#copied = 'no';
    this.#pressed = true;
    this.requestUpdate();
  }

  /** Where the pressed button is gone, whoever uses a keyboard goes on from here. */
  protected override updated(changed: PropertyValues): void {
    this.#updateValidity();
    if (changed.has('open') || changed.has('presentation')) this.#turnDialog();
    if (!this.#pressed) return;
    this.#pressed = false;
    const { activeElement, body } = this.ownerDocument;
    if (activeElement && activeElement !== body) return;
    (this.#find('.url') ?? this.#find('.base'))?.focus({ preventScroll: true });
  }
}

/** By a clock of the day: what is more than half a day away has no time of its own. */
function retryTime(state: VerifyState): Date | null {
  const seconds = state.name === 'error' ? state.error.retryAfter : undefined;
  return seconds && seconds < 43_200 ? new Date(Date.now() + seconds * 1000) : null;
}

function sessionOf(state: VerifyState): LiveSession | null {
  return 'session' in state ? state.session : null;
}

/** Frameworks set properties to the text of a template; what is taken away is null. */
function numberOf(value: unknown, minimum: number, fallback: number): number {
  const number = parseFloat(textOf(value) ?? '');
  return number >= minimum ? Math.min(number, MAX_TIMER_MS) : fallback;
}

/** Frameworks bind null for nothing, and numbers where a text is meant. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function rulesOf(sheet: CSSStyleSheet): string {
  return Array.from(sheet.cssRules, (rule) => rule.cssText).join('');
}

declare global {
  interface HTMLElementTagNameMap {
    'didit-verify': DiditVerifyElement;
  }
}
