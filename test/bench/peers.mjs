import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { npm } from '../../scripts/npm.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** On first use: nothing else here asks the network. */
export function installPeers() {
  if (existsSync(`${FOLDER}node_modules/.package-lock.json`)) return;
  console.log('Installing what is compared …');
  const status = npm(['ci', '--ignore-scripts', '--prefix', FOLDER], { quiet: true });
  if (status !== 0) throw new Error('What is compared could not be installed.');
}

/**
 * A file of `peers/` with all that it imports, as a site would serve it: minified, for browsers of
 * 2022. What it imports on demand is in files of its own. Gives `[{ path, body, first }]`; `first`:
 * loaded before anything is asked for. The entry is first of all.
 */
export async function bundle(name) {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${FOLDER}peers/${name}.js`],
    outdir: '/',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return { outputFiles, metafile };
}
