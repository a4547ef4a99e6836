import { availableParallelism } from 'node:os';
import { startTestRunner } from '@web/test-runner';
import config, { browsers } from '../web-test-runner.config.mjs';
import { FIRST_LIMIT_MS, limitAfter } from './mutation-limits.mjs';
import { switchingScript } from './mutant-switch.mjs';

/** Of one test; a mutant may well wait for what never comes. */
const TEST_TIMEOUT_MS = 10_000;

/** Without a mutant, before all others and after them: what breaks on the way kills no mutant. */
const FIRST = 'first';
const LAST = 'last';

const nothing = () => {};

/**
 * Runs the tests once for each mutant, in Chromium: a page for each, of one browser. Resolves with how
 * each ended, by the mutant's id.
 *
 * @param {{ file: string, code: string, tests: string[], ids: string[] }} run
 * @returns {Promise<Map<string, 'passed' | 'failed' | 'endless'>>}
 */
export async function runInPage({ file, code, tests, ids }) {
  const run = async (names, testsFinishTimeout) => {
    const sessions = await sessionsOf({
      groups: names.map((name) => groupOf(name, tests)),
      plugins: [placed(`/${file}`, code), ...config.plugins],
      testsFinishTimeout,
    });
    return new Map(sessions.map((session) => [session.group.name, outcomeOf(session)]));
  };
  const start = performance.now();
  const first = await run([FIRST], FIRST_LIMIT_MS);
  const limit = limitAfter(start);
  const all = await run([...ids, LAST], limit);
  // On a busy machine a page may not have come up at all: what is endless is so twice.
  const stuck = ids.filter((id) => all.get(id) === 'endless');
  const again = stuck.length > 0 ? await run(stuck, limit) : [];
  for (const [id, outcome] of again) all.set(id, outcome);
  if (first.get(FIRST) !== 'passed' || all.get(LAST) !== 'passed') {
    throw new Error(`${file}: its tests fail by themselves.`);
  }
  return all;
}

function groupOf(id, tests) {
  const script = switchingScript(id === FIRST || id === LAST ? '' : id);
  return {
    name: id,
    files: tests,
    testRunnerHtml: (framework) =>
      `<script>${script}</script><script type="module" src="${framework}"></script>`,
  };
}

/** In place of the source, before its types are taken off. */
function placed(served, code) {
  return {
    name: 'mutants',
    transform: ({ path }) => (path === served ? { body: code } : undefined),
  };
}

async function sessionsOf(differing) {
  let sessions = [];
  const runner = await startTestRunner({
    config: {
      ...config,
      ...differing,
      rootDir: process.cwd(),
      files: undefined,
      // Many wait for what never comes.
      concurrency: availableParallelism(),
      browsers: browsers().slice(0, 1),
      reporters: [{ onTestRunFinished: (run) => (sessions = run.sessions) }],
      logger: {
        log: nothing,
        debug: nothing,
        warn: nothing,
        group: nothing,
        groupEnd: nothing,
        error: console.error,
        logSyntaxError: console.error,
      },
      testFramework: { config: { timeout: TEST_TIMEOUT_MS, bail: true } },
    },
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  await new Promise((resolve) => runner.on('stopped', resolve));
  return [...sessions];
}

function outcomeOf(session) {
  if (session.passed) return 'passed';
  return session.testResults ? 'failed' : 'endless';
}
