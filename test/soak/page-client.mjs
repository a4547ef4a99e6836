import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/browsers.mjs';

/** One page of a real browser, and what it holds on to. */
export async function openPage(origin) {
  const { executablePath, args, env } = findChromium();
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
  const page = await browser.newPage();
  const said = [];
  page.on('pageerror', ({ message }) => said.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) said.push(message.text());
  });
  await page.goto(origin);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  await devtools.send('Performance.enable');
  return {
    said,
    start: () => page.evaluate(() => globalThis.soak.start()),
    pause: () => page.evaluate(() => globalThis.soak.pause()),
    async sample() {
      // What was let go of in finalizers goes with the second.
      for (let pass = 0; pass < 2; pass++) await devtools.send('HeapProfiler.collectGarbage');
      const { metrics } = await devtools.send('Performance.getMetrics');
      const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
      return {
        pageHeap: of('JSHeapUsedSize'),
        pageNodes: of('Nodes'),
        pageListeners: of('JSEventListeners'),
      };
    },
    close: () => browser.close(),
  };
}
