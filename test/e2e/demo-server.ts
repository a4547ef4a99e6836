import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A running `demo/server.mjs`, as `npm start` runs it. */
export interface DemoServer {
  readonly origin: string;
  /** What it has printed. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts the demo on a free port. */
export async function startDemo(env: NodeJS.ProcessEnv = {}): Promise<DemoServer> {
  const server = spawnDemo({ PORT: '0', ...env });
  let said = '';
  const listen = (data: Buffer) => (said += data.toString());
  server.stderr!.on('data', listen);
  server.stdout!.on('data', listen);
  const origin = await firstMatch(server, () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]);
  return {
    origin,
    said: () => said,
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
  const names = ['CLIENT_ID', 'CLIENT_SECRET', 'API_KEY', 'WORKFLOW_ID'];
  const none = Object.fromEntries(names.map((name) => [`DIDIT_${name}`, '']));
  return spawn(process.execPath, ['demo/server.mjs'], { env: { ...process.env, ...none, ...env } });
}

async function firstMatch(server: ChildProcess, match: () => string | undefined): Promise<string> {
  const ended = once(server, 'exit').then(() => {
    throw new Error('The demo did not start.');
  });
  for (;;) {
    await Promise.race([once(server.stdout!, 'data'), ended]);
    const found = match();
    if (found) {
      ended.catch(() => undefined);
      return found;
    }
  }
}
