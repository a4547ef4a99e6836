/**
 * Runs before `npm start` and `npm test`, straight after a `git clone` too: installs what is missing
 * and builds what is out of date. So it uses nothing but Node.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { npm } from './npm.mjs';

const INSTALLED = 'node_modules/.package-lock.json';
const BUILT = 'dist/didit-verify.esm.js';

/** Milliseconds of the last change of a file, or below a folder; 0 for what is not there. */
function changed(place) {
  if (!existsSync(place)) return 0;
  if (!statSync(place).isDirectory()) return statSync(place).mtimeMs;
  return Math.max(...readdirSync(place).map((name) => changed(path.join(place, name))));
}

function fail(what, status) {
  console.error(`${what} failed.`);
  process.exit(status || 1);
}

if (changed(INSTALLED) < changed('package-lock.json')) {
  console.log('Installing what is missing …');
  const status = npm(['ci']);
  if (status !== 0) fail('npm ci', status);
}

const sources = ['src', 'scripts', 'rollup.config.mjs', 'tsconfig.json', 'package.json'];
if (changed(BUILT) < Math.max(...sources.map(changed))) {
  console.log('Building …');
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (status !== 0) fail('The build', status);
}
