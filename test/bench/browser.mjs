import { once } from 'node:events';
import { createServer } from 'node:http';
import { constants, gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/browsers.mjs';

/** A phone on a slow network, as Lighthouse has it. */
export const SLOW_NETWORK = { kilobits: 1600, latency: 150 };

/** The Chromium that tests run in; the same for everything that is measured. */
export function launch() {
  const { executablePath, args, env } = findChromium();
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
}

/**
 * A page in a profile of its own, so with a cold cache. `cpu`: how many times slower; `network`:
 * `{ kilobits, latency }`, a second and milliseconds. `session` speaks the DevTools protocol.
 */
export async function openPage(browser, { cpu = 1, network } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  if (cpu !== 1) await session.send('Emulation.setCPUThrottlingRate', { rate: cpu });
  if (network) await slowDown(session, network);
  return { page, session, close: () => context.close() };
}

async function slowDown(session, { kilobits, latency }) {
  const throughput = (kilobits * 1000) / 8;
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
}

/**
 * An HTTP server on loopback. `files`: by path, where `*` stands for any last part,
 * `{ type, body }`, or a function that is given
 * `{ method, url, headers, body }` and gives `{ status?, type, body, headers? }` or a promise of it.
 * What is not there is 404. Files go out gzip-encoded, as from a CDN.
 */
export async function serve(files) {
  const encoded = new Map();
  const server = createServer(async (request, response) => {
    const path = request.url.split('?')[0];
    const entry = files[path] ?? files[path.replace(/[^/]+$/, '*')];
    const answer = typeof entry === 'function' ? await entry(await plain(request)) : entry;
    if (!answer) return response.writeHead(404).end();
    const { status = 200, type, headers, body } = answer;
    const isFile = typeof entry !== 'function';
    if (isFile && !encoded.has(path)) encoded.set(path, compress(body));
    const sent = isFile ? encoded.get(path) : Buffer.from(body);
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': sent.length,
      ...(isFile && { 'Content-Encoding': 'gzip' }),
      ...headers,
    });
    response.end(sent);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function compress(body) {
  return gzipSync(body, { level: constants.Z_BEST_COMPRESSION });
}

async function plain(request) {
  const { method, url, headers } = request;
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return { method, url, headers, body: Buffer.concat(chunks).toString() };
}
