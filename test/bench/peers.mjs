import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { npm } from '../../scripts/npm.mjs';

/** With a package of its own, so that what is beside it still imports this one by its name. */
const FOLDER = fileURLToPath(new URL('peers/', import.meta.url));
const PACKAGES = `${FOLDER}node_modules/`;

/** Files that are not bundled are served under their name. */
const TYPES = { js: 'text/javascript', wasm: 'application/wasm' };

/** On first use, and when the lock has changed: nothing else here asks the network. */
export function installPeers() {
  const changed = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);
  if (changed(`${PACKAGES}.package-lock.json`) > changed(`${FOLDER}package-lock.json`)) return;
  console.log('Installing what is compared …');
  const status = npm(['ci', '--ignore-scripts', '--prefix', FOLDER], { quiet: true });
  if (status !== 0) throw new Error('What is compared could not be installed.');
}

/** The version of a package that is installed here. */
export async function versionOf(name) {
  return JSON.parse(await readFile(`${PACKAGES}${name}/package.json`, 'utf8')).version;
}

/** A file of a package as it is published, to serve. */
export async function published(path) {
  return { type: TYPES[path.split('.').at(-1)], body: await readFile(`${PACKAGES}${path}`) };
}

/**
 * A file of `peers/` with all that it imports, as a site would serve it: minified modules, for
 * browsers of 2022; what it imports on demand is in files of its own. Gives `files`, to serve, and
 * `first`, the paths of what is loaded at once, the entry in front.
 */
export async function bundle(name) {
  const { outputFiles, metafile } = await build({
    ...options(pathOf(name)),
    splitting: true,
    format: 'esm',
    outdir: FOLDER,
    metafile: true,
  });
  const files = {};
  for (const { path, contents } of outputFiles) {
    files[path.slice(FOLDER.length)] = { type: TYPES.js, body: Buffer.from(contents) };
  }
  const first = [...withImports(`${name}.js`, metafile.outputs)];
  return { files, first };
}

/** An output and what it imports, that in turn, and so on; not what it imports on demand. */
function withImports(path, outputs, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const imports = outputs[path].imports.filter(({ kind }) => kind === 'import-statement');
  for (const { path } of imports) withImports(path, outputs, found);
  return found;
}

/** Of a module of `peers/`. */
export function pathOf(name) {
  return `${FOLDER}${name}.js`;
}

/** A module and what is loaded with it as one classic script, to evaluate. */
export async function bundleClassic(path) {
  const { outputFiles } = await build({ ...options(path), format: 'iife', plugins: [lazyOutside] });
  return outputFiles[0].text;
}

/** esbuild plugin: what is imported on demand stays outside. */
const lazyOutside = {
  name: 'lazy-outside',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : null,
    );
  },
};

function options(path) {
  return {
    entryPoints: [path],
    absWorkingDir: FOLDER,
    bundle: true,
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error',
  };
}
