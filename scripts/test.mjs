/**
 * Runs every check and every test and adds them up; the last line is `N passed, N failed`. A check
 * counts as one test; a runner that breaks, or reports no test, counts as a failure. With the
 * argument `applications` it runs those of the frameworks' applications, which are left out otherwise.
 */
import { availableParallelism } from 'node:os';
import { findChromium } from './browsers.mjs';
import { programOf, runProgram } from './programs.mjs';
import { runNodeTests, runPageTests, testFiles } from './test-runs.mjs';

const NODE_TIMEOUT_MS = 600_000;
/** Of a file that installs and builds several applications. */
const APPLICATIONS_TIMEOUT_MS = 1_800_000;
/** Much of what a test does is waiting, so a core that would be left free for it is not. */
const AT_A_TIME = Math.max(2, availableParallelism());

const chromium = { name: 'Chromium', run: () => check(fetchChromium()) };

const everything = [
  // First, since the phases with browsers start several processes that would all fetch it.
  chromium,
  { name: 'types', run: () => check(runProgram('typescript', 'bin/tsc', ['--project', 'test'])) },
  {
    name: 'lint',
    run: () => check(runProgram('eslint', 'bin/eslint.js', ['--max-warnings', '0'])),
  },
  {
    name: 'format',
    run: () => check(runProgram('prettier', 'bin/prettier.cjs', ['--check', '.'])),
  },
  {
    name: 'node',
    run: () => nodeTests(['server', 'sandbox', 'bin', 'package', 'recipes', 'docs', 'fuzz']),
  },
  // One after another: each of them fills the machine.
  { name: 'production', run: () => nodeTests(['production'], 1) },
  { name: 'browsers', run: () => runPageTests() },
  { name: 'end to end', run: () => nodeTests(['e2e']) },
];

const applications = [
  chromium,
  { name: 'applications', run: () => nodeTests(['frameworks'], 1, APPLICATIONS_TIMEOUT_MS) },
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

/** A check is one test, by its exit code. */
function check(status) {
  const isGood = status === 0;
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, leftOut: [] };
}

function nodeTests(folders, atATime = AT_A_TIME, timeout = NODE_TIMEOUT_MS) {
  // A test file that never ends has failed, too.
  const options = [`--test-timeout=${timeout}`, `--test-concurrency=${atATime}`];
  return runNodeTests(folders.flatMap(testFiles), { options });
}

function runPhase({ name, run }) {
  console.log(`\n=== ${name}`);
  const start = performance.now();
  const count = run();
  const seconds = (performance.now() - start) / 1000;
  return { name, seconds, ...count };
}

const results = phases.map(runPhase);

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
