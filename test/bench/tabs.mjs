import puppeteer from 'puppeteer-core';
import { findChromium } from '../../scripts/browsers.mjs';

/** With these a page that nobody sees would be as busy as one that is seen. */
const KEEP_AWAKE = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/**
 * The Chromium of all measures, driven by Puppeteer: Playwright has every page believe that it is
 * seen. A page of a context of its own has a window of its own.
 */
export function launchWindows() {
  const { executablePath, args, env } = findChromium();
  return puppeteer.launch({
    executablePath,
    args,
    env: { ...process.env, ...env },
    ignoreDefaultArgs: KEEP_AWAKE,
  });
}

/** Hides a page as people do: another tab comes in front of it. */
export async function hide(page) {
  const other = await page.browserContext().newPage();
  await other.bringToFront();
  await page.waitForFunction(() => globalThis.document.visibilityState === 'hidden', {
    polling: 100,
  });
}
