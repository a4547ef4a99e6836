import { startWebKit } from './webkit-browser.mjs';

export { findWebKit } from './webkit-browser.mjs';

/**
 * Web Test Runner's launcher for WebKitGTK, by WebDriver. WebKitGTK shares Safari's engine, but it
 * is not Safari.
 *
 * @param {string} binary
 */
export function webKitLauncher(binary) {
  const active = new Map();
  /** @type {ReturnType<typeof startWebKit> | undefined} */
  let browser;

  /** Where it has crashed, the file that it ran has failed, and no other has. */
  async function startAnew(url) {
    const { stop } = await browser;
    await stop();
    browser = startWebKit(binary);
    const { navigate } = await browser;
    await navigate(url);
  }

  return {
    name: 'WebKitGTK',
    type: 'webdriver',
    concurrency: 1,
    async initialize() {},
    async startSession(id, url) {
      active.set(id, url);
      const { navigate } = await (browser ??= startWebKit(binary));
      await navigate(url).catch(() => startAnew(url));
    },
    isActive: (id) => active.has(id),
    getBrowserUrl: (id) => active.get(id),
    async stopSession(id) {
      active.delete(id);
      const { navigate } = await browser;
      await navigate('about:blank').catch(() => undefined);
      return {};
    },
    async stop() {
      const started = await browser?.catch(() => undefined);
      await started?.stop();
    },
  };
}
