import { takeBuiltIn } from '../frameworks/guide-blocks.js';
import { Guide } from './guide.js';

const guide = new Guide('docs/svelte.md');

takeBuiltIn(guide, 'test/frameworks/svelte');
guide.takenBy('test/frameworks/svelte.test.ts', 'Quick start');
guide.leavesNothing();
