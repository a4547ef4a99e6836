import { encodeQr, QUIET_ZONE, type QrCode } from './qr.js';

/** Of the code's side, quiet zone apart; a twentieth of its area, of which level H may lose 30 %. */
const MAX_SHARE = 0.22;

/** In CSS pixels: level H has more modules, and smaller ones are hard on a camera. */
const MIN_MODULE = 3;

/** A code that can do without its middle. */
export interface LogoCode {
  readonly qr: QrCode;
  /** Side of the middle, in modules. */
  readonly plate: number;
}

let last: { readonly text: string; readonly code: LogoCode | null } | undefined;

/**
 * The code of a text with room for a logo, or null where it would be hard to read.
 *
 * `sideOf`: side of a code of so many modules, in CSS pixels.
 */
export function logoCode(text: string, sideOf: (modules: number) => number): LogoCode | null {
  if (last?.text !== text) last = { text, code: encoded(text) };
  const { code } = last;
  return code && sideOf(code.qr.size) >= MIN_MODULE * code.qr.size ? code : null;
}

function encoded(text: string): LogoCode | null {
  try {
    const qr = encodeQr(text, 'H');
    return { qr, plate: plateOf(qr.size - 2 * QUIET_ZONE) };
  } catch {
    // Too long for this level.
    return null;
  }
}

/** Odd, as every code's number of modules is, so that it ends where modules do. */
function plateOf(modules: number): number {
  const most = Math.floor(modules * MAX_SHARE);
  return most % 2 ? most : most - 1;
}
