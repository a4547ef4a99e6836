import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.resolve('package.json'));

/**
 * Runs a command-line program of an installed package, without a shell, so alike on every system.
 * Returns its exit code.
 */
export function runProgram(packageName, program, args = [], env = {}) {
  const [root] = require.resolve.paths(packageName);
  const file = path.join(root, packageName, program);
  return runNode([file, ...args], env);
}

/** Runs Node, returns its exit code. */
export function runNode(args, env = {}, cwd = '.') {
  const options = { stdio: 'inherit', env: { ...process.env, ...env }, cwd };
  return spawnSync(process.execPath, args, options).status ?? 1;
}

/** Where Debian has its servers; not every user's PATH does. */
const SERVERS = '/usr/sbin';

/**
 * The path of an installed program, or null.
 *
 * @param {string} name
 * @returns {string | null}
 */
export function programOf(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), SERVERS];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable) ?? null;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
