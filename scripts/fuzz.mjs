/**
 * Runs the properties of test/fuzz with many cases, each time others: some 100,000 in Node, and then
 * those of test/fuzz/page in Chromium. `FUZZ_RUNS` sets how many for each property, of which a page
 * has a quarter; `FUZZ_SEED` brings those of an earlier run again.
 */
import path from 'node:path';
import { runNodeTests, runPageTests, testFiles } from './test-runs.mjs';

const RUNS = 1600;
/** An element takes far longer than a function. */
const PAGE_SHARE = 4;
const PAGE_CONFIG = path.join('test', 'fuzz', 'page', 'chromium.config.mjs');

const runs = Number(process.env.FUZZ_RUNS || RUNS);
const seed = process.env.FUZZ_SEED || `${1 + Math.floor(Math.random() * 2_147_483_646)}`;

const parts = [
  { name: 'Node', run: (env) => runNodeTests(testFiles('fuzz'), { env }), runs },
  {
    name: 'Chromium',
    run: (env) => runPageTests(['--config', PAGE_CONFIG], env),
    runs: Math.ceil(runs / PAGE_SHARE),
  },
];

/** How many properties held, and how many did not. */
function runPart({ name, run, runs: each }) {
  const start = performance.now();
  const { passed, failed } = run({ FUZZ_RUNS: `${each}`, FUZZ_SEED: seed });
  const seconds = (performance.now() - start) / 1000;
  return { name, each, seconds, passed, failed };
}

const results = parts.map(runPart);

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
