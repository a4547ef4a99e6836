import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchChromium } from './browser.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import { BUILT_INS } from './odd-built-ins.js';
import { FRAMES } from './odd-frames.js';
import { openStyled, problemsIn, startStyledPage, WINDOW } from './odd-look.js';
import { PLACES } from './odd-places.js';
import { startOddSite, TAG, type OddPage, type OddSite } from './odd-site.js';
import { STYLES } from './odd-styles.js';
import type { OwnPage } from './own-page.js';
import { phone } from './phone.js';
import { pictureOf } from './picture.js';
import { readJsQR, readZXing } from './read-qr.js';

const ROWS = Object.entries({ ...PLACES, ...FRAMES, ...BUILT_INS });
/** Until a code is in its place, however slow the machine is. */
const SCAN_MS = 20_000;

/** Scripts that come later leave it alone. */
const TAKEN: OddPage = {
  head: `<script>
    customElements.define('didit-verify', class extends HTMLElement {
      connectedCallback() { this.textContent = 'Our own' }
    });
  </script>`,
  body: TAG,
};

const CHANGED = new Set(Object.values(BUILT_INS));

const BEGUN = ['session-created: ready, code', 'status-changed: ready, code'];
const COPIED = 'copy-button: ready, code';
const REFUSED = 'copy-button: ready, link to copy';
const OPENED = 'status-changed: in-progress, icon';
const APPROVED = ['status-changed', 'session-completed', 'change'].map(
  (type) => `${type}: approved, icon`,
);

for (const { name, launch } of installedEngines()) {
  describe(`an odd page in ${name}`, { timeout: 300_000 }, () => {
    let site: OddSite;
    let engine: Engine;
    let page: EnginePage;

    before(async () => {
      site = await startOddSite([...ROWS.map(([, row]) => row), TAKEN]);
      engine = await launch();
      page = await engine.newPage({ width: 520, height: 680 });
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    /** As many events, each with what was shown then. */
    async function hears(count: number): Promise<void> {
      await page.waitFor(
        (least) => heardThere.length >= least && heardThere.every(({ shows }) => shows),
        count,
      );
    }

    /** Again and again: a dialog may still be on its way to where it is seen. */
    async function scan({ isUnseen }: OddPage, url: string): Promise<void> {
      const expected = isUnseen ? null : url;
      for (const begun = performance.now(); ;) {
        const picture = pictureOf(await page.screenshot());
        const zxing = (await readZXing(picture))?.text ?? null;
        // The other decoder is slow in so large a picture, and the drawing is the same everywhere.
        const jsQR = name === 'Chromium' ? readJsQR(picture) : zxing;
        if (zxing === expected && jsQR === expected) return;
        if (performance.now() - begun > SCAN_MS)
          assert.deepEqual([zxing, jsQR], [expected, expected]);
      }
    }

    async function copy({ refusesCopy }: OddPage): Promise<string[]> {
      if (!refusesCopy) return [];
      await page.evaluate(() => (frames[0] ?? self).postMessage({ press: 'copy-button' }, '*'));
      await hears(3);
      // Firefox has no such policy.
      return [refusesCopy === 'by policy' && name === 'Firefox' ? COPIED : REFUSED];
    }

    /** The phone takes it to its end. */
    async function approve(row: OddPage): Promise<string[]> {
      await hears(2);
      const url = site.urls.at(-1)!;
      // What scripts change is not how it is drawn: one engine does.
      if (name === 'Chromium' || !CHANGED.has(row)) await scan(row, url);
      const begun = [...BEGUN, ...(await copy(row))];
      await phone(url, 'open');
      await hears(begun.length + 1);
      await phone(url, 'approve');
      await hears(begun.length + 4);
      return [...begun, OPENED, ...APPROVED];
    }

    async function fail(code: string): Promise<string[]> {
      await hears(1);
      return [`error: ${code}, icon`];
    }

    ROWS.forEach(([what, row], index) => {
      it(what, async () => {
        site.welcome(what);
        const asked = site.urls.length;
        await page.goto(`${site.origin}/page/${index}`);
        const expected = row.fails ? await fail(row.fails) : await approve(row);
        const found = await page.evaluate(() => {
          globalThis.restore?.();
          const heard = heardThere.map(
            (one) => `${one.type}: ${one.code ?? one.state}, ${one.shows}`,
          );
          return { heard, said };
        });
        assert.deepEqual(found, { heard: expected, said: [] });
        assert.equal(site.urls.length - asked, row.fails ? 0 : 1, 'sessions');
      });
    });

    it('an element of the page’s own by that name, which stays', async () => {
      const asked = site.urls.length;
      await page.goto(`${site.origin}/page/${ROWS.length}`);
      await page.waitFor(() => document.readyState === 'complete');
      const found = await page.evaluate(() => {
        const { textContent, shadowRoot } = document.querySelector('didit-verify')!;
        return { textContent, hasRoot: shadowRoot !== null, heard: heardThere, said };
      });
      assert.deepEqual(found, { textContent: 'Our own', hasRoot: false, heard: [], said: [] });
      assert.equal(site.urls.length, asked, 'sessions');
    });
  });

  describe(`odd styles in ${name}`, { timeout: 300_000 }, () => {
    let site: OwnPage;
    let engine: Engine;
    let page: EnginePage;

    before(async () => {
      site = await startStyledPage();
      engine = await launch();
      page = await engine.newPage(WINDOW);
      await openStyled(page, site.origin);
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    for (const [what, row] of Object.entries(STYLES)) {
      it(what, async () => assert.deepEqual(await problemsIn(page, row), []));
    }
  });
}

describe('what the link needs of a sandbox, in Chromium', { timeout: 60_000 }, () => {
  const sandbox = (more: string): OddPage => ({
    body: TAG,
    frame: { attributes: `sandbox="allow-scripts allow-same-origin ${more}"` },
  });
  const rows = [sandbox(''), sandbox('allow-popups allow-popups-to-escape-sandbox')];
  let site: OddSite;
  let browser: Browser;

  before(async () => {
    site = await startOddSite(rows);
    browser = await launchChromium();
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  it('without `allow-popups` nothing opens, and the code stays on show', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/page/0`);
    const tag = page.frameLocator('iframe').locator('didit-verify');
    const said = page.waitForEvent('console', (message) => message.text().includes('allow-popups'));
    await tag.getByRole('link').click();
    await said;
    assert.equal(page.context().pages().length, 1);
    assert.equal(await tag.locator('.code').count(), 1);
    await page.close();
  });

  it('with it, and free of the sandbox: the person confirms there', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/page/1`);
    const tag = page.frameLocator('iframe').locator('didit-verify');
    const opening = page.waitForEvent('popup');
    await tag.getByRole('link').click();
    const opened = await opening;
    await opened.getByRole('button', { name: 'Approve' }).click();
    await page.frameLocator('iframe').locator('didit-verify:state(approved)').waitFor();
    await page.close();
  });
});
