import { rollup } from 'rollup';
import config from '../../rollup.config.mjs';

/** `encodeQr` alone, as the single files have it: a classic script whose `ours.encodeQr` it is. */
export async function encoderSource() {
  const single = config.find(({ output }) => output.file === 'dist/didit-verify.esm.js');
  const bundle = await rollup({ ...single, input: 'build/qr.js' });
  const { output } = await bundle.generate({ format: 'iife', name: 'ours' });
  await bundle.close();
  return output[0].code;
}
