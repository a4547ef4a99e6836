import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { anchorsOf, isExternal, linksOf, repositoryFiles } from '../../scripts/links.mjs';
import { serve, type WebServer } from '../web-server.js';

const files = new Set(repositoryFiles());
const pages = [...files].filter((file) => file.endsWith('.md'));

/** Hosts that are nobody's, or the reader's own: good in code, wrong in a link. */
const NOWHERE = /(^|\.)(example(\.\w+)?|test|invalid|localhost)$|^[\d.]+$|^\[|^[^.]+$/;

describe('the links of the documentation', () => {
  it('are read in all pages', () => {
    for (const page of ['README.md', 'docs/server.md', '.github/pull_request_template.md']) {
      assert.ok(pages.includes(page), page);
    }
    assert.deepEqual(
      [...files].filter((file) => /(^|\/)node_modules\/|^(dist|build|\.cache|\.git)\//.test(file)),
      [],
    );
  });

  for (const page of pages) {
    it(`${page} leads to what there is`, () => {
      const wrong = linksOf(page).flatMap(({ file, line, target }) => {
        const fault = isExternal(target) ? faultOfExternal(target) : faultOfRelative(file, target);
        return fault ? [`${file}:${line}: ${target}: ${fault}`] : [];
      });
      assert.deepEqual(wrong, []);
    });
  }
});

function faultOfExternal(target: string): string | undefined {
  if (!URL.canParse(target)) return 'no address';
  const { protocol, hostname, username, port } = new URL(target);
  if (protocol !== 'https:') return 'not https';
  if (username || port || NOWHERE.test(hostname)) return 'no public host';
  return undefined;
}

function faultOfRelative(file: string, target: string): string | undefined {
  const [place = '', anchor] = target.split('#');
  if (place.startsWith('/')) return 'not relative';
  const found = place ? path.posix.join(path.posix.dirname(file), decodeURI(place)) : file;
  if (!isThere(found)) return 'no such file';
  if (anchor !== undefined && !(found.endsWith('.md') && anchorsOf(found).has(decodeURI(anchor)))) {
    return 'no such heading';
  }
  return undefined;
}

function isThere(name: string): boolean {
  const folder = name.replace(/\/?$/, '/');
  return files.has(name) || folder === './' || [...files].some((file) => file.startsWith(folder));
}

describe('a wrong link', () => {
  const wrong: Readonly<Record<string, string>> = {
    'docs/no-such-page.md': 'no such file',
    'docs/server.md/': 'no such file',
    'dist/index.js': 'no such file',
    'docs/server.md#no-such-heading': 'no such heading',
    '#no-such-heading': 'no such heading',
    'package.json#L1': 'no such heading',
    '/docs/server.md': 'not relative',
  };
  for (const [target, fault] of Object.entries(wrong)) {
    it(`${target} is one: ${fault}`, () => {
      assert.equal(faultOfRelative('README.md', target), fault);
    });
  }

  for (const target of ['docs/server.md', 'docs/', '.', 'docs/server.md#the-decision']) {
    it(`${target} is none`, () => assert.equal(faultOfRelative('README.md', target), undefined));
  }

  for (const target of [
    ...['http://lit.dev', '//lit.dev', 'mailto:me@lit.dev', 'https://', 'https://me@lit.dev'],
    ...['https://shop.example/x', 'https://example.com', 'https://localhost', 'https://127.0.0.1'],
    ...['https://[::1]/', 'https://lit', 'https://lit.dev:8080/'],
  ]) {
    it(`${target} is one`, () => {
      assert.ok(isExternal(target));
      assert.ok(faultOfExternal(target));
    });
  }
});

describe('in a page of Markdown', () => {
  it('links are found in all their forms, and none in code', (t) => {
    const page = inFolder(t, {
      'page.md': `
[inline](a.md) and [reference][b], <https://c.example> and https://d.example.

\`[code](no.md)\` example.com www@no.example //no.example

![image](e.png) <a class="x"
href="f.html">HTML</a>

| [\`table\`](g.md) |
| ---------------- |
| [cell](h.md)     |

\`\`\`md
[fenced](no.md)
\`\`\`

<p><img src="i.png?a&amp;b"></p>

[b]: b.md
`,
    });
    const found = linksOf(path.join(page, 'page.md')).map(
      ({ line, target }) => `${line} ${target}`,
    );
    assert.deepEqual(found, [
      ...['2 a.md', '2 b.md', '2 https://c.example', '2 https://d.example'],
      ...['6 e.png', '6 f.html', '9 g.md', '11 h.md', '17 i.png?a&b'],
    ]);
  });

  it('headings have the anchors that GitHub gives them', (t) => {
    const folder = inFolder(t, {
      'page.md': `
# \`createDidit(options)\`
## What it _does_, and [why](no.md)
## Twice
## Twice
<h3 id="own">Own</h3>

\`\`\`sh
# no heading
\`\`\`
`,
    });
    assert.deepEqual(
      [...anchorsOf(path.join(folder, 'page.md'))],
      ['creatediditoptions', 'what-it-does-and-why', 'twice', 'twice-1', 'own'],
    );
  });
});

describe('npm run links', () => {
  const asked: string[] = [];
  let site: WebServer;
  before(async () => {
    const once = new Set<string>();
    site = await serve(({ method, url }) => {
      const { pathname } = new URL(url);
      asked.push(`${method} ${pathname}`);
      const isFirst = !once.has(`${method} ${pathname}`);
      once.add(`${method} ${pathname}`);
      return answer(method, pathname, isFirst);
    });
  });
  after(() => site.close());

  function answer(
    method: string,
    pathname: string,
    isFirst: boolean,
  ): Response | Promise<Response> {
    if (pathname === '/no-head' && method === 'HEAD') return new Response(null, { status: 404 });
    if (pathname === '/moved') return Response.redirect(`${site.origin}/there`, 301);
    if (pathname === '/down-once' && isFirst) return new Response(null, { status: 503 });
    if (pathname === '/silent') return new Promise(() => undefined);
    return new Response(null, { status: Number(/^\/(\d{3})$/.exec(pathname)?.[1] ?? 200) });
  }

  /** What the program says of pages that link to these, a line each in alphabetical order. */
  async function check(t: TestContext, targets: readonly string[], timeout?: number) {
    const text = targets.map((target) => `- [link](${target})`).join('\n');
    return checkFiles(t, { 'README.md': text }, timeout);
  }

  async function checkFiles(
    t: TestContext,
    contents: Readonly<Record<string, string>>,
    timeout = 10_000,
  ) {
    const cwd = inFolder(t, contents);
    const program = path.resolve('scripts/check-links.mjs');
    const args = [program, '--delay', '1', '--timeout', String(timeout)];
    const [code, stdout] = await new Promise<[number | null, string]>((resolve) => {
      const child = execFile(process.execPath, args, { cwd }, (_error, output) =>
        resolve([child.exitCode, output]),
      );
    });
    const lines = stdout.trim().replaceAll(site.origin, '').split('\n');
    return { code, total: lines.pop(), lines: lines.sort() };
  }

  const all = (...paths: string[]) => paths.map((name) => `${site.origin}/${name}`);

  it('is content where all is there, also for GET alone, elsewhere, or at the second try', async (t) => {
    const { code, lines, total } = await check(t, all('there', 'no-head', 'moved', 'down-once'));
    assert.deepEqual(lines, [
      'ok     /down-once (200), in README.md:4',
      'ok     /moved (200, at /there), in README.md:3',
      'ok     /no-head (200), in README.md:2',
      'ok     /there (200), in README.md:1',
    ]);
    assert.equal(total, '4 there, 0 gone, 0 not sure');
    assert.equal(code, 0);
  });

  for (const status of [404, 410]) {
    it(`fails where one answers ${status}`, async (t) => {
      const { code, lines, total } = await check(t, all('there', String(status)));
      assert.equal(lines[0], `gone   /${status} (${status}), in README.md:2`);
      assert.equal(total, '1 there, 1 gone, 0 not sure');
      assert.equal(code, 1);
    });
  }

  for (const [target, says] of [
    // Too long a name for any DNS, so the same without a network.
    [`https://${'long'.repeat(16)}.invalid/`, 'ENOTFOUND'],
    ['https://', 'ERR_INVALID_URL'],
  ]) {
    it(`fails for ${target}`, async (t) => {
      const { code, lines } = await check(t, [...all('there'), target!]);
      assert.equal(lines[0], `gone   ${target} (${says}), in README.md:2`);
      assert.equal(code, 1);
    });
  }

  it('is not sure of who refuses or is down, after three tries', async (t) => {
    const { code, lines, total } = await check(t, all('there', '403', '503'));
    assert.deepEqual(lines.slice(1), [
      'unsure /403 (403), in README.md:2',
      'unsure /503 (503), in README.md:3',
    ]);
    assert.equal(total, '1 there, 0 gone, 2 not sure');
    assert.equal(code, 0);
    assert.equal(asked.filter((each) => each === 'GET /403').length, 3);
  });

  it('waits for nobody for ever, and fails where it could reach nothing', async (t) => {
    const { code, lines, total } = await check(t, all('silent'), 100);
    assert.match(lines[0]!, /^unsure \/silent \(.*timeout/);
    assert.equal(total, '0 there, 0 gone, 1 not sure');
    assert.equal(code, 1);
  });

  it('reads the pages and the demo, asks once for each address, and leaves out what is here', async (t) => {
    const link = `${site.origin}/asked-once`;
    const { lines } = await checkFiles(t, {
      'README.md': `[one](${link}#a) [two](docs/x.md) [three](#a)`,
      'docs/x.md': `\n[one](${link}#b)`,
      'demo/index.html': `<a href="${link}">one</a><a href="/two">two</a>`,
      'other/index.html': `<a href="${link}-else">one</a>`,
      'docs/code.txt': link,
    });
    const places = 'README.md:1, demo/index.html:1, docs/x.md:2';
    assert.equal(lines.length, 1);
    assert.deepEqual(
      lines[0]!
        .replace(/.*, in /, '')
        .split(', ')
        .sort(),
      places.split(', '),
    );
    assert.equal(asked.filter((each) => each.endsWith('/asked-once')).length, 1);
  });
});

function inFolder(t: TestContext, contents: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'links-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(contents)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}
