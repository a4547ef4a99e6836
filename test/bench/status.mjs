/**
 * `npm run bench:status`: how long a page waits for what the server part knows, over a stream, and for
 * what Didit says, by polling. Nothing fails on speed: it exits with 1 only if something broke.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/browsers.mjs';
import { statusOptions } from './options.mjs';
import { delaysOf, inPagesOf, onTheWire } from './status-delays.mjs';
import { statusReport, summarizeDelays } from './status-report.mjs';
import { statusSite, webhookSite } from './status-site.mjs';

// Paths are from the root of the repository, wherever this is started.
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const FOLDER = 'test/bench/results';
const FILE = `${FOLDER}/status.json`;

const { executablePath, args, env } = findChromium();
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
const sites = { streaming: await statusSite({ events: true }) };
sites.polling = await statusSite({ events: false });
sites.hooked = await webhookSite();

async function measure(name, site, way) {
  console.log(`${name} …`);
  return summarizeDelays(await delaysOf(site, statusOptions.sessions, way));
}

async function measureAll() {
  const { streaming, polling, hooked } = sites;
  return {
    wire: await measure('on the wire', streaming, onTheWire),
    stream: await measure('in a page, by the stream', streaming, inPagesOf(browser, 'decide')),
    webhook: await measure(
      'in a page, by webhook and stream',
      hooked,
      inPagesOf(browser, 'approve'),
    ),
    polling: await measure('in a page, by polling', polling, inPagesOf(browser, 'confirm')),
  };
}

function write(results, gaps) {
  const machine = { node: process.version, cores: availableParallelism() };
  const content = { machine, options: statusOptions, results, gaps };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(content, null, 2)}\n`);
}

try {
  const results = await measureAll();
  const { gaps } = sites.polling.polls;
  write(results, gaps);
  console.log(`\n${statusReport(results, gaps)}\n\n${FILE}`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
  await Promise.all(Object.values(sites).map((site) => site.close()));
}
