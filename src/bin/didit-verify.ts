#!/usr/bin/env node
import { readCommandLine } from './command-line.js';
import { runSandbox } from './run-sandbox.js';

const command = readCommandLine(process.argv.slice(2));

if (command.kind === 'sandbox') runSandbox(command);
else if (command.kind === 'help') process.stdout.write(command.text);
else {
  process.stderr.write(command.text);
  process.exitCode = 1;
}
