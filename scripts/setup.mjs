/**
 * Runs before `npm start` and `npm test`, straight after a `git clone` too: installs what is missing
 * and builds what is out of date. So it uses nothing but Node.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { npm } from './npm.mjs';

const INSTALLED = 'node_modules/.package-lock.json';
const COMPILER = 'node_modules/typescript';
const BUILT = 'dist/didit-verify.esm.js';

/**
 * Milliseconds of the last change of a file, or of a folder and all below; 0 for what is not there.
 * A folder itself changes when a file is added, taken away or renamed.
 */
function changed(place) {
  if (!existsSync(place)) return 0;
  const { mtimeMs, ctimeMs } = statSync(place);
  const own = Math.max(mtimeMs, ctimeMs);
  if (!statSync(place).isDirectory()) return own;
  return Math.max(own, ...readdirSync(place).map((name) => changed(path.join(place, name))));
}

/** Runs a step, says how long it took, and ends everything if it fails. */
function step(name, run) {
  const start = performance.now();
  console.log(`${name} …`);
  const status = run();
  if (status !== 0) {
    console.error(`${name}: failed.`);
    process.exit(status ?? 1);
  }
  console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

// Where NODE_ENV is production, npm alone would leave out what builds and tests.
if (changed(INSTALLED) < changed('package-lock.json') || !existsSync(COMPILER)) {
  step('Installing what is missing', () => npm(['ci', '--include=dev']));
}

const sources = ['src', 'scripts', 'rollup.config.mjs', 'tsconfig.json', 'package.json'];
if (changed(BUILT) < Math.max(...sources.map(changed))) {
  const build = ['scripts/build.mjs'];
  step('Building', () => spawnSync(process.execPath, build, { stdio: 'inherit' }).status);
}
