import assert from 'node:assert/strict';
import path from 'node:path';
import { outputOf } from './application.js';
import { Guide } from '../docs/guide.js';
import { develop } from './development.js';
import { exercise } from './exercise.js';
import { follow, writeFile } from './quick-start.js';
import { bindsAll, hearsBoth, show, startsAgain } from './shown.js';
import { checkTypes } from './type-check.js';

/** What is not of the tag. */
const FORM = /indent|newline|max-attributes/;

const application = { name: 'Vue', folder: 'vue', builds: true, output: 'dist' };

exercise(application);

develop(application, {
  start: ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', '{port}'],
  file: 'src/pages/BindingPage.vue',
});

checkTypes(application, [
  'node_modules/vue-tsc/bin/vue-tsc.js',
  '--noEmit',
  '--project',
  'types/tsconfig.json',
]);

show(application, 'vue.md', [
  ['Attributes and properties', '/guide/attributes', bindsAll('Hello Ada', '[slot=footer]')],
  ['Events', '/guide/events', hearsBoth],
  ['The element and its methods', '/guide/element', startsAgain],
]);

follow({
  guide: 'vue.md',
  section: 'Quick start',
  output: 'dist',
  further: {
    // Its commands run what it shows.
    Tests: () => undefined,
    ESLint: (_, place) => lintsRight(place),
  },
});

/** What the guide shows passes, by the rules that know better and not without them. */
function lintsRight(place: string): void {
  const guide = new Guide('docs/vue.md');
  const block = guide.take('Attributes and properties', 'vue');
  writeFile(path.join(place, 'src/VerifyBlock.vue'), `<template>\n${block}</template>\n`);
  assert.deepEqual(complaintsAt(place), []);
  const config = guide.take('ESLint', 'js').replaceAll(/^ +'vue\/.*\n/gm, '');
  writeFile(path.join(place, 'eslint.config.js'), config);
  assert.deepEqual(complaintsAt(place), [
    'vue/attribute-hyphenation',
    'vue/no-deprecated-slot-attribute',
  ]);
}

/** The rules that a file breaks, but for those of form and size. */
function complaintsAt(place: string): string[] {
  const eslint = ['node_modules/eslint/bin/eslint.js', '--format', 'json', 'src/VerifyBlock.vue'];
  const [result] = JSON.parse(outputOf(place, eslint)) as { messages: { ruleId: string }[] }[];
  const rules = new Set(result!.messages.map(({ ruleId }) => ruleId));
  return [...rules].filter((rule) => !FORM.test(rule)).sort();
}
