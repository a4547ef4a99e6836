import { takeBuiltIn } from '../frameworks/guide-blocks.js';
import { Guide } from './guide.js';

const guide = new Guide('docs/angular.md');

takeBuiltIn(guide, 'test/frameworks/angular');
guide.takenBy('test/frameworks/angular.test.ts', 'Quick start');
guide.leavesNothing();
