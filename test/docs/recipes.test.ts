import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { startProgram } from '../bin/program.js';
import { freePort } from '../production/free-port.js';
import { recipes } from '../recipes/recipe.js';
import { Guide } from './guide.js';

const guide = new Guide('docs/recipes.md');

const SHARED = 'First, for all of them';
const PROGRAM = 'dist/bin/didit-verify.js';
const LIMIT = { timeout: 120_000 };
/** What a test of the runner’s, or who starts it, has no business to tell. */
const OWN = /^(DIDIT_|NODE_)/;

// `didit.js` is part of each recipe.
guide.take(SHARED, 'js');
for (const { name } of recipes) guide.takenBy('test/recipes/recipe.ts', name);
guide.takenBy('test/recipes/workers-files.ts', 'Cloudflare Workers');

describe('docs/recipes.md, without an account', () => {
  it('is tried with the sandbox, by the command and the settings shown', LIMIT, async (t) => {
    const command = guide.take(SHARED, 'sh').trim();
    const settings = guide.take(SHARED, 'sh', 1);
    const port = await freePort();
    // Ports that nobody else has.
    const args = command.replace('localhost:3000', `127.0.0.1:${port}`).split(' ').slice(2);
    const { says } = startProgram(t, [PROGRAM], [...args, '--port', '0']);
    const [sandbox] = await says(/http:\/\/127\.0\.0\.1:\d+/);
    assert.match(settings, /^DIDIT_API_URL=http:\/\/127\.0\.0\.1:4000$/m);
    const env = settings.replace('http://127.0.0.1:4000', sandbox);
    const site = await startSite(t, `${env}\nHOST=127.0.0.1\nPORT=${port}\n`);

    const headers = {
      ...{ 'Content-Type': 'application/json', Cookie: 'user=ada' },
      'Sec-Fetch-Site': 'same-origin',
    };
    const endpoint = `http://127.0.0.1:${port}/api/didit/session`;
    const answer = await fetch(endpoint, { method: 'POST', headers, body: '{}' });
    assert.equal(answer.status, 201);
    const { session_id } = (await answer.json()) as { session_id: string };
    await fetch(`${sandbox}/sandbox/sessions/${session_id}/approve`, { method: 'POST' });
    const decided = await site.tells('your-site.decided');
    assert.deepEqual(
      [decided.user, decided.status, decided.source],
      ['ada', 'Approved', 'webhook'],
    );
  });
});

/** The recipe for Hono, with these settings in its file. */
async function startSite(t: TestContext, settings: string) {
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync('.cache/recipe-');
  t.after(() => rmSync(folder, { recursive: true }));
  const files = {
    'didit.js': guide.take(SHARED, 'js'),
    'server.js': guide.take('Hono', 'js'),
    '.env': settings,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  copyFileSync('test/recipes/your-site.js', path.join(folder, 'your-site.js'));
  const inherited = Object.entries(process.env).filter(([name]) => !OWN.test(name));
  const server = spawn(process.execPath, ['--env-file=.env', 'server.js'], {
    ...{ cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] as const },
    env: Object.fromEntries(inherited),
  });
  t.after(() => server.kill('SIGKILL'));
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    assert.ok(!done, 'The server has ended');
    return value;
  };
  assert.match(await next(), /^Listening on \d+$/);
  return {
    async tells(type: string): Promise<Record<string, unknown>> {
      for (;;) {
        const told = JSON.parse(await next()) as Record<string, unknown>;
        if (told.type === type) return told;
      }
    },
  };
}

guide.leavesNothing();
