import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Launcher } from 'chrome-launcher';
import { npm } from './npm.mjs';
import { runNode } from './programs.mjs';

/** The last Chromium in an npm package that runs on Node 20: 66 MB, for Linux on x64. */
const CARRIED = '@sparticuz/chromium';
const CARRIED_VERSION = '147.0.0';
const CACHE = path.resolve('.cache');
const UNPACKED = path.join(CACHE, `chromium-${CARRIED_VERSION}`);
/** A place of its own: installed beside the others without their lock, it would change them. */
const PACKAGES = path.join(CACHE, 'chromium-packages');

/**
 * How to start a browser: `env` is to be added to the environment of the browser alone.
 *
 * @typedef {{ executablePath: string, args: string[], env: Record<string, string> }} Browser
 */

/**
 * The Chromium that tests run in: `CHROME_PATH`, an installed Chrome or Chromium, or one that npm
 * fetches.
 *
 * @returns {Browser}
 */
export function findChromium() {
  const executablePath = installedChromium();
  if (executablePath) return { executablePath, args: sandboxArgs(), env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return carriedChromium();
  throw new Error('No Chrome or Chromium was found. Install one, or set CHROME_PATH to it.');
}

/** Firefox, or null where it is not installed. */
export function findFirefox() {
  return firstFile([process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox']);
}

function installedChromium() {
  const named = process.env.CHROME_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROME_PATH names no file: ${named}`);
  try {
    return named ?? Launcher.getFirstInstallation();
  } catch {
    // How chrome-launcher says that there is none.
    return undefined;
  }
}

/** Chromium's own sandbox refuses to run as root, and is often missing in containers and CI. */
function sandboxArgs() {
  const needed = process.getuid?.() === 0 || process.env.CI || existsSync('/.dockerenv');
  return needed ? ['--no-sandbox'] : [];
}

/** @returns {Browser} */
function carriedChromium() {
  if (!existsSync(UNPACKED)) unpackCarried();
  return {
    executablePath: path.join(UNPACKED, 'chromium'),
    // The package's own arguments would turn web security off.
    args: [...sandboxArgs(), '--disable-gpu', '--disable-dev-shm-usage'],
    env: {
      LD_LIBRARY_PATH: path.join(UNPACKED, 'al2023', 'lib'),
      FONTCONFIG_FILE: writeFontConfig(),
    },
  };
}

/** The package's own names other folders, and a Chromium without any font crashes. */
function writeFontConfig() {
  const file = path.join(UNPACKED, 'fonts.conf');
  const [fonts, cache] = ['fonts', 'fonts-cache'].map((name) => path.join(UNPACKED, name));
  const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  writeFileSync(
    file,
    `<fontconfig>
      <dir>${escaped(fonts)}</dir>
      <dir>/usr/share/fonts</dir>
      <cachedir>${escaped(cache)}</cachedir>
    </fontconfig>`,
  );
  return file;
}

/**
 * In a process of its own, since the package unpacks to the temporary folder, and brings the system's
 * libraries along only on "Lambda". Moved into place when whole, so that an interrupted run leaves
 * nothing half unpacked behind.
 */
function unpackCarried() {
  if (!existsSync(path.join(PACKAGES, 'node_modules', CARRIED))) installCarried();
  const partial = `${UNPACKED}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const unpack = `import chromium from '${CARRIED}';
    chromium.setGraphicsMode = false;
    await chromium.executablePath();`;
  const env = { TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  const status = runNode(['--input-type=module', '--eval', unpack], env, PACKAGES);
  if (status !== 0) throw new Error(`${CARRIED} could not be unpacked. Install Chromium instead.`);
  renameSync(partial, UNPACKED);
  rmSync(PACKAGES, { recursive: true, force: true });
}

function installCarried() {
  console.log(`No Chrome or Chromium was found: fetching ${CARRIED} ${CARRIED_VERSION}.`);
  mkdirSync(PACKAGES, { recursive: true });
  const options = ['--prefix', PACKAGES, '--no-save', '--no-package-lock'];
  const status = npm(['install', ...options, `${CARRIED}@${CARRIED_VERSION}`]);
  if (status !== 0) throw new Error(`${CARRIED} could not be fetched. Install Chromium instead.`);
}

/** @param {(string | undefined)[]} candidates */
function firstFile(candidates) {
  return candidates.find((file) => file && existsSync(file)) ?? null;
}
