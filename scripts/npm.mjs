import { spawnSync } from 'node:child_process';

/** Runs npm: the one that runs this script, else the one on the path. Returns its exit code. */
export function npm(args) {
  const own = process.env.npm_execpath;
  const options = { stdio: 'inherit', shell: !own && process.platform === 'win32' };
  const { status } = own
    ? spawnSync(process.execPath, [own, ...args], options)
    : spawnSync('npm', args, options);
  return status ?? 1;
}
