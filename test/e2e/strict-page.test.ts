import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import 'didit-verify';
import { build } from 'esbuild';
import { html as template } from 'lit';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import german from '../../src/locales/de.js';
import { installedEngines, type Engine, type EngineName, type EnginePage } from './engines.js';
import { keysFor } from './gallery.js';
import { script, type Answer } from './own-page.js';
import { pairsOf, product } from './pairwise.js';
import { takeNoticed } from './strict-listening.js';
import { LIVES } from './strict-lives.js';
import { NARROWEST, POLICY, StrictSite } from './strict-site.js';
import { FACTORS, fingerTours, take, toursOf, type Stop } from './strict-tour.js';

const LIMIT = { timeout: 280_000 };

const FILE = '<script src="/dist/didit-verify.min.js"></script>';
const MODULE_FILE = '<script type="module" src="/dist/didit-verify.esm.js"></script>';
const OWN_LIT = '<script type="module" src="/own-lit.js"></script>';

/** How a page gets the element. With each, it has one Lit. */
const WAYS = {
  'the single file': FILE,
  'the single file as a module': FILE.replace(' ', ' type="module" '),
  'the module file': MODULE_FILE,
  'the module file in pieces': MODULE_FILE.replace('esm', 'split'),
  'the single file, twice': FILE + FILE.replace('min.js', 'min.js?2'),
  'the module file, then the single file': MODULE_FILE + FILE.replace(' ', ' type="module" '),
  'an application’s bundle, with its own use of Lit':
    '<script type="module" src="/application.js"></script>',
};

/** What becomes of a page by what it says of policies for Trusted Types, where they are enforced. */
const NAMES: { names: string; scripts: string; hasTag: boolean; hasOwn: boolean }[] = [
  { names: "trusted-types 'none'", scripts: FILE, hasTag: false, hasOwn: false },
  { names: "trusted-types 'none'", scripts: MODULE_FILE, hasTag: false, hasOwn: false },
  { names: 'trusted-types', scripts: FILE, hasTag: false, hasOwn: false },
  { names: 'trusted-types other', scripts: FILE, hasTag: false, hasOwn: false },
  // Of two Lits the second one throws.
  { names: 'trusted-types lit-html', scripts: FILE + OWN_LIT, hasTag: true, hasOwn: false },
  {
    ...{ names: 'trusted-types lit-html', scripts: OWN_LIT + MODULE_FILE },
    ...{ hasTag: false, hasOwn: true },
  },
  {
    ...{ names: "trusted-types lit-html 'allow-duplicates'", scripts: OWN_LIT + MODULE_FILE },
    ...{ hasTag: true, hasOwn: true },
  },
  // Without that directive, names are free.
  { names: '', scripts: OWN_LIT + MODULE_FILE, hasTag: true, hasOwn: true },
];

const FALLBACK = 'Come to our branch with your passport.';
const TAG = `<main></main><didit-verify resolver-url="/session"><p>${FALLBACK}</p></didit-verify>`;

const RENDERED = template`<didit-verify resolver-url="/session"></didit-verify>`;

const SESSION: Answer = {
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ session_id: '1', url: 'https://app.didit.me/authorize/1' }),
};

const QUIET = { violations: [], said: [] };

/** Since when an engine enforces Trusted Types; WebKitGTK, in all versions that tests have met. */
const ENFORCED_SINCE: Record<EngineName, (userAgent: string) => boolean> = {
  Chromium: (userAgent) => versionIn(userAgent, /Chrome\/(\d+)/) >= 83,
  Firefox: (userAgent) => versionIn(userAgent, /Firefox\/(\d+)/) >= 148,
  WebKitGTK: () => true,
};

it('strict pages: any two values meet', () => {
  const met = new Set(FACTORS.key.flatMap(toursOf).flatMap(({ stops }) => stops.flatMap(pairsOf)));
  const names = Object.keys(FACTORS) as (keyof Stop)[];
  const two = names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other] as const));
  const wanted = two.flatMap(([one, other]) =>
    product<Partial<Stop>>({ [one]: FACTORS[one], [other]: FACTORS[other] }).flatMap(pairsOf),
  );
  const unseen = FACTORS.key.filter((key) => !keysFor('mouse', 'dialog').includes(key));
  const impossible = product({ key: unseen, presentation: ['dialog', 'opener'] }).flatMap(pairsOf);
  assert.deepEqual(
    wanted.filter((pair) => !met.has(pair)),
    impossible,
  );
});

for (const { name, launch } of installedEngines()) {
  describe(`strict pages in ${name}`, LIMIT, () => {
    let engine: Engine;
    let page: EnginePage;
    let site: StrictSite;
    let isEnforced: boolean;
    let bundles: Record<string, () => Answer>;

    before(async () => {
      engine = await launch();
      page = await engine.newPage();
      site = await StrictSite.start();
      isEnforced = ENFORCED_SINCE[name](await page.evaluate(() => navigator.userAgent));
      bundles = { '/own-lit.js': await bundle(OWN), '/application.js': await bundle(APPLICATION) };
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    beforeEach(() => {
      site.policy = POLICY;
      site.backend = { '/session': () => SESSION, ...bundles };
      site.missed = [];
    });

    async function open(markup: string): Promise<void> {
      site.markup = `<html lang="de">${markup}`;
      await page.goto(`${site.origin}/own`);
    }

    async function assertQuiet(): Promise<void> {
      const { violations, said } = await page.evaluate(takeNoticed);
      assert.deepEqual({ violations, said }, QUIET);
      assert.deepEqual(site.missed, []);
    }

    it('are noticed to be broken', async () => {
      await open(FILE + TAG);
      await page.waitFor(isReady, german.heading);
      const { thrown, didTake } = await page.evaluate(breakPolicy);
      assert.equal(thrown, isEnforced ? 'TypeError' : 'nothing');
      assert.equal(didTake, !isEnforced, 'markup');
      const { violations, said } = await page.evaluate(takeNoticed);
      const style = 'style-src-attr inline';
      const expected = [style, style, 'style-src-elem inline', 'img-src data'];
      const refused = 'require-trusted-types-for trusted-types-sink Element innerHTML|<b>No</b>';
      assert.deepEqual(violations.sort(), [...expected, ...(isEnforced ? [refused] : [])].sort());
      assert.equal(said.length, 3);
      assert.match(said.join('\n'), /^Said\.\n.*Thrown\.\n.*Rejected\.$/);
    });

    it('would be broken by style elements, were there no constructable style sheets', async () => {
      site.backend = {
        ...site.backend,
        '/old.js': () => script('delete Document.prototype.adoptedStyleSheets;'),
      };
      await open(`<script src="/old.js"></script>${FILE}${TAG}`);
      await page.waitFor(isReady, german.heading);
      const { violations } = await page.evaluate(takeNoticed);
      assert.deepEqual([...new Set(violations)], ['style-src-elem inline']);
    });

    for (const [way, scripts] of Object.entries(WAYS)) {
      it(`need no more than scripts, and one policy’s name: ${way}`, async () => {
        site.policy = NARROWEST;
        await open(scripts + TAG);
        await page.waitFor(isReady, german.heading);
        await page.waitFor(() => document.readyState === 'complete');
        const seen = await page.evaluate(parts);
        assert.deepEqual(seen, { hasCode: true, sheets: 1, others: [] });
        const { markup, ...noticed } = await page.evaluate(takeNoticed);
        assert.deepEqual(noticed, {
          ...QUIET,
          policies: isEnforced ? ['lit-html: createHTML'] : [],
          sinks: [`innerHTML of template: ${isEnforced ? 'TrustedHTML' : 'String'}`],
        });
        assertConstant(markup);
        assert.deepEqual(site.missed, []);
      });
    }

    for (const { names, scripts, hasTag, hasOwn } of NAMES) {
      const what = [...scripts.matchAll(/src="\/(?:dist\/)?([^"]*)/g)].map(([, file]) => file);
      it(`with ${names || 'no names'} have ${what.join(', then ')}`, async () => {
        site.policy = NARROWEST.replace('trusted-types lit-html', names);
        const isWhole = hasTag && (hasOwn || !scripts.includes(OWN_LIT));
        await open(scripts + TAG);
        await page.waitFor(() => document.readyState === 'complete');
        if (hasTag || !isEnforced) await page.waitFor(isReady, german.heading);
        const { violations, said } = await page.evaluate(takeNoticed);
        const seen = await page.evaluate(present);
        if (isWhole || !isEnforced) {
          assert.deepEqual({ violations, said }, QUIET);
          assert.deepEqual(seen, { hasTag: true, hasOwn: scripts.includes(OWN_LIT) });
          return;
        }
        assert.deepEqual(seen, { hasTag, hasOwn });
        assert.deepEqual(violations, ['trusted-types trusted-types-policy lit-html']);
        assert.equal(said.length, 1);
        assert.match(said[0]!, /TypeError: .*lit-html/);
      });
    }

    it('leave what a server has rendered without looks, until the script has run', async () => {
      await open(await collectResult(render(RENDERED)));
      const before = await page.evaluate(look);
      await open((await collectResult(render(RENDERED))) + FILE);
      await page.waitFor(isReady, german.heading);
      assert.deepEqual([before, await page.evaluate(look)], ['inline', 'grid']);
      const { violations, said } = await page.evaluate(takeNoticed);
      assert.deepEqual({ violations, said }, { ...QUIET, violations: ['style-src-elem inline'] });
    });

    for (const [what, live] of Object.entries(LIVES)) {
      it(`let the element live: ${what}`, async () => {
        const { markup, backend, walk } = live();
        site.backend = backend;
        await open(FILE + markup);
        await walk(page);
        await assertQuiet();
      });
    }

    describe('in every state', () => {
      before(() => page.goto(`${site.origin}/gallery`));

      for (const key of FACTORS.key) {
        it(key, async () => {
          for (const tour of toursOf(key)) assert.deepEqual(await take(page, tour, 'mouse'), []);
          const { violations, said } = await page.evaluate(takeNoticed);
          assert.deepEqual(
            { violations, said: [...new Set(said)] },
            { ...QUIET, said: warnings(key) },
          );
          assert.deepEqual(site.missed, []);
        });
      }

      it('by one policy, and templates alone', async () => {
        const { policies, sinks, markup } = await page.evaluate(takeNoticed);
        const kind = isEnforced ? 'TrustedHTML' : 'String';
        assert.deepEqual(sinks, [`innerHTML of template: ${kind}`]);
        assert.deepEqual(policies, isEnforced ? ['lit-html: createHTML'] : []);
        assert.ok(markup.length > 10, `${markup.length} templates`);
        assertConstant(markup);
      });
    });

    describe('with a finger', () => {
      before(() => page.goto(`${site.origin}/gallery-with-finger`));

      for (const tour of fingerTours()) {
        it(tour.key, async () => {
          assert.deepEqual(await take(page, tour, 'finger'), []);
          const { violations, said } = await page.evaluate(takeNoticed);
          assert.deepEqual({ violations, said }, { ...QUIET, said: warnings(tour.key) });
        });
      }
    });
  });
}

/** Nothing but what the source has: no text of a language, of a session or of the page. */
function assertConstant(markup: readonly string[]): void {
  assert.deepEqual(
    markup.filter((text) => /didit\.me|Didit|Come/.test(text)),
    [],
  );
}

/** What the element itself says, of a page that is wrong. */
function warnings(key: string): string[] {
  const isWrong = key === 'resolver-missing' || key === 'idle, with nothing to start';
  return isWrong ? ['[object HTMLElement] resolver-url or resolver is needed.'] : [];
}

function versionIn(userAgent: string, pattern: RegExp): number {
  return Number(pattern.exec(userAgent)?.[1]);
}

const OWN = `import { html, render } from 'lit';
  render(html\`<p>Our own</p>\`, document.querySelector('main'));`;
const APPLICATION = `import 'didit-verify'; ${OWN}`;

async function bundle(contents: string): Promise<() => Answer> {
  const stdin = { contents, resolveDir: '.' };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false });
  return () => script(outputFiles[0]!.text);
}

// In the page:

function isReady(heading: string): boolean {
  const tag = document.querySelector('didit-verify');
  const shown = tag?.shadowRoot?.querySelector('slot[name=heading]')?.textContent;
  return tag?.state === 'ready' && shown === heading;
}

function look(): string {
  return getComputedStyle(document.querySelector('didit-verify')!).display;
}

/** What there is in the element: nothing that needs leave for style elements or pictures. */
function parts() {
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  const others = root.querySelectorAll('style, link, script, img, image, canvas, iframe, [style]');
  return {
    hasCode: Boolean(root.querySelector('.code path')?.getAttribute('d')),
    sheets: root.adoptedStyleSheets.length,
    others: Array.from(others, ({ localName }) => localName),
  };
}

/** What a person has of it; without the element, what is in its place. */
function present() {
  const tag = document.querySelector('didit-verify')!;
  const hasTag = tag.shadowRoot !== null;
  const hasFallback = tag.querySelector('p')!.checkVisibility();
  if (hasTag === hasFallback) throw new Error('Neither, or both.');
  return { hasTag, hasOwn: document.querySelector('main p') !== null };
}

/** In the element, as its own mistakes would. */
async function breakPolicy() {
  const tag = document.querySelector('didit-verify')!;
  const base = tag.shadowRoot!.querySelector('.base')!;
  base.setAttribute('style', 'color: red');
  const sheet = document.createElement('style');
  sheet.textContent = 'p { color: red }';
  const picture = document.createElement('img');
  picture.src = 'data:image/svg+xml,<svg/>';
  base.append(sheet, picture);
  console.error('Said.');
  setTimeout(() => {
    throw new Error('Thrown.');
  });
  await new Promise((told) => addEventListener('error', told, { once: true }));
  void Promise.reject(new Error('Rejected.'));
  await new Promise((told) => addEventListener('unhandledrejection', told, { once: true }));
  tag.disabled = true;
  await tag.updateComplete;
  base.setAttribute('style', 'color: blue');
  let thrown = 'nothing';
  try {
    base.innerHTML = '<b>No</b>';
  } catch (error) {
    thrown = (error as Error).name;
  }
  return { thrown, didTake: base.querySelector('b') !== null };
}
