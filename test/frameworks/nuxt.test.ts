import { follow } from './quick-start.js';
import { exerciseServed } from './served.js';

exerciseServed({
  name: 'Nuxt',
  folder: 'nuxt',
  builds: true,
  start: ['.output/server/index.mjs'],
  bound: '/',
});

follow({
  guide: 'vue.md',
  section: 'Quick start with Nuxt',
  start: ['.output/server/index.mjs'],
});
