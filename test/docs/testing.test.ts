import { execFile } from 'node:child_process';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { findChromium } from '../../scripts/browsers.mjs';
import { startProgram } from '../bin/program.js';
import { compile } from '../package/strangers.js';
import { freePort } from '../production/free-port.js';
import { Guide } from './guide.js';
import { closeBrowser, openSnippet } from './snippet-page.js';

const guide = new Guide('docs/testing.md');
const run = promisify(execFile);
const SLOW = { timeout: 120_000 };

/** In place of Playwright's own runner, which is not here: it gives tests what that would. */
const RUNNER = `
  import { after, test as nodeTest } from 'node:test';
  import { chromium } from 'playwright-core';

  const browser = await chromium.launch(JSON.parse(process.env.LAUNCH));
  after(() => browser.close());

  export function test(name, body) {
    nodeTest(name, async () => {
      const context = await browser.newContext({ baseURL: process.env.BASE_URL });
      try {
        await body({ page: await context.newPage(), context, request: context.request });
      } finally {
        await context.close();
      }
    });
  }`;

/** What the configuration of Playwright says. */
interface Configuration {
  readonly testDir: string;
  readonly use: { readonly baseURL: string };
  readonly webServer: readonly {
    readonly command: string;
    readonly url: string;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}

const blocks = {
  backend: guide.take('The backend by itself', 'js', 0),
  tests: guide.take('The backend by itself', 'js', 1),
  webhooks: guide.take('Webhooks', 'js'),
  faults: guide.take('When Didit fails', 'js'),
  site: guide.take('In a browser, with Playwright', 'js', 0),
  configuration: guide.take('In a browser, with Playwright', 'js', 1),
  spec: guide.take('In a browser, with Playwright', 'js', 2),
  replaced: guide.take('Codes that end', 'js', 0),
  ended: guide.take('Codes that end', 'js', 1),
  alone: guide.take('A page without any backend', 'js'),
  play: guide.take('Components in jsdom', 'ts', 0),
  played: guide.take('Components in jsdom', 'ts', 1),
  tunnel: guide.take('With a real phone', 'sh'),
};

after(closeBrowser);

/** A folder with a project's files; inside the package, so that it is found by its name. */
function project(t: TestContext, files: Readonly<Record<string, string>>): string {
  mkdirSync('.cache', { recursive: true });
  const folder = path.resolve(mkdtempSync('.cache/testing-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** The names of all tests of some code. */
function testNames(...code: readonly string[]): readonly string[] {
  return [...code.join('\n').matchAll(/^test\('([^']+)'/gm)].map(([, name]) => name!);
}

/** Runs a file of tests, all of which must pass. */
async function passes(folder: string, file: string, names: readonly string[], env = {}) {
  // Else it would take itself for a part of this test.
  const own = { ...process.env, ...env, NODE_TEST_CONTEXT: undefined };
  const args = ['--test', '--test-reporter=tap', file];
  const { stdout } = await run(process.execPath, args, { cwd: folder, env: own }).catch(
    (error: unknown) => assert.fail(outputOf(error)),
  );
  for (const name of names) assert.match(stdout, new RegExp(`^ *ok \\d+ - ${name}$`, 'm'));
}

function outputOf(error: unknown): string {
  const { stdout, stderr } = error as { stdout: string; stderr: string };
  return stdout + stderr;
}

describe('the tests of the backend', () => {
  const { backend, tests, webhooks, faults, ended } = blocks;

  it('pass', SLOW, async (t) => {
    const all = [tests, webhooks, faults, ended];
    const folder = project(t, { 'backend.js': backend, 'backend.test.js': all.join('\n') });
    const names = testNames(...all);
    assert.equal(names.length, 9);
    await passes(folder, 'backend.test.js', names);
  });

  it('fail where the backend takes everybody', SLOW, async (t) => {
    const wrong = backend
      .replace('return { accept: false }', 'return')
      .replace("if (status === 'Approved') ", '');
    const folder = project(t, { 'backend.js': wrong, 'backend.test.js': tests });
    await assert.rejects(passes(folder, 'backend.test.js', []), /not ok \d+ - a declined person/);
  });
});

/** Starts what the configuration names, as Playwright does, on ports of this test's own. */
async function startServers(
  t: TestContext,
  change: (file: string) => string = (file) => file,
): Promise<(spec: string) => Promise<void>> {
  const ports = { 3000: await freePort(), 4000: await freePort() };
  const own = (text: string) =>
    change(text).replace(/\b(3000|4000)\b/g, (port) => `${ports[port as '3000' | '4000']}`);
  const folder = project(t, {
    'backend.js': blocks.backend,
    'site.js': own(blocks.site),
    'configuration.js': own(blocks.configuration),
    'node_modules/@playwright/test/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/@playwright/test/index.js': RUNNER,
  });
  const imported = (await import(path.join(folder, 'configuration.js'))) as {
    default: Configuration;
  };
  const { use, testDir, webServer } = imported.default;
  for (const { command, url, env } of webServer) await startServer(t, folder, command, url, env);
  const { executablePath, args, env } = findChromium();
  return async (spec) => {
    const file = path.join(testDir, 'verify.spec.js');
    mkdirSync(path.join(folder, testDir));
    writeFileSync(path.join(folder, file), own(spec));
    await passes(folder, file, testNames(spec), {
      ...env,
      LAUNCH: JSON.stringify({ executablePath, args }),
      BASE_URL: use.baseURL,
    });
  };
}

async function startServer(
  t: TestContext,
  folder: string,
  command: string,
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const words = command
    .replace(/^npx didit-verify /, `node ${path.resolve('dist/bin/didit-verify.js')} `)
    .split(' ');
  assert.equal(words[0], 'node');
  const module = words[1]!.startsWith('/') ? words[1]! : path.join(folder, words[1]!);
  const assignments = Object.entries(env).map(
    ([name, value]) => `process.env.${name}=${JSON.stringify(value)};`,
  );
  const environment = `data:text/javascript,${encodeURIComponent(assignments.join(''))}`;
  const { ended } = startProgram(t, ['--import', environment, module], words.slice(2));
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  for (;;) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    assert.ok(!hasEnded, `${command} has ended`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

describe('the tests in a browser', () => {
  it('pass, with site and sandbox started as the configuration says', SLOW, async (t) => {
    const runSpec = await startServers(t);
    await runSpec(blocks.spec);
  });

  it('fail where nobody is verified', SLOW, async (t) => {
    const runSpec = await startServers(t);
    const spec = blocks.spec.replace('/approve`', '/decline`');
    const short = spec.replaceAll('.waitFor()', '.waitFor({ timeout: 5000 })');
    await assert.rejects(runSpec(short), /not ok \d+ - a person is verified/);
  });

  it('see a code replaced', SLOW, async (t) => {
    const lifetime =
      /`npx didit-verify sandbox (--session-lifetime \d+)`, and `(sessionLifetime: \d+)`/;
    const [, option, member] = lifetime.exec(guide.text)!;
    const runSpec = await startServers(t, (text) =>
      text.replace('--port 4000', `--port 4000 ${option}`).replace('apiUrl:', `${member}, apiUrl:`),
    );
    await runSpec(`import { test } from '@playwright/test';\n${blocks.replaced}`);
  });
});

describe('a page by itself', () => {
  it('has a session, and hears of its end', SLOW, async (t) => {
    const html = '<didit-verify></didit-verify>';
    const [before, later] = blocks.alone.split('// Later in the test:');
    const js = `${before}
      const told = [];
      document.addEventListener('session-completed', ({ detail }) => told.push(detail.state));
      document.addEventListener('session-created', () => { ${later} globalThis.playedStates = told; });`;
    const { page } = await openSnippet(t, { html, js });
    const told = await page.waitForFunction(
      () => globalThis.playedStates?.length && globalThis.playedStates,
    );
    assert.deepEqual(await told.jsonValue(), ['approved']);
    assert.deepEqual(await page.evaluate(() => globalThis.said), []);
  });
});

describe('played events', () => {
  const { play, played } = blocks;
  const given = 'declare const tag: Element;';

  it('compile, and wrong ones do not', SLOW, async () => {
    const wrong = [
      "play(tag, 'session-complete', { sessionId: '1', state: 'approved', status: '' });",
      "play(tag, 'session-completed', { sessionId: '1', state: 'ready', status: '' });",
      "play(tag, 'error', { message: '', retryable: true });",
    ].map((line) => `// @ts-expect-error\n${line}`);
    await compile([play, given, played, ...wrong].join('\n'));
  });

  it('are heard of a tag that is a plain element', SLOW, async (t) => {
    const html = '<didit-verify></didit-verify><script src="data:text/javascript,"></script>';
    const js = `
      globalThis.playedStates = [];
      const tag = document.querySelector('didit-verify');
      const hear = ({ type, detail }) => playedStates.push(detail.state ?? detail.code);
      document.addEventListener('session-completed', hear);
      tag.addEventListener('error', hear);
      document.addEventListener('error', () => playedStates.push('bubbled'));
      ${withoutTypes(play)}
      ${played}`;
    const { page } = await openSnippet(t, { html, js });
    const heard = await page.evaluate(() => globalThis.playedStates);
    assert.deepEqual(heard, ['approved', 'rate-limited']);
    assert.equal(await page.evaluate(() => customElements.get('didit-verify')), undefined);
  });

  it('have in jsdom and happy-dom what is said of them in troubleshooting', SLOW, () => {
    const { text } = new Guide('docs/troubleshooting.md');
    const own = guide.text.replaceAll(/\s+/g, ' ');
    for (const message of [
      "`Cannot read properties of undefined (reading 'add')`",
      '`this.attachInternals is not a function`',
    ]) {
      assert.ok(text.includes(message), message);
      assert.ok(own.includes(message), message);
    }
  });
});

function withoutTypes(code: string): string {
  return code
    .replace(/^import type.*$|^type .*$/gm, '')
    .replace(/^export function play<[^]*?\): void \{/m, 'function play(tag, name, detail) {');
}

it('codes lead to the tunnel', SLOW, async (t) => {
  const [, args] = /^npx didit-verify (.*)$/m.exec(blocks.tunnel)!;
  const { says } = startProgram(
    t,
    ['dist/bin/didit-verify.js'],
    [...args!.split(' '), '--port', '0'],
  );
  const [, origin] = await says(/ is at (http:\/\/127\.0\.0\.1:\d+)\n/);
  const response = await fetch(`${origin}/v3/session/`, {
    method: 'POST',
    headers: { 'X-Api-Key': 'sandbox-key' },
    body: '{ "workflow_id": "any" }',
  });
  const { url } = (await response.json()) as { url: string };
  assert.ok(args!.endsWith(new URL(url).origin), url);
  assert.ok(guide.text.includes(`allowed-hosts="${new URL(url).host}"`));
});

guide.leavesNothing();

declare global {
  /** What a page of this test has heard. */
  var playedStates: string[] | undefined;
}
