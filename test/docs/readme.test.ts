import { createSandbox } from 'didit-verify/sandbox';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { stamped } from '../../scripts/release-stamp.mjs';
import { readJson } from '../package/described.js';
import { bundled } from './bundled.js';
import { Guide } from './guide.js';
import { runShown } from './shown-module.js';
import { closeBrowser, openSnippet } from './snippet-page.js';

const LIMIT = { timeout: 120_000 };
const TITLE = '<didit-verify>';

const guide = new Guide('README.md');
const { version } = readJson('package.json') as { version: string };
/** What the next release will write into it. */
const release = { version, integrity: readJson('dist/integrity.json') as Record<string, string> };

type Handler = (context: { req: { raw: Request } }) => Promise<Response>;

after(closeBrowser);

describe('README', LIMIT, () => {
  it('has fewer than 300 lines', () => {
    assert.ok(readFileSync('README.md', 'utf8').split('\n').length < 300);
  });

  it('names the commands that there are', () => {
    const { scripts } = readJson('package.json') as { scripts: Record<string, string> };
    const commands = guide.take('Try it', 'sh').matchAll(/^npm (\S+) /gm);
    assert.deepEqual(
      [...commands].map(([, name]) => name),
      ['start', 'test'],
    );
    assert.ok(scripts.start && scripts.test);
  });

  it('shows a code by its first lines, also as a release writes them', async (t) => {
    const html = guide.take(TITLE, 'html');
    for (const lines of [html, stamped(html, release)]) {
      const { page } = await openSnippet(t, { html: lines });
      await page.locator('didit-verify svg[role="img"]').waitFor();
    }
    assert.match(stamped(html, release), /integrity="sha384-\S+" crossorigin/);
  });

  it('registers the tag by its import', async (t) => {
    const js = await bundled(guide.take('The tag', 'js', 0));
    const html = '<script src="/nothing.js"></script><didit-verify manual></didit-verify>';
    const { page } = await openSnippet(t, { html, js });
    await page.waitForFunction(() => document.querySelector('didit-verify')?.state === 'idle');
  });

  it('goes on by what the tag tells', async (t) => {
    const { page, origin, sandbox } = await openSnippet(t, {
      html: '<didit-verify resolver-url="/api/didit/session"></didit-verify>',
      js: guide.take('The tag', 'js', 1),
      answer: ({ url }) => (url.endsWith('/welcome') ? new Response('Welcome') : undefined),
    });
    await page.locator('didit-verify svg[role="img"]').waitFor();
    const id = await page.evaluate(
      () => document.querySelector('didit-verify')!.session!.sessionId,
    );
    sandbox.play(id, 'open');
    sandbox.play(id, 'confirm');
    await page.waitForURL(`${origin}/welcome`);
  });

  it('has a control that its form needs, and a dialog', async (t) => {
    const { page } = await openSnippet(t, { html: guide.take('The tag', 'html') });
    await page.locator('form didit-verify svg[role="img"]').waitFor();
    assert.equal(await page.evaluate(() => document.forms[0]!.checkValidity()), false);
    await page.getByRole('button', { name: 'Verify with Didit' }).click();
    await page
      .locator('didit-verify[presentation="dialog"] dialog[open] svg[role="img"]')
      .waitFor();
  });

  it('has a backend that answers, and hears the decision', async () => {
    const paths: string[] = [];
    const results: unknown[] = [];
    let handle: Handler;
    const sandbox = createSandbox({ clientId: 'a', clientSecret: 'b' });
    const given = {
      process: { env: { DIDIT_CLIENT_ID: 'a', DIDIT_CLIENT_SECRET: 'b' } },
      userIdOf: async () => 'user-1',
      saveResult: (...result: unknown[]) => void results.push(result.slice(0, 2)),
      app: {
        all(path: string, handler: Handler) {
          paths.push(path);
          handle = handler;
        },
      },
    };
    const { fetch } = globalThis;
    globalThis.fetch = async (input, init) => sandbox.fetch(new Request(input, init));
    try {
      const { didit } = await runShown<{ didit: { settle(id: string): Promise<string> } }>(
        guide.take('The backend', 'js'),
        given,
        ['didit'],
      );
      const raw = new Request('http://site.example/api/didit/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
      const { session_id: id } = (await (await handle!({ req: { raw } })).json()) as {
        session_id: string;
      };
      sandbox.play(id, 'open');
      sandbox.play(id, 'confirm');
      assert.equal(await didit.settle(id), 'Confirmed');
    } finally {
      globalThis.fetch = fetch;
    }
    assert.deepEqual(paths, ['/api/didit/session']);
    assert.deepEqual(results, [['user-1', 'Confirmed']]);
  });

  guide.cannotRun('with the packed package, by the quick starts', 'The tag', 'sh');
  guide.leavesNothing();
});
