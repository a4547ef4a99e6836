import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../production/free-port.js';

/** A backend as the guide has it. */
export interface BackendSource {
  /** Its file, and the page that it serves. */
  readonly files: Readonly<Record<string, string>>;
  /** How the guide starts it, in bash. */
  readonly start: string;
}

/** A backend in a process of its own. */
export interface BackendProcess {
  readonly origin: string;
  /** All that it has put out. */
  readonly said: () => string;
  /** Resolves once it has put that out. */
  says(text: string): Promise<void>;
  end(): Promise<void>;
}

/** Whether a program is there to be run. */
export function isInstalled(program: string): boolean {
  return spawnSync('bash', ['-c', `command -v ${program}`]).status === 0;
}

/** The environment of the tests, without what is set in it for Didit, and without proxies. */
export function environmentWith(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(DIDIT_|PORT$|NODE_TEST|https?_proxy$|all_proxy$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), ...variables };
}

/** Starts a backend in a folder of its own, and resolves once it listens. */
export async function startBackend(
  { files, start }: BackendSource,
  variables: Readonly<Record<string, string>>,
): Promise<BackendProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'any-language-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const port = String(await freePort());
  const program = spawn('bash', ['-c', start], {
    cwd: folder,
    env: environmentWith({ ...variables, PORT: port, TMPDIR: folder }),
    // A group of its own, since what bash and `go run` start is to end with them.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const streams = [program.stdout, program.stderr];
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const closed = once(program, 'close');
  const says = async (text: string) => {
    while (!output.includes(text)) {
      const heard = streams.map((stream) => once(stream, 'data').then(() => true));
      const goesOn = await Promise.race([...heard, closed.then(() => false)]);
      assert.ok(goesOn, `It ended: ${output}`);
    }
  };
  const end = async () => {
    if (program.exitCode === null) process.kill(-program.pid!, 'SIGKILL');
    await closed;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await says(`127.0.0.1:${port}`);
  } catch (error) {
    await end();
    throw error;
  }
  return { origin: `http://127.0.0.1:${port}`, said: () => output, says, end };
}
