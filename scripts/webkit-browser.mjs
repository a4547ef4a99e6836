import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const DRIVER = '/usr/bin/WebKitWebDriver';
const DRIVER_START_MS = 15_000;
const SESSION_START_MS = 30_000;
const SESSION_END_MS = 5_000;

/** @type {Set<{ kill(): void }>} */
const running = new Set();
process.on('exit', killRunning);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    killRunning();
    // Else what also listens, such as a test runner, says when to end.
    if (process.listenerCount(signal) === 1) process.exit(1);
  });
}

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
 * A running browser with one window. `send` takes a command of WebDriver by its path after the
 * session's, such as `/window/rect`.
 *
 * @typedef {object} WebKitBrowser
 * @property {(method: string, path: string, body?: object) => Promise<unknown>} send
 * @property {(url: string) => Promise<unknown>} navigate
 * @property {() => Promise<void>} stop
 */

/**
 * Starts WebKitGTK's browser under a driver of its own, since a driver takes one session. Whatever
 * becomes of the browser or of this process, none of its processes is left.
 *
 * @param {string} binary
 * @param {number} deviceScaleFactor device pixels a CSS pixel: a whole number, as GTK has it
 * @returns {Promise<WebKitBrowser>}
 */
export async function startWebKit(binary, deviceScaleFactor = 1) {
  const display = await startDisplay();
  const env = { ...display.env, GDK_SCALE: String(deviceScaleFactor) };
  try {
    return await startOn({ ...display, env }, binary);
  } catch (error) {
    await display.stop();
    throw error;
  }
}

async function startOn(display, binary) {
  const port = await freePort();
  const driver = startProgram(DRIVER, [`--port=${port}`], { stdio: 'ignore', env: display.env });
  try {
    const session = await openSession(`http://127.0.0.1:${port}`, driver, binary);
    const send = (method, path, body) => request(method, `${session}${path}`, body);
    return {
      send,
      navigate: (url) => send('POST', '/url', { url }),
      async stop() {
        const limit = AbortSignal.timeout(SESSION_END_MS);
        await request('DELETE', session, undefined, limit).catch(() => undefined);
        await driver.stop();
        await display.stop();
      },
    };
  } catch (error) {
    await driver.stop();
    throw error;
  }
}

async function openSession(base, driver, binary) {
  await Promise.race([listening(base), driver.failed]);
  const capabilities = {
    alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } },
  };
  // The driver waits for ever for a browser that does not start.
  const limit = AbortSignal.timeout(SESSION_START_MS);
  const { sessionId } = await request('POST', `${base}/session`, { capabilities }, limit);
  return `${base}/session/${sessionId}`;
}

/** A display of its own where the machine has none. */
async function startDisplay() {
  const { env } = process;
  if (env.DISPLAY || env.WAYLAND_DISPLAY) return { env, async stop() {} };
  const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
  const server = startProgram('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = await Promise.race([once(server.child.stdio[3], 'data'), server.failed]);
  return { env: { ...env, DISPLAY: `:${String(number).trim()}` }, stop: server.stop };
}

/**
 * Starts a program in a process group of its own: a driver that is ended alone leaves its browser
 * behind. `failed` rejects when it ends, asked or not.
 */
function startProgram(command, args, options) {
  const child = spawn(command, args, { ...options, detached: true });
  const ended = once(child, 'exit').then(
    () => new Error(`${command} has ended.`),
    (error) => error,
  );
  const failed = ended.then((error) => Promise.reject(error));
  failed.catch(() => undefined);
  const program = {
    child,
    failed,
    kill: () => killGroup(child.pid),
    async stop() {
      program.kill();
      await ended;
      running.delete(program);
    },
  };
  running.add(program);
  return program;
}

function killRunning() {
  for (const program of running) program.kill();
}

function killGroup(pid) {
  try {
    if (pid) process.kill(-pid);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
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

async function request(method, url, body, signal) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body), signal });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebKitWebDriver: ${JSON.stringify(value)}`);
  return value;
}
