/** The part of qrcode 1.5.4's untyped encoder core that `qr.ts` uses. */
declare module 'qrcode/lib/core/qrcode.js' {
  export function create(
    segments: readonly { readonly data: Uint8Array; readonly mode: 'byte' }[],
    options: { readonly errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' },
  ): {
    readonly modules: { readonly size: number; readonly data: Uint8Array };
  };
}
