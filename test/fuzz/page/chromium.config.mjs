/** The properties alone, in Chromium alone, for as long as they take. */
import config from '../../../web-test-runner.config.mjs';

export default {
  ...config,
  files: 'test/fuzz/page/*.test.ts',
  rootDir: '.',
  browsers: config.browsers.filter(({ name }) => name.startsWith('Chrom')),
  testsFinishTimeout: 3_600_000,
};
