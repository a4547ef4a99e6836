import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { FIRST_LIMIT_MS, limitAfter } from './mutation-limits.mjs';
import { ACTIVE_VARIABLE } from './mutant-switch.mjs';

const REGISTER = new URL('mutation-register.mjs', import.meta.url).href;

/**
 * Runs the tests once without a mutant and once for each, in Node: a process for each test file, as
 * many at a time as there are processors. Resolves with how each ended, by the mutant's id.
 *
 * @param {{ file: string, code: string, tests: string[], ids: string[] }} run
 * @returns {Promise<Map<string, 'passed' | 'failed' | 'endless'>>}
 */
export async function runInNode({ file, code, tests, ids }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'mutation-'));
  try {
    const mutated = path.join(folder, 'mutated.ts');
    writeFileSync(mutated, code);
    const sources = JSON.stringify({ [path.resolve(file)]: mutated });
    const start = performance.now();
    if ((await runTests(tests, '', sources, FIRST_LIMIT_MS)) !== 'passed') {
      throw new Error(`${file}: its tests fail by themselves.`);
    }
    const limit = limitAfter(start);
    const outcomes = new Map();
    const left = [...ids];
    const work = async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        outcomes.set(id, await runTests(tests, id, sources, limit));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One file after another, until one fails. */
async function runTests(tests, id, sources, limit) {
  for (const test of tests) {
    const outcome = await runTest(test, id, sources, limit);
    if (outcome !== 'passed') return outcome;
  }
  return 'passed';
}

async function runTest(test, id, sources, limit) {
  const env = { ...process.env, [ACTIVE_VARIABLE]: id, MUTATED_SOURCES: sources };
  const args = ['--import', REGISTER, '--import', 'tsx', '--test-reporter=tap', test];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let outcome = null;
  const end = (how) => {
    outcome ??= how;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(end, limit, 'endless');
  // The first that fails is enough.
  child.stdout.setEncoding('utf8').on('data', (text) => {
    if (/^\s*not ok/m.test(text)) end('failed');
  });
  const [status] = await once(child, 'close');
  clearTimeout(timer);
  return outcome ?? (status === 0 ? 'passed' : 'failed');
}
