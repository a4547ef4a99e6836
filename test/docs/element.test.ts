import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import brazilian from '../../src/locales/pt-BR.js';
import { bundled } from './bundled.js';
import { Guide } from './guide.js';
import { runShown } from './shown-module.js';
import { closeBrowser, openSnippet } from './snippet-page.js';

const LIMIT = { timeout: 120_000 };
const RESOLVER = '/api/didit/session';
const TAG = `<didit-verify resolver-url="${RESOLVER}"></didit-verify>`;
/** A page that loads no script of its own. */
const NO_SCRIPT = '<script src="/nothing.js"></script>';
const ADD = 'Add it to a page';

const guide = new Guide('docs/element.md');

after(closeBrowser);

describe('docs/element.md', LIMIT, () => {
  for (const [index, name] of ['didit-verify', 'my-verify'].entries()) {
    it(`registers <${name}>`, async (t) => {
      const js = await bundled(guide.take(ADD, 'js', index));
      const { page } = await openSnippet(t, { html: `${NO_SCRIPT}<${name} manual></${name}>`, js });
      await page.locator(`${name} [part="heading"]`).waitFor();
    });
  }

  it('sets the headers of the first request in a plain page', async (t) => {
    const { page, origin } = await openSnippet(t, { html: '<didit-verify></didit-verify>' });
    const asked = page.waitForRequest(`${origin}${RESOLVER}`);
    await page.evaluate(`(() => { const token = 'a token'; ${guide.take(ADD, 'js', 2)} })()`);
    assert.equal(await (await asked).headerValue('X-CSRF-Token'), 'a token');
  });

  it('has a control in a form', async (t) => {
    const { page, sandbox } = await openSnippet(t, { html: guide.take('In a form', 'html') });
    await page.locator('didit-verify svg[role="img"]').waitFor();
    const read = () => {
      const form = document.forms[0]!;
      return [form.checkValidity(), new FormData(form).get('verification')];
    };
    assert.deepEqual(await page.evaluate(read), [false, null]);
    const id = await page.evaluate(
      () => document.querySelector('didit-verify')!.session!.sessionId,
    );
    sandbox.play(id, 'open');
    sandbox.play(id, 'confirm');
    await page.waitForFunction(() => document.querySelector('didit-verify')!.state === 'approved');
    assert.deepEqual(await page.evaluate(read), [true, id]);
  });

  it('has a dialog, in which the session begins', async (t) => {
    const { page } = await openSnippet(t, { html: guide.take('In a dialog', 'html') });
    assert.equal(await page.evaluate(() => document.querySelector('didit-verify')!.state), 'idle');
    await page.getByRole('button', { name: 'Verify with Didit' }).click();
    await page.locator('dialog[open] svg[role="img"]').waitFor();
  });

  it('is in the language of the page', async (t) => {
    const [, lang = ''] = /^<html lang="(.*)"><\/html>\n$/.exec(guide.take('Words', 'html'))!;
    const { page } = await openSnippet(t, {
      html: `<script>document.documentElement.lang = '${lang}'</script>${TAG}`,
    });
    await page.getByText(brazilian.heading, { exact: true }).waitFor();
  });

  it('has words from the start that are imported', async (t) => {
    const js = await bundled(`${guide.take('Words', 'js', 0)} import 'didit-verify';`);
    const { page } = await openSnippet(t, {
      html: `${NO_SCRIPT}<div lang="pt-BR">${TAG}</div>`,
      js,
    });
    await page.getByText(brazilian.heading, { exact: true }).waitFor();
  });

  it('has words of the page’s own', async (t) => {
    const { page } = await openSnippet(t, { html: TAG, js: guide.take('Words', 'js', 1) });
    await page.getByText('Prove your age', { exact: true }).waitFor();
  });

  it('is written by a server, with what is in the tag', async () => {
    const written: { result?: Iterable<string | Promise<string>> } = {};
    const code = guide.take('Rendered on a server', 'js');
    assert.match(code, /^render\($/m);
    await runShown(code.replace(/^render\($/m, 'written.result = render('), { written });
    let html = '';
    for (const part of written.result!) html += await part;
    assert.match(html, /<didit-verify[^>]*><template shadowroot(mode)?="open"/);
    assert.match(html, /<p>Without JavaScript, please <a href="\/contact">write to us<\/a>\.<\/p>/);
  });

  it('names data for editors that are published', () => {
    const settings = JSON.parse(guide.take('In an editor', 'json')) as Record<string, string[]>;
    for (const file of Object.values(settings).flat()) {
      const own = path.posix.relative('node_modules/didit-verify', path.posix.normalize(file));
      assert.ok(existsSync(own), file);
    }
  });

  guide.cannotRun('with the packed package, by the quick starts', ADD, 'sh');
  guide.takenBy('test/e2e/reserved-space.ts', 'Its space');
  guide.leavesNothing();
});
