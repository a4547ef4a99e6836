import { spawnSync } from 'node:child_process';

/**
 * Runs npm: the one that runs this script, else the one on the path. Returns its exit code. With
 * `quiet`, what it says is shown where it fails.
 *
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 */
export function npm(args, { env = {}, quiet = false } = {}) {
  const own = process.env.npm_execpath;
  const options = {
    stdio: quiet ? 'pipe' : 'inherit',
    shell: !own && process.platform === 'win32',
    env: { ...process.env, ...env },
    encoding: 'utf8',
  };
  const { status, stdout, stderr } = own
    ? spawnSync(process.execPath, [own, ...args], options)
    : spawnSync('npm', args, options);
  if (quiet && status !== 0) console.error(stdout, stderr);
  return status ?? 1;
}
