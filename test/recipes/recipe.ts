import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { npm } from '../../scripts/npm.mjs';

/** A section of the guide, and what Node is to run for it. */
export interface Recipe {
  /** The section's heading. */
  readonly name: string;
  /** What the framework needs and the guide does not show, in this folder. */
  readonly folder: string;
  /** Where `didit.js` goes. Default: where the recipe is. */
  readonly shared?: string;
  readonly build?: readonly string[];
  readonly start: readonly string[];
  /** What the server exits with when it is asked to. Default: 0. */
  readonly exitCode?: number;
}

const NEXT = 'node_modules/next/dist/bin/next';

export const recipes: readonly Recipe[] = [
  { name: 'Express', folder: 'express', start: ['server.js'] },
  { name: 'Fastify', folder: 'fastify', start: ['server.js'] },
  { name: 'Hono', folder: 'hono', start: ['server.js'] },
  {
    ...{ name: 'Next.js', folder: 'next', shared: 'lib' },
    build: [NEXT, 'build'],
    start: [NEXT, 'start', '--hostname', '127.0.0.1'],
    exitCode: 143,
  },
  {
    ...{ name: 'SvelteKit', folder: 'sveltekit', shared: 'src/lib/server' },
    build: ['node_modules/vite/bin/vite.js', 'build'],
    start: ['build'],
  },
];

const GUIDE = 'docs/recipes.md';
const SHARED = 'First, for all of them';
const HERE = 'test/recipes';
/** What the guide leaves to the site, beside `didit.js`. */
const OWN = 'your-site.js';
const SERVER_PART = 'dist/server/index.js';
const LOCK = 'package-lock.json';

/** What a working copy was made of, so that the next run need not make it again. */
const MADE_OF = '.made-of';

type Files = ReadonlyMap<string, string>;

/** The files that a section shows, by the names in their first lines. */
export function filesOf(section: string): Files {
  const [, text = ''] = fs.readFileSync(GUIDE, 'utf8').split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  const blocks = own.matchAll(/^```js\n(\/\/ (\S+)\n[^]*?)^```$/gm);
  return new Map([...blocks].map(([, code = '', name = '']) => [name, code]));
}

/** Has a working copy ready to be started, and returns where it is. */
export function prepare({ name, folder, shared = '', build }: Recipe): string {
  const place = path.resolve('.cache/recipes', folder);
  const files = new Map([
    ...readFolder(path.join(HERE, folder)),
    ...filesOf(name),
    ...inFolder(shared, [...filesOf(SHARED), [OWN, read(path.join(HERE, OWN))]]),
  ]);
  once(path.join(place, MADE_OF), digest([...files].flat(), read(SERVER_PART)), () => {
    writeAfresh(place, files);
    install(place);
    if (build) runBuild(place, build);
  });
  return place;
}

/** Does something unless it was done before, for the same reason. */
function once(mark: string, reason: string, act: () => void): void {
  if (fs.existsSync(mark) && read(mark) === reason) return;
  act();
  fs.writeFileSync(mark, reason);
}

function read(file: string): string {
  return fs.readFileSync(file, 'utf8');
}

function readFolder(folder: string): Files {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return new Map(files.map((name) => [name, read(path.join(folder, name))]));
}

function inFolder(folder: string, files: readonly [name: string, text: string][]): Files {
  return new Map(files.map(([name, text]) => [path.join(folder, name), text]));
}

function digest(texts: readonly string[], serverPart: string): string {
  return createHash('sha256')
    .update(JSON.stringify([texts, serverPart]))
    .digest('hex');
}

/** Nothing stays of before, but for what npm has installed. */
function writeAfresh(place: string, files: Files): void {
  fs.mkdirSync(place, { recursive: true });
  for (const name of fs.readdirSync(place)) {
    if (name !== 'node_modules') fs.rmSync(path.join(place, name), { recursive: true });
  }
  for (const [name, text] of files) {
    const file = path.join(place, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

function install(place: string): void {
  const modules = path.join(place, 'node_modules');
  once(path.join(modules, MADE_OF), read(path.join(place, LOCK)), () => {
    const options = ['--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
    const code = npm(['ci', '--prefix', place, ...options]);
    if (code !== 0) throw new Error(`npm ci ended with ${code}: ${place}`);
    fs.symlinkSync(path.resolve('.'), path.join(modules, 'didit-verify'), 'junction');
  });
}

/** Frameworks load `didit.js` as they build, so settings must be there; none of them may stay. */
function runBuild(place: string, args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, {
    cwd: place,
    stdio: 'inherit',
    env: {
      ...environment({ apiKey: 'any', workflowId: 'any', webhookSecret: 'any' }),
      NODE_ENV: 'production',
    },
  });
  if (status !== 0) throw new Error(`The build failed: ${place}`);
}

export interface Account {
  readonly apiKey: string;
  readonly workflowId: string;
  readonly webhookSecret: string;
  readonly apiUrl?: string;
}

/** The environment of a recipe: that of the tests, but not the account of whoever runs them. */
export function environment(account: Account): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DIDIT_API_KEY: account.apiKey,
    DIDIT_WORKFLOW_ID: account.workflowId,
    DIDIT_WEBHOOK_SECRET: account.webhookSecret,
    DIDIT_API_URL: account.apiUrl,
    NODE_TEST_CONTEXT: undefined,
    NEXT_TELEMETRY_DISABLED: '1',
  };
}
