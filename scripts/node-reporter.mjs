/** A reporter for Node's test runner: the counts alone, as JSON, for `scripts/test.mjs`. */
export default async function* countReporter(source) {
  const total = { passed: 0, failed: 0 };
  for await (const { type, data } of source) {
    // A suite is not a test, but one whose hooks break has failed.
    const suite = data?.details?.type === 'suite';
    if (type === 'test:pass' && !suite && !data.skip && !data.todo) total.passed += 1;
    if (type === 'test:fail' && !(suite && data.details.error?.failureType === 'subtestsFailed')) {
      total.failed += 1;
    }
  }
  yield JSON.stringify(total);
}
