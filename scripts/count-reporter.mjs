import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** As `leaveOut()` of `test/helpers.ts` writes it into a test's title. */
const REASON = / \(left out: (.+)\)$/;

/**
 * Writes to the file named by `COUNT_FILE` what Web Test Runner has counted, why tests were left out,
 * and how long each test file took, in milliseconds of all browsers; for `test-runs.mjs`.
 */
export function countReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const file = process.env.COUNT_FILE;
      if (file) writeFileSync(file, JSON.stringify(countSessions(sessions)));
    },
  };
}

/** A browser session that broke, or a file that ran no test, is a failure of its own. */
function countSessions(sessions) {
  const total = { passed: 0, failed: 0, leftOut: [], durations: {} };
  for (const { testResults, errors, browser, testFile } of sessions) {
    const tests = testResults ? testsOf(testResults) : [];
    const isFailed = (test) => (test.skipped ? !REASON.test(test.name) : !test.passed);
    total.passed += tests.filter((test) => test.passed).length;
    total.failed += tests.filter(isFailed).length;
    if (errors.length > 0 || tests.length === 0) total.failed += 1;
    for (const { name, skipped } of tests) {
      const reason = skipped && (REASON.exec(name)?.[1] ?? `no reason given: ${name}`);
      if (reason) total.leftOut.push(`${browser.name}: ${reason}`);
    }
    const file = path.relative(process.cwd(), testFile);
    const duration = tests.reduce((sum, test) => sum + (test.duration ?? 0), 0);
    total.durations[file] = (total.durations[file] ?? 0) + duration;
  }
  return total;
}

function testsOf(suite) {
  return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}
