import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInstrumenter } from 'istanbul-lib-instrument';

/** How sources come with counters, so that browsers' and Node's are of one kind and add up. */
const OPTIONS = {
  esModules: true,
  parserPlugins: ['typescript'],
  preserveComments: true,
  compact: false,
  coverageGlobalScope: 'globalThis',
  // A page may forbid what makes code of text.
  coverageGlobalScopeFunc: false,
};

export const SOURCE_FOLDER = path.resolve('src');

/** Whether a file is one whose lines count. */
export function isSource(file) {
  return file.startsWith(SOURCE_FOLDER + path.sep) && /(?<!\.d)\.ts$/.test(file);
}

/** @returns {string[]} */
export function sourceFiles() {
  const names = readdirSync(SOURCE_FOLDER, { recursive: true });
  return names.map((name) => path.join(SOURCE_FOLDER, name)).filter(isSource);
}

/**
 * TypeScript with counters, still TypeScript: no source map stands between them and its lines.
 *
 * @param {string} code
 * @param {string} file
 * @returns {string}
 */
export function withCounters(code, file) {
  return createInstrumenter(OPTIONS).instrumentSync(code, file);
}

/**
 * What the counters of a file that nothing loads would say.
 *
 * @param {string} file
 * @returns {{ path: string, s: Record<string, number> }}
 */
export function untouched(file) {
  const instrumenter = createInstrumenter(OPTIONS);
  instrumenter.instrumentSync(readFileSync(file, 'utf8'), file);
  return instrumenter.lastFileCoverage();
}
