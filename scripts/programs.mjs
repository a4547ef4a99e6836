import { spawnSync } from 'node:child_process';
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
export function runNode(args, env = {}) {
  const options = { stdio: 'inherit', env: { ...process.env, ...env } };
  return spawnSync(process.execPath, args, options).status ?? 1;
}
