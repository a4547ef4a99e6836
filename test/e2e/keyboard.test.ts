import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { DiditVerifyElement } from '../../src/index.js';
import type { StateName } from '../../src/state.js';
import { show, startGallery, until, type Presentation, type StateKey } from './gallery.js';
import { keyboardBrowsers, type KeyboardBrowser, type KeyboardPage } from './keyboard-page.js';
import type { OwnPage } from './own-page.js';

/** Where Tab stops, one after another. */
const STOPS: readonly (readonly [StateKey, Presentation, ...parts: string[]])[] = [
  ['idle', 'inline', 'start-button'],
  ['idle, with nothing to start', 'inline'],
  ['loading', 'inline'],
  ['ready', 'inline', 'link', 'copy-button'],
  ['ready, with a logo', 'inline', 'link', 'copy-button'],
  ['ready, in the last minute', 'inline', 'link', 'copy-button'],
  ['ready, to be copied by hand', 'inline', 'link', 'url'],
  ['in-progress', 'inline', 'show-code-button'],
  ['in-progress, with the code asked for', 'inline', 'link', 'copy-button'],
  ['approved', 'inline'],
  ['cancelled', 'inline', 'start-button'],
  ['expired', 'inline', 'start-button'],
  ['resolver-failed', 'inline', 'retry-button'],
  ['ready, disabled', 'inline'],
  ['ready', 'opener', 'start-button'],
  ['ready, disabled', 'opener'],
];

/** Where a form that is held back puts the focus. */
const ANCHORS: readonly (readonly [StateName, string, given?: Answer, word?: string])[] = [
  ['loading', 'base'],
  ['ready', 'link', {}],
  ['in-progress', 'show-code-button', {}, 'retrieved'],
  ['declined', 'base', {}, 'Declined'],
  ['error', 'retry-button', null],
];

/** A session, or null for a failure. */
type Answer = { readonly expires_in?: number } | null;

interface Scene {
  /** Of links, which are kept from opening anything. */
  presses: number;
  submits: number;
  /** How often the resolver was asked. */
  asked: number;
  answer(given: Answer): void;
  /** Didit's. */
  word: string;
}

declare global {
  var scene: Scene;
}

for (const [name, launch] of Object.entries(keyboardBrowsers())) {
  describe(`by keyboard alone in ${name}`, { timeout: 180_000 }, () => {
    let browser: KeyboardBrowser;
    let site: OwnPage;
    let page: KeyboardPage;

    before(async () => {
      [browser, site] = await Promise.all([launch(), startGallery()]);
    });

    beforeEach(async () => {
      page = await browser.newPage();
      await page.goto(site.origin);
    });

    afterEach(() => page.close());

    after(async () => {
      await browser?.close();
      await site?.close();
    });

    const at = () => page.evaluate(focusName);

    /** What has the focus after it. */
    async function press(...keys: string[]): Promise<string> {
      for (const key of keys) await page.press(key);
      return at();
    }

    async function begin(props: Partial<DiditVerifyElement> = {}): Promise<void> {
      await page.evaluate(place, props);
    }

    async function comesTo(state: StateName): Promise<void> {
      await page.evaluate(inState, state);
    }

    async function answer(given: Answer = {}): Promise<void> {
      await page.evaluate(async (each) => {
        await until(() => scene.asked > 0);
        scene.answer(each);
      }, given);
    }

    async function hear(word: string): Promise<void> {
      await page.evaluate((given) => void (scene.word = given), word);
    }

    describe('inline', () => {
      for (const [key, presentation, ...parts] of STOPS) {
        it(`Tab stops at ${parts.join(', ') || 'nothing'}: ${key}, ${presentation}`, async () => {
          await show(page, key, { presentation });
          await page.evaluate(() => document.querySelector<HTMLElement>('#before')!.focus());
          for (const part of [...parts, '#after']) assert.equal(await press('Tab'), part);
          for (const part of parts.toReversed()) assert.equal(await press('Shift+Tab'), part);
          assert.equal(await press('Shift+Tab'), '#before');
        });
      }

      it('everything can be pressed, and the focus is never lost by it', async () => {
        await begin({ manual: true });
        assert.equal(await press('Tab'), 'start-button');
        assert.equal(await press('Enter'), 'base');
        await answer();
        await comesTo('ready');
        assert.equal(await press('Tab'), 'link');
        assert.equal(await press('Enter'), 'link');
        assert.equal(await page.evaluate(() => scene.presses), 1);
        assert.equal(await press('Tab'), 'copy-button');
        assert.equal(await press(' '), 'copy-button');
        await hear('retrieved');
        await comesTo('in-progress');
        assert.equal(await press('Tab'), 'show-code-button');
        assert.equal(await press('Enter'), 'base');
        await hear('Expired');
        await comesTo('expired');
        assert.equal(await press('Tab'), 'start-button');
        assert.equal(await press('Enter'), 'base');
        await answer(null);
        await comesTo('error');
        assert.equal(await press('Tab'), 'retry-button');
        assert.equal(await press('Enter'), 'base');
      });

      it('a link that cannot be copied has the focus, whole', async () => {
        await begin();
        await answer();
        await comesTo('ready');
        await page.evaluate(refuseClipboard);
        assert.equal(await press('Tab', 'Tab'), 'copy-button');
        await press('Enter');
        assert.equal(await page.evaluate(selectedUrl), 'https://app.didit.me/authorize/1');
      });

      it('nobody’s focus is moved by what happens', async () => {
        await begin();
        assert.equal(await at(), '#before');
        await answer();
        await comesTo('ready');
        assert.equal(await at(), '#before');
        for (const [word, state] of [
          ['retrieved', 'in-progress'],
          ['Approved', 'approved'],
        ] as const) {
          await hear(word);
          await comesTo(state);
          assert.equal(await at(), '#before');
        }
      });

      it('what had the focus may be gone: Tab goes on from there', async () => {
        await begin();
        await answer();
        await comesTo('ready');
        assert.equal(await press('Tab'), 'link');
        await hear('retrieved');
        await comesTo('in-progress');
        assert.equal(await at(), 'body');
        assert.equal(await press('Tab'), 'show-code-button');
      });

      it('a code that is replaced by itself leaves the focus where it is', async () => {
        await begin();
        await answer({ expires_in: 2 });
        await comesTo('ready');
        assert.equal(await press('Tab'), 'link');
        await page.evaluate(() => until(() => scene.asked === 2));
        await answer();
        await page.evaluate(() =>
          until(() => document.querySelector('didit-verify')!.session!.sessionId === '2'),
        );
        assert.equal(await at(), 'link');
      });
    });

    describe('a dialog', () => {
      beforeEach(() => begin({ presentation: 'dialog' }));

      for (const key of ['Enter', ' ']) {
        it(`opens by ${key === ' ' ? 'Space' : key}, keeps the focus, and Escape gives it back`, async () => {
          assert.equal(await press('Tab'), 'start-button');
          assert.equal(await press(key), 'close-button');
          await answer();
          await comesTo('ready');
          assert.equal(await at(), 'close-button');
          for (const part of ['link', 'copy-button']) assert.equal(await press('Tab'), part);
          for (const part of ['link', 'close-button']) assert.equal(await press('Shift+Tab'), part);
          assert.equal(await press('Escape'), 'start-button');
          assert.equal(await press('Tab'), '#field');
          await comesTo('ready');
        });
      }

      it('lets Tab go nowhere else in the page', async () => {
        await press('Tab', 'Enter');
        await answer();
        await comesTo('ready');
        for (let tabs = 0; tabs < 8; tabs++) {
          // `body`: the window's own frame has it.
          const parts = ['link', 'copy-button', 'close-button', 'body'];
          const part = await press('Tab');
          assert.ok(parts.includes(part), part);
        }
      });

      it('closes by its button', async () => {
        assert.equal(await press('Tab', 'Enter'), 'close-button');
        assert.equal(await press('Enter'), 'start-button');
      });

      it('closes by “Done” once the person is approved', async () => {
        await press('Tab', 'Enter');
        await answer();
        await hear('Approved');
        await comesTo('approved');
        assert.equal(await at(), 'close-button');
        assert.equal(await press('Tab'), 'close-button');
        assert.equal(await press('Enter'), 'start-button');
      });

      it('keeps the focus where what was pressed is gone', async () => {
        await press('Tab', 'Enter');
        await answer(null);
        await comesTo('error');
        assert.equal(await press('Tab'), 'retry-button');
        assert.equal(await press('Enter'), 'base');
        await answer();
        await comesTo('ready');
        assert.equal(await at(), 'base');
        assert.equal(await press('Escape'), 'start-button');
      });
    });

    describe('a form', () => {
      for (const [state, part, given, word = 'initialized'] of ANCHORS) {
        it(`is held back where it is required, and shows why: ${state}`, async () => {
          await begin({ required: true });
          await hear(word);
          if (given !== undefined) await answer(given);
          await comesTo(state);
          await focusField(page);
          assert.equal(await press('Enter'), part);
          assert.equal(await page.evaluate(() => scene.submits), 0);
        });
      }

      it('is submitted once the person is approved', async () => {
        await begin({ required: true });
        await answer();
        await hear('Approved');
        await comesTo('approved');
        await focusField(page);
        assert.equal(await press('Enter'), '#field');
        assert.equal(await page.evaluate(() => scene.submits), 1);
      });

      it('is submitted by nothing in the element, which is no stop itself', async () => {
        await begin({ manual: true });
        assert.equal(await press('Tab'), 'start-button');
        await press('Enter');
        await answer();
        await comesTo('ready');
        for (const part of ['link', 'copy-button']) {
          assert.equal(await press('Tab'), part);
          await press('Enter');
        }
        assert.equal(await press('Tab'), '#field');
        assert.equal(await page.evaluate(() => scene.submits), 0);
      });
    });
  });
}

function focusField(page: KeyboardPage): Promise<void> {
  return page.evaluate(() => document.querySelector<HTMLElement>('#field')!.focus());
}

// What follows is called in pages.

/** The part in the element that has the focus, or the id, or the name. */
async function focusName(): Promise<string> {
  // A press has had its effect by then, the clipboard's as well.
  for (let frames = 2; frames > 0; frames--) await new Promise(requestAnimationFrame);
  const { activeElement } = document;
  const inside = activeElement?.shadowRoot?.activeElement;
  if (inside) return inside.getAttribute('part') ?? inside.className;
  return activeElement?.id ? `#${activeElement.id}` : String(activeElement?.localName);
}

async function inState(state: StateName): Promise<void> {
  const tag = document.querySelector('didit-verify')!;
  await until(() => tag.state === state);
  await tag.updateComplete;
}

/** In a form, between what has the focus and a field. */
function place(props: Partial<DiditVerifyElement>): void {
  globalThis.scene = { presses: 0, submits: 0, asked: 0, word: 'initialized', answer() {} };
  const resolver = () =>
    new Promise((resolve, reject) => {
      const session_id = String(++scene.asked);
      const url = `https://app.didit.me/authorize/${session_id}`;
      scene.answer = (given) => {
        if (given) resolve({ session_id, url, ...given });
        else reject(new Error('Not here.'));
      };
    });
  const statusResolver = async () => scene.word;
  const tag = document.createElement('didit-verify');
  Object.assign(tag, { resolver, statusResolver, pollInterval: 100, noResume: true, ...props });
  const form = document.createElement('form');
  const field = Object.assign(document.createElement('input'), { id: 'field' });
  form.append(tag, field, document.createElement('button'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    scene.submits++;
  });
  form.addEventListener('click', (event) => {
    const isLink = event.composedPath().some((each) => (each as Element).localName === 'a');
    if (!isLink) return;
    event.preventDefault();
    scene.presses++;
  });
  Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: async () => {} },
    configurable: true,
  });
  document.querySelector('#place')!.append(form);
  document.querySelector<HTMLElement>('#before')!.focus();
}

function refuseClipboard(): void {
  const writeText = () => Promise.reject(new Error('Not here.'));
  Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
}

/** What is selected in the field that has the focus in the element. */
async function selectedUrl(): Promise<string | undefined> {
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  await until(() => root.activeElement?.matches('.url'));
  const { value, selectionStart, selectionEnd } = root.activeElement as HTMLInputElement;
  return value.slice(selectionStart!, selectionEnd!);
}
