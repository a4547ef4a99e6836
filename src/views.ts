import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { VerifyErrorCode } from './errors.js';
import { STROKES } from './icons.js';
import type { Words } from './language.js';
import { endedParts, inProgressParts, readyParts } from './session-parts.js';
import type { StateName, VerifyState } from './state.js';
import { waitText, type Strings } from './strings.js';
import { button, figure, icon, startButton } from './view-pieces.js';

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

/** The states that the phone has not opened. */
type UnopenedState = Extract<VerifyState, { name: 'idle' | 'loading' | 'ready' | 'expired' }>;

type ErrorState = Extract<VerifyState, { name: 'error' }>;

/** What differs from state to state; the frame around it stays, so nothing jumps. */
export interface Parts {
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
        ${icon(STROKES.close)}
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
      ${state.name === 'approved' ? icon(STROKES.approved) : nothing}
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
      return inProgressParts(model, state);
    case 'expired':
      return state.refreshing ? unopened(model, state) : endedParts(model, state);
    case 'error':
      return failed(model, state);
    default:
      return endedParts(model, state);
  }
}

/** What the phone has not opened: a disabled control has no code, and nothing to press. */
function unopened(model: ViewModel, state: UnopenedState): Parts {
  const { strings, disabled, startable } = model;
  if (disabled) return { figure: figure(STROKES.phone) };
  switch (state.name) {
    case 'idle':
      if (state.waiting) return { figure: spinner() };
      return {
        figure: figure(STROKES.phone),
        actions: startable ? startButton(model, strings.start) : undefined,
      };
    case 'ready':
      return state.overdue ? busy(strings.checking) : readyParts(model, state);
    default:
      return busy(strings.loading);
  }
}

function busy(message: string): Parts {
  return { figure: spinner(), message };
}

function failed(model: ViewModel, { error }: ErrorState): Parts {
  const { strings, presses, disabled } = model;
  return {
    figure: figure(STROKES.error, 'danger'),
    message: errorText(model, error.code),
    actions: disabled ? undefined : button('retry-button', strings.retry, presses.start),
  };
}

function errorText({ strings, locales, retryAt }: ViewModel, code: VerifyErrorCode): string {
  const isKnown = code === 'rate-limited' && retryAt;
  return isKnown ? waitText(strings, retryAt, locales) : strings[code];
}

function spinner(): TemplateResult {
  return html`<span part="spinner" class="spinner"></span>`;
}
