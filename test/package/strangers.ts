import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a module in a Node of its own, with the package imported by its name. */
export async function inNode(code: string, ...conditions: string[]): Promise<string> {
  const flags = conditions.flatMap((condition) => ['--conditions', condition]);
  const { stdout } = await run(process.execPath, [...flags, '--input-type=module', '-e', code]);
  return stdout.trim();
}

/**
 * Compiles a file of a project of its own, its libraries checked too; beside it there may be
 * declarations that stand in for others.
 */
export async function compile(code: string, declarations = ''): Promise<void> {
  // Inside the package, so that it finds itself by its name.
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync('.cache/types-');
  const lib = 'ES2022,DOM,DOM.Iterable';
  const options = ['--strict', '--noEmit', '--module', 'NodeNext', '--target', 'ES2022'];
  try {
    writeFileSync(`${folder}/index.mts`, code);
    writeFileSync(`${folder}/others.d.ts`, declarations);
    const tsc = 'node_modules/typescript/bin/tsc';
    await run(process.execPath, [
      ...[tsc, ...options, '--lib', lib, '--ignoreConfig'],
      ...[`${folder}/index.mts`, `${folder}/others.d.ts`],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
