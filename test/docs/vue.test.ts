import { takeBuiltIn } from '../frameworks/guide-blocks.js';
import { Guide } from './guide.js';

const guide = new Guide('docs/vue.md');

takeBuiltIn(guide, 'test/frameworks/vue');
takeBuiltIn(guide, 'test/frameworks/nuxt');
for (const section of ['Quick start', 'ESLint', 'Tests']) {
  guide.takenBy('test/frameworks/vue.test.ts', section);
}
for (const section of ['Quick start with Nuxt', 'The backend in Nuxt']) {
  guide.takenBy('test/frameworks/nuxt.test.ts', section);
}
guide.leavesNothing();
