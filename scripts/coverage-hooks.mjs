import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isSource, SOURCE_FOLDER, withCounters } from './coverage-source.mjs';

/** What the package exports, by its name, as it is in the sources. */
const OWN = {
  'didit-verify': 'index.ts',
  'didit-verify/element': 'element.ts',
  'didit-verify/server': 'server/index.ts',
  'didit-verify/sandbox': 'sandbox/index.ts',
};

/** Tests of what is built are tests of the source here. */
export function resolve(specifier, context, nextResolve) {
  const source = OWN[specifier] ?? specifier.replace(/^didit-verify\/(locales\/.+)$/, '$1.ts');
  if (source === specifier) return nextResolve(specifier, context);
  return nextResolve(pathToFileURL(path.join(SOURCE_FOLDER, source)).href, context);
}

/** Sources with counters, before their types are taken off. */
export async function load(url, context, nextLoad) {
  const file = url.startsWith('file:') ? fileURLToPath(url) : '';
  if (!isSource(file)) return nextLoad(url, context);
  const source = withCounters(readFileSync(file, 'utf8'), file);
  return { format: 'module', source, shortCircuit: true };
}
