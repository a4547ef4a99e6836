/**
 * How much of `src/` the tests run: those of the page in Chromium, those of all else in Node, in one
 * table. Fails below `LEAST` of either, or where a test fails.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import coverage from 'istanbul-lib-coverage';
import { createContext } from 'istanbul-lib-report';
import reports from 'istanbul-reports';
import { sourceFiles, untouched } from './coverage-source.mjs';
import { runNode, runProgram } from './programs.mjs';
import { testFiles } from './test-runs.mjs';

/** Per cent. */
const LEAST = { lines: 95, branches: 90 };

const FOLDER = mkdtempSync(path.join(tmpdir(), 'coverage-'));

/** Besides those of the server part: what a server renders is only rendered in Node. */
const NODE_FOLDERS = ['server', 'sandbox', 'bin', 'fuzz'];
const NODE_FILES = [path.join('test', 'e2e', 'server-rendering.test.ts')];

function runPageTests() {
  const config = path.join('scripts', 'coverage-wtr.config.mjs');
  return runProgram('@web/test-runner', 'dist/bin.js', ['--config', config], {
    COVERAGE_FOLDER: FOLDER,
  });
}

function runNodeTests() {
  const files = NODE_FOLDERS.flatMap(testFiles);
  const register = new URL('coverage-register.mjs', import.meta.url).href;
  return runNode(['--import', 'tsx', '--test', '--test-reporter=dot', ...files, ...NODE_FILES], {
    COVERAGE_FOLDER: FOLDER,
    // For the processes that tests start as well, and before what takes the types off.
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${register}`.trim(),
  });
}

/** All that was counted; and files that nothing has loaded, at nought. */
function counted() {
  const map = coverage.createCoverageMap();
  for (const file of sourceFiles()) map.addFileCoverage(untouched(file));
  for (const name of readdirSync(FOLDER)) {
    map.merge(JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8')));
  }
  return map;
}

function print(map) {
  const context = createContext({ coverageMap: map, dir: FOLDER });
  reports.create('text', { skipFull: true, maxCols: 120 }).execute(context);
  reports.create('text-summary').execute(context);
}

/** Whether the tests passed and there is enough. */
function isEnough(statuses, summary) {
  if (statuses.some((status) => status !== 0)) {
    console.log('Some tests failed: what they would have run is not counted.');
    return false;
  }
  return Object.entries(LEAST).every(([kind, least]) => {
    const enough = summary[kind].pct >= least;
    if (!enough) console.log(`${summary[kind].pct} % of ${kind} is less than ${least} %.`);
    return enough;
  });
}

try {
  const statuses = [runPageTests(), runNodeTests()];
  const map = counted();
  print(map);
  process.exitCode = isEnough(statuses, map.getCoverageSummary()) ? 0 : 1;
} finally {
  rmSync(FOLDER, { recursive: true });
}
