/**
 * Asks for every page elsewhere that the documentation and the demo link to: `npm run links`. Fails
 * where one is gone, or its host is. What a server answers else says nothing of the link, such as that
 * it wants no programs, or is down: that is told, and is no failure, unless nothing was reached at all.
 */
import { parseArgs } from 'node:util';
import { isExternal, linksOf, repositoryFiles } from './links.mjs';

const { values } = parseArgs({
  options: {
    timeout: { type: 'string', default: '20000' },
    delay: { type: 'string', default: '3000' },
  },
});
/** Milliseconds for one answer, and between two tries. */
const [TIMEOUT, DELAY] = [Number(values.timeout), Number(values.delay)];

const TRIES = 3;
/** Hosts that are asked at a time, each for one page after another. */
const HOSTS_AT_A_TIME = 4;

/** @typedef {{ kind: 'ok' | 'gone' | 'unsure', says: string }} Result */

const links = repositoryFiles().filter(isChecked).flatMap(linksOf);
const external = links.filter(({ target }) => isExternal(target));
/** Where each address is linked from. */
const places = groupBy(external, ({ target }) => withoutAnchor(target));
const hosts = [...groupBy(places.keys(), hostOf).values()];
const total = { ok: 0, gone: 0, unsure: 0 };
await Promise.all(Array.from({ length: HOSTS_AT_A_TIME }, checkHosts));

console.log(`${total.ok} there, ${total.gone} gone, ${total.unsure} not sure`);
const reachedNone = places.size > 0 && total.ok + total.gone === 0;
process.exitCode = total.gone > 0 || reachedNone ? 1 : 0;

/** @param {string} file */
function isChecked(file) {
  return file.endsWith('.md') || /^demo\/.*\.html$/.test(file);
}

/**
 * @template T
 * @param {Iterable<T>} things
 * @param {(thing: T) => string} keyOf
 */
function groupBy(things, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const thing of things) {
    const key = keyOf(thing);
    groups.set(key, [...(groups.get(key) ?? []), thing]);
  }
  return groups;
}

/**
 * What is behind `#` is never sent.
 *
 * @param {string} url
 */
function withoutAnchor(url) {
  return url.replace(/#.*/, '');
}

/** @param {string} url */
function hostOf(url) {
  return URL.canParse(url) ? new URL(url).host : '';
}

async function checkHosts() {
  for (let urls = hosts.shift(); urls; urls = hosts.shift()) {
    for (const url of urls) report(url, await check(url));
  }
}

/**
 * @param {string} url
 * @param {Result} result
 */
function report(url, { kind, says }) {
  total[kind]++;
  const linkedFrom = (places.get(url) ?? []).map(({ file, line }) => `${file}:${line}`);
  console.log(`${kind.padEnd(6)} ${url} (${says}), in ${linkedFrom.join(', ')}`);
}

/**
 * @param {string} url
 * @returns {Promise<Result>}
 */
async function check(url) {
  let result = await ask(url);
  for (let tries = 1; tries < TRIES && result.kind === 'unsure'; tries++) {
    await new Promise((resolve) => setTimeout(resolve, DELAY));
    result = await ask(url);
  }
  return result;
}

/**
 * Many servers answer HEAD wrongly; GET is what a reader's browser asks.
 *
 * @param {string} url
 * @returns {Promise<Result>}
 */
async function ask(url) {
  const head = await answerTo(url, 'HEAD');
  return head.kind === 'ok' ? head : answerTo(url, 'GET');
}

/**
 * @param {string} url
 * @param {string} method
 * @returns {Promise<Result>}
 */
async function answerTo(url, method) {
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const headers = { 'user-agent': 'didit-verify-links', accept: 'text/html,*/*' };
    const response = await fetch(url, { method, headers, signal });
    await response.body?.cancel();
    const says = response.redirected
      ? `${response.status}, at ${response.url}`
      : `${response.status}`;
    return { kind: kindOf(response), says };
  } catch (error) {
    const { code, message } = error.cause ?? error;
    const isWrong = code === 'ENOTFOUND' || !URL.canParse(url);
    const says = typeof code === 'string' ? code : message;
    return { kind: isWrong ? 'gone' : 'unsure', says };
  }
}

/** @param {Response} response */
function kindOf({ ok, status }) {
  if (ok) return 'ok';
  return status === 404 || status === 410 ? 'gone' : 'unsure';
}
