import { createSandbox, type Sandbox, type SandboxOptions } from 'didit-verify/sandbox';
import { createDidit, type Didit, type DiditOptions } from 'didit-verify/server';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { readCommandLine } from '../../src/bin/command-line.js';
import { DATA_TRANSFER, VERIFICATION, type Lifecycle } from '../../src/sandbox/lifecycles.js';
import { startProgram } from '../bin/program.js';
import { launchChromium } from '../e2e/browser.js';
import { builtScript, html, type Answer } from '../e2e/own-page.js';
import { serve } from '../web-server.js';
import { Declared } from './declared.js';
import { Guide } from './guide.js';
import { missing } from './missing-program.js';
import { runShown } from './shown-module.js';
import { tableRows } from './table-rows.js';

const run = promisify(execFile);
const guide = new Guide('docs/sandbox.md');
const declared = new Declared('dist/sandbox/index.d.ts');

const PROGRAM = 'dist/bin/didit-verify.js';
const LIMIT = { timeout: 120_000 };
/** Where the guide has the site and the program. */
const SITE = 'http://localhost:3000';
const SANDBOX = 'http://127.0.0.1:4000';

/** Starts the program as a command of the guide does, but for its port, and gives its origin. */
async function startShown(t: TestContext, command: string): Promise<string> {
  const args = command.split(' ').slice(2);
  const port = args.indexOf('--port');
  if (port === -1) args.push('--port', '0');
  else args[port + 1] = '0';
  const { says } = startProgram(t, [PROGRAM], args);
  return (await says(/http:\/\/127\.0\.0\.1:\d+/))[0];
}

async function create(didit: Didit): Promise<string> {
  const response = await didit.session(
    new Request('https://shop.example/api/didit/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    }),
  );
  assert.equal(response.status, 201);
  return ((await response.json()) as { session_id: string }).session_id;
}

/** What the guide leaves out of the backend’s options. */
const REST = { getUser: () => ({ vendorData: 'user-1' }) };

const commands = guide.take('As a program', 'sh').trim().split('\n');

describe('docs/sandbox.md, what it shows', () => {
  let browser: Browser | undefined;
  after(() => browser?.close());

  it('starts as a program, which a backend finds with the options shown', LIMIT, async (t) => {
    const [plain = '', withWebhooks = ''] = commands;
    assert.match(withWebhooks, /--port 4000/);
    const hooks = await hear(t);
    const origin = await startShown(t, plain);
    const telling = await startShown(t, withWebhooks.replace(SITE, hooks.origin));
    for (const own of [origin, telling]) {
      let didit: Didit | undefined;
      await runShown(guide.take('As a program', 'js'), {
        createDidit: (options: DiditOptions) => {
          assert.equal(options.apiUrl, SANDBOX);
          didit = createDidit({ ...REST, ...options, apiUrl: own });
        },
      });
      const id = await create(didit!);
      hooks.answerBy(didit!.webhook);
      await fetch(`${own}/sandbox/sessions/${id}/open`, { method: 'POST' });
      if (own === telling) assert.equal(await hooks.answered, 200);
      didit!.close();
    }
  });

  it('tells its options', LIMIT, async (t) => {
    const { ended, output } = startProgram(t, [PROGRAM], commands[2]!.split(' ').slice(2));
    assert.equal(await ended, 0);
    assert.match(output.out, /^Usage: /);
    assert.equal(commands.length, 3);
  });

  it('passes the test in one process', LIMIT, async () => {
    const code = guide.take('In a test', 'js');
    // A runner of its own, which reports in words.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { env });
    assert.match(stdout, /^(# |ℹ )pass 1$/m);
  });

  it('passes the test in a browser', LIMIT, async (t) => {
    const sandbox = await startShown(t, commands[0]!);
    const didit = createDidit({
      ...{ ...REST, apiUrl: sandbox, apiKey: 'sandbox-key', workflowId: 'any' },
    });
    t.after(() => didit.close());
    const site = await serve((request: Request) => siteWith(didit, request));
    t.after(() => site.close());
    browser ??= await launchChromium();
    const context = await browser.newContext();
    t.after(() => context.close());
    const code = guide
      .take("In a browser's test", 'js')
      .replaceAll(SITE, site.origin)
      .replaceAll(SANDBOX, sandbox);
    let shown: ((given: { page: Page }) => Promise<void>) | undefined;
    await runShown(code, {
      test: (_name: string, own: typeof shown) => (shown = own),
    });
    const page = await context.newPage();
    await shown!({ page });
    assert.equal(await page.locator('didit-verify:state(approved)').count(), 1);
  });

  it('fails where it is told to, over HTTP, too', LIMIT, async (t) => {
    const sandbox = createSandbox({ apiKey: 'sandbox-key' });
    await runShown(guide.take('Faults', 'js'), { sandbox });
    const decide = () => ask(sandbox.fetch, 'http://localhost/v3/session/any/decision/');
    const answers = [await decide(), await decide(), await decide()];
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get('Retry-After')]),
      [
        [429, '5'],
        [429, '5'],
        [404, null],
      ],
    );
    sandbox.close();

    const origin = await startShown(t, commands[0]!);
    const faults = async () => (await (await fetch(`${origin}/sandbox/faults`)).json()) as unknown;
    const [put = '', heal = ''] = guide.take('Faults', 'sh').trim().split('\n');
    if (missing('curl')) return t.skip(missing('curl'));
    await run('bash', ['-c', put.replace(SANDBOX, origin)]);
    assert.deepEqual(await faults(), [{ kind: 'slow', delay: 10 }]);
    await run('bash', ['-c', heal.replace(SANDBOX, origin)]);
    assert.deepEqual(await faults(), []);
  });

  it('sends webhooks of that shape', LIMIT, async () => {
    const shown = JSON.parse(guide.take('Webhooks', 'json')) as Webhook;
    const { sent, play, didit } = playWebhooks({ metadata: shown.metadata });
    play(await create(didit), 'decline');
    const real = JSON.parse(await sent) as Webhook;
    assert.deepEqual(sorted(Object.keys(real)), sorted(Object.keys(shown)));
    for (const [name, value] of Object.entries(shown)) {
      assert.equal(typeof real[name], typeof value, name);
    }
    const { webhook_type, status, vendor_data, workflow_id, metadata } = shown;
    assert.deepEqual({ ...real, webhook_type, status, vendor_data, workflow_id, metadata }, real);
    for (const [name, value] of Object.entries(shown.decision)) {
      assert.equal(real.decision[name], name === 'session_id' ? real.session_id : value, name);
    }
    didit.close();
  });
});

interface Webhook extends Readonly<Record<string, unknown>> {
  readonly session_id: string;
  readonly decision: Readonly<Record<string, unknown>>;
  readonly metadata: object;
}

/** A backend and a sandbox in one process, and the first webhook’s body. */
function playWebhooks(fields: object) {
  let tell: (body: string) => void;
  const sent = new Promise<string>((resolve) => (tell = resolve));
  const sandbox = createSandbox({
    ...{ apiKey: 'sandbox-key', webhookUrl: 'https://shop.example/', webhookSecret: 'secret' },
    fetch: async (_url, { body } = {}) => {
      tell(body as string);
      return new Response();
    },
  });
  const didit = createDidit({
    ...{ ...REST, apiUrl: 'http://localhost', apiKey: 'sandbox-key', workflowId: 'any' },
    sessionFields: () => fields,
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
  });
  return { sent, play: sandbox.play, didit };
}

/** A site that webhooks come to. */
async function hear(t: TestContext) {
  let answer: Didit['webhook'];
  let tell: (status: number) => void;
  const answered = new Promise<number>((resolve) => (tell = resolve));
  const { origin, close } = await serve(async (request: Request) => {
    assert.equal(new URL(request.url).pathname, '/api/didit/webhook');
    const response = await answer(request);
    tell(response.status);
    return response;
  });
  t.after(close);
  return { origin, answered, answerBy: (webhook: Didit['webhook']) => void (answer = webhook) };
}

function ask(fetch: Sandbox['fetch'], url: string): Promise<Response> {
  return fetch(new Request(url, { headers: { 'X-Api-Key': 'sandbox-key' } }));
}

/** The page that the guide’s test opens. */
async function siteWith(didit: Didit, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/api/didit/session') return didit.session(request);
  if (pathname !== '/verify') return responseOf(builtScript(pathname.replace('/dist/', '')));
  return responseOf(
    html(`<!doctype html><link rel="icon" href="data:,">
      <script type="module" src="/dist/didit-verify.esm.js"></script>
      <didit-verify resolver-url="/api/didit/session" allowed-hosts="127.0.0.1"></didit-verify>`),
  );
}

function responseOf({ status, headers, body }: Answer): Response {
  return new Response(body as string, { status, headers });
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}

/** Words in code of a cell, which `tableRows` gives without their marks. */
function lineOf(section: string, first: string): string {
  const [, text = ''] = guide.text.split(`\n## ${section}\n`);
  return text.split('\n').find((line) => line.startsWith(`| \`${first}\``))!;
}

function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}

describe('docs/sandbox.md, what it lists', () => {
  const rows = tableRows(guide.text, 'Options');
  const options = declared.members('SandboxOptions');
  const help = readCommandLine(['--help']);
  assert.ok(help.kind === 'help');
  const flags = [...help.text.matchAll(/^ +(--[\w-]+)/gm)].map(([, flag]) => flag!);

  it('has all options, and no other', () => {
    const named = rows.flatMap(([option = '']) => (option === '–' ? [] : [option]));
    assert.deepEqual(sorted(named), sorted(options.keys()));
  });

  it('has all options of the program, and no other', () => {
    const named = rows.flatMap(([, flag = '']) => (flag === '–' ? [] : [flag]));
    assert.deepEqual(sorted([...named, '--help']), sorted(flags));
    for (const flag of named) {
      assert.equal(readCommandLine(['sandbox', flag, '1']).kind, 'sandbox', flag);
    }
  });

  it('has beside an option of the program what it sets', () => {
    for (const [option = '', flag = ''] of rows) {
      if (option === '–' || flag === '–') continue;
      const command = readCommandLine(['sandbox', flag, '17']);
      assert.ok(command.kind === 'sandbox');
      assert.equal(textOf(command.options[option as keyof SandboxOptions]), '17', flag);
    }
  });

  it('has the defaults', () => {
    const command = readCommandLine(['sandbox', '--webhook-url', 'http://localhost/']);
    assert.ok(command.kind === 'sandbox');
    const ofProgram: Record<string, unknown> = { ...command.options, webhookUrl: undefined };
    for (const [option = '', flag = '', value = ''] of rows) {
      const own = options
        .get(option)
        ?.default?.replaceAll("'", '')
        .replace('globalThis.fetch', "the platform's");
      if (own !== undefined) assert.equal(value, own, option);
      const given = textOf(flag === '--port' ? command.port : ofProgram[option]);
      if (given !== undefined && given !== value) {
        assert.equal(value, `none; of the program ${given}`, flag);
      }
    }
  });

  it('has all actions, and what each leads to', () => {
    const actions = tableRows(guide.text, 'Playing the phone').map(([action = '']) => action);
    const all = [DATA_TRANSFER, VERIFICATION].flatMap(({ actions: own }) => [...own.keys()]);
    assert.deepEqual(sorted(actions), sorted(['open', ...all]));
    for (const action of actions) {
      const [, , transfer = '', verification = ''] = lineOf('Playing the phone', action).split('|');
      assert.deepEqual(sorted(codeIn(transfer)), endsOf(DATA_TRANSFER, action), action);
      assert.deepEqual(sorted(codeIn(verification)), endsOf(VERIFICATION, action), action);
    }
  });

  it('has all faults, the calls that they can be of, and their members', () => {
    const kinds = tableRows(guide.text, 'Faults').map(([kind = '']) => kind);
    const own = [...faultValues('kind')];
    assert.deepEqual(sorted(kinds), sorted(own));
    const [, calls = ''] = /`call` picks one kind of call: ([^.]*)\./.exec(guide.text)!;
    assert.deepEqual(sorted(codeIn(calls)), sorted(faultValues('call')));
    const [, faults = ''] = guide.text.split('\n## Faults\n');
    const members = declared.members('SandboxFault');
    for (const [name, { default: value }] of members) {
      assert.ok(faults.includes(`\`${name}\``), name);
      if (value) assert.match(faults, new RegExp(`\`${name}\`[^|]*\\(default ${value}\\)`), name);
    }
  });

  it('has all events of its log, and what each has besides', () => {
    const kinds = declared.kinds('SandboxEvent', 'type');
    const found = tableRows(guide.text, 'What it logs').flatMap(([types = '']) => types.split(' '));
    assert.deepEqual(sorted(found), sorted(kinds.keys()));
    for (const [type, members] of kinds) {
      const others = [...members].filter((name) => !['type', 'at'].includes(name));
      assert.deepEqual(sorted(besides(type)), sorted(others), type);
    }
  });

  it('has all that a sandbox can do', () => {
    const named = [...guide.text.matchAll(/\bsandbox\.(\w+)/g)].map(([, name]) => name!);
    assert.deepEqual(sorted(named), sorted(declared.members('Sandbox').keys()));
    assert.deepEqual(declared.values(), ['createSandbox']);
  });
});

/** A text, or a number as it is written. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : (value as string | undefined);
}

/** The statuses that an action can lead to. */
function endsOf(life: Lifecycle<string>, action: string): string[] {
  const steps = action === 'open' ? life.opened : life.actions.get(action);
  return sorted(steps?.values() ?? []);
}

/** What a member can be, in the words of who refuses all else. */
function faultValues(member: 'kind' | 'call'): string[] {
  const sandbox = createSandbox();
  const fault = { kind: 'slow', call: 'create', [member]: 'none' };
  const [error] = [() => sandbox.fail(fault as never)].flatMap(thrownBy);
  return /must be one of (.*)\.$/.exec(String(error))![1]!.split(', ');
}

function thrownBy(act: () => void): unknown[] {
  try {
    act();
    return [];
  } catch (error) {
    return [error];
  }
}

/** The members that the table of events has for a type; “the same” are those of the row above. */
function besides(type: string): string[] {
  const [, section = ''] = guide.text.split('\n## What it logs\n');
  const lines = section.split('\n').filter((line) => line.startsWith('| `'));
  const at = lines.findIndex((line) => line.split('|')[1]!.includes(`\`${type}\``));
  const [, , cell = ''] = lines[at]!.split('|');
  const above = cell.includes('the same') ? codeIn(lines[at - 1]!.split('|')[2]!) : [];
  return [...above, ...codeIn(cell)];
}

guide.leavesNothing();
