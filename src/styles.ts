import { css } from 'lit';

/**
 * The element's style sheet. Public custom properties are `--didit-*`; `--_*` are its own.
 *
 * The QR code stays dark on light whatever its colours are set to: `fill` clamps the lightness, and
 * a value that is no colour makes the declaration void, so that the safe `fill` of the parent holds.
 */
export const styles = css`
  :host {
    --_background: var(--didit-background, light-dark(#fff, #17191f));
    --_color: var(--didit-color, light-dark(#15171c, #eceef3));
    --_muted: color-mix(in oklab, var(--_color) 72%, var(--_background));
    --_border: var(--didit-border, 1px solid light-dark(#dfe2e8, #343843));
    --_accent: var(--didit-accent-color, light-dark(#2457e6, #8fb0ff));
    --_danger: light-dark(#b3261e, #ffb4ab);
    --_success: light-dark(#0b6e4f, #6fdcb2);
    --_radius: var(--didit-radius, 16px);
    --_spacing: var(--didit-spacing, 24px);
    --_qr-size: var(--didit-qr-size, 240px);

    display: block;
    box-sizing: border-box;
    inline-size: calc(max(20rem, var(--_qr-size) + 2 * var(--_spacing)));
    max-inline-size: 100%;
    color: var(--_color);
    font-family: system-ui, sans-serif;
    line-height: 1.4;
    text-align: center;
  }

  :host([presentation='dialog']) {
    display: inline-block;
    inline-size: auto;
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
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    gap: calc(var(--_spacing) / 2);
    padding: var(--_spacing);
    border: var(--_border);
    border-radius: var(--_radius);
    background: var(--_background);
    overflow-wrap: anywhere;
  }

  .heading {
    font-size: 1.25em;
    font-weight: 650;
    line-height: 1.25;
  }

  .description,
  .message {
    max-inline-size: 34ch;
    margin: 0 12px;
    color: var(--_muted);
    text-wrap: balance;
  }

  .unsaid {
    visibility: hidden;
  }

  .qr {
    position: relative;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 12px;
    inline-size: min(var(--_qr-size), 100%);
    aspect-ratio: 1;
    border-radius: calc(var(--_radius) / 2);
    background: color-mix(in oklab, var(--_color) 5%, var(--_background));
  }

  .ruler {
    position: absolute;
    inset-inline: 0;
  }

  .qr:has(.code) {
    background: none;
  }

  .code {
    display: block;
    border-radius: min(var(--_radius) / 2, 12px);
    fill: #fff;
    fill-opacity: 1;
    stroke: none;
    forced-color-adjust: none;
  }

  .code rect {
    fill: oklch(from var(--didit-qr-background, #fff) max(l, 0.9) min(c, 0.1) h / 1);
  }

  .code g {
    fill: #000;
  }

  .code path {
    fill: oklch(from var(--didit-qr-color, #000) min(l, 0.4) min(c, 0.1) h / 1);
  }

  .icon {
    inline-size: 64px;
    color: var(--_muted);
    fill: none;
    stroke: currentColor;
    stroke-width: 2.5;
    stroke-linecap: round;
  }

  .danger {
    color: var(--_danger);
  }

  .success {
    color: var(--_success);
  }

  .accent {
    color: var(--_accent);
  }

  .small {
    inline-size: 1.25em;
    color: inherit;
    stroke-width: 5;
  }

  /* Without a place, but there: a live region that comes with its words is not spoken. */
  .message:empty {
    position: absolute;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    inline-size: 100%;
    min-block-size: 44px;
  }

  .button {
    display: flex;
    flex: 1 1 auto;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 44px;
    padding: 8px 12px;
    border: 1px solid transparent;
    border-radius: calc(var(--_radius) * 0.625);
    background: var(--_accent);
    color: oklch(from var(--_accent) clamp(0, (0.66 - l) * 999, 1) 0 0);
    font: inherit;
    font-weight: 600;
    text-decoration: none;
    cursor: pointer;
  }

  .button:hover {
    filter: brightness(1.08);
  }

  .button:disabled {
    opacity: 0.5;
    cursor: default;
  }

  .quiet {
    border: var(--_border);
    background: none;
    color: inherit;
  }

  .square {
    flex: none;
    inline-size: 44px;
    padding: 0;
  }

  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }

  .countdown {
    flex-basis: 100%;
    margin: 0;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }

  .countdown:empty {
    display: none;
  }

  .url {
    flex: 1 1 100%;
    min-inline-size: 0;
    min-block-size: 44px;
    padding: 8px 12px;
    border: var(--_border);
    border-radius: calc(var(--_radius) * 0.625);
    background: none;
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
  }

  a.button {
    flex: 1 1 0;
    padding-inline: 8px;
  }

  /* Where a finger points, the one thing to do is on a line of its own, and large. */
  @media (pointer: coarse) {
    .actions {
      min-block-size: 104px;
      align-content: start;
    }

    a.button {
      flex-basis: 100%;
      min-block-size: 52px;
    }
  }

  .dialog {
    inline-size: calc(max(20rem, var(--_qr-size) + 2 * var(--_spacing)));
    max-inline-size: calc(100dvi - 16px);
    max-block-size: calc(100dvb - 16px);
    padding: 0;
    border: none;
    border-radius: var(--_radius);
    background: var(--_background);
    color: var(--_color);
    box-shadow: 0 24px 64px rgb(0 0 0 / 0.3);
    overflow: auto;
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
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    padding: 0;
    border: none;
    border-radius: 50%;
    background: none;
    color: var(--_muted);
    font: inherit;
    cursor: pointer;
  }

  .close:hover {
    color: var(--_color);
  }

  .spinner {
    inline-size: 40px;
    block-size: 40px;
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

  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation-duration: 4s;
    }
  }
`;
