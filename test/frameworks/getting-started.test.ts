import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Guide } from '../docs/guide.js';
import { launchChromium } from '../e2e/browser.js';
import { freePort } from '../production/free-port.js';
import { ownEnvironment, stepsOf, walk } from './quick-start.js';

const PAGE = 'getting-started.md';
const LIMIT = { timeout: 600_000 };
const guide = new Guide(`docs/${PAGE}`);
const [startSandbox = '', startSite = ''] = ['Try it', 'Try it'].map((section, index) =>
  guide.take(section, 'sh', index).trim(),
);

interface Started {
  /** What it has printed. */
  said(): string;
  /** Resolves once it has printed this. */
  says(text: string): Promise<void>;
}

describe(`docs/${PAGE}`, () => {
  let empty: string;
  let place: string;
  let ports: { readonly site: number; readonly sandbox: number };

  before(async () => {
    empty = fs.mkdtempSync(path.join(tmpdir(), 'getting-started-'));
    ports = { site: await freePort(), sandbox: await freePort() };
    place = walk(empty, [
      ...stepsOf(PAGE, 'A page of your own'),
      ...stepsOf(PAGE, 'A backend of your own'),
    ]);
    // Other tests may have its ports.
    const server = path.join(place, 'server.mjs');
    fs.writeFileSync(server, withPorts(fs.readFileSync(server, 'utf8')));
  });

  after(() => fs.rmSync(empty, { recursive: true, force: true }));

  function withPorts(text: string): string {
    assert.match(text, /\b4000\b/);
    return text.replaceAll('3000', String(ports.site)).replaceAll('4000', String(ports.sandbox));
  }

  /** In a terminal of its own. */
  function start(t: TestContext, command: string): Started {
    const child = spawn(command, {
      cwd: place,
      shell: true,
      detached: true,
      env: ownEnvironment(),
    });
    let said = '';
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = once(child, 'exit');
    t.after(async () => {
      process.kill(-child.pid!, 'SIGKILL');
      await ended;
    });
    const failed = ended.then(() => Promise.reject(new Error(`${command} ended.\n${said}`)));
    failed.catch(() => undefined);
    return {
      said: () => said,
      async says(text) {
        while (!said.includes(text)) await Promise.race([once(child.stdout, 'data'), failed]);
      },
    };
  }

  it('leads from an empty folder to a person who is verified', LIMIT, async (t) => {
    await start(t, `${startSandbox} --port ${ports.sandbox}`).says(`:${ports.sandbox}`);
    const site = start(t, startSite);
    const origin = `http://127.0.0.1:${ports.site}`;
    await site.says(origin);
    const browser = await launchChromium();
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(origin);
    const opened = page.waitForEvent('popup');
    await page.getByText('Open on this device').click();
    await (await opened).getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('Welcome!', { exact: true }).waitFor();
    await site.says('user-1: Confirmed');
    for (const quoted of ['Open on this device', 'Confirm', 'Welcome!'])
      assert.ok(guide.text.replaceAll(/\s+/g, ' ').includes(`“${quoted}”`), quoted);
  });

  it('starts with an account as it does without', LIMIT, async (t) => {
    const site = start(t, guide.take('With Didit itself', 'sh').trim());
    await site.says(`http://127.0.0.1:${ports.site}`);
  });
});
