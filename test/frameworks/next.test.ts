import { follow } from './quick-start.js';
import { exerciseServed } from './served.js';

const start = ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1'];

exerciseServed({ name: 'Next.js', folder: 'next', builds: true, start, bound: '/client' });

follow({ guide: 'react.md', section: 'Quick start with Next.js', start });
