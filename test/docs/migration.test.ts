import { createSandbox } from 'didit-verify/sandbox';
import { createDidit, type Didit, type DiditOptions } from 'didit-verify/server';
import assert from 'node:assert/strict';
import { after, describe, it, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { described, names } from '../package/described.js';
import { Guide } from './guide.js';
import { runShown } from './shown-module.js';
import { closeBrowser, openSnippet } from './snippet-page.js';
import { tableRows } from './table-rows.js';

const guide = new Guide('docs/migration.md');
const BOUNDED = { timeout: 60_000 };

const COMMON = 'What is the same for all';
const HOOKS = "From Didit's data-transfer hooks";
const SDK = 'From @didit-protocol/sdk-web';
const YOTI = "From Yoti's web share";

guide.cannotRun('It needs an SDK that calls these hooks, of which none is published.', HOOKS, 'js');
guide.cannotRun('It needs @didit-protocol/sdk-web, and Didit in its iframe.', SDK, 'js');
guide.cannotRun("It needs Yoti's script, which is on Yoti's own servers.", YOTI, 'html');
guide.cannotRun("It needs Yoti's script, which is on Yoti's own servers.", YOTI, 'js');

after(closeBrowser);

/** What the site's own functions were told. */
interface Site {
  readonly didit: Didit;
  readonly verified: readonly string[];
  readonly sandbox: ReturnType<typeof createSandbox>;
}

const ENVIRONMENT = {
  DIDIT_CLIENT_ID: 'sandbox',
  DIDIT_CLIENT_SECRET: 'sandbox-secret',
  DIDIT_API_KEY: 'sandbox-key',
  DIDIT_WORKFLOW_ID: 'any',
  DIDIT_WEBHOOK_SECRET: 'sandbox-webhook-secret',
};

/** Runs the backend that is shown, with the sandbox as Didit. */
async function backendOf(t: TestContext, code: string): Promise<Site> {
  const importing = "import { createDidit } from 'didit-verify/server';\n";
  assert.ok(code.startsWith(importing), code);
  const sandbox = createSandbox({ apiKey: 'sandbox-key', publicUrl: 'https://app.didit.me' });
  const verified: string[] = [];
  const given = {
    createDidit: (options: DiditOptions) =>
      createDidit({
        ...options,
        apiUrl: 'https://app.didit.me',
        fetch: (input, init) => sandbox.fetch(new Request(input, init)),
      }),
    process: { env: ENVIRONMENT },
    userOf: async () => ({ id: 'anna' }),
    db: {
      users: {
        setVerified: async (id: string, { status }: { status: string }) =>
          void verified.push(`${id} ${status}`),
      },
    },
  };
  const body = code.slice(importing.length).replace(/^export /m, '');
  const { didit } = await runShown<{ didit: Didit }>(body, given, ['didit']);
  t.after(() => {
    didit.close();
    sandbox.close();
  });
  return { didit, verified, sandbox };
}

/** The page of a migration, whose backend is that of the guide. */
async function openMigrated(t: TestContext, section: string, site: Site, index: number) {
  const { page } = await openSnippet(t, {
    html: guide.take(section, 'html', section === YOTI ? 1 : 0),
    js: guide.take(section, 'js', index),
    answer: (request) =>
      new URL(request.url).pathname === '/welcome'
        ? new Response('Welcome!', { headers: { 'Content-Type': 'text/html' } })
        : undefined,
    // All that the snippet's own backend does is to be asked; the guide's answers.
    options: { getUser: () => null },
  });
  await page.route('**/api/didit/session*', (route) => answerBy(site.didit, route));
  return page;
}

type Route = Parameters<Parameters<Page['route']>[1]>[0];

async function answerBy(didit: Didit, route: Route): Promise<void> {
  const request = route.request();
  if (request.url().includes('&events')) return route.fulfill({ status: 404 });
  const response = await didit.session(
    new Request(request.url(), {
      method: request.method(),
      headers: await request.allHeaders(),
      ...(request.method() === 'POST' ? { body: request.postData() } : {}),
    }),
  );
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  });
}

async function begun(page: Page): Promise<string> {
  await page.evaluate(() => document.querySelector('didit-verify')!.restart());
  const session = await page.waitForFunction(
    () =>
      document.querySelector('didit-verify')!.state === 'ready' &&
      document.querySelector('didit-verify')!.session,
  );
  return ((await session.jsonValue()) as { sessionId: string }).sessionId;
}

const common = guide.take(COMMON, 'js');

describe('after a migration', () => {
  for (const [section, index, code, confirm] of [
    [HOOKS, 1, common, 'confirm'],
    [SDK, 1, guide.take(SDK, 'js', 2), 'approve'],
    [YOTI, 1, common, 'confirm'],
  ] as const) {
    it(`${section}: the person is verified, and welcomed`, BOUNDED, async (t) => {
      const site = await backendOf(t, code);
      const page = await openMigrated(t, section, site, index);
      const sessionId = await begun(page);
      site.sandbox.play(sessionId, 'open');
      site.sandbox.play(sessionId, confirm);
      await page.waitForURL('**/welcome');
      assert.deepEqual(site.verified, [`anna ${confirm === 'approve' ? 'Approved' : 'Confirmed'}`]);
    });

    it(`${section}: whoever declines is not`, BOUNDED, async (t) => {
      const site = await backendOf(t, code);
      const page = await openMigrated(t, section, site, index);
      const sessionId = await begun(page);
      site.sandbox.play(sessionId, 'open');
      site.sandbox.play(sessionId, 'decline');
      await page.waitForFunction(
        () => document.querySelector('didit-verify')!.state === 'declined',
      );
      assert.deepEqual(site.verified, []);
      assert.equal(new URL(page.url()).pathname, '/');
    });
  }
});

describe('what stands for what', () => {
  const { attributes, members, events } = described;
  const known = new Set(names([...attributes, ...members, ...events]));

  for (const section of [HOOKS, SDK, YOTI]) {
    it(`${section}: names of the element are there`, () => {
      const cells = ownCells(section);
      assert.ok(cells.length > 5);
      const named = cells.flatMap((cell) =>
        [...cell.matchAll(/`([a-z-]+)(?:="[a-z]+"|\(\))?`/gi)].map(([, name]) => name!),
      );
      const unknown = named.filter((name) => !known.has(name) && !OTHERS.has(name));
      assert.deepEqual(unknown, []);
    });
  }
});

/** What stands in place of the other library's; as it is written. */
function ownCells(section: string): readonly string[] {
  const { text } = guide;
  const begin = text.indexOf(`\n## ${section}\n`);
  const lines = text
    .slice(begin + 1)
    .split('\n## ')[0]!
    .split('\n');
  const rows = lines.filter((line) => line.startsWith('| ') && !line.startsWith('| --'));
  assert.equal(rows.length - 1, tableRows(text, section).length);
  return rows.slice(1).map((line) => line.split('|')[2]!);
}

/** Names that are not the element's: states, codes, the server part's, Didit's. */
const OTHERS: ReadonlySet<string> = new Set([
  ...['approved', 'declined', 'in-review', 'in-progress', 'resolver-unreachable'],
  ...['allowedScopes', 'getUser', 'onDecision', 'url', 'clientId', 'clientSecret', 'vendorData'],
  ...['lang', 'sessionLifetime'],
]);

it('what a hook returned is not enough, as the guide says', BOUNDED, async (t) => {
  const { page } = await openSnippet(t, {
    html: '<didit-verify></didit-verify>',
    js: `document.querySelector('didit-verify').resolver = () => ({ session_id: '1' });`,
  });
  const code = await page.waitForFunction(
    () => document.querySelector('didit-verify')!.error?.code,
  );
  assert.equal(await code.jsonValue(), 'invalid-response');
});

guide.leavesNothing();
