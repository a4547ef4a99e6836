import { takeBuiltIn } from '../frameworks/guide-blocks.js';
import { Guide } from './guide.js';

const guide = new Guide('docs/react.md');

takeBuiltIn(guide, 'test/frameworks/react');
for (const section of ['Quick start', 'Tests']) {
  guide.takenBy('test/frameworks/react.test.ts', section);
}
guide.takenBy('test/frameworks/next.test.ts', 'Quick start with Next.js');
guide.leavesNothing();
