import path from 'node:path';

/**
 * A reporter for Node's test runner: the counts, and why tests were left out, as JSON, for
 * `test-runs.mjs`. A file that reports no test, or ends before all of its tests have, is a failure,
 * and so is a test that is left out without a reason.
 */
export default async function* countReporter(source) {
  const total = { passed: 0, failed: 0, leftOut: [] };
  const begun = new Set();
  for await (const { type, data } of source) {
    const { name, line, column, file } = data ?? {};
    const test = JSON.stringify([file, line, column, name]);
    if (type === 'test:enqueue' && !isFile(data)) begun.add(test);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    begun.delete(test);
    if (hasFailed(type, data)) total.failed += 1;
    else if (hasPassed(type, data)) total.passed += 1;
    if (isLeftOut(data))
      total.leftOut.push(hasReason(data) ? data.skip : `no reason given: ${name}`);
  }
  yield JSON.stringify({ ...total, failed: total.failed + begun.size });
}

/** Node runs each file as a test of the file's name, and reports that one if it has no other. */
function isFile({ name, file }) {
  return file !== undefined && path.resolve(name) === file;
}

/** A suite whose tests fail is counted by them, one whose hooks break by itself. */
function hasFailed(type, data) {
  if (type === 'test:pass') return isFile(data) || (isLeftOut(data) && !hasReason(data));
  return data.details.error?.failureType !== 'subtestsFailed';
}

function hasPassed(type, { details, skip, todo }) {
  const counted = details.type !== 'suite' && skip === undefined && todo === undefined;
  return type === 'test:pass' && counted;
}

function isLeftOut({ skip }) {
  return skip !== undefined;
}

function hasReason({ skip }) {
  return typeof skip === 'string' && skip !== '';
}
