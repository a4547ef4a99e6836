import { html, isServer, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import type { SessionOptions } from './session-controller.js';
import { INITIAL_STATE, type VerifyState } from './state.js';
import { languages } from './locale-loaders.js';

/** Whether there is no page: Lit's own word, which its types take for what it is in a page. */
export const onServer: boolean = isServer;

/**
 * What a server's answer has besides, for the time before the script has run, and for no script at
 * all: the page's own fallback takes the place of everything.
 */
export function serverView(view: TemplateResult): TemplateResult {
  return html`${view}<noscript><slot></slot></noscript>`;
}

/**
 * A server does not know the language around the element. English words are held back where they
 * would soon be others; their space is kept.
 */
export function serverStyles(): CSSResult {
  const others = languages().map((tag) => `:lang(${tag})`);
  return unsafeCSS(`
    :host(:is(${others.join()})) [lang='en'] :is(.heading, .text, .actions, span) {
      visibility: hidden;
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
