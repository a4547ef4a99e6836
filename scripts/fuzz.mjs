/**
 * Runs the properties of test/fuzz with many cases, each time others: some 100,000 in Node, and then
 * those of test/fuzz/page in Chromium. `FUZZ_RUNS` sets how many for each property, of which a page
 * has a quarter; `FUZZ_SEED` brings those of an earlier run again.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runNode, runProgram } from './programs.mjs';

const RUNS = 1600;
/** An element takes far longer than a function. */
const PAGE_SHARE = 4;
const FOLDER = path.join('test', 'fuzz');
const COUNT_FILE = path.resolve('.cache', `count-${process.pid}.json`);

const runs = Number(process.env.FUZZ_RUNS || RUNS);
const seed = process.env.FUZZ_SEED || `${1 + Math.floor(Math.random() * 2_147_483_646)}`;

const parts = [
  { name: 'Node', run: inNode, runs },
  { name: 'Chromium', run: inChromium, runs: Math.ceil(runs / PAGE_SHARE) },
];

function inNode(env) {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(FOLDER, file));
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=./scripts/node-reporter.mjs', `--test-reporter-destination=${COUNT_FILE}`],
  ];
  return runNode(['--import', 'tsx', '--test', ...reporters, ...files], env);
}

function inChromium(env) {
  const config = path.join(FOLDER, 'page', 'chromium.config.mjs');
  return runProgram('@web/test-runner', 'dist/bin.js', ['--config', config], env);
}

function runPart({ name, run, runs: each }) {
  const start = performance.now();
  rmSync(COUNT_FILE, { force: true });
  const status = run({ COUNT_FILE, FUZZ_RUNS: `${each}`, FUZZ_SEED: seed });
  const seconds = (performance.now() - start) / 1000;
  const { passed, failed } = readCount();
  return { name, each, seconds, passed, failed: failed || (status === 0 ? 0 : 1) };
}

/** How many properties held, and how many did not. */
function readCount() {
  try {
    return JSON.parse(readFileSync(COUNT_FILE, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
}

mkdirSync(path.dirname(COUNT_FILE), { recursive: true });
const results = parts.map(runPart);
rmSync(COUNT_FILE, { force: true });

console.log('');
for (const { name, each, seconds, passed, failed } of results) {
  const cases = (passed * each).toLocaleString('en');
  const held = `${passed} properties held for ${each} each, ${cases} cases`;
  console.log(`${name}: ${held}; ${failed} did not; seed ${seed}; ${seconds.toFixed(0)} s`);
}
const isFailed = results.some(({ failed }) => failed > 0);
const total = results.reduce((sum, { passed, each }) => sum + passed * each, 0);
console.log(`${isFailed ? 'Something failed' : 'All held'}, ${total.toLocaleString('en')} cases.`);
console.log('The same again:');
console.log(`FUZZ_SEED=${seed} FUZZ_RUNS=${runs} npm run fuzz`);
process.exitCode = isFailed ? 1 : 0;
