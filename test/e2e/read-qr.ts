import jsqr from 'jsqr';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { pictureOf, type Picture } from './picture.js';

/** What a decoder says of a code, besides its text. */
export interface QrRead {
  readonly text: string;
  /** 1 to 40: a code has 17 + 4 × version modules on each side. */
  readonly version: number;
  readonly level: string;
  /** Of the errors that the level corrects, the share that is still to be had: 1 for none found. */
  readonly spare: number;
}

// It would fetch its own binary from a CDN.
const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } });

// Its types say `default`, but its module is the function.
const jsQR = jsqr as unknown as typeof jsqr.default;

/** What two decoders that share no code with the encoder read in a picture; null for nothing. */
export async function readQr(png: Buffer): Promise<{ zxing: string | null; jsQR: string | null }> {
  const picture = pictureOf(png);
  return { zxing: (await readZXing(picture))?.text ?? null, jsQR: readJsQR(picture) };
}

/** Dark on light alone is taken: not every app reads a code that is light on dark. */
export async function readZXing({ data, width, height }: Picture): Promise<QrRead | null> {
  const image = { data: new Uint8ClampedArray(data), width, height, colorSpace: 'srgb' as const };
  const [found] = await readBarcodes(image, { formats: ['QRCode'], tryInvert: false });
  if (!found) return null;
  const { Version, ECLevel, UEC } = JSON.parse(found.extra) as Record<string, string>;
  return { text: found.text, version: Number(Version), level: ECLevel!, spare: Number(UEC) };
}

/** The same, by the other decoder. */
export function readJsQR({ data, width, height }: Picture): string | null {
  const options = { inversionAttempts: 'dontInvert' } as const;
  return jsQR(new Uint8ClampedArray(data), width, height, options)?.data ?? null;
}
