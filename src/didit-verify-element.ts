import {
  adoptStyles,
  LitElement,
  type CSSResultGroup,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { VerifyErrorDetail } from './errors.js';
import { errorEvent, eventsOf, publicSession, type DiditVerifyEventMap } from './events.js';
import { Pointer } from './pointer.js';
import { QrFit } from './qr-fit.js';
import type { HeadersSource } from './backend-request.js';
import { Language } from './language.js';
import type { Resolver } from './resolver.js';
import { DEFAULT_ALLOWED_HOSTS, type PublicSession } from './session.js';
import { SessionController, type SessionOptions } from './session-controller.js';
import type { Action, StateName, VerifyState } from './state.js';
import type { StatusResolver } from './status-request.js';
import { english, withReplaced, type Strings } from './strings.js';
import { styles } from './styles.js';
import { dialogView, inlineView, type Presses, type ViewModel } from './views.js';

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_RETRIES = 2;
const DEFAULT_POLL_INTERVAL_MS = 3000;

/** A slip in the markup must not storm the site's own backend. */
const MIN_POLL_INTERVAL_MS = 100;

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
 * @event {CustomEvent<SessionExpiredDetail>} session-expired - The session's time is over, and it is
 * not finished; where a new one takes its place by itself, it says so. Bubbles and is composed.
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
 * @csspart countdown - In place of the description in the last minute of a code that is not replaced
 * by itself.
 * @csspart link - The authorize URL as a link.
 * @csspart copy-button - Copies that URL.
 * @csspart show-code-button - Shows the code where the link comes first, or again after the scan.
 * @csspart start-button - Asks for a session, or opens the dialog.
 * @csspart retry-button - Asks again after an error.
 * @csspart dialog - The dialog, where `presentation` says so.
 * @csspart close-button - Closes it.
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

  /** Send cookies also to other origins, for the session as for its status. */
  declare withCredentials: boolean;

  /**
   * Headers for the requests to the backend, or a function that gives them, say a CSRF token. They
   * go to `resolverUrl` and `statusUrl`, wherever these are.
   */
  declare headers?: HeadersSource;

  /** Wait for a press of the start button, or for `start()`. */
  declare manual: boolean;

  /** `lazy`: do not start before the element comes near the viewport. Default `eager`. */
  declare loading: 'eager' | 'lazy';

  /** Milliseconds for one attempt to get a session or its status, body included. Default 15000. */
  declare timeout: number;

  /**
   * Further attempts to get a session after a failure that may pass: no connection, no answer in
   * time, 5xx and 429; on another origin, where no key makes a repeat harmless, 429 and 503 alone. A
   * `resolver` is called once. Default 2.
   */
  declare maxRetries: number;

  /**
   * Hosts that the authorize URL may have, separated by spaces or commas: a name, `*.` and a name,
   * either with a port. Plain `http:` is taken for loopback hosts named here, and for no others.
   * Default `didit.me *.didit.me`.
   */
  declare allowedHosts: string;

  /** `auto`, the default, follows the page's `color-scheme`. */
  declare theme: 'auto' | 'light' | 'dark';

  /** Words to replace, by key: `{ heading: 'Prove your age', 'rate-limited': '…' }`. */
  declare strings: Partial<Strings>;

  /**
   * Where to ask for the status, in place of what the resolver answered; a URL, relative ones to the
   * page, in which `{session_id}` stands for the session's id.
   */
  declare statusUrl?: string;

  /** Asks for the status in place of the URL; then no stream is used. */
  declare statusResolver?: StatusResolver;

  /** Milliseconds between two questions for the status, where there is no stream; at least 100. Default 3000. */
  declare pollInterval: number;

  /**
   * What follows a code that nobody has scanned in time: `auto`, the default, replaces it shortly
   * before its end, five times at most until a person presses something; `manual` offers a button;
   * `never` does neither.
   */
  declare refreshExpired: 'auto' | 'manual' | 'never';

  /** Keep nothing in `sessionStorage`: a reload begins anew. */
  declare noResume: boolean;

  /** `dialog`: a button that opens a native dialog, where the session begins. Default `inline`. */
  declare presentation: 'inline' | 'dialog';

  /** Whether the dialog is open. */
  declare open: boolean;

  /** The name in its form. */
  declare name: string;

  /** Its form cannot be submitted until the person is approved. */
  declare required: boolean;

  /** Starts nothing and shows neither code nor controls; a session under way is still followed. */
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

  /** Where the element stands; also `:state(…)` in style sheets. */
  get state(): StateName {
    return this.#controller.state.name;
  }

  /** The session on show, an ended one too, or null. */
  get session(): PublicSession | null {
    const state = this.#controller.state;
    return 'session' in state ? publicSession(state.session) : null;
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

  /** What keeps the form from being submitted, or empty. */
  get validationMessage(): string {
    return this.#internals.validationMessage;
  }

  /** Whether the form looks at it at all: not where it is disabled. */
  get willValidate(): boolean {
    return this.#internals.willValidate;
  }

  /** Whether it is valid; dispatches `invalid` where it is not. */
  checkValidity(): boolean {
    this.#updateFormValue();
    return this.#internals.checkValidity();
  }

  /** The same, and tells the person. */
  reportValidity(): boolean {
    this.#updateFormValue();
    return this.#internals.reportValidity();
  }

  /**
   * Asks for a session where there is none: in `idle`, `expired`, `cancelled` and `error`. While the
   * page is hidden the start is kept until it is seen.
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

  /** Ends what is going on: `loading` goes back to `idle`, a session under way to `cancelled`. */
  cancel(): Promise<StateName> {
    return this.#controller.cancel();
  }

  /** Opens the dialog, where `presentation` says so, and starts. Returns what `start()` does. */
  async showModal(): Promise<StateName> {
    if (!this.#isDialog || this.#isDisabled || this.open) return this.start();
    this.open = true;
    await this.#rendered();
    return this.#controller.settled();
  }

  /** Closes the dialog; the session goes on. */
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

  adoptedCallback(): void {
    if (this.shadowRoot) this.#dress(this.shadowRoot);
  }

  protected override createRenderRoot(): ShadowRoot {
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
    return this.matches(':disabled');
  }

  get #isDialog(): boolean {
    return this.presentation === 'dialog';
  }

  /** What markup left out or got wrong is replaced by its default. */
  #options(): SessionOptions {
    const { resolver, headers, withCredentials, statusResolver, noResume } = this;
    const isClosed = this.#isDialog && !this.open;
    return {
      resolver,
      headers,
      withCredentials,
      statusResolver,
      noResume,
      manual: this.manual || this.#isDialog,
      disabled: this.#isDisabled,
      // Nobody looks at a closed dialog's code.
      autoRefresh: this.#refreshes === 'auto' && !this.#isDisabled && !isClosed,
      resolverUrl: textOf(this.resolverUrl) ?? '',
      statusUrl: textOf(this.statusUrl),
      scope: textOf(this.scope),
      vendorData: textOf(this.vendorData),
      lazy: this.loading === 'lazy',
      timeout: Math.min(atLeast(1, this.timeout, DEFAULT_TIMEOUT_MS), MAX_TIMER_MS),
      maxRetries: atLeast(0, this.maxRetries, DEFAULT_MAX_RETRIES),
      pollInterval: this.#pollInterval,
      allowedHosts: textOf(this.allowedHosts) ?? DEFAULT_ALLOWED_HOSTS,
    };
  }

  get #pollInterval(): number {
    const given = atLeast(1, this.pollInterval, DEFAULT_POLL_INTERVAL_MS);
    return Math.min(Math.max(given, MIN_POLL_INTERVAL_MS), MAX_TIMER_MS);
  }

  get #refreshes(): 'auto' | 'manual' | 'never' {
    const { refreshExpired } = this;
    return refreshExpired === 'manual' || refreshExpired === 'never' ? refreshExpired : 'auto';
  }

  #stateChanged(state: VerifyState, previous: VerifyState, action: Action): void {
    this.#internals.states.delete(previous.name);
    this.#internals.states.add(state.name);
    if (urlOf(state) !== urlOf(previous)) this.#copied = 'no';
    if (state !== previous) this.#retryAt = retryTime(state);
    this.#updateFormValue();
    this.requestUpdate();
    const changes = state.name === 'approved' && previous.name !== 'approved';
    const change = new Event('change', { bubbles: true });
    for (const event of [...eventsOf(state, previous, action), ...(changes ? [change] : [])]) {
      // A listener may have moved on: of what is past nothing more is told.
      if (this.#controller.state !== state) return;
      this.dispatchEvent(event);
    }
  }

  // A form control

  #updateFormValue(): void {
    this.#internals.setFormValue(this.value || null);
    const isMissing = this.required && !this.value;
    const find = (selector: string) => this.shadowRoot?.querySelector<HTMLElement>(selector);
    const anchor = find('a, button') ?? find('.base');
    // The platform takes no empty one.
    const message = this.#strings['value-missing'] || english['value-missing'];
    if (isMissing)
      this.#internals.setValidity({ valueMissing: true }, message, anchor ?? undefined);
    else this.#internals.setValidity({});
  }

  // A dialog

  get #dialog(): HTMLDialogElement | null {
    return this.shadowRoot?.querySelector('dialog') ?? null;
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
    super.willUpdate(changed);
    const isEnding = this.#controller.secondsLeft !== null;
    // What is said of the link makes way for what is said of the last minute.
    if (isEnding && !this.#isEnding && this.#copied === 'yes') this.#copied = 'no';
    this.#isEnding = isEnding;
    const isShown = this.open && this.#isDialog;
    if (isShown && (changed.has('open') || changed.has('presentation'))) void this.start();
  }

  protected override render(): TemplateResult {
    const model = this.#viewModel();
    return this.#isDialog ? dialogView(model, this.#dialogClosed) : inlineView(model);
  }

  get #strings(): Strings {
    return withReplaced(this.#language.words.strings, this.strings);
  }

  #viewModel(): ViewModel {
    const { words, isKnown, isPending } = this.#language;
    // In a language without words of ours, those that the page gives are in its own.
    const isOwn = !isKnown && Object.keys({ ...this.strings }).length > 0;
    return {
      state: this.#controller.state,
      strings: this.#strings,
      locales: words.locales,
      lang: isOwn ? undefined : words.lang,
      dir: isOwn ? undefined : words.dir,
      isPending,
      startable: Boolean(this.resolverUrl || this.resolver),
      refreshable: this.#refreshes !== 'never',
      disabled: this.#isDisabled,
      isTouch: this.#pointer.isCoarse,
      copied: this.#copied,
      secondsLeft: this.#controller.secondsLeft,
      retryAt: this.#retryAt,
      hasLogo: this.querySelector(':scope > [slot="logo"]') !== null,
      sideOf: (modules) => this.#qrFit.sideOf(modules),
      presses: this.#presses,
    };
  }

  readonly #presses: Presses = {
    start: () => this.#press(() => this.start()),
    showCode: () => this.#press(() => this.#controller.showCode()),
    copy: () => this.#press(() => this.#copy()),
    open: () => this.#press(() => this.showModal()),
    close: () => this.#press(() => this.close()),
  };

  #press(action: () => unknown): void {
    this.#pressed = true;
    this.#controller.personActed();
    this.requestUpdate();
    void action();
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
    super.updated(changed);
    this.#updateFormValue();
    if (changed.has('open') || changed.has('presentation')) this.#turnDialog();
    if (!this.#pressed) return;
    this.#pressed = false;
    const { activeElement, body } = this.ownerDocument;
    if (activeElement && activeElement !== body) return;
    const find = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector);
    (find('.url') ?? find('.base'))?.focus({ preventScroll: true });
  }
}

/** By a clock of the day: what is more than half a day away has no time of its own. */
function retryTime(state: VerifyState): Date | null {
  const seconds = state.name === 'error' ? state.error.retryAfter : undefined;
  return seconds && seconds < 43_200 ? new Date(Date.now() + seconds * 1000) : null;
}

function urlOf(state: VerifyState): string | null {
  return 'session' in state ? state.session.url : null;
}

/** An attribute that is taken away makes its property null, and nonsense makes it NaN. */
function atLeast(minimum: number, value: unknown, fallback: number): number {
  return typeof value === 'number' && value >= minimum ? value : fallback;
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
