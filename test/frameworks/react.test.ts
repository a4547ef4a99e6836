import { develop } from './development.js';
import { exercise } from './exercise.js';
import { follow } from './quick-start.js';
import { bindsAll, hearsBoth, show, startsAgain } from './shown.js';
import { checkTypes } from './type-check.js';

const application = { name: 'React', folder: 'react', builds: true, output: 'dist' };

exercise(application);

develop(application, {
  start: ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', '{port}'],
  file: 'src/pages/Binding.tsx',
});

checkTypes(application, ['node_modules/typescript/bin/tsc', '--project', 'types']);

show(application, 'react.md', [
  ['Attributes and properties', '/guide/attributes', bindsAll('Hello Ada', '[slot=footer]')],
  ['Events', '/guide/events', hearsBoth],
  ['The element and its methods', '/guide/element', startsAgain],
]);

follow({
  guide: 'react.md',
  section: 'Quick start',
  output: 'dist',
  // Its commands run what it shows.
  further: { Tests: () => undefined },
});
