import { LitElementRenderer, render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import 'didit-verify';
import ar from 'didit-verify/locales/ar';
import de from 'didit-verify/locales/de';
import { html as template, type TemplateResult } from 'lit';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { english } from '../../src/strings.js';
import { launchChromium } from './browser.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import { RESERVED } from './reserved-space.js';
import { builtScript, html, LISTENING, startPage, type OwnPage } from './own-page.js';

const FALLBACK = 'Come to our branch with your passport.';

/** What a server renders, by the path of its page. */
const PAGES: Readonly<Record<string, TemplateResult>> = {
  '/': template`<didit-verify resolver-url="/session"><p>${FALLBACK}</p></didit-verify>`,
  '/manual': template`<didit-verify resolver-url="/session" manual></didit-verify>`,
  '/lazy': template`<didit-verify resolver-url="/session" loading="lazy"></didit-verify>`,
  '/disabled': template`<didit-verify resolver-url="/session" disabled></didit-verify>`,
  '/dialog': template`<didit-verify resolver-url="/session" presentation="dialog"></didit-verify>`,
  '/slots': template`<didit-verify resolver-url="/session" theme="dark">
      <h2 slot="heading">Prove your age</h2>
      <small slot="footer">Nothing is kept.</small>
    </didit-verify>`,
  '/arabic-element': template`<didit-verify resolver-url="/session" lang="ar"></didit-verify>`,
  '/german-slots': template`<didit-verify resolver-url="/session">
      <h2 slot="heading">Alter nachweisen</h2>
    </didit-verify>`,
  '/german': template`<didit-verify resolver-url="/session"></didit-verify>`,
  '/german-element': template`<didit-verify resolver-url="/session" lang="de"></didit-verify>`,
};

/** Those in a page in German; all others are in English. */
const GERMAN = ['/german', '/german-slots'];

/** What may be seen of each, from first to last, until there is an answer. */
const SEEN: Readonly<Record<string, readonly string[]>> = {
  '/': [`${english.heading} | ${english.loading}`],
  '/manual': [`${english.heading} | ${english.description} | ${english.start}`],
  '/lazy': [english.heading, `${english.heading} | ${english.loading}`],
  '/disabled': [english.heading],
  '/dialog': [english.open],
  '/slots': [`Prove your age | ${english.loading}`],
  '/arabic-element': [`${ar.heading} | ${ar.loading}`],
  '/german-slots': ['Alter nachweisen', `Alter nachweisen | ${de.loading}`],
  '/german': ['', `${de.heading} | ${de.loading}`],
  '/german-element': [`${de.heading} | ${de.loading}`],
};

/** With a finger, the server does not know what to do first. */
const TOUCH = [
  `${english.heading} | ${english.start}`,
  `${english.heading} | ${english['description-touch']} | ${english.start}`,
];

interface Site extends OwnPage {
  creates(): number;
}

async function startSite(): Promise<Site> {
  let creates = 0;
  const rendered = new Map<string, string>();
  for (const [path, body] of Object.entries(PAGES)) {
    rendered.set(path, await collectResult(render(body)));
  }
  const page = await startPage((path) => {
    if (path === '/session') {
      creates++;
      // It is looked at as it is until there is an answer.
      return new Promise(() => undefined);
    }
    if (path.endsWith('.js')) return builtScript(path.slice(1));
    const lang = GERMAN.includes(path) ? 'de' : 'en';
    return html(`<html lang="${lang}"><style>${RESERVED}</style>${LISTENING}
      <main>${rendered.get(path)}</main><p>After it.</p>`);
  });
  return { ...page, creates: () => creates };
}

for (const { name, launch } of installedEngines()) {
  describe(`a server's answer, taken over in ${name}`, { timeout: 120_000 }, () => {
    let engine: Engine;
    let page: EnginePage;
    let site: Site;

    before(async () => {
      engine = await launch();
      site = await startSite();
      page = await engine.newPage({ width: 700, height: 900 });
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    for (const [path, expected] of Object.entries(SEEN)) {
      it(`${path}: nothing moves, flashes, or is doubled`, async () => {
        const asked = site.creates();
        await page.goto(site.origin + path);
        const { places, seen, bases, slots, said } = await page.evaluate(takeOver, expected.at(-1));
        assert.deepEqual(seen, expected);
        // A longer heading than the server knew of may take another line.
        if (path !== '/german') assert.equal(places.length, 1, places.join('\n'));
        assert.deepEqual([bases, slots, said], [1, 0, []]);
        const starts = !/manual|disabled|dialog/.test(path);
        assert.equal(site.creates() - asked, starts ? 1 : 0);
      });
    }
  });
}

describe('a server’s answer, where there is no script', () => {
  let browser: Browser;
  let site: Site;

  before(async () => {
    browser = await launchChromium();
    site = await startSite();
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const javaScriptEnabled of [false, true]) {
    it(`shows ${javaScriptEnabled ? 'no fallback where there is' : 'the fallback alone'}`, async () => {
      const page = await browser.newPage({ javaScriptEnabled });
      await page.goto(site.origin);
      assert.equal(await page.getByText(FALLBACK).isVisible(), !javaScriptEnabled);
      for (const words of [english.heading, english.loading]) {
        assert.equal(await page.getByText(words).isVisible(), javaScriptEnabled, words);
      }
      await page.goto(`${site.origin}/dialog`);
      assert.equal(await page.getByRole('button').isVisible(), javaScriptEnabled);
      await page.close();
    });
  }
});

it('words change under no finger', async (t) => {
  const browser = await launchChromium();
  t.after(() => browser.close());
  const site = await startSite();
  t.after(() => site.close());
  const page = await browser.newPage({ hasTouch: true, isMobile: true });
  await page.goto(`${site.origin}/manual`);
  const { seen } = await page.evaluate(takeOver, TOUCH.at(-1)!);
  assert.deepEqual(seen, TOUCH);
});

it('a server that connects elements renders the same', async () => {
  const body = PAGES['/']!;
  const connect = () => ({ connectedCallback: true });
  const plain = await collectResult(render(body));
  LitElementRenderer.renderOptions.push(connect);
  try {
    assert.equal(await collectResult(render(body)), plain);
  } finally {
    LitElementRenderer.renderOptions.pop();
  }
});

/** Called in the page: what there is to be seen from before the script until all is said. */
async function takeOver(last: string) {
  const tag = document.querySelector('didit-verify')!;
  const [places, seen]: [string[], string[]] = [[], []];
  const frame = () => new Promise(requestAnimationFrame);
  /** What the page puts in its place, if it does. */
  const givenFor = (part: Element) => part.querySelector('slot')?.assignedElements()[0] ?? part;
  const look = () => {
    const root = tag.shadowRoot!;
    const parts = ['.heading', '.message', '.qr', '.actions'].map((part) =>
      root.querySelector(part),
    );
    const boxes = [tag, document.querySelector('p:last-of-type')!, ...parts];
    const place = JSON.stringify(boxes.map((box) => box?.getBoundingClientRect()));
    if (place !== places.at(-1)) places.push(place);
    const said = [...root.querySelectorAll('.heading, .description, .message, button')];
    const text = said
      .map(givenFor)
      .filter((part) => part.checkVisibility({ visibilityProperty: true }))
      .map((part) => part.textContent.trim())
      .filter(Boolean)
      .join(' | ');
    if (text !== seen.at(-1)) seen.push(text);
  };
  await frame();
  look();
  // What has words on the server has them in the page.
  if (tag.lang) await import(`/locales/${tag.lang}.js`);
  const script = document.createElement('script');
  script.src = '/didit-verify.min.js';
  document.head.append(script);
  // And then some, for what should not come.
  for (let frames = 0; frames < 30; frames += tag.state && seen.at(-1) === last ? 1 : 0) {
    await frame();
    look();
  }
  return {
    ...{ places, seen },
    bases: tag.shadowRoot!.querySelectorAll('.base').length,
    slots: tag.shadowRoot!.querySelectorAll('slot:not([name])').length,
    said,
  };
}
