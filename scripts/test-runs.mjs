import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runNode, runProgram } from './programs.mjs';

/**
 * What a runner has counted: `leftOut` has the reason of each test that was left out, and `durations`,
 * of page tests alone, the milliseconds of each file.
 *
 * @typedef {{ passed: number, failed: number, leftOut: string[], durations?: Record<string, number> }} Count
 */

/**
 * The test files of a folder of `test/`, without those of the folders in it.
 *
 * @param {string} folder
 */
export function testFiles(folder) {
  const whole = path.join('test', folder);
  return readdirSync(whole)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(whole, name));
}

/**
 * Runs test files in Node.
 *
 * @param {string[]} files
 * @param {{ options?: string[], env?: Record<string, string> }} [how]
 */
export function runNodeTests(files, { options = [], env = {} } = {}) {
  return counted((countFile) => {
    const reporters = [
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...[
        '--test-reporter=./scripts/node-reporter.mjs',
        `--test-reporter-destination=${countFile}`,
      ],
    ];
    return runNode(['--import', 'tsx', '--test', ...options, ...reporters, ...files], env);
  });
}

/**
 * Runs test files in browsers.
 *
 * @param {string[]} [options] of Web Test Runner.
 * @param {Record<string, string>} [env]
 */
export function runPageTests(options = [], env = {}) {
  return counted((countFile) =>
    runProgram('@web/test-runner', 'dist/bin.js', options, { ...env, COUNT_FILE: countFile }),
  );
}

/**
 * A runner that breaks, or reports no test, is a failure of its own.
 *
 * @param {(countFile: string) => number} run Returns an exit code.
 * @returns {Count}
 */
function counted(run) {
  const file = path.resolve('.cache', `count-${process.pid}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const status = run(file);
  const count = read(file);
  rmSync(file, { force: true });
  const isBroken = count.failed === 0 && (status !== 0 || count.passed === 0);
  return { ...count, failed: isBroken ? 1 : count.failed };
}

/** @returns {Count} Nothing where the runner broke before it wrote it down. */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, leftOut: [], durations: {} };
  }
}
