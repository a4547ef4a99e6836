import { execFile } from 'node:child_process';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { openTroubled, TAG } from '../troubled-page.js';
import { localUrl } from './sessions.js';
import { openReady, tag, Untried, untilState, words, type Case, type Cases } from './symptoms.js';

const run = promisify(execFile);
const RED = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="red" d="M0 0h1v1H0z"/></svg>')}`;
const LOGO = `<img slot="logo" alt="" src="${RED}">`;

/** A style of something inside. */
function styleOf(page: Page, selector: string, property: string): Promise<string> {
  return page.evaluate(
    ([inside, name]) => {
      const { shadowRoot } = document.querySelector('didit-verify')!;
      return getComputedStyle(shadowRoot!.querySelector(inside!)!).getPropertyValue(name!);
    },
    [selector, property],
  );
}

function logoIsShown(page: Page): Promise<boolean> {
  return page.evaluate(() => document.querySelector('img')!.checkVisibility());
}

/** “The code and the link”. */
export const code: Readonly<Record<string, Case | Untried>> = {
  'The camera does not find the code': async (t) => {
    const widthOf = async (style: string) => {
      const { page } = await openReady(t, { body: tag(`style="${style}"`) });
      return page.evaluate(
        () =>
          document
            .querySelector('didit-verify')!
            .shadowRoot!.querySelector('svg.code')!
            .getBoundingClientRect().width,
      );
    };
    assert.ok((await widthOf('--didit-qr-size: 400px')) > (await widthOf('')) + 100);
  },
  'The code does not have the colours that I gave': async (t) => {
    const style = '--didit-qr-color: #fff; --didit-qr-background: #000';
    const { page } = await openReady(t, { body: tag(`style="${style}"`) });
    assert.notEqual(await styleOf(page, 'svg.code path', 'fill'), 'rgb(255, 255, 255)');
  },
  'The logo is not in the code': async (t) => {
    const small = await openReady(t, { body: tag('style="--didit-qr-size: 130px"', LOGO) });
    assert.equal(await logoIsShown(small.page), false);
    const wrapped = await openReady(t, { body: tag('', `<div>${LOGO}</div>`) });
    assert.equal(await logoIsShown(wrapped.page), false);
    const large = await openReady(t, { body: tag('style="--didit-qr-size: 400px"', LOGO) });
    assert.equal(await logoIsShown(large.page), true);
  },
  'The phone cannot open what it has scanned; the code leads to 127.0.0.1': localUrl,
  'On a phone there is a link and no code': async (t) => {
    const { page } = await openReady(t, { body: TAG, before: beTouch });
    assert.equal(await page.locator('didit-verify svg.code').isVisible(), false);
    assert.match(await words(page), /Show the code/);
  },
  'The link opens a page, and no app': new Untried('It takes a phone with the app.'),
  '“Link to copy” in place of copying': async (t) => {
    const { page } = await openReady(t, { body: TAG, before: beInsecure });
    await page.locator('didit-verify [part~="copy-button"]').click();
    const field = page.locator('didit-verify .url');
    await field.waitFor();
    return field.evaluate(
      (input: HTMLInputElement) => input.getAttribute('aria-label') ?? input.labels?.[0]?.innerText,
    );
  },
};

/** “Frameworks, types and tests”. */
export const frameworks: Readonly<Record<string, Case | Untried>> = {
  "Property 'didit-verify' does not exist on type 'JSX.IntrinsicElements'.": () =>
    saidByCompiler('export const view = <didit-verify resolver-url="/api/didit/session" />;'),
  'A warning that the component is unknown': new Untried('npm run test:apps does it.'),
  'Functions and objects do not arrive': new Untried('npm run test:apps does it.'),
  'After a reload no handler is called': new Untried('npm run test:apps does it.'),
  "Cannot read properties of undefined (reading 'add')": lacking(() =>
    Reflect.deleteProperty(ElementInternals.prototype, 'states'),
  ),
  'this.attachInternals is not a function': lacking(() =>
    Reflect.deleteProperty(HTMLElement.prototype, 'attachInternals'),
  ),
};

/** “Forms”. */
export const forms: Cases = {
  'The form is not submitted: “Please verify with Didit first.”': async (t) => {
    const body = `<form action="/sent">${tag('name="id" required')}<button>Order</button></form>`;
    const { page } = await openReady(t, { body });
    await page.locator('form > button').click();
    assert.equal(new URL(page.url()).pathname, '/');
    return page.evaluate(() => document.querySelector('didit-verify')!.validationMessage);
  },
  "The form is submitted without the session's id": async (t) => {
    for (const [attributes, expected] of [
      ['', false],
      ['name="id" disabled', false],
      ['name="id"', true],
    ] as const) {
      const form = `<form>${tag(attributes.replace('disabled', ''))}</form>`;
      const { page, sandbox } = await openReady(t, { body: form });
      const names = () =>
        page.evaluate(() => [...new FormData(document.querySelector('form')!).keys()]);
      assert.deepEqual(await names(), []);
      const sessionId = await page.evaluate(
        () => document.querySelector('didit-verify')!.session!.sessionId,
      );
      sandbox.play(sessionId, 'open');
      sandbox.play(sessionId, 'confirm');
      await untilState(page, 'approved');
      if (attributes.includes('disabled')) {
        await page.evaluate(() => (document.querySelector('didit-verify')!.disabled = true));
      }
      assert.deepEqual(await names(), expected ? ['id'] : []);
    }
  },
};

/** “Looks and words”. */
export const looks: Cases = {
  'My style sheet does not reach inside': async (t) => {
    const head = (css: string) =>
      `<style>${css}</style><script src="/dist/didit-verify.min.js"></script>`;
    const colour = async (css: string) => {
      const { page } = await openReady(t, { body: TAG, head: head(css) });
      return styleOf(page, '[part~="link"]', 'outline-color');
    };
    const red = 'rgb(255, 0, 0)';
    assert.notEqual(await colour('a { outline: 2px solid rgb(255, 0, 0) }'), red);
    assert.equal(await colour('didit-verify::part(link) { outline: 2px solid red }'), red);
  },
  'With --didit-spacing: 0 the box has another width': async (t) => {
    const width = async (value: string) => {
      const style = `--didit-spacing: ${value}`;
      const { page } = await openReady(t, { body: tag(`style="${style}"`) });
      return styleOf(page, '[part~="base"]', 'width');
    };
    assert.notEqual(await width('0'), await width('0px'));
    return '--didit-spacing: 0';
  },
  'It is light on my dark page': async (t) => {
    const background = async (css: string) => {
      const { page } = await openReady(t, {
        body: TAG,
        head: `<style>${css}</style><script src="/dist/didit-verify.min.js"></script>`,
      });
      return styleOf(page, '[part~="base"]', 'background-color');
    };
    const light = await background('body { background: #000 }');
    assert.equal(light, 'rgb(255, 255, 255)');
    assert.notEqual(await background(':root { color-scheme: dark }'), light);
  },
  'The words stay English': async (t) => {
    const heading = async (lang: string, isThere: boolean) => {
      const body = `<script>document.documentElement.lang = '${lang}'</script>${tag('manual')}`;
      const { page } = await openTroubled(t, {
        body,
        answer: ({ url }) =>
          !isThere && url.includes('/locales/') ? new Response('', { status: 404 }) : undefined,
      });
      await page.locator('didit-verify [part="start-button"]').waitFor();
      return page.locator('didit-verify [part="start-button"]').innerText();
    };
    assert.equal(await heading('', true), 'Get a code');
    assert.equal(await heading('de', false), 'Get a code');
    assert.notEqual(await heading('de', true), 'Get a code');
  },
  'A word of mine is not taken': async (t) => {
    const { page } = await openTroubled(t, { body: tag('manual') });
    await page.evaluate(() => {
      const strings = { title: 'Mine', start: 'Begin' };
      document.querySelector('didit-verify')!.strings = strings;
    });
    await page.getByText('Begin').waitFor();
    assert.doesNotMatch(await words(page), /Mine/);
  },
  'The page jumps when the element comes': async (t) => {
    const { page } = await openTroubled(t, { head: '', body: `${TAG}<p>Below</p>` });
    const top = () => page.evaluate(() => document.querySelector('p')!.getBoundingClientRect().top);
    const before = await top();
    await page.addScriptTag({ url: '/dist/didit-verify.min.js' });
    await untilState(page, 'ready');
    assert.ok((await top()) > before + 100);
  },
};

/** The page's error where the platform lacks something. */
function lacking(before: () => void): Case {
  return async (t) => {
    const { page, said } = await openTroubled(t, { body: TAG, before });
    await page.waitForLoadState('load');
    while (said.length === 0) await page.waitForEvent('pageerror');
    return said;
  };
}

/** Runs in the page. */
function beTouch(): void {
  const { matchMedia } = window;
  window.matchMedia = (query) =>
    matchMedia.call(window, query.replace(/\(pointer: coarse\)/, '(min-width: 0)'));
}

/** Runs in the page. */
function beInsecure(): void {
  Object.defineProperty(navigator, 'clipboard', { value: undefined });
}

/** What TypeScript finds wrong with a file of JSX, React's types apart. */
async function saidByCompiler(view: string): Promise<string> {
  // Inside the package, so that it finds itself by its name.
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync('.cache/jsx-');
  try {
    writeFileSync(`${folder}/view.tsx`, view);
    writeFileSync(
      `${folder}/react.d.ts`,
      'declare namespace JSX { interface IntrinsicElements { div: object } }',
    );
    const options = ['--noEmit', '--ignoreConfig', '--jsx', 'preserve', '--types', 'node'];
    const files = [`${folder}/view.tsx`, `${folder}/react.d.ts`];
    await run(process.execPath, ['node_modules/typescript/bin/tsc', ...options, ...files]);
    return 'nothing';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
