import puppeteer, { type KeyInput } from 'puppeteer-core';
import { findFirefox } from '../../scripts/browsers.mjs';
import { launchChromium } from './browser.js';
import type { GalleryPage } from './gallery.js';

/** A page with a keyboard. */
export interface KeyboardPage extends GalleryPage {
  /** A key, or Shift and a key: `Shift+Tab`. */
  press(key: string): Promise<void>;
  close(): Promise<void>;
}

export interface KeyboardBrowser {
  newPage(): Promise<KeyboardPage>;
  close(): Promise<void>;
}

/** By name, how to start each browser whose keys can be pressed; says which are left out. */
export function keyboardBrowsers(): Record<string, () => Promise<KeyboardBrowser>> {
  const firefox = findFirefox();
  if (!firefox) console.log('Firefox is not installed: its tests are left out.');
  return { Chromium: startChromium, ...(firefox && { Firefox: () => startFirefox(firefox) }) };
}

async function startChromium(): Promise<KeyboardBrowser> {
  const browser = await launchChromium();
  return {
    async newPage() {
      const page = await browser.newPage({ viewport: { width: 500, height: 800 } });
      return {
        goto: (url) => page.goto(url),
        evaluate: (fn, arg) => page.evaluate(fn as never, arg),
        press: (key) => page.keyboard.press(key),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

async function startFirefox(executablePath: string): Promise<KeyboardBrowser> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath });
  return {
    async newPage() {
      const page = await browser.newPage();
      return {
        goto: (url) => page.goto(url),
        evaluate: (fn, arg) => page.evaluate(fn as never, arg as never),
        async press(key) {
          const [last, modifier] = key.split('+').reverse() as KeyInput[];
          if (modifier) await page.keyboard.down(modifier);
          await page.keyboard.press(last!);
          if (modifier) await page.keyboard.up(modifier);
        },
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}
