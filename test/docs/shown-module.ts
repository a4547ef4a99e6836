import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const IMPORT = /^import [^;]*;/gm;

/**
 * Runs what a guide shows, word for word, in a module that finds the package by its name; gives what
 * those of its names stand for that the test asks for.
 *
 * @param given - what it takes from elsewhere, by the names that it has for it.
 */
export async function runShown<Shown = Record<string, unknown>>(
  code: string,
  given: object,
  names: readonly (keyof Shown & string)[] = [],
  place = '.cache',
): Promise<Shown> {
  mkdirSync(place, { recursive: true });
  const folder = mkdtempSync(path.join(place, 'shown-'));
  try {
    const file = path.join(folder, 'module.mjs');
    writeFileSync(file, moduleOf(code, Object.keys(given), names));
    const { default: run } = (await import(pathToFileURL(file).href)) as Module<Shown>;
    return await run(given);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Module<Shown> {
  readonly default: (given: object) => Promise<Shown>;
}

/** Imports stay at the top; the rest is a function's, so that it can be given anything. */
function moduleOf(code: string, given: readonly string[], names: readonly string[]): string {
  return [
    ...(code.match(IMPORT) ?? []),
    `export default async ({ ${given.join(', ')} }) => {`,
    code.replaceAll(IMPORT, ''),
    `return { ${names.join(', ')} };`,
    '};',
  ].join('\n');
}
