import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { VerifyErrorCode } from './errors.js';
import { strokes, type IconName } from './icons.js';
import type { Words } from './language.js';
import type { LiveSession } from './live-session.js';
import type { LogoCode } from './logo.js';
import type { QrCode } from './qr.js';
import { logoCode } from './session-parts.js';
import type { VerifyState } from './state.js';
import { countdownText, waitText, type Strings } from './strings.js';

/** What a person can press. */
export interface Presses {
  readonly start: () => void;
  readonly showCode: () => void;
  readonly copy: () => void;
  readonly open: () => void;
  readonly close: () => void;
}

/** All that the templates know. */
export interface ViewModel {
  readonly state: VerifyState;
  readonly strings: Strings;
  /** For `Intl`, the best first. */
  readonly locales: readonly string[];
  /** Language and direction of the words, where they are not just the page's own. */
  readonly lang?: string;
  readonly dir?: Words['dir'];
  /** The words of the page's language are on their way. */
  readonly isPending: boolean;
  /** Whether a start button makes sense while idle. */
  readonly startable: boolean;
  /** Whether a person may ask for a new code after the old one has ended. */
  readonly refreshable: boolean;
  /** No code and nothing to press. */
  readonly disabled: boolean;
  /** The main pointer is a finger: the link comes first. */
  readonly isTouch: boolean;
  /** What has become of copying the link: it was refused where it must be copied by hand. */
  readonly copied: 'no' | 'yes' | 'refused';
  /** Seconds of the countdown, or null for none. */
  readonly secondsLeft: number | null;
  /** When trying again makes sense after an error, or null where nobody said so. */
  readonly retryAt: Date | null;
  /** There is something to put into the middle of the code. */
  readonly hasLogo: boolean;
  /** Side of the QR code of so many modules, in CSS pixels. */
  readonly sideOf: (modules: number) => number;
  readonly presses: Presses;
}

/** The states that have a code. */
type CodeState = Extract<VerifyState, { codeShown: unknown }>;

/** What differs from state to state; the frame around it stays, so nothing jumps. */
interface Parts {
  figure?: unknown;
  /** What is going on, in place of what to do. */
  message?: string;
  /** The same, for screen readers alone: whoever sees the figure need not be told. */
  spoken?: string;
  /** Seconds left, in place of what to do. */
  countdown?: string;
  actions?: TemplateResult;
}

/** The element's whole shadow tree, in the page's flow. */
export function inlineView(model: ViewModel): TemplateResult {
  return html`<div class="room">${frame(model, parts(model))}</div>`;
}

/** A button, and the same in a dialog. The platform keeps the focus inside, and gives it back. */
export function dialogView(model: ViewModel, onClose: () => void): TemplateResult {
  const { state, lang, dir, presses } = model;
  const shown = parts(model);
  if (state.name === 'approved') shown.actions = doneButton(model);
  return html`
    <button
      part="start-button"
      class="button ${pending(model)}"
      type="button"
      lang=${lang ?? nothing}
      dir=${dir ?? nothing}
      aria-haspopup="dialog"
      ?disabled=${model.disabled}
      @click=${presses.open}
    >
      ${state.name === 'approved' ? smallIcon('approved') : nothing}
      <span>${triggerText(model)}</span>
    </button>
    <dialog
      part="dialog"
      class="dialog"
      aria-labelledby="heading"
      dir=${dir ?? nothing}
      @close=${onClose}
    >
      ${closeButton(model)} ${frame(model, shown, nothing)}
    </dialog>
  `;
}

/** A dialog has the name that it would have. */
function frame(model: ViewModel, shown: Parts, name: string | typeof nothing = 'heading') {
  const { strings, lang, dir } = model;
  return html`
    <div
      part="base"
      class="base ${pending(model)} ${shown.actions ? '' : 'bare'}"
      role="group"
      aria-labelledby=${name}
      tabindex="-1"
      lang=${lang ?? nothing}
      dir=${dir ?? nothing}
    >
      <div part="heading" class="heading" id="heading">
        <slot name="heading">${strings.heading}</slot>
      </div>
      <div class="text">${text(model, shown)}</div>
      <div class="ruler"></div>
      <div part="qr" class="qr">${shown.figure ?? nothing}</div>
      <div class="actions">${shown.actions ?? nothing}</div>
      <slot name="footer"></slot>
    </div>
  `;
}

/** What to do, or in its place what is going on. */
function text(model: ViewModel, { message, spoken, countdown, actions }: Parts): TemplateResult {
  const { state, strings, isTouch } = model;
  const isUnsaid = message !== undefined || countdown !== undefined || actions === undefined;
  const hasLinkAlone = isTouch && !('codeShown' in state && state.codeShown);
  const said = message ?? spoken ?? nothing;
  const look = message === undefined ? 'message spoken' : 'message';
  const toDo = hasLinkAlone ? strings['description-touch'] : strings.description;
  return html`
    <div part="description" class="description ${isUnsaid ? 'unsaid' : ''}">
      <slot name="description">${toDo}</slot>
    </div>
    <p part="message" class=${look} role="status">${anew(said)}</p>
    ${countdown === undefined ? nothing : html`<p part="countdown" class="countdown">${anew(countdown)}</p>`}
  `;
}

/** A new node for each text: Chromium counts one that stays, and begins elsewhere, as moved. */
function anew(text: unknown): unknown {
  return keyed(text, text);
}

function pending({ isPending }: ViewModel): string {
  return isPending ? 'pending' : '';
}

function parts(model: ViewModel): Parts {
  const { state, strings } = model;
  switch (state.name) {
    case 'idle':
      return idle(model, state.waiting);
    case 'loading':
      return busy(model, strings.loading);
    case 'ready':
      return state.overdue ? busy(model, strings.checking) : ready(model, state);
    case 'in-progress':
      return inProgress(model, state);
    case 'expired':
      return state.refreshing ? busy(model, strings.loading) : expired(model);
    case 'approved':
      return { figure: icon('approved', 'success'), message: strings.approved };
    case 'declined':
      return { figure: icon('declined', 'danger'), message: strings.declined };
    case 'in-review':
      return { figure: icon('in-review', 'muted'), message: strings['in-review'] };
    case 'cancelled':
      return cancelled(model);
    case 'error':
      return failed(model, errorText(model, state.error.code));
    default:
      return state satisfies never;
  }
}

function errorText({ strings, locales, retryAt }: ViewModel, code: VerifyErrorCode): string {
  const isKnown = code === 'rate-limited' && retryAt;
  return isKnown ? waitText(strings, retryAt, locales) : strings[code];
}

function failed(model: ViewModel, message: string): Parts {
  return stopped(model, icon('error', 'danger'), message, retryButton(model));
}

function cancelled(model: ViewModel): Parts {
  const { strings } = model;
  return stopped(model, icon('cancelled', 'muted'), strings.cancelled, startButton(model, 'start'));
}

/** No code, and at most one button; a disabled control has none. */
function stopped(
  { disabled }: ViewModel,
  figure: unknown,
  message?: string,
  again?: TemplateResult,
): Parts {
  return { figure, message, actions: disabled ? undefined : again };
}

function busy({ disabled }: ViewModel, message: string): Parts {
  return disabled ? { figure: icon('phone', 'muted') } : { figure: spinner(), message };
}

function idle(model: ViewModel, waiting: boolean): Parts {
  if (waiting && !model.disabled) return { figure: spinner() };
  const start = model.startable ? startButton(model, 'start') : undefined;
  return stopped(model, icon('phone', 'muted'), undefined, start);
}

/** On a phone the link is the main thing, and the code one press away for another device. */
function ready(model: ViewModel, { session, codeShown }: CodeState): Parts {
  if (model.disabled) return { figure: icon('phone', 'muted') };
  const hasCode = codeShown || !model.isTouch;
  return {
    figure: hasCode ? code(session, model) : icon('phone', 'accent'),
    spoken: spokenText(model, hasCode),
    countdown: hasCode ? countdown(model) : undefined,
    actions: html`
      ${link(model, session)} ${hasCode ? nothing : showCodeButton(model)}
      ${copying(model, session)}
    `,
  };
}

/** Not each second, but that the last minute has begun. */
function spokenText({ strings, copied, secondsLeft }: ViewModel, hasCode: boolean): string {
  if (copied === 'yes') return strings.copied;
  if (!hasCode) return strings['ready-touch'];
  return secondsLeft === null ? strings.ready : strings.ending;
}

function inProgress(model: ViewModel, state: CodeState): Parts {
  const { strings, isTouch, disabled } = model;
  const message = isTouch ? strings['in-progress-touch'] : strings['in-progress'];
  const figure = icon('in-progress', 'accent');
  if (disabled) return { figure, message };
  if (state.codeShown) return ready(model, state);
  const actions = html`
    ${isTouch ? link(model, state.session) : nothing} ${showCodeButton(model)}
  `;
  return { figure, message, actions };
}

function expired(model: ViewModel): Parts {
  const { strings, refreshable } = model;
  const again = refreshable ? startButton(model, 'refresh') : undefined;
  return stopped(model, icon('expired', 'muted'), strings.expired, again);
}

/** The code, with the page's logo where it can do without its middle. */
function code({ url, qr }: LiveSession, model: ViewModel): TemplateResult {
  const withLogo = model.hasLogo ? logoCode(url, model.sideOf) : null;
  return html`
    <div class="code-frame">
      ${drawing(withLogo?.qr ?? qr, model)}
      ${withLogo ? logo(withLogo, model) : html`<slot name="logo" hidden></slot>`}
    </div>
  `;
}

/** Drawn on its own ground, since the page behind it may be dark (ISO/IEC 18004, 6.3.8). */
function drawing({ size, path }: QrCode, { strings, sideOf }: ViewModel): TemplateResult {
  const side = sideOf(size);
  return html`
    <svg
      class="code"
      role="img"
      aria-label=${strings['qr-label']}
      width=${side}
      height=${side}
      viewBox="0 0 ${size} ${size}"
      shape-rendering="crispEdges"
    >
      <rect width=${size} height=${size} />
      <g><path d=${path} /></g>
    </svg>
  `;
}

/** What is in the slot has the size of the plate, whatever the page does to it. */
function logo({ qr, plate }: LogoCode, { sideOf }: ViewModel): TemplateResult {
  const side = (sideOf(qr.size) / qr.size) * plate;
  return html`
    <div class="logo" inert>
      <svg class="code plate" width=${side} height=${side} viewBox="0 0 1 1">
        <rect width="1" height="1" />
      </svg>
      <div class="logo-clip"><slot name="logo"></slot></div>
    </div>
  `;
}

/**
 * Never `await` before this: browsers open app links on a direct press only. On a phone it opens in
 * the same tab, where Didit's callback returns to.
 */
function link({ strings, isTouch }: ViewModel, { url }: LiveSession): TemplateResult {
  return html`
    <a
      part="link"
      class="button ${isTouch ? '' : 'quiet'}"
      href=${url}
      target=${isTouch ? nothing : '_blank'}
      rel="noopener noreferrer"
      referrerpolicy="no-referrer"
      >${isTouch ? strings['link-touch'] : strings.link}</a
    >
  `;
}

/** Where the clipboard refuses, the text itself can be selected. */
function copying(model: ViewModel, { url }: LiveSession): TemplateResult {
  const { strings, copied, presses } = model;
  if (copied === 'refused') {
    return html`<input
      class="url"
      readonly
      aria-label=${strings['url-label']}
      .value=${url}
      @focus=${selectAll}
    />`;
  }
  return html`
    <button
      part="copy-button"
      class="button quiet square"
      type="button"
      aria-label=${strings.copy}
      title=${strings.copy}
      @click=${presses.copy}
    >
      ${smallIcon(copied === 'yes' ? 'copied' : 'copy')}
    </button>
  `;
}

function selectAll({ target }: Event): void {
  (target as HTMLInputElement).select();
}

function showCodeButton({ strings, presses }: ViewModel): TemplateResult {
  return html`
    <button part="show-code-button" class="button quiet" type="button" @click=${presses.showCode}>
      ${strings['show-code']}
    </button>
  `;
}

function closeButton({ strings, lang, presses }: ViewModel): TemplateResult {
  return html`
    <button
      part="close-button"
      class="close"
      type="button"
      lang=${lang ?? nothing}
      aria-label=${strings.close}
      @click=${presses.close}
    >
      ${smallIcon('close')}
    </button>
  `;
}

function doneButton({ strings, presses }: ViewModel): TemplateResult {
  return html`
    <button part="close-button" class="button" type="button" @click=${presses.close}>
      ${strings.done}
    </button>
  `;
}

/** `type="button"`, so that a form around the element is never submitted by it. */
function startButton({ strings, presses }: ViewModel, text: 'start' | 'refresh'): TemplateResult {
  return html`
    <button part="start-button" class="button" type="button" @click=${presses.start}>
      ${strings[text]}
    </button>
  `;
}

function retryButton({ strings, presses }: ViewModel): TemplateResult {
  return html`
    <button part="retry-button" class="button" type="button" @click=${presses.start}>
      ${strings.retry}
    </button>
  `;
}

function triggerText({ state, strings }: ViewModel): string {
  switch (state.name) {
    case 'ready':
    case 'in-progress':
      return strings.reopen;
    case 'approved':
    case 'in-review':
      return strings[state.name];
    default:
      return strings.open;
  }
}

function countdown({ strings, secondsLeft, locales }: ViewModel): string | undefined {
  return secondsLeft === null ? undefined : countdownText(strings, secondsLeft, locales);
}

function spinner(): TemplateResult {
  return html`<span part="spinner" class="spinner"></span>`;
}

type Look = 'muted' | 'danger' | 'success' | 'accent';

/** A new one for each name, so that it is drawn anew, and nothing moves. */
function icon(name: IconName, look: Look): unknown {
  const drawing = html`
    <svg part="status-icon" class="icon disc ${look}" viewBox="0 0 48 48" aria-hidden="true">
      ${strokes(name)}
    </svg>
  `;
  return keyed(name, drawing);
}

function smallIcon(name: IconName): TemplateResult {
  return html`
    <svg class="icon small" viewBox="0 0 48 48" aria-hidden="true">${strokes(name)}</svg>
  `;
}
