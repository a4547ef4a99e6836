import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { augmentations, withoutComments, writeDeclarations } from './declarations.mjs';
import { extractReports } from './extract-reports.mjs';
import { elementOf, readManifest } from './manifest.mjs';

/** Where the reports are kept. */
export const REPORTS = 'docs/api';

/** Their declarations are all alike, so one of them stands for the others. */
const LOCALE = 'de';

/**
 * What the package promises, made of its sources: the manifest, and a report for each entry that has
 * types. They are kept in the repository, so that whoever changes a promise sees that.
 *
 * @returns {Map<string, string>} texts by the names of their files.
 */
export function apiFiles() {
  const manifest = readManifest();
  const reports = inFolder((folder) => {
    writeDeclarations(path.join(folder, 'dist'), elementOf(manifest));
    return reportsOf(folder);
  });
  return new Map([['custom-elements.json', `${JSON.stringify(manifest, null, 2)}\n`], ...reports]);
}

/** In the repository, so that dependencies are found; and not in `dist/`, which may be out of date. */
function inFolder(use) {
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(path.resolve('.cache/api-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function reportsOf(folder) {
  const entries = typedEntries(folder);
  const extracted = extractReports(
    folder,
    entries.filter(({ isShort }) => !isShort),
  );
  return entries.map(({ report, file, isShort }) => {
    const parts = isShort
      ? [`# \`${report}\`\n\n> Written by \`npm run api\`.\n`, fenced(withoutComments(file))]
      : [extracted.get(report), ...augmentations(file).map(fenced)];
    return [`${REPORTS}/${report}.api.md`, `${parts.join('\n').trimEnd()}\n`];
  });
}

/** The entries of the package that have types, as its `exports` say. */
function typedEntries(folder) {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  return Object.entries(exports)
    .filter(([, { types }]) => types !== undefined)
    .map(([name, { types, default: code }]) => ({
      report: name === '.' ? 'index' : name.replace(/^\.\/|\/\*$/g, ''),
      file: path.join(folder, types.replace('*', LOCALE)),
      // What it says with types of other entries is kept as it is: they have their own reports.
      isShort: name.endsWith('*') || code === undefined,
    }));
}

function fenced(code) {
  return `\`\`\`ts\n${code}\n\`\`\`\n`;
}
