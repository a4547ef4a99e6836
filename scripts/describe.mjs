/**
 * Describes the element to tools, from what its sources and their doc comments say: the custom
 * elements manifest, data for editors, and types for frameworks.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cssData, htmlData, webTypes } from './editor-data.mjs';
import { reactTypes, svelteTypes, vueTypes } from './framework-types.mjs';
import { elementOf, readManifest } from './manifest.mjs';

const manifest = readManifest();
const element = elementOf(manifest);

const files = {
  'custom-elements.json': json(manifest),
  'vscode.html-custom-data.json': json(htmlData(element)),
  'vscode.css-custom-data.json': json(cssData(element)),
  'web-types.json': json(webTypes(element, JSON.parse(readFileSync('package.json', 'utf8')))),
  'types/vue.d.ts': vueTypes(element),
  'types/svelte.d.ts': svelteTypes(element),
  'types/react.d.ts': reactTypes(element),
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
