import { createAdaptorServer } from '@hono/node-server';
import { createSandbox, type Sandbox, type SandboxEvent } from 'didit-verify/sandbox';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { environment, type Recipe } from './recipe.js';

/** What a recipe, a function of its site, or the sandbox has told. */
export interface Told {
  readonly type: string;
  readonly sessionId?: string;
  readonly [member: string]: unknown;
}

/** A recipe's production server, in a process of its own, and the sandbox that it speaks to. */
export interface Site {
  readonly origin: string;
  readonly webhookSecret: string;
  readonly sandbox: Sandbox;
  /** Resolves with the first event that has these members, once it is told. */
  told(members: Partial<Told>): Promise<Told>;
  /** Asks the server to shut down, and resolves with its exit code. */
  shutDown(): Promise<number | null>;
  /** Ends all that still runs. */
  end(): Promise<void>;
}

const ACCOUNT = { apiKey: 'a-key', workflowId: 'any', webhookSecret: 'secret-of-the-webhook' };
const HOST = '127.0.0.1';

export async function startSite({ start }: Recipe, place: string): Promise<Site> {
  const { apiKey, webhookSecret } = ACCOUNT;
  const journal = createJournal();
  const port = await freePort();
  const origin = `http://${HOST}:${port}`;
  const sandbox = createSandbox({
    ...{ apiKey, webhookSecret, webhookUrl: `${origin}/api/didit/webhook` },
    log: (event: SandboxEvent) => journal.tell({ ...event, type: `sandbox.${event.type}` }),
  });
  const didit = createAdaptorServer({ fetch: sandbox.fetch }) as Server;
  const apiUrl = `http://${HOST}:${await listen(didit)}`;
  const server = startServer(start, place, journal, {
    ...environment({ ...ACCOUNT, apiUrl }),
    ...{ HOST, PORT: String(port) },
    // The sandbox is refused in production.
    NODE_ENV: 'test',
  });
  const end = async () => {
    await server.end('SIGKILL');
    sandbox.close();
    didit.closeAllConnections();
    didit.close();
  };
  try {
    await server.ready;
  } catch (error) {
    await end();
    throw error;
  }
  const shutDown = () => server.end('SIGTERM');
  return { origin, webhookSecret, sandbox, told: journal.told, shutDown, end };
}

function startServer(
  start: readonly string[],
  cwd: string,
  journal: Journal,
  env: NodeJS.ProcessEnv,
) {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const server = spawn(process.execPath, start, { cwd, env, stdio: [...stdio] });
  const exited = once(server, 'exit').then(([code]) => code as number | null);
  const lines = createInterface(server.stdout);
  // Every framework says so in its own words.
  const ready = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('{')) journal.tell(JSON.parse(line) as Told);
      else if (/listening|ready in/i.test(line)) resolve();
    });
    exited.then((code) => reject(new Error(`The server ended with ${code}.`)), reject);
  });
  const end = (signal: NodeJS.Signals) => {
    server.kill(signal);
    return exited;
  };
  return { ready, end };
}

type Journal = ReturnType<typeof createJournal>;

function createJournal() {
  const events: Told[] = [];
  const news = new EventEmitter().setMaxListeners(0);
  return {
    tell(event: Told): void {
      events.push(event);
      news.emit('told');
    },
    async told(members: Partial<Told>): Promise<Told> {
      const fits = (event: Told) =>
        Object.entries(members).every(([name, value]) => event[name] === value);
      for (;;) {
        const event = events.find(fits);
        if (event) return event;
        await once(news, 'told');
      }
    },
  };
}

/** One that nobody listens at, as far as can be known before the recipe does. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, HOST);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
