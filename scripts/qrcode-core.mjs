import { readFile } from 'node:fs/promises';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';

/**
 * Modules in place of those of qrcode 1.5.4's encoder (MIT), by the same names: the same codes made in
 * the same way, though of bytes alone, in the levels L, M and H, and with no checks of what never
 * comes. URLs need no more. As modules of the language, their names can be shortened.
 */
const folder = new URL('qrcode-core/', import.meta.url);

/** Rollup plugins that bundle qrcode's encoder, reduced to what URLs need; and CommonJS as it is. */
export function qrcodeCore() {
  return [
    {
      name: 'qrcode-core',
      async load(id) {
        const file = id.replaceAll('\\', '/').split('/qrcode/lib/core/')[1];
        return file ? readFile(new URL(file, folder), 'utf8') : null;
      },
    },
    nodeResolve({ browser: true, ignoreSideEffectsForRoot: true }),
    commonjs({ strictRequires: false }),
  ];
}
