import { chmodSync, rmSync } from 'node:fs';
import { runNode, runProgram } from './programs.mjs';

for (const folder of ['build', 'dist']) rmSync(folder, { recursive: true, force: true });

process.exitCode =
  runProgram('typescript', 'bin/tsc') ||
  // What is for Node alone, with Node's types.
  runProgram('typescript', 'bin/tsc', ['--project', 'src/bin']) ||
  runProgram('rollup', 'dist/bin/rollup', ['--config', '--silent']) ||
  runNode(['scripts/describe.mjs']) ||
  runNode(['scripts/integrity.mjs']);

// So it is in the package as well, for whoever does not install it by a package manager.
if (process.exitCode === 0) chmodSync('dist/bin/didit-verify.js', 0o755);
