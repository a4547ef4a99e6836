import assert from 'node:assert/strict';
import type { StaticApplication } from './application.js';
import { develop } from './development.js';
import { exercise } from './exercise.js';
import { follow } from './quick-start.js';
import { bindsAll, hearsBoth, show, startsAgain, type ShownBlock } from './shown.js';
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

show(application, 'angular.md', [
  ['Attributes and properties', '/guide/attributes', bindsAll('Prove your age, Ada', 'img')],
  ['Events', '/guide/events', hearsBoth],
  ['What is checked', '/guide/values', hasItsValues],
  ['References and methods', '/guide/element', startsAgain],
  ['Forms', '/guide/form', sendsOnceApproved],
  ['Forms', '/guide/reactive-form', sendsOnceApproved],
]);

// What comes after the application is ready has all properties at once, too.
show({ ...application, output: 'dist/late/browser' }, 'angular.md', [
  ['Server rendering', '/guide/attributes', bindsAll('Prove your age, Ada', 'img')],
  ['Server rendering', '/guide/element', startsAgain],
]);

type Open = () => Promise<ShownBlock>;

async function hasItsValues(open: Open): Promise<void> {
  const { page } = await open();
  await page.element.getByText('Prove your age', { exact: true }).waitFor();
  assert.equal(await page.get('theme'), 'light');
  await page.close();
}

/** Nothing is sent before the person is approved; then the session's id is. */
async function sendsOnceApproved(open: Open): Promise<void> {
  const { page, sandbox } = await open();
  const output = page.page.locator('output');
  const order = page.page.getByRole('button', { name: 'Order', exact: true });
  await page.code();
  if (await order.isEnabled()) await order.click();
  assert.equal(await output.textContent(), '');
  const { sessionId } = (await page.get('session'))!;
  sandbox.play(sessionId, 'confirm');
  await page.inState('approved');
  await order.click();
  await output.getByText(JSON.stringify({ verification: sessionId }), { exact: true }).waitFor();
  await page.close();
}

follow({ guide: 'angular.md', section: 'Quick start', output: 'dist/my-site/browser' });
