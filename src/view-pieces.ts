import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { ViewModel } from './views.js';

/**
 * `type="button"`, so that a form around the element is never submitted by it. A new one for each
 * part: nobody's focus is to be on what has become another.
 */
export function button(part: string, text: string, press: () => void, look = ''): unknown {
  const pressed = html`
    <button part=${part} class="button ${look}" type="button" @click=${press}>${text}</button>
  `;
  return keyed(part, pressed);
}

export function startButton({ presses }: ViewModel, text: string): unknown {
  return button('start-button', text, presses.start);
}

export type Look = 'danger' | 'success' | 'accent';

/** A new one for each drawing, so that it is drawn anew, and nothing moves. */
export function figure(stroke: string, look: Look | '' = ''): unknown {
  return keyed(stroke, icon(stroke, `disc ${look}`, 'status-icon'));
}

export function icon(stroke: string, look = 'small', part: unknown = nothing): TemplateResult {
  return html`
    <svg part=${part} class="icon ${look}" viewBox="0 0 48 48" aria-hidden="true">
      <path d=${stroke} pathLength="1" />
    </svg>
  `;
}
