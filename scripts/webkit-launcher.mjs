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
  return {
    name: 'WebKitGTK',
    type: 'webdriver',
    concurrency: 1,
    async initialize() {},
    async startSession(id, url) {
      active.set(id, url);
      const { navigate } = await (browser ??= startWebKit(binary));
      await navigate(url);
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
