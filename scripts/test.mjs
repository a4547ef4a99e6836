/**
 * Runs every check and every test and adds them up; the last line is `N passed, N failed`. A check
 * counts as one test; a runner that breaks, or reports no test, counts as a failure. With the
 * argument `applications` it runs those of the frameworks' applications, which are left out otherwise.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { findChromium } from './browsers.mjs';
import { programOf, runNode, runProgram } from './programs.mjs';

const NODE_TIMEOUT_MS = 600_000;
/** Of a file that installs and builds several applications. */
const APPLICATIONS_TIMEOUT_MS = 1_800_000;
/** Much of what a test does is waiting, so a core that would be left free for it is not. */
const AT_A_TIME = Math.max(2, availableParallelism());
const COUNT_FILE = path.resolve('.cache', `count-${process.pid}.json`);

const chromium = { name: 'Chromium', run: fetchChromium };

const everything = [
  // First, since the phases with browsers start several processes that would all fetch it.
  chromium,
  { name: 'types', run: () => runProgram('typescript', 'bin/tsc', ['--project', 'test']) },
  { name: 'lint', run: () => runProgram('eslint', 'bin/eslint.js', ['--max-warnings', '0']) },
  { name: 'format', run: () => runProgram('prettier', 'bin/prettier.cjs', ['--check', '.']) },
  {
    name: 'node',
    counts: true,
    run: () => nodeTests(['server', 'sandbox', 'bin', 'package', 'recipes', 'docs', 'fuzz']),
  },
  // One after another: each of them fills the machine.
  { name: 'production', counts: true, run: () => nodeTests(['production'], 1) },
  {
    name: 'browsers',
    counts: true,
    run: () => runProgram('@web/test-runner', 'dist/bin.js', [], { COUNT_FILE }),
  },
  { name: 'end to end', counts: true, run: () => nodeTests(['e2e']) },
];

const applications = [
  chromium,
  {
    name: 'applications',
    counts: true,
    run: () => nodeTests(['frameworks'], 1, APPLICATIONS_TIMEOUT_MS),
  },
];

const phases = process.argv[2] === 'applications' ? applications : everything;

function fetchChromium() {
  try {
    console.log(findChromium().executablePath);
    return 0;
  } catch (error) {
    console.error(error.message);
    return 1;
  }
}

function nodeTests(folders, atATime = AT_A_TIME, timeout = NODE_TIMEOUT_MS) {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join('test', folder))
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => path.join('test', folder, file)),
  );
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=./scripts/node-reporter.mjs', `--test-reporter-destination=${COUNT_FILE}`],
  ];
  // A test file that never ends has failed, too.
  const limits = [`--test-timeout=${timeout}`, `--test-concurrency=${atATime}`];
  return runNode(['--import', 'tsx', '--test', ...limits, ...reporters, ...files]);
}

/** What a runner wrote down, or nothing where it broke before. */
function readCount() {
  try {
    return JSON.parse(readFileSync(COUNT_FILE, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, leftOut: [] };
  }
}

function runPhase({ name, run, counts }) {
  console.log(`\n=== ${name}`);
  const start = performance.now();
  rmSync(COUNT_FILE, { force: true });
  const status = run();
  const seconds = (performance.now() - start) / 1000;
  const checked = { passed: status === 0 ? 1 : 0, failed: 0, leftOut: [] };
  const { passed, failed, leftOut } = counts ? readCount() : checked;
  const broken = failed === 0 && (status !== 0 || passed === 0);
  return { name, seconds, passed, failed: failed + (broken ? 1 : 0), leftOut };
}

mkdirSync(path.dirname(COUNT_FILE), { recursive: true });
const results = phases.map(runPhase);
rmSync(COUNT_FILE, { force: true });

/** How many tests were left out, by reason. */
function tellLeftOut(reasons) {
  const counts = new Map();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  for (const [reason, count] of counts) console.log(`Left out: ${count} × ${reason}`);
}

console.log('');
tellLeftOut(results.flatMap(({ leftOut }) => leftOut));
for (const program of ['redis-server', 'nginx']) {
  if (!programOf(program))
    console.log(`Left out: the tests with ${program}, which is not installed.`);
}
for (const { name, seconds, passed, failed } of results) {
  console.log(
    `${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s, ${passed} ok, ${failed} not ok`,
  );
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
