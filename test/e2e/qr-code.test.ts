import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { DiditVerifyElement } from '../../src/index.js';
import { launchChromium } from './browser.js';
import { readQr } from './read-qr.js';

const LENGTHS = [40, 63, 100, 150, 200, 201, 300, 400, 500, 600];
const SIZES = ['160px', '200px', '240px', '320px'];
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';

/** A URL of that many characters, each time the same. */
function urlOf(length: number): string {
  let url = 'https://app.didit.me/authorize/';
  for (let state = length; url.length < length; state = (state * 48_271) % 2_147_483_647) {
    url += ALPHABET[state % ALPHABET.length]!;
  }
  return url;
}

describe('the code in screenshots', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchChromium();
  });

  after(() => browser.close());

  const modes = ['light', 'dark', 'forced colours'] as const;
  for (const mode of modes) {
    for (const deviceScaleFactor of [1, 2]) {
      it(`${mode}, ratio ${deviceScaleFactor}: read by two decoders at every size`, async () => {
        const page = await browser.newPage({
          deviceScaleFactor,
          colorScheme: mode === 'light' ? 'light' : 'dark',
          forcedColors: mode === 'forced colours' ? 'active' : 'none',
          viewport: { width: 600, height: 700 },
        });
        await prepare(page);
        const misread: string[] = [];
        for (const size of SIZES) {
          for (const length of LENGTHS) {
            const read = await readQr(await draw(page, size, urlOf(length)));
            for (const [decoder, text] of Object.entries(read)) {
              if (text !== urlOf(length)) misread.push(`${decoder} ${size} ${length}: ${text}`);
            }
          }
        }
        assert.deepEqual(misread, []);
        await page.close();
      });
    }
  }
});

async function prepare(page: Page): Promise<void> {
  await page.setContent(`<!doctype html><meta name="color-scheme" content="light dark">
    <didit-verify manual></didit-verify>`);
  await page.addScriptTag({ path: 'dist/didit-verify.min.js' });
}

async function draw(page: Page, size: string, url: string): Promise<Buffer> {
  const tag = page.locator('didit-verify');
  await tag.evaluate(
    async (element: DiditVerifyElement, given) => {
      element.style.setProperty('--didit-qr-size', given.size);
      element.resolver = () => ({ session_id: '1', url: given.url });
      await element.restart();
    },
    { size, url },
  );
  return tag.screenshot();
}
