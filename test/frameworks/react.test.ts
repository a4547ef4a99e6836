import { develop } from './development.js';
import { exercise } from './exercise.js';
import { follow } from './quick-start.js';
import { checkTypes } from './type-check.js';

const application = { name: 'React', folder: 'react', builds: true, output: 'dist' };

exercise(application);

develop(application, {
  start: ['node_modules/vite/bin/vite.js', '--port', '{port}'],
  file: 'src/pages/Binding.tsx',
});

checkTypes(application, ['node_modules/typescript/bin/tsc', '--project', 'types']);

follow({ guide: 'react.md', section: 'Quick start', output: 'dist' });
