import { createAdaptorServer } from '@hono/node-server';
import { createSandbox, type SandboxEvent } from 'didit-verify/sandbox';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { FOLDER, layOutRecipe } from './workers-files.js';

/** Far more than anything takes, so that what hangs is a failure. */
const WAIT_MS = 60_000;

/** What a function of the site was called with. */
export interface Saved {
  readonly called: 'onSession' | 'onDecision';
  readonly vendorData: string;
  readonly sessionId: string;
  readonly source?: string;
  readonly status?: string;
}

/** Where workerd listens; see config.capnp. */
type Socket = 'worker' | 'before' | 'after' | 'clock';

export type WorkersSite = Awaited<ReturnType<typeof startWorkers>>;

/** The recipe in workerd, before a sandbox and a database that listen on real ports. */
export async function startWorkers(config: string) {
  const happened = new Journal<SandboxEvent>();
  const saved = new Journal<Saved>();
  const unfinished: string[] = [];
  let isLosing = false;
  const { server, origin, serve } = await listen();
  const workerd = await startWorkerd(config, new URL(origin).host);
  const sandbox = createSandbox({
    apiKey: 'sandbox-key',
    publicUrl: origin,
    webhookUrl: `${workerd.origins.worker}/api/didit/webhook`,
    webhookSecret: 'sandbox-webhook-secret',
    // Lost is what Didit does not send again.
    fetch: async (input, init) =>
      isLosing ? new Response(null, { status: 400 }) : fetch(input, init),
    log: (event) => happened.add(event),
  });
  serve(async (request) => {
    if (new URL(request.url).pathname !== '/database') return sandbox.fetch(request);
    if (request.method === 'POST') saved.add((await request.json()) as Saved);
    return Response.json(unfinished);
  });
  const close = async () => {
    await workerd.stop();
    sandbox.close();
    server.close();
  };
  return {
    ...workerd,
    ...{ sandbox, sandboxOrigin: origin, happened, saved, unfinished, close },
    losesWebhooks: (loses: boolean) => void (isLosing = loses),
  };
}

/** All that was told, for who asks before as for who asks after it was. */
class Journal<T> {
  readonly entries: T[] = [];
  #wakers: (() => void)[] = [];

  add(entry: T): void {
    this.entries.push(entry);
    for (const wake of this.#wakers.splice(0)) wake();
  }

  /** The first entry that matches, as soon as there is one. */
  async until(matches: (entry: T) => boolean): Promise<T> {
    for (;;) {
      const entry = this.entries.find(matches);
      if (entry !== undefined) return entry;
      const added = new Promise<void>((resolve) => void this.#wakers.push(resolve));
      await inTime(added, matches.toString());
    }
  }
}

/** A promise that is rejected where it would never settle. */
export async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`in vain waited for: ${what}`)), WAIT_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A server of Node whose answers are given later: its port has to be known first. */
async function listen() {
  let answer: (request: Request) => Promise<Response>;
  const server = createAdaptorServer({ fetch: (request) => answer(request) }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, origin, serve: (given: typeof answer) => void (answer = given) };
}

async function startWorkerd(config: string, address: string) {
  const workerd = spawn(
    layOutRecipe(),
    [
      // Without `--verbose` it keeps exceptions to itself.
      ...['serve', '--verbose', '--experimental', '--control-fd=3'],
      ...['-e', `didit=${address}`, '-e', `database=${address}`],
      ...['config.capnp', config],
    ],
    {
      cwd: FOLDER,
      env: { ...process.env, PWD: FOLDER },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  const ended = once(workerd, 'close');
  let output = '';
  for (const stream of [workerd.stdout!, workerd.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  // Asked to end, it would wait for streams that are open.
  const kill = () => workerd.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    kill();
    await ended;
  };
  const origins = await originsOf(workerd.stdio[3] as Readable);
  if (!origins.clock) throw new Error(`workerd does not listen: ${output}`);
  return { origins, stop, output: () => output };
}

/** Told by workerd, a line for each socket; the last of them is the clock's. */
async function originsOf(control: Readable): Promise<Record<Socket, string>> {
  const origins: Partial<Record<Socket, string>> = {};
  for await (const line of createInterface(control)) {
    const { socket, port } = JSON.parse(line) as { socket: Socket; port: number };
    origins[socket] = `http://127.0.0.1:${port}`;
    if (socket === 'clock') break;
  }
  return origins as Record<Socket, string>;
}
