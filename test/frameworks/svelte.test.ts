import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { prepare } from './application.js';
import { develop } from './development.js';
import { exercise } from './exercise.js';
import { follow } from './quick-start.js';
import { bindsAll, hearsBoth, show, startsAgain } from './shown.js';
import { checkTypes } from './type-check.js';

const application = { name: 'Svelte', folder: 'svelte', builds: true, output: 'build' };

exercise(application);

it('has the tag in the HTML of pages that the server renders', () => {
  const html = readFileSync(path.join(prepare(application), 'build/form.html'), 'utf8');
  assert.match(html, /<form><didit-verify name="verification" required="" resolver-url="[^>]+>/);
});

develop(application, {
  start: ['node_modules/vite/bin/vite.js', 'dev', '--host', '127.0.0.1', '--port', '{port}'],
  file: 'src/routes/binding/+page.svelte',
});

checkTypes(
  application,
  ['node_modules/@sveltejs/kit/svelte-kit.js', 'sync'],
  [
    'node_modules/svelte-check/bin/svelte-check',
    '--tsconfig',
    './types/tsconfig.json',
    '--output',
    'machine',
  ],
);

show(application, 'svelte.md', [
  ['Attributes and properties', '/guide/attributes', bindsAll('Hello Ada', '[slot=footer]')],
  ['Events', '/guide/events', hearsBoth],
  ['The element and its methods', '/guide/element', startsAgain],
]);

follow({ guide: 'svelte.md', section: 'Quick start', output: 'build' });
