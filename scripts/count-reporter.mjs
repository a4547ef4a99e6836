import { writeFileSync } from 'node:fs';

/** Writes Web Test Runner's counts to the file named by `COUNT_FILE`, for `scripts/test.mjs`. */
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
  const total = { passed: 0, failed: 0 };
  for (const { testResults, errors } of sessions) {
    const tests = testResults ? testsOf(testResults) : [];
    const passed = tests.filter((test) => test.passed).length;
    total.passed += passed;
    total.failed += tests.filter((test) => !test.passed && !test.skipped).length;
    if (errors.length > 0 || tests.length === 0) total.failed += 1;
  }
  return total;
}

function testsOf(suite) {
  return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}
