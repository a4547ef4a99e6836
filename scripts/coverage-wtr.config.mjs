/** The browser tests of `npm run coverage`: in Chromium alone, of sources with counters. */
import path from 'node:path';
import config from '../web-test-runner.config.mjs';
import { isSource, withCounters } from './coverage-source.mjs';

function countersPlugin() {
  return {
    name: 'counters',
    transform(context) {
      const file = path.join(process.cwd(), ...context.path.split('/'));
      if (isSource(file)) return { body: withCounters(context.body, file) };
    },
  };
}

export default {
  ...config,
  rootDir: process.cwd(),
  browsers: config.browsers.slice(0, 1),
  // Before the types are taken off.
  plugins: [countersPlugin(), ...config.plugins],
  coverage: true,
  coverageConfig: {
    include: ['src/**/*.ts'],
    nativeInstrumentation: false,
    reporters: ['json'],
    reportDir: process.env.COVERAGE_FOLDER,
  },
};
