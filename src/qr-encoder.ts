export { create } from 'qrcode/lib/core/qrcode.js';

/** Nothing is to be done: it is here. In the split build it is not; see `qr-encoder-on-demand.ts`. */
export function loadEncoder(): Promise<void> | undefined {
  return undefined;
}
