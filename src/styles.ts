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

  /* Without a place, but there: a live region that comes with its words is not spoken. */
  .message:empty {
    position: absolute;
  }

  .action {
    display: grid;
    inline-size: 100%;
    min-block-size: 44px;
  }

  .button {
    display: grid;
    place-items: center;
    inline-size: 100%;
    min-block-size: 44px;
    padding: 8px 16px;
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

  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }

  @media not (pointer: coarse) {
    a.button {
      border: var(--_border);
      background: none;
      color: inherit;
    }
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
