import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEvent } from '../../src/server/index.js';
import { payloads } from '../e2e/hostile-corpus.js';
import { createDidit } from './recorded-didit.js';
import { options, SESSION_BODY, SITE, TOKEN_BODY, VERIFICATION } from './helpers.js';

/** Shorter ones are in any answer. */
const texts = payloads.filter((text) => text.length > 10);

/** As much of a text as a header can have (RFC 9110, 5.5). */
const headerOf = (text: string) => text.replace(/[^\x20-\x7e\x80-\xff]/g, '?');

/** What comes of a request; a good one has the text only where nothing has to be refused for it. */
const REQUESTS = [
  { method: 'POST', isGood: false, status: 400 },
  { method: 'POST', isGood: true, status: 201 },
  { method: 'GET', isGood: false, status: 404 },
  { method: 'OPTIONS', isGood: false, status: 204 },
  { method: 'PUT', isGood: false, status: 405 },
];

/** A request that has the text wherever a page, or anybody else, can put one. */
function requestWith(text: string, method: string, isGood: boolean): Request {
  const query = new URLSearchParams({ session: text, events: text, [text]: text });
  const headers = {
    'Content-Type': 'application/json',
    Accept: headerOf(text),
    ...(isGood ? {} : { 'Idempotency-Key': headerOf(text) }),
    'Accept-Language': headerOf(text),
    'X-Forwarded-Host': headerOf(text),
    Origin: headerOf(text),
    'Access-Control-Request-Headers': headerOf(text),
    'Access-Control-Request-Method': headerOf(text),
    // Else a foreign origin is all that is looked at.
    'Sec-Fetch-Site': 'same-origin',
  };
  const scope = isGood ? 'names' : text;
  const body = JSON.stringify({ scope, vendor_data: text, url: text, [text]: text });
  const url = `${SITE}/api/didit/session${method === 'POST' ? '' : `?${query}`}`;
  return new Request(url, { method, headers, body: method === 'POST' ? body : null });
}

/** What the page is answered to what Didit answers, where that is no 502. */
const STATUSES: Record<string, number> = { 'its headers': 503, 'what else it says': 201 };

/** All of an answer that a browser sees. */
async function seen(response: Response): Promise<string> {
  return JSON.stringify([...response.headers]) + (await response.text());
}

/** A text as it is, and as headers, JSON and queries spell it. */
function isIn(whole: string, text: string): boolean {
  const plain = [text, headerOf(text).replace(/^ +| +$/g, '')];
  const quoted = plain.map((one) => JSON.stringify(one).slice(1, -1));
  const encoded = text.isWellFormed() ? [encodeURIComponent(text)] : [];
  const query = String(new URLSearchParams({ q: text })).slice('q='.length);
  return [...plain, ...quoted, ...encoded, query].some((one) => whole.includes(one));
}

describe('a published corpus of hostile texts, at the server part', () => {
  it('is seen where it does come back', async () => {
    for (const text of texts) {
      const query = String(new URLSearchParams({ session: text }));
      const echoes = {
        JSON: Response.json({ message: `No ${text}.` }),
        header: new Response(null, { headers: { Location: headerOf(text) } }),
        query: new Response(null, { headers: { Location: `/?${query}` } }),
      };
      for (const [where, echo] of Object.entries(echoes)) {
        assert.ok(isIn(await seen(echo), text), `${where}: ${text}`);
      }
    }
  });

  for (const { method, isGood, status } of REQUESTS) {
    it(`${method}, ${status}: nothing of a request comes back, or is logged`, async () => {
      const events: LogEvent[] = [];
      const fetch = async (url: URL | RequestInfo) =>
        new Request(url).url.includes('token')
          ? Response.json(TOKEN_BODY)
          : Response.json(SESSION_BODY, { status: 201 });
      const didit = createDidit({
        ...options({ fetch }),
        allowedScopes: ['names'],
        limit: () => true,
        log: (event) => void events.push(event),
      });
      for (const text of texts) {
        const response = await didit.session(requestWith(text, method, isGood));
        const whole = await seen(response);
        assert.equal(response.status, status, `${text}: ${whole}`);
        assert.ok(!isIn(whole, text), `${text} is in ${whole}`);
        assert.ok(!isIn(JSON.stringify(events.splice(0)), text), `${text} is logged`);
      }
      didit.close();
    });
  }

  const answers: Record<string, (text: string) => Response> = {
    'a refusal': (text) => Response.json({ message: text, detail: text }, { status: 400 }),
    'an outage': (text) => new Response(text, { status: 503 }),
    'a page': (text) => new Response(text, { headers: { 'Content-Type': 'text/html' } }),
    'its id': (text) => Response.json({ ...SESSION_BODY, session_id: text }, { status: 201 }),
    'its headers': (text) =>
      new Response(null, {
        status: 429,
        headers: { 'Retry-After': headerOf(text), 'Set-Cookie': headerOf(text) },
      }),
    'what else it says': (text) =>
      Response.json({ ...SESSION_BODY, [text]: text, vendor_data: text }, { status: 201 }),
  };
  for (const [what, answer] of Object.entries(answers)) {
    // What looks like an id is one.
    const own = what === 'its id' ? texts.filter((text) => !/^[\w-]+$/.test(text)) : texts;
    it(`${what} of Didit’s: nothing of it comes to the page, or is logged`, async () => {
      for (const text of own) {
        const events: LogEvent[] = [];
        const didit = createDidit({
          ...options({ ...VERIFICATION, fetch: async () => answer(text) }),
          log: (event) => void events.push(event),
        });
        const headers = { 'Content-Type': 'application/json', Origin: SITE };
        const request = new Request(SITE, { method: 'POST', headers, body: '{}' });
        const response = await didit.session(request);
        const whole = await seen(response);
        assert.equal(response.status, STATUSES[what] ?? 502, `${text}: ${whole}`);
        assert.ok(!isIn(whole, text), `${text} is in ${whole}`);
        assert.ok(!isIn(JSON.stringify(events), text), `${text} is logged`);
        didit.close();
      }
    });
  }
});
