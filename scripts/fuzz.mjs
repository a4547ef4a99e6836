/**
 * Runs the properties of test/fuzz with many cases, each time others: some 100,000 in all. `FUZZ_RUNS`
 * sets how many for each property, `FUZZ_SEED` brings those of an earlier run again.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runNode } from './programs.mjs';

const RUNS = 1600;
const FOLDER = path.join('test', 'fuzz');

const files = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => path.join(FOLDER, file));

const runs = process.env.FUZZ_RUNS || `${RUNS}`;
const seed = process.env.FUZZ_SEED || `${1 + Math.floor(Math.random() * 2_147_483_646)}`;

const start = performance.now();
const args = ['--import', 'tsx', '--test', '--test-reporter=spec', ...files];
const status = runNode(args, { FUZZ_RUNS: runs, FUZZ_SEED: seed });
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`${status === 0 ? 'All held' : 'Something failed'}, in ${seconds} s. The same again:`);
console.log(`FUZZ_SEED=${seed} FUZZ_RUNS=${runs} npm run fuzz`);
process.exitCode = status;
