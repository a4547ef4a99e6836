/**
 * Takes the pictures of the documentation from the demo: each state in light and dark, and the page
 * to try it on. `node scripts/pictures.mjs [folder]`, by default `docs/images`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { findChromium } from './browsers.mjs';

const [folder = 'docs/images'] = process.argv.slice(2);
const THEMES = ['light', 'dark'];
/** Device pixels a CSS pixel: sharp on most screens. */
const RATIO = 2;

mkdirSync(folder, { recursive: true });
const demo = spawn(process.execPath, ['demo/server.mjs'], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const origin = await originOf(demo);
  const { executablePath, args, env } = findChromium();
  const browser = await chromium.launch({
    executablePath,
    args,
    env: { ...process.env, ...env },
  });
  await takeStates(browser, origin);
  for (const theme of THEMES) await takeDemo(browser, origin, theme);
  await browser.close();
} finally {
  demo.kill();
}

async function originOf({ stdout }) {
  for await (const line of createInterface(stdout)) {
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (origin) return origin;
  }
  throw new Error('The demo did not start.');
}

/** The first figure of each state, as the page shows it. */
async function takeStates(browser, origin) {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: RATIO,
    reducedMotion: 'reduce',
  });
  await page.goto(`${origin}/states.html`);
  await page.locator('#gallery[aria-busy="false"]').waitFor();
  const figures = await page.locator('figure').all();
  const names = await Promise.all(
    figures.map((figure) => figure.locator('h3 code').first().innerText()),
  );
  for (const state of new Set(names)) {
    for (const theme of THEMES) {
      const look = figures[names.indexOf(state)].locator(`.cell.${theme}.ltr didit-verify`);
      await look.screenshot({ path: fileOf(state, theme) });
    }
  }
  await page.close();
}

/** What `npm start` opens, once its code is there. */
async function takeDemo(browser, origin, theme) {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 760 },
    deviceScaleFactor: RATIO,
    colorScheme: theme,
  });
  await page.goto(origin);
  await page.locator('didit-verify svg[role="img"]').waitFor();
  await page.screenshot({ path: fileOf('demo', theme) });
  await page.close();
}

function fileOf(name, theme) {
  return path.join(folder, `${name}-${theme}.png`);
}
