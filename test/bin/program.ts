import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** Runs `didit-verify` in a process of its own, by what Node is to be started with. */
export function startProgram(t: TestContext, node: readonly string[], args: readonly string[]) {
  const program = spawn(process.execPath, [...node, ...args]);
  const output = { out: '', error: '' };
  program.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  program.stderr.setEncoding('utf8').on('data', (text: string) => (output.error += text));
  const ended = once(program, 'close').then(([code]) => code as number | null);
  t.after(() => program.kill('SIGKILL'));
  /** Resolves with what was matched once it is put out. */
  const says = async (pattern: RegExp) => {
    for (;;) {
      const match = pattern.exec(output.out);
      if (match) return match;
      const data = once(program.stdout, 'data').then(() => false);
      if (await Promise.race([data, ended.then(() => true)])) {
        throw new Error(`It ended: ${output.out}${output.error}`);
      }
    }
  };
  return { program, output, ended, says };
}
