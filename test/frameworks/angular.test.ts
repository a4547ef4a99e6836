import type { StaticApplication } from './application.js';
import { develop } from './development.js';
import { exercise } from './exercise.js';
import { follow } from './quick-start.js';
import { checkTypes } from './type-check.js';

const NG = 'node_modules/@angular/cli/bin/ng.js';
const NGC = 'node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js';

const application: StaticApplication = {
  name: 'Angular',
  folder: 'angular',
  builds: true,
  output: 'dist/angular/browser',
};

exercise(application);
checkTypes(application, [NGC, '--project', 'tsconfig.types.json']);
develop(application, {
  start: [NG, 'serve', '--host=127.0.0.1', '--port={port}', '--proxy-config=proxy.conf.mjs'],
  file: 'src/app/pages/binding.ts',
});
follow({ guide: 'angular.md', section: 'Quick start', output: 'dist/my-site/browser' });
