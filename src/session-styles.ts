import { css } from './css.js';

/**
 * What goes on after the element's own styles, once there is a session.
 *
 * The QR code stays dark on light whatever its colours are set to: `fill` clamps the lightness, and
 * a value that is no colour makes the declaration void, so that the safe `fill` of the parent holds.
 */
export const sessionStyles = css`
  .countdown {
    font-variant-numeric: tabular-nums;
  }

  .qr:has(.success) {
    --_tone: light-dark(#0b6e4f, #6fdcb2);
  }

  .qr:has(.accent) {
    --_tone: var(--_accent);
  }

  .qr:has(.code) {
    background: none;
  }

  .code-frame,
  .logo {
    display: grid;
    place-items: center;
  }

  .code,
  .logo {
    grid-area: 1 / 1;
  }

  .code {
    border-radius: min(var(--_radius) / 2, 12px);
    fill: #fff;
    fill-opacity: 1;
    stroke: none;
    forced-color-adjust: none;
    print-color-adjust: exact;
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

  .logo {
    position: relative;
  }

  .plate {
    border-radius: 0;
  }

  /* Nothing of it gets out, and nothing of it is placed by what is outside. */
  .logo-clip {
    position: absolute;
    inset: 0;
    padding: 6%;
    overflow: clip;
    contain: strict;
  }

  ::slotted([slot='logo']) {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
  }

  /* An end, so as a seal. */
  .success {
    background: var(--_tone);
    color: var(--_background);
  }

  /* Something is expected of the person, or on its way. */
  .accent {
    animation:
      appear 0.3s ease-out,
      breathe 2.4s ease-out infinite;
  }

  .quiet,
  .url {
    border: var(--_border);
    background: none;
    color: inherit;
    font-weight: 500;
  }

  .square {
    flex: none;
    padding: 0;
  }

  .url {
    flex: 100%;
    min-inline-size: 0;
    text-overflow: ellipsis;
  }

  a.button {
    flex: 1;
    padding-inline: 8px;
  }

  /* Where a finger points, the one thing to do is on a line of its own, and large. */
  @media (pointer: coarse) {
    a.button {
      flex-basis: 100%;
      min-block-size: 52px;
    }

    /* With the code there, it is one of two ways. */
    a.button:has(+ .square:last-child) {
      flex-basis: 0;
    }
  }

  @keyframes breathe {
    from {
      box-shadow: 0 0 color-mix(in oklab, currentColor 30%, transparent);
    }
    to {
      box-shadow: 0 0 0 20px transparent;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .accent {
      animation: none;
    }
  }

  @media (forced-colors: active) {
    .success {
      background: Canvas;
      color: CanvasText;
    }
  }

  @media print {
    /* Browsers leave out what is behind. */
    .success {
      background: none;
      color: var(--_tone);
    }
  }
`;
