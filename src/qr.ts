import { VerifyError } from './errors.js';
import { create } from './qr-encoder.js';

/** Light modules around the code, on each side (ISO/IEC 18004, 6.3.8). */
export const QUIET_ZONE = 4;

/** Up to here level M (15 % may be lost) still has modules that are easy to scan. */
const MAX_BYTES_FOR_LEVEL_M = 200;

/** A QR code as one path, ready for an `<svg viewBox="0 0 size size">`. */
export interface QrCode {
  /** Modules on each side, quiet zone included. */
  readonly size: number;
  /** Path data of the dark modules, one unit a module. */
  readonly path: string;
}

/**
 * Encodes a text as a QR code; level M, and L for a long text, unless another level is asked for.
 *
 * @throws VerifyError `qr-failed` if the text does not fit (over 2,953 bytes).
 */
export function encodeQr(text: string, level?: 'H'): QrCode {
  try {
    const data = new TextEncoder().encode(text);
    const errorCorrectionLevel = level ?? (data.length > MAX_BYTES_FOR_LEVEL_M ? 'L' : 'M');
    const { modules } = create([{ data, mode: 'byte' }], { errorCorrectionLevel });
    return { size: modules.size + 2 * QUIET_ZONE, path: darkRuns(modules.data, modules.size) };
  } catch (cause) {
    throw new VerifyError('qr-failed', 'The QR code could not be drawn.', { cause });
  }
}

/** One closed rectangle for every horizontal run of dark modules. */
function darkRuns(modules: Uint8Array, size: number): string {
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const start = x;
      while (x < size && modules[y * size + x]) x++;
      const run = x - start;
      if (run) path += `M${start + QUIET_ZONE} ${y + QUIET_ZONE}h${run}v1h-${run}z`;
    }
  }
  return path;
}
