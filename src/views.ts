import { html, nothing, type TemplateResult } from 'lit';
import type { QrCode } from './qr.js';
import type { VerifyState } from './state.js';
import type { Strings } from './strings.js';

/** Drawn with strokes in a box of 48 by 48. */
const ICONS = {
  phone: 'M16 5h16q3 0 3 3v32q0 3-3 3H16q-3 0-3-3V8q0-3 3-3zm6 32h4',
  cancelled: 'M24 6a18 18 0 1 0 .1 0zm-8 18h16',
  error: 'M24 6a18 18 0 1 0 .1 0zm0 8v13m0 6v.5',
};

/** All that the templates know. */
export interface ViewModel {
  readonly state: VerifyState;
  readonly strings: Strings;
  /** Whether a start button makes sense while idle. */
  readonly startable: boolean;
  /** Side of the QR code of so many modules, in CSS pixels. */
  readonly sideOf: (modules: number) => number;
  readonly onPress: () => void;
}

/** What differs from state to state; the frame around it stays, so nothing jumps. */
interface Parts {
  figure?: TemplateResult;
  message?: string;
  action?: TemplateResult;
}

/** The element's whole shadow tree. */
export function view(model: ViewModel): TemplateResult {
  const { figure, message, action } = parts(model);
  const { strings } = model;
  return html`
    <div part="base" class="base" role="group" aria-labelledby="heading" tabindex="-1">
      <div part="heading" class="heading" id="heading">
        <slot name="heading">${strings.heading}</slot>
      </div>
      <div part="description" class="description">
        <slot name="description">${strings.description}</slot>
      </div>
      <div part="qr" class="qr">
        <div class="ruler"></div>
        ${figure ?? nothing}
        <p part="message" class="message" role="status">${message ?? nothing}</p>
      </div>
      <div class="action">${action ?? nothing}</div>
      <slot name="footer"></slot>
    </div>
  `;
}

function parts(model: ViewModel): Parts {
  const { state, strings } = model;
  switch (state.name) {
    case 'idle':
      return idle(model, state.waiting);
    case 'loading':
      return { figure: spinner(), message: strings.loading };
    case 'ready':
      return {
        figure: qr(state.qr, model),
        action: link(state.session.url, strings.link),
      };
    case 'cancelled':
      return {
        figure: icon(ICONS.cancelled, 'muted'),
        message: strings.cancelled,
        action: button('start', strings.start, model),
      };
    case 'error':
      return {
        figure: icon(ICONS.error, 'danger'),
        message: strings[state.error.code],
        action: button('retry', strings.retry, model),
      };
    default:
      return state satisfies never;
  }
}

function idle(model: ViewModel, waiting: boolean): Parts {
  if (waiting) return { figure: spinner() };
  return {
    figure: icon(ICONS.phone, 'muted'),
    ...(model.startable ? { action: button('start', model.strings.start, model) } : {}),
  };
}

/** Drawn on its own ground, since the page behind it may be dark (ISO/IEC 18004, 6.3.8). */
function qr({ size, path }: QrCode, { strings, sideOf }: ViewModel): TemplateResult {
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

/** Never `await` before this: browsers open app links on a direct press only. */
function link(url: string, text: string): TemplateResult {
  return html`
    <a
      part="link"
      class="button"
      href=${url}
      target="_blank"
      rel="noopener noreferrer"
      referrerpolicy="no-referrer"
      >${text}</a
    >
  `;
}

/** `type="button"`, so that a form around the element is never submitted by it. */
function button(name: 'start' | 'retry', text: string, { onPress }: ViewModel): TemplateResult {
  return html`
    <button part="${name}-button" class="button" type="button" @click=${onPress}>${text}</button>
  `;
}

function spinner(): TemplateResult {
  return html`<span part="spinner" class="spinner"></span>`;
}

function icon(path: string, tone: 'muted' | 'danger'): TemplateResult {
  return html`
    <svg part="status-icon" class="icon ${tone}" viewBox="0 0 48 48" aria-hidden="true">
      <path d=${path} />
    </svg>
  `;
}
