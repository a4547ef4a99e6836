import path from 'node:path';

/**
 * A reporter for Node's test runner: the counts alone, as JSON, for `scripts/test.mjs`. A file that
 * reports no test, or ends before all of its tests have, is a failure.
 */
export default async function* countReporter(source) {
  const total = { passed: 0, failed: 0 };
  const begun = new Set();
  for await (const { type, data } of source) {
    const { name, line, column, file } = data ?? {};
    const test = JSON.stringify([file, line, column, name]);
    if (type === 'test:enqueue') begun.add(test);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    begun.delete(test);
    const kind = kindOf(data);
    if (kind === 'empty file' || kind === 'failure') total.failed += 1;
    if (kind === 'success') total.passed += 1;
  }
  yield JSON.stringify({ ...total, failed: total.failed + begun.size });
}

/** A suite is not a test, but one whose hooks break has failed. */
function kindOf({ name, file, details, skip, todo }) {
  const passed = details.error === undefined;
  // Node reports a file that has no test of its own as one test, by the file's name.
  if (passed && file && path.resolve(name) === file) return 'empty file';
  if (!passed) return details.error.failureType === 'subtestsFailed' ? 'suite' : 'failure';
  return details.type === 'suite' || skip !== undefined || todo !== undefined ? 'suite' : 'success';
}
