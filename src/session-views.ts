import { html, nothing, type TemplateResult } from 'lit';
import { SESSION_STROKES, STROKES } from './icons.js';
import type { LiveSession } from './live-session.js';
import { logoCode, type LogoCode } from './logo.js';
import type { QrCode } from './qr.js';
import type { FinalName, VerifyState } from './state.js';
import { countdownText } from './strings.js';
import { button, figure, icon, startButton, type Look } from './view-pieces.js';
import type { Parts, ViewModel } from './views.js';

/** The states that have a code. */
type CodeState = Extract<VerifyState, { codeShown: unknown }>;

/** The states of a session that goes on no more, and that nothing follows by itself. */
type EndedState = Extract<VerifyState, { name: FinalName | 'expired' }>;

/** On a phone the link is the main thing, and the code one press away for another device. */
export function readyParts(model: ViewModel, { session, codeShown }: CodeState): Parts {
  const { strings, locales, isTouch, secondsLeft } = model;
  const hasCode = codeShown || !isTouch;
  const isEnding = hasCode && secondsLeft !== null;
  return {
    figure: hasCode ? code(session, model) : figure(STROKES.phone, 'accent'),
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

export function inProgressParts(model: ViewModel, state: CodeState): Parts {
  const { strings, isTouch, disabled } = model;
  if (state.codeShown && !disabled) return readyParts(model, state);
  const actions = html`
    ${isTouch ? link(model, state.session) : nothing} ${showCodeButton(model)}
  `;
  return {
    figure: figure(SESSION_STROKES['in-progress'], 'accent'),
    message: isTouch ? strings['in-progress-touch'] : strings['in-progress'],
    actions: disabled ? undefined : actions,
  };
}

/** At most one button; a disabled control has none. */
export function endedParts(model: ViewModel, { name }: EndedState): Parts {
  return {
    figure: figure(SESSION_STROKES[name], LOOKS[name]),
    message: model.strings[name],
    actions: model.disabled ? undefined : again(model, name),
  };
}

const LOOKS: Partial<Record<EndedState['name'], Look>> = {
  approved: 'success',
  declined: 'danger',
};

function again(model: ViewModel, name: EndedState['name']): unknown {
  const { strings, refreshable } = model;
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
      ${icon(SESSION_STROKES[copied === 'yes' ? 'copied' : 'copy'])}
    </button>
  `;
}

function selectAll({ target }: Event): void {
  (target as HTMLInputElement).select();
}

function showCodeButton({ strings, presses }: ViewModel): unknown {
  return button('show-code-button', strings['show-code'], presses.showCode, 'quiet');
}
