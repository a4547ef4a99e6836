import { createSandbox } from 'didit-verify/sandbox';
import { createDidit } from 'didit-verify/server';
import assert from 'node:assert/strict';
import { execSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { Guide, type CodeBlock } from '../docs/guide.js';
import { launchChromium } from '../e2e/browser.js';
import { ApplicationPage } from './application-page.js';
import { installPackage, packed, QUIET, startOwnServer } from './application.js';
import { startOwnSite } from './site.js';

/** A section of a page, and what has come of it once it was followed. */
export interface QuickStart {
  /** The page, below `docs`. */
  readonly guide: string;
  /** The section's heading. */
  readonly section: string;
  /** Where the built files are, in the application's folder. */
  readonly output?: string;
  /** How its own server is started, by Node, where there is one. */
  readonly start?: readonly string[];
  /** Sections that go on from there, by their headings; what is to be so once each was followed. */
  readonly further?: Readonly<Record<string, Check>>;
}

type Check = (t: TestContext, place: string) => unknown;

/** A block of the section: commands, or a file with its path. */
type Step =
  { readonly commands: readonly string[] } | { readonly file: string; readonly text: string };

const LIMIT = { timeout: 600_000 };
const INSTALL = 'npm install didit-verify';

/** Follows a quick start word for word, from an empty folder, with the packed package. */
export function follow(quickStart: QuickStart): void {
  const { guide, section, further = {} } = quickStart;
  describe(`docs/${guide}, “${section}”`, () => {
    let empty: string;
    let place: string;
    before(() => void (empty = fs.mkdtempSync(path.join(tmpdir(), 'quick-start-'))));
    after(() => fs.rmSync(empty, { recursive: true, force: true }));

    it('works word for word', LIMIT, async (t) => {
      const steps = stepsOf(guide, section);
      assert.ok(steps.some((step) => 'commands' in step && step.commands.includes(INSTALL)));
      assert.ok(steps.some((step) => 'file' in step));
      place = walk(empty, steps);
      await assertVerifies(t, place, quickStart);
    });

    for (const [heading, check] of Object.entries(further)) {
      it(`goes on with “${heading}”`, LIMIT, async (t) => {
        walk(place, stepsOf(guide, heading));
        await check(t, place);
      });
    }
  });
}

export function stepsOf(guide: string, section: string): readonly Step[] {
  return new Guide(`docs/${guide}`).takeAll(section).map(stepOf);
}

/** Commands, or what begins with a comment that is a path. */
function stepOf({ language, text, line }: CodeBlock): Step {
  if (language === 'sh') return { commands: text.trim().split('\n') };
  const [, file] = /^(?:\/\/|<!--|#) ([\w./+[\]-]+\.\w+)(?: -->)?\n/.exec(text) ?? [];
  assert.ok(file, `line ${line}: no path`);
  return { file, text };
}

/** Returns the folder that it ends in. */
export function walk(empty: string, steps: readonly Step[]): string {
  let place = empty;
  for (const step of steps) {
    if ('file' in step) writeFile(path.join(place, step.file), step.text);
    else for (const command of step.commands) place = obey(command, place);
  }
  return place;
}

export function writeFile(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

function obey(command: string, place: string): string {
  const [, folder] = /^cd (\S+)$/.exec(command) ?? [];
  if (folder) return path.join(place, folder);
  if (command === INSTALL) installPackage(packed(), place, { save: true });
  else runCommand(command, place);
  return place;
}

/** As it would be typed there. */
export function runCommand(command: string, place: string): void {
  execSync(command, {
    timeout: LIMIT.timeout,
    cwd: place,
    env: ownEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Nothing of the npm that may run this, since each command runs its own. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|INIT_CWD)/i.test(name));
  return { ...Object.fromEntries(own), CI: 'true', ...QUIET };
}

/** What has come of the steps is served, and is what it should be. */
async function assertVerifies(
  t: TestContext,
  place: string,
  quickStart: QuickStart,
): Promise<void> {
  const { start, output = '.' } = quickStart;
  const server = start && (await startOwnServer(place, start, ''));
  if (server) t.after(() => server.stop());
  const page = await assertApproves(t, server?.origin ?? path.join(place, output));
  await page.page.getByText('Welcome!', { exact: true }).waitFor();
  // Before the server goes.
  await page.close();
}

/** A person comes, scans, and confirms. */
async function assertApproves(
  t: TestContext,
  pages: string,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<ApplicationPage> {
  const { sandbox, didit } = createBackend();
  t.after(() => didit.close());
  const site = await startOwnSite(didit.session, pages);
  t.after(() => site.close());
  const browser = await launchChromium();
  t.after(() => browser.close());
  const page = await ApplicationPage.open(t, browser, `${site.origin}/`, prepare);
  await page.code();
  assert.ok(await page.element.locator('svg[role="img"]').isVisible());
  const { sessionId } = (await page.get('session'))!;
  sandbox.play(sessionId, 'open');
  sandbox.play(sessionId, 'confirm');
  await page.inState('approved');
  return page;
}

/** A backend as a site has it; Didit's own addresses, and the sandbox behind them. */
export function createBackend(publicUrl = 'https://app.didit.me') {
  const account = { clientId: 'a-client', clientSecret: 'a-secret' };
  const sandbox = createSandbox({ ...account, publicUrl });
  const didit = createDidit({
    ...account,
    apiUrl: 'https://app.didit.me',
    allowedScopes: 'names',
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
    getUser: () => ({ vendorData: 'somebody' }),
  });
  return { sandbox, didit };
}
