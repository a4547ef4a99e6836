import { setTimeout as wait } from 'node:timers/promises';
import { preciseNow } from './precise-now.mjs';

/** What has not come after so long does not come. */
const PATIENCE_MS = 15_000;

/** Decisions come at all points of a second's look, and of a poll's pause, alike. */
const SPREAD_MS = 2000;

/**
 * Milliseconds from a decision to whoever waits for it, of so many sessions, one after the other; null
 * where the first of them never heard.
 */
export async function delaysOf(site, count, measure) {
  const delays = [];
  for (let index = 0; index < count; index++) {
    const delay = await measure(site, ((index + 0.5) / count) * SPREAD_MS);
    if (delay === null && index > 0) throw new Error('A session was not heard of.');
    if (delay === null) return null;
    delays.push(delay);
  }
  return delays.sort((a, b) => a - b);
}

/** A plain reader of the stream, in this process. */
export async function onTheWire({ endpoint, decide }, pause) {
  const created = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const { session_id, events_url } = await created.json();
  const ending = new AbortController();
  const { body } = await fetch(new URL(events_url, endpoint), { signal: ending.signal });
  const messages = body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  await messages.next();
  await wait(pause);
  const told = within(messages.next().then(({ value }) => ({ value, at: preciseNow() })));
  const knownAt = await decide(session_id);
  const message = await told;
  ending.abort();
  return message?.value.includes('"confirmed"') ? message.at - knownAt : null;
}

/** The element on a page of its own, in a browser; `end`: the site's way to end a session. */
export function inPagesOf(browser, end) {
  return async (site, pause) => {
    const { url, polls } = site;
    const page = await browser.newPage();
    try {
      const asked = within(polls.next());
      await page.goto(url);
      const created = await valueIn(page, 'created');
      if (!created || (await asked) === null) return null;
      await wait(pause);
      const endedAt = await site[end](created.sessionId);
      const completed = await valueIn(page, 'completed');
      return completed && completed.at - endedAt;
    } finally {
      await page.close();
    }
  };
}

/** What a promise of the page gives, or null if it takes too long. */
function valueIn(page, name) {
  return within(page.evaluate((global) => globalThis[global], name));
}

/** What a promise gives, or null if it takes too long. */
async function within(promise) {
  const ended = new AbortController();
  try {
    return await Promise.race([promise, wait(PATIENCE_MS, null, ended)]);
  } finally {
    ended.abort();
  }
}
