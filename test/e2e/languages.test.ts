import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, beforeEach, describe, it } from 'node:test';
import german from '../../src/locales/de.js';
import french from '../../src/locales/fr.js';
import italian from '../../src/locales/it.js';
import { english, type Strings } from '../../src/strings.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import { builtScript, html, script, startPage, type Answer, type OwnPage } from './own-page.js';

const BUNDLE = '/dist/didit-verify.min.js';
const SHORT = '/npm/didit-verify@1';
const CORS = { 'Access-Control-Allow-Origin': '*' };

/** How a page gets the element, `CDN` being another origin. */
const WAYS = {
  'a classic script': `<script src="${BUNDLE}"></script>`,
  'a classic script, deferred, with a query': `<script defer src="${BUNDLE}?v=1"></script>`,
  'a module script': `<script type="module" src="${BUNDLE}"></script>`,
  'the module file': '<script type="module" src="/dist/didit-verify.esm.js"></script>',
  'a classic script of another origin, without CORS': `<script src="CDN${BUNDLE}"></script>`,
  'the module file of another origin':
    '<script type="module" src="CDN/dist/didit-verify.esm.js"></script>',
  'a classic script at a CDN’s short address': `<script src="CDN${SHORT}"></script>`,
  'a module script at a CDN’s short address': `<script type="module" src="CDN${SHORT}"></script>`,
};

const STRICT = `default-src 'none'; require-trusted-types-for 'script'; trusted-types lit-html`;
const POLICIES = {
  'the page’s own scripts': `${STRICT}; script-src 'self'`,
  'a nonce': `${STRICT}; script-src 'nonce-n'`,
  'a nonce and ‘strict-dynamic’': `${STRICT}; script-src 'nonce-n' 'strict-dynamic'`,
};

/** What comes in place of words. */
const FAILURES: Record<string, () => Answer | Promise<Answer>> = {
  'are not there': () => ({ status: 404 }),
  'are a page that says so': () => html('Not found'),
  'are broken': () => script('export default {'),
  'throw an error': () => script('throw new Error("These words are no good.")'),
};

/** Languages that markup says, and the words that are shown for them. */
const TAGS: Record<string, string> = {
  ...{ de: 'de', 'de-AT': 'de', DE: 'de', 'de-Latn-DE-1996': 'de' },
  ...{ nb: 'no', 'nn-NO': 'no', iw: 'he', in: 'id' },
  ...{ pt: 'pt', 'pt-PT': 'pt', 'pt-BR': 'pt-br', 'pt-br-x-any': 'pt-br' },
  ...{ zh: 'zh', 'zh-Hans-SG': 'zh', 'zh-CN': 'zh-cn' },
  ...{ zh_TW: 'zh-tw', 'zh-HK': 'zh-tw', 'zh-Hant': 'zh-tw', 'zh-Hant-MO': 'zh-tw' },
  ...{ en: 'en', 'en-GB': 'en', EN_us: 'en' },
  ...{ '': 'en', xx: 'en', '*': 'en', '-': 'en', 'de.js': 'en', '../de': 'en', ' de': 'en' },
  ...{ constructor: 'en', ['__proto__']: 'en', deutsch: 'en' },
};

/** Where it is said: `<v>` is the element, and `<aside>` has what is in it in a shadow tree. */
const PLACES: Record<string, string> = {
  '<v></v>': 'en',
  '<p lang="fr"><v lang="de"></v></p>': 'de',
  '<div lang="fr"><p><v></v></p></div>': 'fr',
  '<div lang="fr"><p lang="de"><v></v></p></div>': 'de',
  '<div lang="fr"><p lang=""><v></v></p></div>': 'en',
  '<div lang="fr"><p lang="xx"><v></v></p></div>': 'en',
  '<aside lang="fr"><p lang="de"><v></v></p></aside>': 'de',
  '<aside lang="fr"><p><v></v></p></aside>': 'fr',
  '<div lang="de"><aside><div><aside><v></v></aside></div></aside></div>': 'de',
};

/** How a language writes its numbers. */
const DIGITS: Record<string, RegExp> = {
  ...{ fa: /[۰-۹]/g, bn: /[০-৯]/g, 'ar-EG': /[٠-٩]/g },
  ...{ 'fa-u-nu-latn': /[0-9]/g, de: /[0-9]/g, en: /[0-9]/g, xx: /[0-9]/g },
};

/** The page's language and direction, and where the words begin. */
const DIRECTIONS: [lang: string, dir: string, side: 'left' | 'right'][] = [
  ['ar', '', 'right'],
  ['fa', 'rtl', 'right'],
  ['he', 'ltr', 'right'],
  ['de', '', 'left'],
  ['de', 'rtl', 'left'],
  // English words, though the page's are of a right-to-left language that there are none of.
  ['ur', 'rtl', 'left'],
];

/** In the page first of all: what anybody complains of, apart from the browser itself. */
const COMPLAINTS = `
  complaints = [];
  for (const name of ['error', 'warn']) console[name] = (...said) => complaints.push(said.join());
  addEventListener('error', ({ message }) => complaints.push(message));
  addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)));`;

declare global {
  var complaints: string[];
}

/** A site and a CDN, each with the built files. */
class Site {
  /** `CDN` stands for its origin, here and in the policy. */
  markup = '';
  policy = '';
  /** Words that were asked for. */
  asked: string[] = [];
  /** What is answered in place of the words. */
  words?: (path: string) => Answer | Promise<Answer>;
  readonly #asking = new EventEmitter();
  #page?: OwnPage;
  #cdn?: OwnPage;

  async start(): Promise<void> {
    this.#cdn = await startPage((path) => this.#answer(path, path === BUNDLE ? {} : CORS));
    this.#page = await startPage((path) => this.#answer(path, {}));
  }

  async close(): Promise<void> {
    await Promise.all([this.#page?.close(), this.#cdn?.close()]);
  }

  get origin(): string {
    return this.#page!.origin;
  }

  /** Resolves to the path of the words that are asked for next. */
  async nextAsked(): Promise<string> {
    const [path] = (await once(this.#asking, 'asked')) as [string];
    return path;
  }

  #answer(path: string, headers: Answer['headers']): Answer | Promise<Answer> {
    if (path === '/complaints.js') return script(COMPLAINTS);
    const file =
      path.replace(/^(\/npm\/didit-verify@1)?(\/(dist|own)\/)?/, '') || 'didit-verify.min.js';
    if (path === '/') return this.#html();
    if (!file.startsWith('locales/')) return builtScript(file, headers);
    this.asked.push(path);
    this.#asking.emit('asked', path);
    return this.words?.(path) ?? builtScript(file, headers);
  }

  #html(): Answer {
    const nonce = (text: string) => text.replaceAll('<script', '<script nonce="n"');
    const markup = this.markup.replaceAll('CDN', this.#cdn!.origin);
    // No address is taken from the page's base.
    const head = '<base href="/elsewhere/"><script src="/complaints.js"></script>';
    const policy = this.policy && {
      'Content-Security-Policy': this.policy.replaceAll('CDN', this.#cdn!.origin),
    };
    return html(nonce(head + markup), policy || {});
  }
}

for (const { name, launch } of installedEngines()) {
  describe(`languages in ${name}`, { timeout: 120_000 }, () => {
    const site = new Site();
    let engine: Engine;
    let page: EnginePage;

    before(async () => {
      engine = await launch();
      page = await engine.newPage({ width: 700, height: 900 });
      await site.start();
    });

    after(async () => {
      await engine?.close();
      await site.close();
    });

    beforeEach(() => {
      site.words = undefined;
      site.policy = '';
    });

    /** Opens a page with such markup, and waits until the element has its words, or none. */
    async function open(markup: string): Promise<void> {
      site.asked = [];
      site.markup = markup;
      await page.goto(site.origin);
      await page.waitFor(isSettled);
    }

    async function assertShows(words: Strings, lang: string, dir = 'ltr'): Promise<void> {
      assert.deepEqual(await page.evaluate(shown), {
        ...{ lang, dir, heading: words.heading, start: words.start },
        complaints: [],
      });
    }

    for (const [way, markup] of Object.entries(WAYS)) {
      it(`are loaded from beside ${way}`, async () => {
        await open(pageIn('de', markup));
        await assertShows(german, 'de');
        const folder = way.includes('short') ? `${SHORT}/dist` : '/dist';
        assert.deepEqual(site.asked, [`${folder}/locales/de.js`]);
      });
    }

    for (const [name, policy] of Object.entries(POLICIES)) {
      it(`are loaded under a policy of ${name}`, async () => {
        site.policy = policy;
        await open(pageIn('de'));
        await assertShows(german, 'de');
      });
    }

    it('are not asked for where they are built in', async () => {
      await open(pageIn('en-GB'));
      await assertShows(english, 'en');
      assert.deepEqual(site.asked, []);
    });

    it('are not asked for where the page has imported them', async () => {
      const imported = '<script type="module" src="/own/locales/de.js"></script>';
      await open(pageIn('de', imported + WAYS['a module script']));
      await assertShows(german, 'de');
      assert.deepEqual(site.asked, ['/own/locales/de.js']);
    });

    it('are taken once the page imports them', async () => {
      site.words = () => ({ status: 404 });
      await open(pageIn('de'));
      await assertShows(english, 'en');
      site.words = undefined;
      await page.evaluate((path) => import(path).then(() => undefined), '/own/locales/de.js');
      await page.waitFor(isShown, german.heading);
      await assertShows(german, 'de');
    });

    it('are found by the longest beginning of a tag, and by its other names', async () => {
      const tags = Object.keys(TAGS).map((lang) => `<v lang="${lang}"></v>`);
      await open(WAYS['a classic script'] + expanded(tags.join('')));
      const langs = await page.evaluate(langsShown);
      assert.deepEqual(Object.fromEntries(Object.keys(TAGS).map((lang, i) => [lang, langs[i]])), {
        ...TAGS,
      });
      const files = site.asked.map((path) => /\/([^/]*)\.js$/.exec(path)![1]!.toLowerCase());
      const wanted = new Set(Object.values(TAGS));
      wanted.delete('en');
      assert.deepEqual(files.sort(), [...wanted].sort(), 'each once');
    });

    it('are those of the nearest element that says a language', async () => {
      const places = Object.keys(PLACES);
      await open(WAYS['a classic script'] + expanded(places.join('')));
      const langs = await page.evaluate(langsShown);
      assert.deepEqual(Object.fromEntries(places.map((place, i) => [place, langs[i]])), PLACES);
    });

    it('change with the page’s language, and not before the new ones are there', async () => {
      await open(pageIn('de'));
      await page.evaluate(watchHeading);
      const words = hold();
      await changeTo('fr');
      assert.equal(await words.asked, '/dist/locales/fr.js');
      await assertShows(german, 'de');
      words.release();
      await page.waitFor(isShown, french.heading);
      await assertShows(french, 'fr');
      await changeTo('en');
      await page.waitFor(isShown, english.heading);
      await changeTo('de');
      await page.waitFor(isShown, german.heading);
      assert.deepEqual(
        await page.evaluate(() => headings),
        [german, french, english, german].map(({ heading }) => heading),
      );
    });

    it('are those of the last language, where one overtakes another', async () => {
      await open(pageIn('de'));
      await page.evaluate(watchHeading);
      const slow = hold();
      await changeTo('fr');
      await slow.asked;
      const quick = hold();
      await changeTo('it');
      await quick.asked;
      slow.release();
      await page.evaluate((path) => import(path).then(() => undefined), '/dist/locales/fr.js');
      quick.release();
      await page.waitFor(isShown, italian.heading);
      const { heading } = german;
      assert.deepEqual(await page.evaluate(() => headings), [heading, italian.heading]);
    });

    it('change where the element is moved to', async () => {
      await open(pageIn('de') + '<p lang="fr"></p>');
      await page.evaluate(() => {
        document.querySelector('p')!.append(document.querySelector('didit-verify')!);
      });
      await page.waitFor(isShown, french.heading);
      await assertShows(french, 'fr');
    });

    it('are not shown in English while they are on their way, but for a second', async () => {
      await open(pageIn('en'));
      const words = hold();
      await page.evaluate(holdTime);
      assert.equal(await words.asked, '/dist/locales/de.js');
      assert.deepEqual(await page.evaluate(visibilityAt, 0), ['hidden']);
      assert.deepEqual(await page.evaluate(visibilityAt, 999), ['hidden']);
      assert.deepEqual(await page.evaluate(visibilityAt, 1000), ['visible']);
      await assertShows(english, 'en');
      words.release();
      await page.waitFor(isShown, german.heading);
      await assertShows(german, 'de');
    });

    for (const [failure, answer] of Object.entries(FAILURES)) {
      it(`are English, without a word of complaint, where they ${failure}`, async () => {
        site.words = answer;
        await open(pageIn('de'));
        await assertShows(english, 'en');
        assert.deepEqual(site.asked, ['/dist/locales/de.js']);
        site.words = undefined;
        await changeTo('fr');
        await page.waitFor(isShown, french.heading);
      });
    }

    it('are English, without a word of complaint, where a policy forbids others', async () => {
      site.policy = `${STRICT}; script-src 'self' CDN${BUNDLE}`;
      await open(pageIn('de', WAYS['a classic script of another origin, without CORS']));
      await assertShows(english, 'en');
      assert.deepEqual(site.asked, []);
    });

    it('are English after others, where the next ones are not there', async () => {
      await open(pageIn('de'));
      site.words = () => ({ status: 404 });
      await changeTo('fr');
      await page.waitFor(isShown, english.heading);
      await assertShows(english, 'en');
    });

    it('give way to those of the page, in any language', async () => {
      await open(pageIn('de'));
      await page.evaluate(() => {
        document.querySelector('didit-verify')!.strings = { heading: 'Ours' };
      });
      await page.waitFor(isShown, 'Ours');
      await assertShows({ ...german, heading: 'Ours' }, 'de');
      await changeTo('fr');
      await page.waitFor(
        () =>
          document.querySelector('didit-verify')!.shadowRoot!.querySelector<HTMLElement>('.base')!
            .lang === 'fr',
      );
      await assertShows({ ...french, heading: 'Ours' }, 'fr');
      // Of a language without words of ours: theirs, then, is the page's.
      await changeTo('xx');
      await page.waitFor(
        () => !document.querySelector('didit-verify')!.shadowRoot!.querySelector('[lang]'),
      );
      await assertShows({ ...english, heading: 'Ours' }, '', '');
    });

    for (const [lang, digits] of Object.entries(DIGITS)) {
      it(`have the numbers and times of ${lang}`, async () => {
        await open(pageIn(lang));
        for (const text of await page.evaluate(textsWithNumbers)) {
          assert.match(text, digits);
          assert.doesNotMatch(text.replace(digits, ''), /\p{Nd}/u);
        }
      });
    }

    for (const [lang, dir, side] of DIRECTIONS) {
      it(`begin on the ${side} in ${lang}, in a page of direction ‘${dir}’`, async () => {
        await open(pageIn(lang));
        const seen = await page.evaluate(sidesOf, dir);
        const other = side === 'left' ? 'right' : 'left';
        const direction = side === 'left' ? 'ltr' : 'rtl';
        assert.deepEqual(seen, { dir: direction, copy: other, close: other, code: side });
      });
    }

    /** The next words that are asked for come when they are released. */
    function hold() {
      const gate = new EventEmitter();
      site.words = async (path) => {
        await once(gate, 'open');
        return builtScript(path.replace('/dist/', ''));
      };
      return { asked: site.nextAsked(), release: () => gate.emit('open') };
    }

    async function changeTo(lang: string): Promise<void> {
      await page.evaluate((given) => {
        document.documentElement.lang = given;
      }, lang);
    }
  });
}

/** A page in a language. */
function pageIn(lang: string, head: string = WAYS['a classic script']): string {
  return `<html lang="${lang}">${head}<didit-verify manual resolver-url="/session"></didit-verify>`;
}

/** Markup with elements and shadow trees in place of their abbreviations. */
function expanded(markup: string): string {
  return markup
    .replace(/<(\/?)v\b/g, '<$1didit-verify')
    .replaceAll('<didit-verify', '<didit-verify manual resolver-url="/session"')
    .replace(/<aside\b[^>]*>/g, '$&<template shadowrootmode="open">')
    .replaceAll('</aside>', '</template></aside>');
}

declare global {
  var waits: Animation[];
  var headings: string[];
}

// In the page:

/** Whether every element has its words. */
function isSettled() {
  const roots: ParentNode[] = [document];
  for (const root of roots) {
    for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) roots.push(shadowRoot);
  }
  const bases = roots.map((root) => root.querySelector('.base')).filter(Boolean);
  return bases.length > 0 && bases.every((base) => !base!.classList.contains('pending'));
}
function shown() {
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  const { lang, dir } = root.querySelector<HTMLElement>('.base')!;
  const text = (selector: string) => root.querySelector(selector)!.textContent.trim();
  const heading = text('slot[name=heading]');
  return { lang, dir, heading, start: text('[part=start-button]'), complaints };
}

function isShown(heading: string) {
  const { shadowRoot } = document.querySelector('didit-verify')!;
  return shadowRoot!.querySelector('slot[name=heading]')!.textContent.trim() === heading;
}

/** Languages of the words of all elements, in the order of the document. */
function langsShown(): (string | undefined)[] {
  function elementsIn(root: ParentNode): Element[] {
    return [...root.querySelectorAll('*')].flatMap((element) =>
      element.localName === 'didit-verify' || !element.shadowRoot
        ? [element]
        : elementsIn(element.shadowRoot),
    );
  }
  return elementsIn(document)
    .filter(({ localName }) => localName === 'didit-verify')
    .map(({ shadowRoot }) => shadowRoot!.querySelector<HTMLElement>('.base')!.lang);
}

/** Writes down each heading that there is from now on. */
function watchHeading(): void {
  const { shadowRoot } = document.querySelector('didit-verify')!;
  const heading = () => shadowRoot!.querySelector('slot[name=heading]')!.textContent.trim();
  headings = [heading()];
  const note = () => {
    if (heading() !== headings.at(-1)) headings.push(heading());
  };
  const changes = { subtree: true, childList: true, characterData: true };
  new MutationObserver(note).observe(shadowRoot!, changes);
}

/** A new element, in which the second for which English is held back has not begun. */
async function holdTime(): Promise<void> {
  const tag = document.createElement('didit-verify');
  Object.assign(tag, { lang: 'de', manual: true, resolverUrl: '/session' });
  document.querySelector('didit-verify')!.replaceWith(tag);
  await tag.updateComplete;
  const animations = tag.shadowRoot!.getAnimations() as CSSAnimation[];
  waits = animations.filter(({ animationName }) => animationName === 'wait');
  for (const wait of waits) wait.pause();
}

/** Of all that has words, so many milliseconds after it was drawn. */
function visibilityAt(time: number): string[] {
  for (const wait of waits) wait.currentTime = time;
  const { shadowRoot } = document.querySelector('didit-verify')!;
  const parts = shadowRoot!.querySelectorAll('.heading, .description, [part=start-button]');
  return [...new Set(Array.from(parts, (part) => getComputedStyle(part).visibility))];
}

/** A countdown, and when to try again. */
async function textsWithNumbers(): Promise<string[]> {
  const tag = document.querySelector('didit-verify')!;
  const textOf = async (part: string) => {
    await tag.restart();
    return tag.shadowRoot!.querySelector(`[part=${part}]`)!.textContent;
  };
  tag.refreshExpired = 'manual';
  tag.resolver = () => ({
    ...{ session_id: '1', url: 'https://app.didit.me/authorize/1', expires_in: 42 },
  });
  const countdown = await textOf('countdown');
  tag.maxRetries = 0;
  tag.resolver = () => new Response('', { status: 429, headers: { 'Retry-After': '90' } });
  return [countdown, await textOf('message')];
}

/** On which side of the link and the heading what is. */
async function sidesOf(pageDir: string) {
  const tag = document.querySelector('didit-verify')!;
  document.documentElement.dir = pageDir;
  tag.resolver = () => ({ session_id: '1', url: 'https://app.didit.me/authorize/1' });
  await tag.restart();
  const middleOf = (selector: string) => {
    const { left, right } = tag.shadowRoot!.querySelector(selector)!.getBoundingClientRect();
    return (left + right) / 2;
  };
  const sideOf = (selector: string, of: string) =>
    middleOf(selector) < middleOf(of) ? 'left' : 'right';
  const { dir } = tag.shadowRoot!.querySelector<HTMLElement>('.base')!;
  const copy = sideOf('[part=copy-button]', '[part=link]');
  tag.style.inlineSize = '600px';
  await new Promise(requestAnimationFrame);
  const code = sideOf('.code', '.heading');
  tag.presentation = 'dialog';
  await tag.showModal();
  return { dir, copy, code, close: sideOf('.close', '.base') };
}
