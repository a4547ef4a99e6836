import jsqr from 'jsqr';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

// It would fetch its own binary from a CDN.
const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } });

// Its types say `default`, but its module is the function.
const jsQR = jsqr as unknown as typeof jsqr.default;

/** What two decoders that share no code with the encoder read in a picture; null for nothing. */
export async function readQr(png: Buffer): Promise<{ zxing: string | null; jsQR: string | null }> {
  const { data, width, height } = PNG.sync.read(png);
  const found = await readBarcodes(png, { formats: ['QRCode'] });
  return {
    zxing: found[0]?.text ?? null,
    jsQR: jsQR(new Uint8ClampedArray(data), width, height)?.data ?? null,
  };
}
