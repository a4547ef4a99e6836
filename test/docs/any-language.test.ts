import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { startProgram } from '../bin/program.js';
import { launchChromium } from '../e2e/browser.js';
import {
  environmentWith,
  isInstalled,
  startBackend,
  type BackendSource,
} from './any-language/backend-process.js';
import { conforms } from './any-language/conformance.js';
import { keepsContract } from './any-language/contract.js';
import { RecordingDidit } from './any-language/recording-didit.js';
import { Guide } from './guide.js';
import { missing } from './missing-program.js';
import { tableRows } from './table-rows.js';

const LIMIT = { timeout: 120_000 };
const KEY = 'key-of-the-tests';
const CDN = 'https://cdn.jsdelivr.net/npm/didit-verify@';
const run = promisify(execFile);

const guide = new Guide('docs/any-language.md');
const TRY = 'Three backends, and how to try them';
const page = guide.take(TRY, 'html');

const LANGUAGES = [
  { name: 'Python', file: 'backend.py', program: 'python3', debian: 'python3' },
  { name: 'PHP', file: 'backend.php', program: 'php', debian: 'php-cli' },
  { name: 'Go', file: 'backend.go', program: 'go', debian: 'golang-go' },
];

/** The last words of the function that keeps the record, in any of them. */
const RECORD = /(is confirmed.*\n\s*return )([tT])rue/;

const backends = LANGUAGES.map(({ name, file, program, debian }) => {
  const code = guide.take(name, name.toLowerCase());
  const start = guide.take(name, 'sh');
  const withCode = (text: string): BackendSource => {
    return { start, files: { [file]: text, 'page.html': page } };
  };
  const refusing = code.replace(RECORD, (_, before: string, t: string) => {
    return `${before}${t === 'T' ? 'False' : 'false'}`;
  });
  assert.notEqual(refusing, code);
  const skip = isInstalled(program) ? false : `no ${program}: apt-get install ${debian}`;
  return { name, skip, ...withCode(code), refusing: withCode(refusing) };
});

let browser: Promise<Browser> | undefined;
after(async () => (await browser)?.close());

keepsContract(guide);

describe('the backends of the guide', { concurrency: 3 }, () => {
  for (const backend of backends) {
    const { name, skip } = backend;
    if (skip) it(name, { skip }, () => {});
    else conforms(backend, name);
  }
});

describe('the page of the guide', () => {
  for (const { skip, ...backend } of backends) {
    const title = `is approved with the backend in ${backend.name}`;
    it(title, { ...LIMIT, skip }, async (t) => {
      const { didit, origin } = await tried(t, backend);
      const context = await (await (browser ??= launchChromium())).newContext();
      t.after(() => context.close());
      const tab = await context.newPage();
      const said: string[] = [];
      tab.on('console', (message) => said.push(message.text()));
      tab.on('pageerror', ({ message }) => said.push(message));
      await tab.route(`${CDN}**`, (route) => {
        const [, name] = /@[^/]+\/(.*)$/.exec(route.request().url())!;
        const body = readFileSync(name!);
        return route.fulfill({ body, contentType: 'text/javascript' });
      });
      // Chromium asks for it by itself.
      await context.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
      await tab.goto(`${origin}/`);
      const reaches = (state: string) =>
        tab.waitForFunction((state) => {
          return document.querySelector('didit-verify')?.state === state;
        }, state);
      await reaches('ready');
      const { sessionId, url } = await tab.evaluate(
        () => document.querySelector('didit-verify')!.session!,
      );
      // What the phone does that scans the code.
      const phone = await context.newPage();
      await phone.goto(url);
      await tab.bringToFront();
      await reaches('in-progress');
      await phone.getByRole('button', { name: 'Confirm' }).click();
      await tab.bringToFront();
      await reaches('approved');
      assert.equal(didit.callsTo(`/${sessionId}/decision/`).length, 1);
      assert.deepEqual(said, []);
    });
  }
});

describe('the calls by hand', () => {
  it('are those of a whole session', LIMIT, async (t) => {
    const { didit, variables } = await startDidit(t);
    const section = 'By hand, with curl';
    const blocks = guide.takeAll(section, 'sh').map(({ text }) => text);
    assert.equal(blocks.length, 5);
    if (missing('curl')) return t.skip(missing('curl'));
    const [getToken, create, status, confirm, decide] = blocks as [
      ...[string, string, string, string, string],
    ];
    const token = await answerOf(getToken, variables);
    assert.equal(token.expires_in, 86_400);
    const withToken = { ...variables, ACCESS_TOKEN: token.access_token as string };
    const created = await answerOf(create, withToken);
    assert.deepEqual(Object.keys(created), ['session_id', 'session_token', 'url']);
    const withSession = {
      ...withToken,
      SESSION_ID: created.session_id as string,
      SESSION_TOKEN: created.session_token as string,
    };
    assert.deepEqual(await answerOf(status, withSession), { status: 'initialized' });
    const played = await answerOf(confirm, withSession);
    assert.deepEqual(played, { session_id: created.session_id, status: 'confirmed' });
    assert.deepEqual(await answerOf(status, withSession), { status: 'confirmed' });
    const { session_id, vendor_data, user_data } = await answerOf(decide, withSession);
    assert.equal(session_id, created.session_id);
    const sent = JSON.parse(didit.callsTo('/auth/v2/session/')[0]!.body) as Record<string, string>;
    assert.equal(vendor_data, sent.vendor_data);
    assert.deepEqual(Object.keys(user_data as object), sent.scope!.split(' '));
  });

  it('are those of the page to a backend', LIMIT, async (t) => {
    const backend = backends.find(({ skip }) => !skip);
    const blocks = guide.takeAll('Your own backend, as the page asks it', 'sh');
    const [create, status] = blocks.map(({ text }) => text) as [string, string];
    if (!backend) return t.skip('none of the languages is installed');
    if (missing('curl')) return t.skip(missing('curl'));
    const { origin } = await tried(t, backend);
    const variables = { PORT: new URL(origin).port };
    const created = await answerOf(create, variables);
    const withAddress = { ...variables, STATUS_URL: created.status_url as string };
    assert.deepEqual(await answerOf(status, withAddress), { status: 'initialized' });
  });

  it('are those of verification', LIMIT, async (t) => {
    const section = 'Verification, version 3';
    const [create, decide] = guide.takeAll(section, 'sh').map(({ text }) => text);
    if (missing('curl')) return t.skip(missing('curl'));
    const { didit, variables } = await startDidit(t);
    const withKey = { ...variables, DIDIT_API_KEY: KEY };
    const created = await answerOf(create!, withKey);
    assert.equal(created.status, 'Not Started');
    const sessionId = created.session_id as string;
    didit.sandbox.play(sessionId, 'approve');
    const decision = await answerOf(decide!, { ...withKey, SESSION_ID: sessionId });
    assert.equal(decision.status, 'Approved');
    assert.equal(decision.vendor_data, created.vendor_data);
    // A person's unfinished session comes back, and a finished one does not.
    const [second, third] = [await answerOf(create!, withKey), await answerOf(create!, withKey)];
    assert.notEqual(second.session_id, sessionId);
    assert.equal(third.session_id, second.session_id);
    // Without the slash there is a redirect.
    const bare = await fetch(`${didit.origin}/v3/session`, { method: 'POST', redirect: 'manual' });
    assert.equal(bare.status, 301);
  });
});

describe('the settings of the guide', () => {
  it('are those of the sandbox, and all that the backends read', LIMIT, async (t) => {
    const [sandbox, settings] = guide.takeAll(TRY, 'sh').map(({ text }) => text.trim());
    const [, ...words] = sandbox!.split(' ');
    assert.deepEqual(words, ['didit-verify', 'sandbox']);
    const program = ['dist/bin/didit-verify.js', ...words.slice(1)];
    const { stdout: help } = await run(process.execPath, [program[0]!, '--help']);
    const { stdout } = await run('bash', ['-c', `${settings}\nenv`], { env: environmentWith({}) });
    const set = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]));
    const names = settings!.split('\n').map((line) => /^export (\w+)=/.exec(line)![1]!);
    assert.equal(new URL(set.get('DIDIT_API_URL')!).port, /--port .*default (\d+)/.exec(help)![1]);
    for (const { name, files } of backends) {
      const all = Object.values(files).join('\n');
      assert.match(all, /["']https:\/\/apx\.didit\.me["']/);
      const read = [...all.matchAll(/["'](DIDIT_\w+|PORT)["']/g)].map(([, variable]) => variable!);
      const given = name === 'PHP' ? names.filter((variable) => variable !== 'PORT') : names;
      assert.deepEqual([...new Set(read)].sort(), [...given].sort(), name);
    }
    // As it stands, but for the port.
    const { says } = startProgram(t, [], [...program, '--port', '0']);
    const [origin] = await says(/http:\/\/127\.0\.0\.1:\d+/);
    const token = await fetch(`${origin}/auth/v2/token/`, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${btoa(`${set.get('DIDIT_CLIENT_ID')}:${set.get('DIDIT_CLIENT_SECRET')}`)}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    assert.equal(token.status, 200);
  });
});

describe('the table of verification', () => {
  it('has the calls that both APIs have, and every word of verification', async (t) => {
    const rows = tableRows(guide.text, 'Verification, version 3');
    const row = (name: string) => rows.find(([head]) => head === name)!;
    const { didit } = await startDidit(t);
    for (const [head, ...cells] of rows.filter(([head]) =>
      /^(create|status|decision)$/.test(head!),
    )) {
      for (const cell of cells) {
        const [, method, path] = /^(GET|POST) (\S+?):?( |$)/.exec(cell) ?? [];
        if (!path) assert.equal(head, 'status');
        else {
          const url = didit.origin + path.replace('{session_id}', 'an-id');
          const known = await didit.sandbox.fetch(
            new Request(url, { method, headers: { 'X-Api-Key': KEY } }),
          );
          const wrong = await didit.sandbox.fetch(new Request(`${url}x`, { method }));
          const other = await didit.sandbox.fetch(new Request(url, { method: 'PUT' }));
          assert.deepEqual([wrong.status, other.status], [404, 405], cell);
          assert.ok([201, 400, 403, 404].includes(known.status), cell);
        }
      }
    }
    const source = readFileSync('src/sandbox/lifecycles.ts', 'utf8');
    const [, words] = /type VerificationStatus =([^;]*);/.exec(source)!;
    const known = [...words!.matchAll(/'([^']+)'/g)].map(([, word]) => word);
    assert.equal(row('words')[2], known.join(', '));
  });
});

guide.leavesNothing();

async function startDidit(t: TestContext) {
  const didit = new RecordingDidit({ apiKey: KEY });
  await didit.start();
  t.after(() => didit.close());
  const { clientId, clientSecret } = didit.account;
  const variables = {
    DIDIT_CLIENT_ID: clientId,
    DIDIT_CLIENT_SECRET: clientSecret,
    DIDIT_API_URL: didit.origin,
  };
  return { didit, variables };
}

/** A backend that runs, and its Didit. */
async function tried(t: TestContext, backend: BackendSource) {
  const { didit, variables } = await startDidit(t);
  const { origin, end } = await startBackend(backend, variables);
  t.after(end);
  return { didit, origin };
}

/** Runs a block of the guide in bash, and reads the JSON that it puts out. */
async function answerOf(block: string, variables: Record<string, string>) {
  const { stdout } = await run('bash', ['-c', block], { env: environmentWith(variables) });
  return JSON.parse(stdout) as Record<string, unknown>;
}
