import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { inFolder, makeWorkingCopy, readFolder, type Files } from '../working-copy.js';

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
    ...inFolder(shared, [...filesOf(SHARED), [OWN, fs.readFileSync(path.join(HERE, OWN), 'utf8')]]),
  ]);
  makeWorkingCopy(place, files, {
    ownPackage: SERVER_PART,
    finish: () => {
      findPackage(place);
      if (build) runBuild(place, build);
    },
  });
  return place;
}

/** By its name, as if it were installed. */
function findPackage(place: string): void {
  const link = path.join(place, 'node_modules/didit-verify');
  if (!fs.existsSync(link)) fs.symlinkSync(path.resolve('.'), link, 'junction');
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
