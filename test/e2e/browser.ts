import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../scripts/browsers.mjs';

/** The Chromium of this machine, driven by Playwright. */
export async function launchChromium(): Promise<Browser> {
  const { executablePath, args, env } = findChromium();
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
}
