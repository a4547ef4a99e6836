import { setTimeout as pause } from 'node:timers/promises';
import type { Page as ChromiumPage } from 'playwright-core';
import puppeteer, { type Page as FirefoxPage } from 'puppeteer-core';
import { findFirefox } from '../../scripts/browsers.mjs';
import { findWebKit, startWebKit } from '../../scripts/webkit-browser.mjs';
import { launchChromium } from './browser.js';
import { cropped, pictureOf, pngOf, type Box } from './picture.js';

/** A browser, driven in the same way whichever engine it has. */
export interface Engine {
  readonly name: EngineName;
  /**
   * Opens a page with a window, cookies and storage of its own: no page sees what another stores. A
   * tab behind another would count as hidden, and its timers would be slowed down; windows do not,
   * but only the newest may have the focus. Where the other side of a test is no page that must be
   * seen, such as a phone that only confirms, `fetch` from Node is quicker than a second page.
   *
   * The default is 1280 by 720, at one device pixel a CSS pixel. WebKitGTK's window is never narrower
   * than its toolbar, some 450 pixels.
   */
  newPage(options?: Partial<PageOptions>): Promise<EnginePage>;
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
  /** What the window shows, or a part of it, given in whole CSS pixels; as PNG. */
  screenshot(clip?: Box): Promise<Buffer>;
  close(): Promise<void>;
}

export interface InstalledEngine {
  readonly name: EngineName;
  /** WebKitGTK has nothing of the kind. */
  readonly canForceColors: boolean;
  launch(): Promise<Engine>;
}

export interface PageOptions {
  width: number;
  height: number;
  /** Device pixels a CSS pixel; a whole number. Screenshots have as many. */
  deviceScaleFactor: number;
  /** White on black, as systems with high contrast have it. Rejects where an engine cannot. */
  forcedColors: boolean;
}

/** What differs between engines: `run` gives the string that an expression's promise resolves to. */
interface Tab extends Pick<EnginePage, 'goto' | 'reload' | 'screenshot' | 'close'> {
  run(expression: string): Promise<string>;
}

type Starting = ReturnType<typeof startWebKit>;
type WebKitBrowser = Awaited<Starting>;

const DEFAULTS: PageOptions = {
  width: 1280,
  height: 720,
  deviceScaleFactor: 1,
  forcedColors: false,
};
/** Firefox's "Manage Colors: always", which pages see as forced colours. */
const FORCED_COLORS = {
  'browser.display.document_color_use': 2,
  'browser.display.use_system_colors': false,
  'browser.display.foreground_color': '#ffffff',
  'browser.display.background_color': '#000000',
  'browser.display.foreground_color.dark': '#ffffff',
  'browser.display.background_color.dark': '#000000',
};
const POLL_MS = 50;
/** Puppeteer's own limit; Playwright has none. */
const SCRIPT_TIMEOUT_MS = 180_000;
/** As wide as WebKitGTK's display, in its own pixels. */
const DISPLAY_WIDTH = 1280;

// Playwright and Puppeteer close their browsers on these, but the tests would go on without. They
// kill them when the process exits, too, as does startWebKit().
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(1));
}

/** The engines to test in; says which are left out. */
export function installedEngines(): InstalledEngine[] {
  const engines: InstalledEngine[] = [
    { name: 'Chromium', canForceColors: true, launch: startChromium },
  ];
  const firefox = findFirefox();
  if (firefox) {
    engines.push({ name: 'Firefox', canForceColors: true, launch: () => startFirefox(firefox) });
  }
  const webKit = findWebKit();
  if (webKit) {
    engines.push({
      name: 'WebKitGTK',
      canForceColors: false,
      launch: () => startWebKitGtk(webKit),
    });
  }
  for (const [name, found] of Object.entries({ Firefox: firefox, WebKitGTK: webKit })) {
    if (!found) console.log(`${name} is not installed: its tests are left out.`);
  }
  return engines;
}

async function startChromium(): Promise<Engine> {
  const browser = await launchChromium();
  return {
    name: 'Chromium',
    async newPage(options) {
      const { width, height, deviceScaleFactor, forcedColors } = { ...DEFAULTS, ...options };
      const page = await browser.newPage({
        viewport: { width, height },
        deviceScaleFactor,
        // The palette follows the scheme.
        ...(forcedColors && { forcedColors: 'active', colorScheme: 'dark' }),
      });
      return pageOf(chromiumTab(page));
    },
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
    screenshot: (clip) => page.screenshot({ clip }),
    close: () => page.close(),
  };
}

/** A second browser where colours are forced: it is a preference, which holds for all its pages. */
async function startFirefox(executablePath: string): Promise<Engine> {
  const plain = await launchFirefox(executablePath);
  let forced: ReturnType<typeof launchFirefox> | undefined;
  return {
    name: 'Firefox',
    async newPage(options) {
      const wanted = { ...DEFAULTS, ...options };
      if (wanted.forcedColors) forced ??= launchFirefox(executablePath, FORCED_COLORS);
      const browser = wanted.forcedColors ? await forced! : plain;
      const context = await browser.createBrowserContext();
      const tab = await context.newPage({ type: 'window' });
      const page = pageOf(firefoxTab(tab));
      await fitFirefox(tab, page, wanted);
      return page;
    },
    async close() {
      await Promise.all([plain.close(), forced?.then((browser) => browser.close())]);
    },
  };
}

function launchFirefox(executablePath: string, extraPrefsFirefox: Record<string, unknown> = {}) {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox,
    defaultViewport: null,
    protocolTimeout: SCRIPT_TIMEOUT_MS,
  });
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
    screenshot: async (clip) =>
      Buffer.from(await page.screenshot({ clip, captureBeyondViewport: !clip })),
    close: () => page.browserContext().close(),
  };
}

async function fitFirefox(tab: FirefoxPage, page: EnginePage, wanted: PageOptions): Promise<void> {
  const { width, height, deviceScaleFactor } = wanted;
  await tab.setViewport({ width, height, deviceScaleFactor }).catch((error: unknown) => {
    // Older releases, such as 140, take the size, but not the orientation that is sent along.
    if (!String(error).includes('unknown command')) throw error;
  });
  await page.waitFor(
    (size) =>
      innerWidth === size.width &&
      innerHeight === size.height &&
      devicePixelRatio === size.deviceScaleFactor,
    wanted,
  );
}

/** A browser for each page: WebKitGTK's driver gives all pages of one the same storage. */
async function startWebKitGtk(binary: string): Promise<Engine> {
  const browsers = new Set<Starting>();
  return {
    name: 'WebKitGTK',
    async newPage(options) {
      const wanted = { ...DEFAULTS, ...options };
      if (wanted.forcedColors) throw new Error('WebKitGTK has no forced colours.');
      const starting = startWebKit(binary, wanted.deviceScaleFactor);
      browsers.add(starting);
      const browser = await starting;
      await browser.send('POST', '/timeouts', { script: SCRIPT_TIMEOUT_MS });
      await fitWebKit(browser, wanted);
      const close = async () => {
        browsers.delete(starting);
        await browser.stop();
      };
      return pageOf({ ...webKitTab(browser, wanted.deviceScaleFactor), close });
    },
    async close() {
      const stop = (starting: Starting) => starting.then((browser) => browser.stop());
      await Promise.allSettled([...browsers].map(stop));
    },
  };
}

function webKitTab({ send, navigate }: WebKitBrowser, ratio: number): Omit<Tab, 'close'> {
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
    screenshot: async (clip) => {
      // The driver takes what was painted last, which may be before the page's latest change.
      await run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      const png = Buffer.from((await send('GET', '/screenshot')) as string, 'base64');
      if (!clip) return png;
      const { x, y, width, height } = clip;
      const [left, top] = [x * ratio, y * ratio];
      const part = { x: left, y: top, width: width * ratio, height: height * ratio };
      return pngOf(cropped(pictureOf(png), part));
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
async function fitWebKit({ send }: WebKitBrowser, wanted: PageOptions): Promise<void> {
  const { width, height, deviceScaleFactor } = wanted;
  const script = 'return [outerWidth - innerWidth, outerHeight - innerHeight];';
  const around = await send('POST', '/execute/sync', { script, args: [] });
  const [across, down] = around as [number, number];
  await send('POST', '/window/rect', {
    // In the middle, where the pointer is: without a window manager, it gives the focus.
    x: Math.max(0, Math.round((DISPLAY_WIDTH / deviceScaleFactor - width) / 2)),
    y: 0,
    width: width + across,
    height: height + down,
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
