import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { english } from '../../src/strings.js';
import { launchChromium } from './browser.js';
import { keysFor, show, startGallery } from './gallery.js';
import type { OwnPage } from './own-page.js';
import { heard, listen } from './screen-reader.js';

const GROUP = 'Verify with Didit (group)';
const DIALOG = 'Verify with Didit (dialog)';

/** Milliseconds in which all is done that waits for nobody; a status is asked for every three seconds. */
const SOON = 100;
const NEXT_STATUS = 3500;

/** What the site's backend answers: a session for so many seconds, or nothing good. */
type Given = { readonly seconds: number } | 'a failure';

/** The element's. */
type Props = Readonly<Record<string, string | boolean>>;

/** The backend, played by the test. */
interface Backend {
  answer: (given: Given) => void;
  /** Didit's word. */
  status: string;
}

declare global {
  var backend: Backend;
}

describe('what is spoken', () => {
  let browser: Browser;
  let site: OwnPage;
  let page: Page;

  before(async () => {
    [browser, site] = await Promise.all([launchChromium(), startGallery()]);
  });

  /** From here on time passes only where a test says so. */
  beforeEach(async () => {
    page = await browser.newPage();
    await page.clock.install();
    await page.goto(site.origin);
    await page.clock.pauseAt(Date.now() + 3_600_000);
  });

  afterEach(() => page.close());

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  async function begin(props: Props = {}): Promise<void> {
    await page.evaluate(place, props);
    await listen(page);
    await page.focus('#before');
    assert.deepEqual(await later(SOON), []);
  }

  async function later(milliseconds: number): Promise<string[]> {
    await page.clock.runFor(milliseconds);
    return heard(page);
  }

  async function press(key: string): Promise<string[]> {
    await page.keyboard.press(key);
    return later(SOON);
  }

  async function answer(given: Given): Promise<string[]> {
    await page.evaluate((each) => backend.answer(each), given);
    return later(SOON);
  }

  async function say(status: string): Promise<string[]> {
    await page.evaluate((word) => void (backend.status = word), status);
    return later(NEXT_STATUS);
  }

  /** With the focus on the button that copies. */
  async function beginReady(props: Props): Promise<void> {
    await begin({ manual: true, ...props });
    for (const key of ['Tab', 'Enter']) await press(key);
    await answer({ seconds: 120 });
    for (const key of ['Tab', 'Tab']) await press(key);
  }

  it('is each step of a life, once, and never a second of the countdown', async () => {
    await begin({ manual: true, refreshExpired: 'manual' });
    assert.deepEqual(await press('Tab'), [`${GROUP}, Get a code (button)`]);
    assert.deepEqual(await press('Enter'), [GROUP, english.loading]);
    assert.deepEqual(await answer({ seconds: 120 }), [english.ready]);
    assert.deepEqual(await press('Tab'), ['Open on this device (a)']);
    assert.deepEqual(await later(50_000), []);
    assert.deepEqual(await later(15_000), [english.ending]);
    assert.match((await page.locator('[part=countdown]').textContent())!, /in 5\d seconds/);
    assert.deepEqual(await later(50_000), []);
    assert.deepEqual(await later(10_000), [english.expired]);
    assert.deepEqual(await press('Tab'), [`${GROUP}, Get a new code (button)`]);
    assert.deepEqual(await press('Enter'), [GROUP, english.loading]);
    assert.deepEqual(await answer({ seconds: 120 }), [english.ready]);
    assert.deepEqual(await say('retrieved'), [english['in-progress']]);
    assert.deepEqual(await press('Tab'), ['Show the code (button)']);
    assert.deepEqual(await press('Enter'), [GROUP, english.ready]);
    assert.deepEqual(await say('Approved'), [english.approved]);
    assert.deepEqual(await later(600_000), []);
  });

  it('is that the link is copied, once', async () => {
    await beginReady({});
    assert.deepEqual(await press('Enter'), [english.copied]);
  });

  it('is that the last minute has begun, to whoever has copied the link as well', async () => {
    await beginReady({ refreshExpired: 'manual' });
    await press('Enter');
    assert.deepEqual(await later(65_000), [english.ending]);
  });

  it('is that the link is copied, in the last minute as well', async () => {
    await beginReady({ refreshExpired: 'manual' });
    assert.deepEqual(await later(65_000), [english.ending]);
    assert.equal((await press('Enter'))[0], english.copied);
  });

  it('is nothing where a code is replaced by itself', async () => {
    await beginReady({});
    const path = page.locator('.code path');
    const before = await path.getAttribute('d');
    assert.deepEqual(await later(115_000), []);
    assert.deepEqual(await answer({ seconds: 120 }), []);
    assert.notEqual(await path.getAttribute('d'), before);
    assert.deepEqual(await later(60_000), []);
  });

  it('is what went wrong, each time', async () => {
    await begin({ manual: true });
    await press('Tab');
    await press('Enter');
    assert.deepEqual(await answer('a failure'), [english['resolver-failed']]);
    assert.deepEqual(await press('Tab'), ['Try again (button)']);
    assert.deepEqual(await press('Enter'), [GROUP, english.loading]);
    assert.deepEqual(await answer('a failure'), [english['resolver-failed']]);
  });

  it('is, in a dialog, its name once, and then each step', async () => {
    await begin({ presentation: 'dialog' });
    assert.deepEqual(await press('Tab'), ['Verify with Didit (button)']);
    assert.deepEqual(await press('Enter'), [`${DIALOG}, Close (button)`]);
    assert.deepEqual(await answer({ seconds: 120 }), [english.ready]);
    assert.deepEqual(await press('Tab'), ['Open on this device (a)']);
    assert.deepEqual(await press('Escape'), ['Continue verification (button)']);
    assert.deepEqual(await press('Enter'), [`${DIALOG}, Close (button)`]);
    assert.deepEqual(await say('Approved'), [english.approved]);
  });

  it('comes from one live region in every state, which is polite', async () => {
    await page.clock.resume();
    for (const presentation of ['inline', 'dialog'] as const) {
      for (const key of keysFor('mouse', presentation)) {
        await show(page, key, { presentation });
        assert.deepEqual(await page.evaluate(liveRegions), ['status'], `${key}, ${presentation}`);
      }
    }
  });

  it('is what a screen reader would say twice, twice', async () => {
    await begin({ manual: true });
    await page.evaluate(() => {
      const root = document.querySelector('didit-verify')!.shadowRoot!;
      root.querySelector('[role=status]')!.after(root.querySelector('[role=status]')!.cloneNode());
      const [one, other] = root.querySelectorAll('[role=status]');
      // A region is listened to once it is there.
      setTimeout(() => (one!.textContent = other!.textContent = 'Twice'), 50);
    });
    assert.deepEqual(await later(SOON), ['Twice', 'Twice']);
  });
});

/** In the page. */
function place(props: Props): void {
  let count = 0;
  globalThis.backend = { status: 'initialized', answer() {} };
  const resolver = () =>
    new Promise((resolve, reject) => {
      backend.answer = (given) => {
        if (given === 'a failure') return reject(new Error('Not here.'));
        const url = `https://app.didit.me/authorize/${count++}`;
        resolve({ session_id: String(count), url, expires_in: given.seconds });
      };
    });
  const statusResolver = async () => backend.status;
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: async () => {} } });
  const tag = document.createElement('didit-verify');
  Object.assign(tag, { resolver, statusResolver, noResume: true, ...props });
  document.querySelector('#place')!.append(tag);
}

/** In the page: the roles of all that speaks by itself. */
function liveRegions(): string[] {
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  const live = '[role=status], [role=alert], [role=log], [role=timer], [aria-live], output';
  return Array.from(root.querySelectorAll(live), (each) => {
    const { role, ariaLive, ariaAtomic } = each;
    return [role, ariaLive, ariaAtomic].filter(Boolean).join(' ');
  });
}
