import { setTimeout as pause } from 'node:timers/promises';
import type { Page as ChromiumPage } from 'playwright-core';
import puppeteer, { type Page as FirefoxPage } from 'puppeteer-core';
import { findFirefox } from '../../scripts/browsers.mjs';
import { findWebKit, startWebKit } from '../../scripts/webkit-browser.mjs';
import { launchChromium } from './browser.js';

/** A browser, driven in the same way whichever engine it has. */
export interface Engine {
  readonly name: EngineName;
  /**
   * Opens a page with a window, cookies and storage of its own: no page sees what another stores. A
   * tab behind another would count as hidden, and its timers would be slowed down; windows do not,
   * but only the newest may have the focus. Where the other side of a test is no page that must be
   * seen, such as a phone that only confirms, `fetch` from Node is quicker than a second page.
   *
   * The default is 1280 by 720. WebKitGTK's window is never narrower than its toolbar, some 450
   * pixels.
   */
  newPage(options?: Partial<Size>): Promise<EnginePage>;
  /** Closes every page, and ends the browser's processes. */
  close(): Promise<void>;
}

export type EngineName = 'Chromium' | 'Firefox' | 'WebKitGTK';

export interface EnginePage {
  /** Resolves once the page and what it embeds are loaded; rejects where no server answers. */
  goto(url: string): Promise<void>;
  /**
   * Calls a function in the page, whatever its Content-Security-Policy, and awaits what it returns.
   * Argument and result travel as JSON. What the function throws becomes a rejection of the same
   * name and message. It is sent as source: it sees nothing of the test around it, and is an arrow
   * function or a `function`, not a method.
   */
  evaluate<A, R>(fn: (arg: A) => R | Promise<R>, arg?: A): Promise<R>;
  /** Resolves once the function, called again and again, returns what is truthy. */
  waitFor<A>(fn: (arg: A) => unknown, arg?: A, timeoutMs?: number): Promise<void>;
  reload(): Promise<void>;
  /** What the window shows, as PNG. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

export interface InstalledEngine {
  readonly name: EngineName;
  launch(): Promise<Engine>;
}

interface Size {
  width: number;
  height: number;
}

/** What differs between engines: `run` gives the string that an expression's promise resolves to. */
interface Tab extends Pick<EnginePage, 'goto' | 'reload' | 'screenshot' | 'close'> {
  run(expression: string): Promise<string>;
}

type Starting = ReturnType<typeof startWebKit>;
type WebKitBrowser = Awaited<Starting>;

const DEFAULT_SIZE: Size = { width: 1280, height: 720 };
const POLL_MS = 50;
/** Puppeteer's own limit; Playwright has none. */
const SCRIPT_TIMEOUT_MS = 180_000;
/** As wide as WebKitGTK's display. */
const DISPLAY_WIDTH = 1280;

// Playwright and Puppeteer close their browsers on these, but the tests would go on without. They
// kill them when the process exits, too, as does startWebKit().
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(1));
}

/** The engines to test in; says which are left out. */
export function installedEngines(): InstalledEngine[] {
  const engines: InstalledEngine[] = [{ name: 'Chromium', launch: startChromium }];
  const firefox = findFirefox();
  if (firefox) engines.push({ name: 'Firefox', launch: () => startFirefox(firefox) });
  const webKit = findWebKit();
  if (webKit) engines.push({ name: 'WebKitGTK', launch: () => startWebKitGtk(webKit) });
  for (const [name, found] of Object.entries({ Firefox: firefox, WebKitGTK: webKit })) {
    if (!found) console.log(`${name} is not installed: its tests are left out.`);
  }
  return engines;
}

async function startChromium(): Promise<Engine> {
  const browser = await launchChromium();
  return {
    name: 'Chromium',
    newPage: async (options) =>
      pageOf(chromiumTab(await browser.newPage({ viewport: { ...DEFAULT_SIZE, ...options } }))),
    close: () => browser.close(),
  };
}

function chromiumTab(page: ChromiumPage): Tab {
  return {
    run: (expression) => page.evaluate(expression),
    goto: async (url) => {
      await page.goto(url);
    },
    reload: async () => {
      await page.reload();
    },
    screenshot: () => page.screenshot(),
    close: () => page.close(),
  };
}

async function startFirefox(executablePath: string): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    defaultViewport: null,
    protocolTimeout: SCRIPT_TIMEOUT_MS,
  });
  return {
    name: 'Firefox',
    async newPage(options) {
      const context = await browser.createBrowserContext();
      const tab = await context.newPage({ type: 'window' });
      const page = pageOf(firefoxTab(tab));
      await fitFirefox(tab, page, { ...DEFAULT_SIZE, ...options });
      return page;
    },
    close: () => browser.close(),
  };
}

function firefoxTab(page: FirefoxPage): Tab {
  return {
    run: async (expression) => (await page.evaluate(expression)) as string,
    goto: async (url) => {
      await page.goto(url);
    },
    reload: async () => {
      await page.reload();
    },
    screenshot: async () => Buffer.from(await page.screenshot()),
    close: () => page.browserContext().close(),
  };
}

async function fitFirefox(tab: FirefoxPage, page: EnginePage, size: Size): Promise<void> {
  await tab.setViewport(size).catch((error: unknown) => {
    // Older releases, such as 140, take the size, but not the orientation that is sent along.
    if (!String(error).includes('unknown command')) throw error;
  });
  await page.waitFor(({ width, height }) => innerWidth === width && innerHeight === height, size);
}

/** A browser for each page: WebKitGTK's driver gives all pages of one the same storage. */
async function startWebKitGtk(binary: string): Promise<Engine> {
  const browsers = new Set<Starting>();
  return {
    name: 'WebKitGTK',
    async newPage(options) {
      const starting = startWebKit(binary);
      browsers.add(starting);
      const browser = await starting;
      await browser.send('POST', '/timeouts', { script: SCRIPT_TIMEOUT_MS });
      await fitWebKit(browser, { ...DEFAULT_SIZE, ...options });
      const close = async () => {
        browsers.delete(starting);
        await browser.stop();
      };
      return pageOf({ ...webKitTab(browser), close });
    },
    async close() {
      const stop = (starting: Starting) => starting.then((browser) => browser.stop());
      await Promise.allSettled([...browsers].map(stop));
    },
  };
}

function webKitTab({ send, navigate }: WebKitBrowser): Omit<Tab, 'close'> {
  const run = webKitRun(send);
  return {
    run,
    goto: async (url) => {
      await navigate(url);
      // The driver does not tell of a server that does not answer.
      const script = 'return [location.href, document.body?.innerText];';
      const [at, text] = (await send('POST', '/execute/sync', { script, args: [] })) as string[];
      if (at === 'about:blank' && url !== at) throw new Error(`${url} is not loaded: ${text}`);
    },
    reload: async () => {
      await send('POST', '/refresh', {});
    },
    screenshot: async () => {
      // The driver takes what was painted last, which may be before the page's latest change.
      await run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      return Buffer.from((await send('GET', '/screenshot')) as string, 'base64');
    },
  };
}

/**
 * Two commands each on a connection of its own may overtake each other. So one starts a call, in
 * its turn, and another awaits its result, while later calls start.
 */
function webKitRun(send: WebKitBrowser['send']): Tab['run'] {
  let turn: Promise<unknown> = Promise.resolve();
  let calls = 0;
  return async (expression) => {
    const key = `Symbol.for('call ${++calls}')`;
    const start = { script: `globalThis[${key}] = ${expression};`, args: [] };
    const started = turn.then(() => send('POST', '/execute/sync', start));
    turn = started.catch(() => undefined);
    await started;
    const script = `const [done] = arguments;
      globalThis[${key}].then(done);
      delete globalThis[${key}];`;
    return (await send('POST', '/execute/async', { script, args: [] })) as string;
  };
}

/** The driver knows the size of windows, toolbar included. */
async function fitWebKit({ send }: WebKitBrowser, size: Size): Promise<void> {
  const script = 'return [outerWidth - innerWidth, outerHeight - innerHeight];';
  const around = await send('POST', '/execute/sync', { script, args: [] });
  const [across, down] = around as [number, number];
  await send('POST', '/window/rect', {
    // In the middle, where the pointer is: without a window manager, it gives the focus.
    x: Math.max(0, Math.round((DISPLAY_WIDTH - size.width) / 2)),
    y: 0,
    width: size.width + across,
    height: size.height + down,
  });
}

function pageOf({ run, ...tab }: Tab): EnginePage {
  return {
    ...tab,
    async evaluate<A, R>(fn: (arg: A) => R | Promise<R>, arg?: A) {
      return valueOf(await run(callOf(fn, arg))) as R;
    },
    async waitFor(fn, arg, timeoutMs = 20_000) {
      const late = pause(timeoutMs, null, { ref: false });
      const { held, lost } = await poll(run, callOf(fn, arg), late);
      if (held) return;
      const given = JSON.stringify(arg) ?? '';
      throw new Error(`Not so after ${timeoutMs} ms: (${String(fn)})(${given})`, { cause: lost });
    },
  };
}

/** Asks until it is so, or late. A page that goes elsewhere is asked again when it is there. */
async function poll(run: Tab['run'], call: string, late: Promise<null>) {
  for (let lost: unknown; ; await pause(POLL_MS)) {
    const asked = run(call).catch((error: unknown) => {
      lost = error;
      return '{}';
    });
    const answer = await Promise.race([asked, late]);
    if (answer === null) return { held: false, lost };
    if (valueOf(answer)) return { held: true };
  }
}

function callOf(fn: (arg: never) => unknown, arg: unknown): string {
  const given = arg === undefined ? '' : JSON.stringify(arg);
  // `__name` is what tsx puts around functions, to keep their names.
  return `(async () => {
    const __name = (named) => named;
    try {
      return JSON.stringify({ value: await (${String(fn)})(${given}) });
    } catch (error) {
      const { name, message = String(error), stack } = Object(error);
      return JSON.stringify({ thrown: { name, message, stack } });
    }
  })()`;
}

function valueOf(answer: string): unknown {
  const { value, thrown } = JSON.parse(answer) as {
    value?: unknown;
    thrown?: { name?: string; message: string; stack?: string };
  };
  if (!thrown) return value;
  const { name = 'Error', message, stack } = thrown;
  throw Object.assign(new Error(message, { cause: stack }), { name });
}
