import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const DRIVER = '/usr/bin/WebKitWebDriver';
const DRIVER_START_MS = 15_000;

/** WebKitGTK's own small browser, or null where browser, driver or display are not installed. */
export function findWebKit() {
  if (process.env.WEBKIT_MINIBROWSER) return process.env.WEBKIT_MINIBROWSER;
  const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY || existsSync('/usr/bin/Xvfb');
  if (!existsSync(DRIVER) || !display) return null;
  const libraries = readdirSync('/usr/lib', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join('/usr/lib', entry.name, 'webkit2gtk-4.1', 'MiniBrowser'));
  return libraries.find((file) => existsSync(file)) ?? null;
}

/**
 * Web Test Runner's launcher for WebKitGTK, by WebDriver. WebKitGTK shares Safari's engine, but it
 * is not Safari.
 *
 * @param {string} binary
 */
export function webKitLauncher(binary) {
  const active = new Map();
  /** @type {Promise<Awaited<ReturnType<typeof startBrowser>>> | undefined} */
  let browser;
  return {
    name: 'WebKitGTK',
    type: 'webdriver',
    concurrency: 1,
    async initialize() {},
    async startSession(id, url) {
      active.set(id, url);
      const { navigate } = await (browser ??= startBrowser(binary));
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

async function startBrowser(binary) {
  const display = await startDisplay();
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`], { stdio: 'ignore', env: display.env });
  const base = `http://127.0.0.1:${port}`;
  await listening(base);
  const capabilities = {
    alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } },
  };
  const { sessionId } = await send('POST', `${base}/session`, { capabilities });
  return {
    navigate: (url) => send('POST', `${base}/session/${sessionId}/url`, { url }),
    async stop() {
      await send('DELETE', `${base}/session/${sessionId}`).catch(() => undefined);
      driver.kill();
      display.stop();
    },
  };
}

/** A display of its own where the machine has none. */
async function startDisplay() {
  const { env } = process;
  if (env.DISPLAY || env.WAYLAND_DISPLAY) return { env, stop() {} };
  const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = await once(server.stdio[3], 'data');
  return { env: { ...env, DISPLAY: `:${String(number).trim()}` }, stop: () => server.kill() };
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function listening(base) {
  const deadline = Date.now() + DRIVER_START_MS;
  for (;;) {
    try {
      await fetch(`${base}/status`);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function send(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebKitWebDriver: ${JSON.stringify(value)}`);
  return value;
}
