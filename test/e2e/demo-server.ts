import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A running `demo/server.mjs`, as `npm start` runs it. */
export interface DemoServer {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts the demo on a free port. */
export async function startDemo(): Promise<DemoServer> {
  const server = spawnDemo({ PORT: '0' });
  const output = await firstMatch(server, /http:\/\/localhost:\d+/);
  return {
    origin: output,
    async stop() {
      const exited = once(server, 'exit');
      server.kill();
      await exited;
    },
  };
}

/** Runs the demo where it cannot start: its exit code and what it says. */
export async function failDemo(env: NodeJS.ProcessEnv): Promise<{ code: number; said: string }> {
  const server = spawnDemo(env);
  let said = '';
  server.stderr!.on('data', (data: Buffer) => (said += data.toString()));
  const [code] = (await once(server, 'close')) as [number];
  return { code, said };
}

function spawnDemo(env: NodeJS.ProcessEnv): ChildProcess {
  // Not the account of whoever runs the tests.
  const none = { DIDIT_CLIENT_ID: '', DIDIT_CLIENT_SECRET: '' };
  return spawn(process.execPath, ['demo/server.mjs'], { env: { ...process.env, ...none, ...env } });
}

async function firstMatch(server: ChildProcess, pattern: RegExp): Promise<string> {
  let said = '';
  server.stderr!.on('data', (data: Buffer) => (said += data.toString()));
  for await (const data of server.stdout!) {
    said += String(data);
    const [match] = pattern.exec(said) ?? [];
    if (match) return match;
  }
  throw new Error(`The demo did not start: ${said}`);
}
