import { exercise } from './exercise.js';

exercise({ name: 'Plain HTML', folder: 'html', builds: false, output: '.' });
