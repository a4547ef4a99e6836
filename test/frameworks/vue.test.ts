import { develop } from './development.js';
import { exercise } from './exercise.js';
import { follow } from './quick-start.js';
import { checkTypes } from './type-check.js';

const application = { name: 'Vue', folder: 'vue', builds: true, output: 'dist' };

exercise(application);

develop(application, {
  start: ['node_modules/vite/bin/vite.js', '--port', '{port}'],
  file: 'src/pages/BindingPage.vue',
});

checkTypes(application, [
  'node_modules/vue-tsc/bin/vue-tsc.js',
  '--noEmit',
  '--project',
  'types/tsconfig.json',
]);

follow({ guide: 'vue.md', section: 'Quick start', output: 'dist' });
