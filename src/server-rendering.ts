import { html, isServer, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import { languages } from './match-locale.js';
import type { SessionOptions } from './session-controller.js';
import { INITIAL_STATE, type VerifyState } from './state.js';

/** A `boolean`, since Lit's types say what it is in a page: the constant `false`. */
export const onServer: boolean = isServer;

/** With the page's own fallback, for where there is no script. */
export function serverView(view: TemplateResult): TemplateResult {
  return html`${view}<noscript><slot></slot></noscript>`;
}

/**
 * For the time before the script has run. What will soon be something else is held back, as fonts
 * are, for 3 seconds at the most; its space is kept. That is English words where the language around
 * is another, which a server does not know; what to do, with a finger; and what draws itself when it
 * comes.
 */
export function serverStyles(): CSSResult {
  const others = languages().map((tag) => `:lang(${tag})`);
  return unsafeCSS(`
    .disc,
    :host(:is(${others.join()})) [lang='en'] :is(.heading, .text, .actions, span) {
      animation: wait 3s step-end;
    }

    @media (pointer: coarse) {
      .description {
        animation: wait 3s step-end;
      }
    }

    :is(.heading, .description:not(.unsaid)) ::slotted(*) {
      visibility: visible;
    }

    @media (scripting: none) {
      .room, .button {
        display: none;
      }
    }
  `);
}

/** The state that a page will begin with: on a server nothing begins. */
export function serverState(options: SessionOptions): VerifyState {
  const { resolverUrl, resolver, manual, disabled, lazy } = options;
  if (manual || disabled || !(resolverUrl || resolver)) return INITIAL_STATE;
  if (lazy) return { name: 'idle', waiting: true };
  return { name: 'loading', reason: 'initial', replacing: false };
}
