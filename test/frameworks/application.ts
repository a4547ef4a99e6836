import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { npm } from '../../scripts/npm.mjs';
import { freePort } from '../production/free-port.js';
import { makeWorkingCopy, readFolder } from '../working-copy.js';
import { withGuideBlocks } from './guide-blocks.js';

/** An application of a framework, below `test/frameworks`. */
export interface Application {
  readonly name: string;
  readonly folder: string;
  /** Whether there is something to build: `npm run build`. */
  readonly builds: boolean;
}

/** One that any server of files can serve. */
export interface StaticApplication extends Application {
  /** Where its built files are. */
  readonly output: string;
}

/** A server of an application's own, in its own process. */
export interface OwnServer {
  readonly origin: string;
  /** What it has printed. */
  said(): string;
  /** Resolves once it has printed this. */
  says(pattern: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export const HERE = 'test/frameworks';
const CACHE = path.resolve('.cache/frameworks');
const HOST = '127.0.0.1';
/** Far more than any server takes. */
const START_MS = 100_000;

/** No telemetry, and nobody to be asked. */
export const QUIET = {
  NG_CLI_ANALYTICS: 'false',
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
};

/** And nothing that tells a program that it is tested. */
const ENVIRONMENT = {
  ...QUIET,
  NODE_TEST_CONTEXT: undefined,
  NODE_ENV: undefined,
};

let archive: string | undefined;

/** Packs the package as it would be published, once, and returns where the archive is. */
export function packed(): string {
  if (archive !== undefined) return archive;
  const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string };
  fs.mkdirSync(CACHE, { recursive: true });
  run(['pack', '--ignore-scripts', '--pack-destination', CACHE]);
  return (archive = path.join(CACHE, `didit-verify-${version}.tgz`));
}

/** Installs the archive where it is wanted, as a site would from a registry. */
export function installPackage(file: string, place: string, { save = false } = {}): void {
  const options = [save ? '--save' : '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  // One of the same version would count as installed.
  fs.rmSync(path.join(place, 'node_modules/didit-verify'), { recursive: true, force: true });
  run(['install', '--prefix', place, ...options, file]);
}

/** Has a built copy of an application, and returns where it is. */
export function prepare({ folder, builds }: Application): string {
  const place = path.join(CACHE, folder);
  makeWorkingCopy(place, withGuideBlocks(readFolder(path.join(HERE, folder))), {
    ownPackage: packed(),
    finish() {
      installPackage(packed(), place);
      if (builds) run(['run', 'build', '--prefix', place]);
    },
  });
  return place;
}

/** Runs a program of an application's to its end, and returns what it says. */
export function outputOf(place: string, args: readonly string[]): string {
  const env = { ...process.env, ...ENVIRONMENT };
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: place,
    env,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

function run(args: string[]): void {
  const code = npm(args, { env: ENVIRONMENT, quiet: true });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}`);
}

/** Starts a server that Node runs; `{port}` in its arguments is its port, as `PORT` is. */
export async function startOwnServer(
  place: string,
  start: readonly string[],
  backend: string,
  settings: NodeJS.ProcessEnv = {},
): Promise<OwnServer> {
  const port = await freePort();
  const origin = `http://${HOST}:${port}`;
  const args = start.map((arg) => arg.replace('{port}', String(port)));
  const server = spawn(process.execPath, args, {
    cwd: place,
    // A development server starts others: all of them are to end.
    detached: true,
    env: {
      ...{ ...process.env, ...ENVIRONMENT },
      ...{ BACKEND: backend, HOST, HOSTNAME: HOST, PORT: String(port), ...settings },
    },
  });
  let said = '';
  for (const output of [server.stdout, server.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const says = async (pattern: RegExp) => {
    while (!pattern.test(said)) await once(server.stdout, 'data');
  };
  const exited = once(server, 'exit');
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null)
      process.kill(-server.pid!, 'SIGKILL');
    await exited;
  };
  const waiting = new AbortController();
  const ended = exited.then(() => {
    throw new Error(`${start.join(' ')} ended.\n${said}`);
  });
  try {
    await Promise.race([answers(origin, waiting.signal), ended]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    waiting.abort();
    ended.catch(() => undefined);
  }
  return { origin, said: () => said, says, stop };
}

/** There is no event for another process's socket: asked until it is there, or far too late. */
async function answers(origin: string, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(START_MS);
  while (!signal.aborted) {
    try {
      await (await fetch(origin, { signal: AbortSignal.any([signal, late]) })).body?.cancel();
      return;
    } catch (error) {
      if (late.aborted) throw error;
      await pause(100);
    }
  }
}
