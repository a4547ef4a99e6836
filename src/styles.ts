import { css } from './css.js';

/**
 * The element's style sheet, without what only a session that goes on has a use for. Public custom
 * properties are `--didit-*`; `--_*` are its own.
 */
export const styles = css`
  :host {
    --_background: var(--didit-background, light-dark(#fff, #17191f));
    --_color: var(--didit-color, light-dark(#15171c, #eceef3));
    --_muted: color-mix(in oklab, var(--_color) 74%, var(--_background));
    --_border: var(--didit-border, 1px solid light-dark(#dfe2e8, #343843));
    --_accent: var(--didit-accent-color, light-dark(#2457e6, #8fb0ff));
    --_radius: var(--didit-radius, 16px);
    --_spacing: var(--didit-spacing, 24px);
    --_qr-size: var(--didit-qr-size, 240px);
    --_width: calc(max(20rem, var(--_qr-size) + 2 * var(--_spacing) + 2px));
    /* Rows of buttons: one, and with a finger two. */
    --_actions: 44px;

    /* As wide as it likes to be, and narrower where there is less room, whatever it is in. */
    display: grid;
    grid-template-columns: minmax(200px, auto);
    box-sizing: border-box;
    inline-size: fit-content;
    max-inline-size: 100%;
    font-family: system-ui, sans-serif;
    line-height: 1.4;
    /* What is around may have words that nobody is to see. */
    text-indent: 0;
    text-align: center;
    -webkit-text-fill-color: currentColor;
  }

  :host([presentation='dialog']) {
    display: inline-block;
    inline-size: auto;
  }

  .room {
    container-type: inline-size;
    contain-intrinsic-inline-size: var(--_width);
  }

  /*
   * Chromium, which alone knows this selector, loses a container in a fieldset where both change at
   * once: its height is 0 from then on (seen in 156).
   */
  :host-context(fieldset) :is(.room, .dialog) {
    container-type: normal;
    contain: inline-size;
  }

  :host([hidden]) {
    display: none;
  }

  :host([theme='light']) {
    color-scheme: light;
  }

  :host([theme='dark']) {
    color-scheme: dark;
  }

  * {
    box-sizing: border-box;
  }

  .base {
    display: grid;
    grid-template:
      'heading'
      'text'
      'figure'
      'actions'
      / minmax(0, 1fr);
    align-content: start;
    justify-items: center;
    gap: calc(var(--_spacing) / 2);
    /* What README reserves before the script has loaded: at least the built-in words' height. */
    min-block-size: calc(var(--_qr-size) + 11.5rem + var(--_actions));
    padding: var(--_spacing);
    border: var(--_border);
    border-radius: var(--_radius);
    background: var(--_background);
    /* Not the host's, which rules for all elements of a page set. */
    color: var(--_color);
    overflow-wrap: anywhere;
    /* Columns, and pages of paper, would cut the code in two. */
    break-inside: avoid;
  }

  .heading {
    grid-area: heading;
    font-size: 1.25em;
    font-weight: 650;
    line-height: 1.25;
    text-wrap: balance;
  }

  ::slotted([slot='heading']),
  ::slotted([slot='description']) {
    margin: 0;
    font: inherit;
  }

  /* One on the other: what is said changes, its place does not. */
  .text {
    display: grid;
    grid-area: text;
    grid-template-columns: minmax(0, 34ch);
    position: relative;
  }

  .text > * {
    grid-area: 1 / 1;
    align-content: center;
    margin: 0;
    text-wrap: balance;
    /* Between phrases where words have no spaces, as in Japanese. */
    word-break: auto-phrase;
  }

  .description {
    color: var(--_muted);
  }

  .unsaid {
    visibility: hidden;
  }

  /* Where it is when it is seen, so that nothing moves. */
  .spoken {
    position: absolute;
    inset: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }

  /* Words of another language are on their way, or English after a second. */
  .pending :is(.heading, .text, .actions, span) {
    animation: wait 1s step-end;
  }

  /* Not the page's own. Only then: a page may hide all of it. */
  .pending :is(.heading, .description:not(.unsaid)) ::slotted(*) {
    visibility: visible;
  }

  @keyframes wait {
    from {
      visibility: hidden;
    }
  }

  .ruler,
  .qr {
    grid-area: figure;
  }

  .ruler {
    inline-size: min(var(--_qr-size), 100%);
    aspect-ratio: 1;
  }

  .qr {
    display: grid;
    place-self: stretch;
    place-content: center;
    /* To be seen where colours are forced or not printed. */
    outline: 1px solid transparent;
    outline-offset: -1px;
    border-radius: calc(var(--_radius) * 0.75);
    background: color-mix(in oklab, var(--_tone, var(--_color)) 5%, var(--_background));
  }

  .qr:has(.danger) {
    --_tone: light-dark(#b3261e, #ffb4ab);
  }

  /* With nothing to press below, it takes that place, too. */
  @container (inline-size < 32rem) {
    .bare .qr {
      grid-row-end: actions;
    }
  }

  .icon {
    color: var(--_tone, var(--_muted));
    fill: none;
    stroke: currentColor;
    stroke-width: 3;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .disc {
    inline-size: min(120px, 60cqi);
    padding: 32px;
    border: 1px solid transparent;
    border-radius: 50%;
    background: color-mix(in oklab, currentColor 14%, var(--_background));
    animation: appear 0.3s ease-out;
  }

  .disc path {
    stroke-dasharray: 1 2;
    animation: draw 0.6s ease-out;
  }

  .small {
    flex: none;
    inline-size: 1.25em;
    color: inherit;
    stroke-width: 5;
  }

  .actions {
    display: flex;
    grid-area: actions;
    flex-wrap: wrap;
    gap: 8px;
    inline-size: 100%;
    min-block-size: var(--_actions);
  }

  ::slotted([slot='footer']) {
    grid-column: 1 / -1;
  }

  .button,
  .url {
    min-block-size: 44px;
    padding: 8px 12px;
    border: 1px solid transparent;
    border-radius: calc(var(--_radius) * 0.625);
    font: inherit;
  }

  .button {
    display: flex;
    flex: auto;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-inline-size: 44px;
    background: var(--_accent);
    color: oklch(from var(--_accent) clamp(0, (0.66 - l) * 999, 1) 0 0);
    font-weight: 600;
    line-height: 1.25;
    text-decoration: none;
    overflow-wrap: anywhere;
    cursor: pointer;
    transition: filter 0.15s;
  }

  .button:hover {
    filter: brightness(1.08);
  }

  .button:active {
    filter: brightness(0.94);
  }

  .button:disabled {
    opacity: 0.5;
    cursor: default;
  }

  :focus-visible {
    outline: 3px solid color-mix(in oklab, var(--_accent) 60%, var(--_color));
    outline-offset: 2px;
    /* Between the ring and a page of the other theme. */
    box-shadow: 0 0 0 2px var(--_background);
  }

  .base:focus-visible,
  .close:focus-visible {
    outline-offset: -4px;
  }

  /* Where a finger points, there may be two rows of buttons. */
  @media (pointer: coarse) {
    :host {
      --_actions: 104px;
    }

    .actions {
      align-content: start;
    }
  }

  /* Between these, buttons of one line and of two take turns: the room that is left moves nothing. */
  @container not (17.5rem <= inline-size <= 21rem) {
    .base {
      grid-template-rows: auto auto 1fr auto;
    }
  }

  @container (inline-size < 17.5rem) {
    .base {
      padding: calc(var(--_spacing) / 2);
      hyphens: auto;
    }
  }

  /* Wide: the code beside the words. */
  @container (inline-size >= 32rem) {
    .base {
      grid-template:
        'figure .' 1fr
        'figure heading'
        'figure text'
        'figure actions'
        'figure .' 1fr
        / auto minmax(0, 1fr);
      column-gap: var(--_spacing);
      min-block-size: 0;
      text-align: start;
      justify-items: start;
    }

    .text > * {
      align-content: start;
    }

    .ruler {
      inline-size: var(--_qr-size);
    }
  }

  .dialog {
    inline-size: var(--_width);
    max-inline-size: calc(100dvi - 16px);
    max-block-size: calc(100dvb - 16px);
    padding: 0;
    border: 0;
    border-radius: var(--_radius);
    background: var(--_background);
    box-shadow: 0 24px 64px rgb(0 0 0 / 0.3);
    overflow: auto;
    container-type: inline-size;
    animation: rise 0.2s ease-out;
  }

  .dialog .heading {
    margin-inline: 24px;
  }

  .dialog::backdrop {
    background: rgb(0 0 0 / 0.5);
  }

  .close {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-end: 4px;
    z-index: 1;
    display: grid;
    padding: 12px;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--_muted);
    cursor: pointer;
  }

  .close .small {
    inline-size: 20px;
  }

  .close:hover {
    color: var(--_color);
  }

  .spinner {
    padding: 20px;
    border: 4px solid color-mix(in oklab, var(--_color) 15%, transparent);
    border-block-start-color: var(--_accent);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }

  @keyframes appear {
    from {
      opacity: 0;
      scale: 0.96;
    }
  }

  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 8px;
    }
  }

  @keyframes draw {
    from {
      stroke-dashoffset: 1;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .disc,
    .disc path,
    .dialog {
      animation: none;
    }

    .spinner {
      animation-duration: 4s;
    }
  }

  @media (forced-colors: active) {
    .disc {
      border-color: CanvasText;
      background: Canvas;
      color: CanvasText;
    }

    .spinner {
      border-color: GrayText;
      border-block-start-color: Highlight;
      forced-color-adjust: none;
    }
  }

  @media print {
    :host,
    :host([theme]) {
      --_background: #fff;
      --_color: #15171c;

      color-scheme: light;
    }

    .actions,
    .close {
      display: none;
    }

    .disc {
      border-color: currentColor;
    }
  }
`;
