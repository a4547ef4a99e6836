import { rmSync } from 'node:fs';
import { runProgram } from './programs.mjs';

for (const folder of ['build', 'dist']) rmSync(folder, { recursive: true, force: true });

process.exitCode =
  runProgram('typescript', 'bin/tsc') ||
  runProgram('rollup', 'dist/bin/rollup', ['--config', '--silent']);
