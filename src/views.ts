import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { VerifyErrorCode } from './errors.js';
import { STROKES, type IconName } from './icons.js';
import type { Words } from './language.js';
import type { LiveSession } from './live-session.js';
import type { LogoCode } from './logo.js';
import type { QrCode } from './qr.js';
import { logoCode } from './session-parts.js';
import type { FinalName, StateName, VerifyState } from './state.js';
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

/** The states that the phone has not opened. */
type UnopenedState = Extract<VerifyState, { name: 'idle' | 'loading' | 'ready' | 'expired' }>;

/** The states that nothing follows by itself. */
type EndedState = Extract<VerifyState, { name: FinalName | 'expired' | 'error' }>;

/** What differs from state to state; the frame around it stays, so nothing jumps. */
interface Parts {
  figure?: unknown;
  /** What is going on, in place of what to do. */
  message?: string;
  /** The same, for screen readers alone: whoever sees the figure need not be told. */
  spoken?: string;
  /** Seconds left, in place of what to do. */
  countdown?: string;
  actions?: unknown;
}

/** The element's whole shadow tree, in the page's flow. */
export function inlineView(model: ViewModel): TemplateResult {
  return html`<div class="room">${frame(model, parts(model))}</div>`;
}

/** A button, and the same in a dialog. The platform keeps the focus inside, and gives it back. */
export function dialogView(model: ViewModel, onClose: () => void): TemplateResult {
  const { state, strings, lang = nothing, dir = nothing, presses } = model;
  const shown = parts(model);
  if (state.name === 'approved') {
    shown.actions = button('close-button', strings.done, presses.close);
  }
  return html`
    ${opener(model)}
    <dialog
      part="dialog"
      class="dialog"
      aria-labelledby="heading"
      lang=${lang}
      dir=${dir}
      @close=${onClose}
    >
      <button
        part="close-button"
        class="close"
        type="button"
        aria-label=${strings.close}
        @click=${presses.close}
      >
        ${icon('close')}
      </button>
      ${frame(model, shown, nothing)}
    </dialog>
  `;
}

function opener(model: ViewModel): TemplateResult {
  const { state, strings, lang = nothing, dir = nothing, presses } = model;
  return html`
    <button
      part="start-button"
      class="button ${pending(model)}"
      type="button"
      lang=${lang}
      dir=${dir}
      aria-haspopup="dialog"
      ?disabled=${model.disabled}
      @click=${presses.open}
    >
      ${state.name === 'approved' ? icon('approved') : nothing}
      <span>${strings[OPENERS[state.name] ?? 'open']}</span>
    </button>
  `;
}

/** What the button that opens the dialog says, where it is not just that. */
const OPENERS: Partial<Record<StateName, 'reopen' | 'approved' | 'in-review'>> = {
  ready: 'reopen',
  'in-progress': 'reopen',
  approved: 'approved',
  'in-review': 'in-review',
};

/** A dialog has the name that it would have. */
function frame(model: ViewModel, shown: Parts, name: string | typeof nothing = 'heading') {
  const { strings, lang = nothing, dir = nothing } = model;
  return html`
    <div
      part="base"
      class="base ${pending(model)} ${shown.actions ? '' : 'bare'}"
      role="group"
      aria-labelledby=${name}
      tabindex="-1"
      lang=${lang}
      dir=${dir}
    >
      <div part="heading" class="heading" id="heading">
        <slot name="heading">${strings.heading}</slot>
      </div>
      <div class="text">${text(model, shown)}</div>
      <div class="ruler"></div>
      <div part="qr" class="qr">${shown.figure}</div>
      <div class="actions">${shown.actions}</div>
      <slot name="footer"></slot>
    </div>
  `;
}

/** What to do, or in its place what is going on. */
function text(model: ViewModel, { message, spoken, countdown, actions }: Parts): TemplateResult {
  const { state, strings, isTouch } = model;
  const isUnsaid = message !== undefined || countdown !== undefined || !actions;
  const hasLinkAlone = isTouch && !('codeShown' in state && state.codeShown);
  const look = message === undefined ? 'spoken' : '';
  const toDo = hasLinkAlone ? strings['description-touch'] : strings.description;
  return html`
    <div part="description" class="description ${isUnsaid ? 'unsaid' : ''}">
      <slot name="description">${toDo}</slot>
    </div>
    <p part="message" class="message ${look}" role="status">${anew(message ?? spoken)}</p>
    ${countdown && html`<p part="countdown" class="countdown">${anew(countdown)}</p>`}
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
  const { state } = model;
  switch (state.name) {
    case 'idle':
    case 'loading':
    case 'ready':
      return unopened(model, state);
    case 'in-progress':
      return inProgress(model, state);
    case 'expired':
      return state.refreshing ? unopened(model, state) : ended(model, state);
    default:
      return ended(model, state);
  }
}

/** What the phone has not opened: a disabled control has no code, and nothing to press. */
function unopened(model: ViewModel, state: UnopenedState): Parts {
  const { strings, disabled, startable } = model;
  if (disabled) return { figure: figure('phone') };
  switch (state.name) {
    case 'idle':
      if (state.waiting) return { figure: spinner() };
      return {
        figure: figure('phone'),
        actions: startable ? startButton(model, strings.start) : undefined,
      };
    case 'ready':
      return state.overdue ? busy(strings.checking) : ready(model, state);
    default:
      return busy(strings.loading);
  }
}

function busy(message: string): Parts {
  return { figure: spinner(), message };
}

/** On a phone the link is the main thing, and the code one press away for another device. */
function ready(model: ViewModel, { session, codeShown }: CodeState): Parts {
  const { strings, locales, isTouch, secondsLeft } = model;
  const hasCode = codeShown || !isTouch;
  const isEnding = hasCode && secondsLeft !== null;
  return {
    figure: hasCode ? code(session, model) : figure('phone', 'accent'),
    spoken: spokenText(model, hasCode),
    countdown: isEnding ? countdownText(strings, secondsLeft, locales) : undefined,
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
  if (state.codeShown && !disabled) return ready(model, state);
  const actions = html`
    ${isTouch ? link(model, state.session) : nothing} ${showCodeButton(model)}
  `;
  return {
    figure: figure('in-progress', 'accent'),
    message: isTouch ? strings['in-progress-touch'] : strings['in-progress'],
    actions: disabled ? undefined : actions,
  };
}

/** At most one button; a disabled control has none. */
function ended(model: ViewModel, state: EndedState): Parts {
  const { name } = state;
  return {
    figure: figure(name, LOOKS[name]),
    message: name === 'error' ? errorText(model, state.error.code) : model.strings[name],
    actions: model.disabled ? undefined : again(model, name),
  };
}

const LOOKS: Partial<Record<StateName, Look>> = {
  approved: 'success',
  declined: 'danger',
  error: 'danger',
};

function errorText({ strings, locales, retryAt }: ViewModel, code: VerifyErrorCode): string {
  const isKnown = code === 'rate-limited' && retryAt;
  return isKnown ? waitText(strings, retryAt, locales) : strings[code];
}

function again(model: ViewModel, name: EndedState['name']): unknown {
  const { strings, presses, refreshable } = model;
  if (name === 'error') return button('retry-button', strings.retry, presses.start);
  if (name === 'cancelled') return startButton(model, strings.start);
  return name === 'expired' && refreshable ? startButton(model, strings.refresh) : undefined;
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
      ${icon(copied === 'yes' ? 'copied' : 'copy')}
    </button>
  `;
}

function selectAll({ target }: Event): void {
  (target as HTMLInputElement).select();
}

function showCodeButton({ strings, presses }: ViewModel): unknown {
  return button('show-code-button', strings['show-code'], presses.showCode, 'quiet');
}

function startButton({ presses }: ViewModel, text: string): unknown {
  return button('start-button', text, presses.start);
}

/**
 * `type="button"`, so that a form around the element is never submitted by it. A new one for each
 * part: nobody's focus is to be on what has become another.
 */
function button(part: string, text: string, press: () => void, look = ''): unknown {
  const pressed = html`
    <button part=${part} class="button ${look}" type="button" @click=${press}>${text}</button>
  `;
  return keyed(part, pressed);
}

function spinner(): TemplateResult {
  return html`<span part="spinner" class="spinner"></span>`;
}

type Look = 'danger' | 'success' | 'accent';

/** A new one for each name, so that it is drawn anew, and nothing moves. */
function figure(name: IconName, look: Look | '' = ''): unknown {
  return keyed(name, icon(name, `disc ${look}`, 'status-icon'));
}

function icon(name: IconName, look = 'small', part: unknown = nothing): TemplateResult {
  return html`
    <svg part=${part} class="icon ${look}" viewBox="0 0 48 48" aria-hidden="true">
      <path d=${STROKES[name]} pathLength="1" />
    </svg>
  `;
}
