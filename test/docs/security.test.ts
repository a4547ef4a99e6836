import { createDidit } from 'didit-verify/server';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { launchChromium } from '../e2e/browser.js';
import { builtScript, html, startPage, type Answer } from '../e2e/own-page.js';
import german from '../../src/locales/de.js';
import { Guide } from './guide.js';
import { closeBrowser, openSnippet, type SnippetPage } from './snippet-page.js';
import { tableRows } from './table-rows.js';

const LIMIT = { timeout: 60_000 };
const ENDPOINT = '/api/didit/session';
const TAG = `<didit-verify resolver-url="${ENDPOINT}" vendor-data="anna@example.org"></didit-verify>`;

const guide = new Guide('docs/security.md');
const THREATS = [
  'In the page',
  'Between the page and your backend',
  'Between your backend and Didit',
  'People',
  'On the way to you',
];
/** The link to a file; what of it is quoted follows, up to the next one. */
const LINK = /\[([^\]]+)\]\((\.\.\/[^)]+)\)/;

after(closeBrowser);

describe('docs/security.md, the threats', () => {
  for (const section of THREATS) {
    for (const [threat, protection, duty, tested] of tableRows(guide.text, section)) {
      it(`${section}: ${threat!.split('**')[1]} is tested where it says so`, () => {
        assert.ok(protection && duty);
        const [, ...cited] = tested!.split(LINK);
        assert.ok(cited.length > 0, 'no file is named');
        for (let index = 0; index < cited.length; index += 3) {
          const [label, reference, quotes] = cited.slice(index);
          const file = path.join('docs', reference!);
          assert.equal(path.basename(file), label);
          assertQuoted(file, quotes!);
        }
      });
    }
  }

  it('are all that the section has', () => {
    const [, section] = /^## Threats\n([^]*?)^## /m.exec(guide.text)!;
    const titles = [...section!.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
    assert.deepEqual(titles, THREATS);
  });
});

describe('docs/security.md, what the page keeps', LIMIT, () => {
  it('is what is kept, and nothing else, and leaves nothing elsewhere', async (t) => {
    const { page } = await approved(t);
    const kept = await page.evaluate(async () => ({
      sessions: Object.entries(sessionStorage) as [string, string][],
      local: localStorage.length,
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
      caches: (await globalThis.caches?.keys())?.length ?? 0,
    }));
    const { sessions, ...others } = kept;
    assert.deepEqual(others, { local: 0, cookies: '', databases: 0, caches: 0 });
    assert.equal(sessions.length, 1);
    const [[key, text]] = sessions as [[string, string]];
    assert.match(key, /^didit-verify:\["http:\/\/[^"]+\/api\/didit\/session",null,\d{1,10}\]$/);
    const [saved] = JSON.parse(text) as Record<string, unknown>[];
    const told = tableRows(guide.text, 'What the page keeps').map(([member]) => member!);
    assert.deepEqual(Object.keys(saved!).sort(), [...told].sort());
    assert.doesNotMatch(key + text, /anna|example\.org/);
  });

  it('is nothing with no-resume', async (t) => {
    const { page } = await approved(t, TAG.replace('<didit-verify', '<didit-verify no-resume'));
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  });
});

describe('docs/security.md, privacy', LIMIT, () => {
  it('asks nobody but the backend, from the start to the end', async (t) => {
    const { page, origin } = await approved(
      t,
      TAG.replace('<didit-verify', '<didit-verify lang="de"'),
    );
    const asked = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name.replace(/\?.*/, '')),
    );
    assert.ok(asked.includes(`${origin}${ENDPOINT}`));
    assert.deepEqual(
      [...new Set(asked)].sort(),
      [ENDPOINT, '/dist/didit-verify.min.js', '/dist/locales/de.js'].map((at) => origin + at),
    );
  });

  it('tells the page one word, and nothing of the person', async (t) => {
    const { page } = await openSnippet(t, { html: '<p></p>' });
    const { session, status } = await page.evaluate(async (url) => {
      const headers = { 'Content-Type': 'application/json' };
      const created = await fetch(url, { method: 'POST', headers, body: '{}' });
      const session = (await created.json()) as Record<string, string>;
      const read = await fetch(url + session.status_url!);
      return { session, status: (await read.json()) as object };
    }, ENDPOINT);
    const told = ['session_id', 'url', 'status', 'status_url', 'events_url'];
    assert.deepEqual(Object.keys(session).sort(), told.sort());
    assert.deepEqual(Object.keys(status), ['status']);
  });
});

describe('docs/security.md, prototype pollution', LIMIT, () => {
  const POLLUTING =
    '{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } }';

  it('leaves every prototype as it was: the server part', async (t) => {
    const didit = createDidit({
      ...{ apiKey: 'key', workflowId: 'any' },
      getUser: () => ({ vendorData: '__proto__' }),
      sessionFields: () => JSON.parse(POLLUTING) as object,
      fetch: async () =>
        Response.json(
          { ...JSON.parse(POLLUTING), session_id: 'a', url: 'https://verify.didit.me/session/a' },
          { status: 201 },
        ),
    });
    t.after(() => didit.close());
    const request = new Request('https://shop.example/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': '__proto__' },
      body: POLLUTING,
    });
    assert.equal((await didit.session(request)).status, 201);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });

  it('leaves every prototype as it was: the page', async (t) => {
    const { page } = await openSnippet(t, {
      html: '<didit-verify manual lang="__proto__"></didit-verify>',
    });
    const found = await page.evaluate(async (text) => {
      const tag = document.querySelector('didit-verify')!;
      tag.strings = JSON.parse(text) as object;
      const url = 'https://app.didit.me/authorize/1';
      tag.resolver = () => Object.assign(JSON.parse(text) as object, { session_id: '1', url });
      const state = await tag.start();
      return { state, polluted: ({} as { polluted?: number }).polluted };
    }, POLLUTING);
    assert.deepEqual(found, { state: 'ready', polluted: undefined });
  });
});

describe('docs/security.md, on the way to you', LIMIT, () => {
  const FILE = 'didit-verify.min.js';
  const WORDS = 'locales/de.js';

  /** A page whose scripts come from another origin, and are what their hashes say they are, or not. */
  async function openWithHashes(t: TestContext, scripts: string[], changed = '') {
    const asked: string[] = [];
    const cdn = await startPage((at) => {
      asked.push(at);
      const { headers, body } = builtScript(at.slice(1), { 'Access-Control-Allow-Origin': '*' });
      return { headers, body: `${String(body)}${at === `/${changed}` ? ';' : ''}` };
    });
    const markup = scripts.map(
      (file) =>
        `<script type="module" crossorigin integrity="${integrityOf(file)}"
           src="${cdn.origin}/${file}"></script>`,
    );
    const site = await startPage((at): Answer => {
      if (at === '/') return html(`<html lang="de">${markup.join('')}${TAG}`);
      return { status: 500 };
    });
    const browser = await launchChromium();
    t.after(() => Promise.all([browser.close(), site.close(), cdn.close()]));
    const page = await browser.newPage();
    await page.goto(site.origin);
    await page.waitForLoadState('networkidle');
    const isThere = await page.evaluate(() => customElements.get('didit-verify') !== undefined);
    return { page, asked, isThere };
  }

  it('runs no changed script', async (t) => {
    assert.equal((await openWithHashes(t, [FILE])).isThere, true);
    assert.equal((await openWithHashes(t, [FILE], FILE)).isThere, false);
  });

  it('has its words by a script of their own', async (t) => {
    const own = await openWithHashes(t, [WORDS, FILE]);
    const heading = own.page.locator('didit-verify [part="heading"]');
    assert.equal((await heading.textContent())?.trim(), german.heading);
    // Each once: what has come by a script is not asked for again.
    assert.deepEqual([...own.asked].sort(), [`/${FILE}`, `/${WORDS}`].sort());
    const none = await openWithHashes(t, [FILE]);
    assert.ok(none.asked.includes(`/${WORDS}`), 'without, they are loaded, and by no hash');
  });

  it('runs nothing when it is installed', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const found = Object.keys(scripts).filter((name) =>
      /^(pre|post)?(install|prepare)$/.test(name),
    );
    assert.deepEqual(found, []);
  });
});

describe('SECURITY.md', () => {
  const policy = readFileSync('SECURITY.md', 'utf8');

  it('leads to what is there, and to GitHub alone', () => {
    for (const [, target] of policy.matchAll(/\]\(([^)]+)\)/g)) {
      if (target!.startsWith('https://')) assert.match(target!, /^https:\/\/docs\.github\.com\//);
      else assert.ok(existsSync(target!), target);
    }
  });

  it('names nobody, and no address that nobody reads', () => {
    assert.doesNotMatch(policy, /@|mailto:/);
  });
});

guide.leavesNothing();

/** That all which is quoted of a file is in it. */
function assertQuoted(file: string, text: string): void {
  assert.ok(existsSync(file), file);
  const source = readFileSync(file, 'utf8').replaceAll('`', '');
  const quotes = [...text.matchAll(/“([^”]+)”/g)];
  assert.ok(quotes.length > 0, `${file}: nothing of it is named`);
  for (const [, quote] of quotes) assert.ok(source.includes(quote!), `${file}: “${quote}”`);
}

/** A page whose person has been to the end. */
async function approved(t: TestContext, markup = TAG): Promise<SnippetPage> {
  const opened = await openSnippet(t, { html: markup });
  await opened.page.locator('didit-verify:state(ready)').waitFor();
  const tag = opened.page.locator('didit-verify');
  const id = await tag.evaluate(
    (element: HTMLElementTagNameMap['didit-verify']) => element.session!.sessionId,
  );
  for (const action of ['open', 'confirm'] as const) opened.sandbox.play(id, action);
  await opened.page.locator('didit-verify:state(approved)').waitFor();
  return opened;
}

function integrityOf(file: string): string {
  return `sha384-${createHash('sha384')
    .update(readFileSync(`dist/${file}`))
    .digest('base64')}`;
}
