/**
 * Looks for tests that fail now and then: runs all browser tests once, then the quickest third of their
 * files again and again, in every engine. `REPEAT` sets how often; 20 times without a failure is 0.
 */
import { runPageTests } from './test-runs.mjs';

const TIMES = Number(process.env.REPEAT || 20);
const SHARE = 1 / 3;

if (!Number.isInteger(TIMES) || TIMES < 1)
  throw new RangeError(`REPEAT must be a whole number from 1 on, not "${process.env.REPEAT}".`);

function quickest({ durations }) {
  const files = Object.entries(durations).sort(([, one], [, other]) => one - other);
  return files.slice(0, Math.ceil(files.length * SHARE)).map(([file]) => file);
}

const whole = runPageTests();
const files = quickest(whole);
const runs = Array.from({ length: TIMES }, () => runPageTests(['--files', ...files]));

const passed = runs.reduce((sum, each) => sum + each.passed, 0);
const bad = runs.filter(({ failed }) => failed > 0).length;
console.log(`The whole: ${whole.passed} passed, ${whole.failed} failed.`);
console.log(`Again, ${files.length} of ${Object.keys(whole.durations).length} files:`);
for (const file of files) console.log(`  ${file}`);
console.log(`${TIMES} runs: ${passed} tests passed, ${bad} runs with a failure.`);
process.exitCode = bad > 0 || whole.failed > 0 ? 1 : 0;
