import { Guide } from './guide.js';

const guide = new Guide('docs/getting-started.md');

for (const section of [
  'A page of your own',
  'A backend of your own',
  'Try it',
  'With Didit itself',
])
  guide.takenBy('test/frameworks/getting-started.test.ts', section);
guide.leavesNothing();
