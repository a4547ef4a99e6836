/**
 * Looks for tests that fail now and then: runs all browser tests once, then the quickest third of their
 * files again and again, in every engine. `REPEAT` sets how often; 20 times without a failure is 0.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './programs.mjs';

const TIMES = Number(process.env.REPEAT || 20);
const SHARE = 1 / 3;
const COUNT_FILE = path.resolve('.cache', `repeat-${process.pid}.json`);

function run(files = []) {
  rmSync(COUNT_FILE, { force: true });
  const chosen = files.length > 0 ? ['--files', ...files] : [];
  const status = runProgram('@web/test-runner', 'dist/bin.js', chosen, { COUNT_FILE });
  const count = JSON.parse(readFileSync(COUNT_FILE, 'utf8'));
  return { ...count, isGood: status === 0 && count.failed === 0 };
}

function quickest({ durations }) {
  const files = Object.entries(durations).sort(([, one], [, other]) => one - other);
  return files.slice(0, Math.ceil(files.length * SHARE)).map(([file]) => file);
}

mkdirSync(path.dirname(COUNT_FILE), { recursive: true });
const whole = run();
const files = quickest(whole);
const runs = Array.from({ length: TIMES }, () => run(files));
rmSync(COUNT_FILE, { force: true });

const passed = runs.reduce((sum, each) => sum + each.passed, 0);
const bad = runs.filter(({ isGood }) => !isGood).length;
console.log(`The whole: ${whole.passed} passed, ${whole.failed} failed.`);
console.log(`Again, ${files.length} of ${Object.keys(whole.durations).length} files:`);
for (const file of files) console.log(`  ${file}`);
console.log(`${TIMES} runs: ${passed} tests passed, ${bad} runs with a failure.`);
process.exitCode = bad > 0 || !whole.isGood ? 1 : 0;
