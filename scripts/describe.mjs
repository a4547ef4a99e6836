/**
 * Describes the element to tools, from what its sources and their doc comments say: data for editors,
 * and types for frameworks. The custom elements manifest is kept in the repository: `npm run api`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cssData, htmlData, webTypes } from './editor-data.mjs';
import { frameworkFiles } from './framework-files.mjs';
import { elementOf, readManifest } from './manifest.mjs';

const element = elementOf(readManifest());

const files = {
  'vscode.html-custom-data.json': json(htmlData(element)),
  'vscode.css-custom-data.json': json(cssData(element)),
  'web-types.json': json(webTypes(element, JSON.parse(readFileSync('package.json', 'utf8')))),
  ...frameworkFiles(element),
};

for (const [name, text] of Object.entries(files)) {
  const file = path.join('dist', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** @param {unknown} value */
function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
