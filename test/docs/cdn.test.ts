import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { stamped } from '../../scripts/release-stamp.mjs';
import german from '../../src/locales/de.js';
import brazilian from '../../src/locales/pt-BR.js';
import { readJson } from '../package/described.js';
import { Guide } from './guide.js';
import { closeBrowser, openSnippet, type SnippetPage } from './snippet-page.js';
import { tableRows } from './table-rows.js';

const LIMIT = { timeout: 120_000 };
const TAG = '<didit-verify resolver-url="/api/didit/session"></didit-verify>';

const guide = new Guide('docs/cdn.md');
const { version } = readJson('package.json') as { version: string };
const integrity = readJson('dist/integrity.json') as Record<string, string>;

/** A block as the next release will write it. */
function released(section: string, index = 0): string {
  return stamped(guide.take(section, 'html', index), { version, integrity });
}

after(closeBrowser);

async function assertShowsCode({ page }: SnippetPage): Promise<void> {
  await page.locator('didit-verify svg[role="img"]').waitFor();
  assert.deepEqual(await page.evaluate(() => said), []);
}

/** Opens a page, and keeps the addresses of the CDN's files that it asks for. */
async function open(t: TestContext, html: string, altered?: string) {
  const asked: string[] = [];
  const opened = await openSnippet(t, { html: `<p></p>` });
  opened.page.on('request', (request) => {
    if (request.url().includes('/dist/')) asked.push(request.url().split('/dist/')[1]!);
  });
  if (altered) {
    await opened.page.route(`**/dist/${altered}`, (route) =>
      route.fulfill({
        body: `${readFileSync(`dist/${altered}`, 'utf8')}/**/`,
        contentType: 'text/javascript',
        headers: { 'Access-Control-Allow-Origin': '*' },
      }),
    );
  }
  // Not by the server's page, which loads the built file itself.
  await opened.page.route(`${opened.origin}/page`, (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: `<!doctype html><script>said = []; onerror = (text) => said.push(text);</script>${html}`,
    }),
  );
  await opened.page.goto(`${opened.origin}/page`);
  return { ...opened, asked };
}

describe('docs/cdn.md', LIMIT, () => {
  it('has everything in one file', async (t) => {
    const { asked, ...opened } = await open(t, released('One file'));
    await assertShowsCode(opened);
    assert.deepEqual(asked, ['didit-verify.min.js']);
  });

  it('refuses an altered file, and altered words', async (t) => {
    const script = released('Integrity', 0);
    const { page } = await open(t, `${script}${TAG}`, 'didit-verify.min.js');
    assert.equal(await page.evaluate(() => typeof customElements.get('didit-verify')), 'undefined');

    const inGerman = `<html lang="de">${released('Integrity', 1)}${script}${TAG}`;
    const whole = await open(t, inGerman);
    await assertShowsCode(whole);
    await whole.page.getByText(german.heading, { exact: true }).waitFor();
    const altered = await open(t, inGerman, 'locales/de.js');
    await assertShowsCode(altered);
    await altered.page.getByText('Verify with Didit', { exact: true }).waitFor();
  });

  it('shows digests as the package has them', () => {
    const shown = JSON.parse(guide.take('Integrity', 'json')) as Record<string, string>;
    for (const file of Object.keys(shown)) assert.ok(file in integrity, file);
  });

  it('is there in pieces, too, and refuses an altered one', async (t) => {
    const html = released('In pieces', 0);
    const { asked, ...opened } = await open(t, html);
    await assertShowsCode(opened);
    assert.deepEqual(asked, ['didit-verify.split.js', 'session-parts.js']);
    const { page } = await open(t, html, 'session-parts.js');
    await page.waitForFunction(
      () => document.querySelector('didit-verify')!.error?.code === 'qr-failed',
    );
  });

  it('has the encoder with the page by a link', async (t) => {
    const { asked, ...opened } = await open(t, released('In pieces', 1) + released('In pieces', 0));
    await assertShowsCode(opened);
    assert.equal(asked.filter((file) => file === 'session-parts.js').length, 1);
  });

  it('says how much smaller the first load is', () => {
    const [whole, first] = ['didit-verify.esm.js', 'didit-verify.split.js'].map(
      (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length,
    );
    const [, told] = /first load is ([\d.]+) kB smaller/.exec(guide.text.replaceAll(/\s+/g, ' '))!;
    assert.ok(Math.abs((whole! - first!) / 1000 - Number(told)) < 0.1, `${whole! - first!} bytes`);
  });

  it('has words from the start by a script', async (t) => {
    const script = released('One file').split('\n')[0]!;
    const html = `<html lang="pt-BR">${released('Words')}${script}${TAG}`;
    const { page, asked } = await open(t, html);
    await page.getByText(brazilian.heading, { exact: true }).waitFor();
    assert.deepEqual(asked.sort(), ['didit-verify.min.js', 'locales/pt-BR.js']);
  });

  it('is served by a site itself, words included', async (t) => {
    const [install, ...commands] = guide.take('From your own server', 'sh').trim().split('\n');
    assert.equal(install, 'npm install didit-verify');
    const place = mkdtempSync(path.join(tmpdir(), 'own-server-'));
    t.after(() => rmSync(place, { recursive: true }));
    cpSync('dist', path.join(place, 'node_modules/didit-verify/dist'), { recursive: true });
    for (const command of commands) execFileSync('sh', ['-c', command], { cwd: place });
    const { page } = await openSnippet(t, {
      html: `<script>document.documentElement.lang = 'de'</script>
        ${guide.take('From your own server', 'html')}${TAG}`,
      answer: ({ url }) => {
        const file = path.join(place, 'public', new URL(url).pathname);
        if (!existsSync(file)) return undefined;
        return new Response(readFileSync(file), { headers: { 'Content-Type': 'text/javascript' } });
      },
    });
    await page.getByText(german.heading, { exact: true }).waitFor();
  });

  it('lists the files that there are', () => {
    const named = tableRows(guide.text, 'The files').map(([name]) => name!.replaceAll('`', ''));
    const scripts = readdirSync('dist').filter((file) =>
      /^(didit-verify\.|session-).*\.js$/.test(file),
    );
    const own = [...scripts, 'integrity.json', 'THIRD-PARTY-LICENSES.txt', '*.map'];
    assert.deepEqual(named.sort(), [...own, 'locales/*.js'].sort());
  });

  guide.leavesNothing();
});
