import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventStreamParser, type StreamMessage } from '../../src/event-stream-parser.js';
import type { Didit, ErrorBody, LogEvent } from '../../src/server/index.js';
import { signWebhook } from '../../src/server/index.js';
import {
  AUTHORIZE_URL,
  clock,
  type Differing,
  fakeDidit,
  json,
  numberedSessions,
  options,
  pageRequest,
  recordedLog,
  send,
  SESSION_BODY,
  SESSION_ID,
  SITE,
  statusRequest,
  upstream,
  VENDOR_DATA,
  VERIFICATION,
} from './helpers.js';
import { isOneLine, LINE_ENDS } from './line-ends.js';
import { createDidit } from './recorded-didit.js';
import { sharedStore } from './stores.js';

const SHOP = 'https://shop.example';
const WEBHOOK_SECRET = 'secret-of-the-webhook';

/** What an attacker would have in the answer or the log. */
const INJECTED = 'X-Injected: yes';

function site(differing: Differing = {}, didit = fakeDidit()) {
  const { events, log } = recordedLog();
  const { now, pass } = clock();
  const parts = createDidit(
    options({ fetch: didit.fetch, log, now, allowedOrigins: [SHOP], ...differing }),
  );
  return { ...parts, events, didit, now, pass };
}

/**
 * A request whose headers are as they are told, whatever they are: `Headers` of the platform would
 * not take them, and it is not for them alone to see to that.
 */
function looseRequest(request: Request, told: Readonly<Record<string, string>>): Request {
  const headers = {
    get: (name: string) => told[name] ?? request.headers.get(name),
    has: (name: string) => name in told || request.headers.has(name),
  };
  return new Proxy(request, {
    get(target, name) {
      if (name === 'headers') return headers;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Whether an answer has nothing of what was to be injected, and no header of more than a line. */
function assertNotInjected({ headers }: Response): void {
  for (const [name, value] of headers) {
    assert.ok(isOneLine(name + value), `${name}: ${JSON.stringify(value)}`);
    assert.ok(!`${name}: ${value}`.toLowerCase().includes('injected'), `${name}: ${value}`);
  }
}

/** Whether each event is one line, also for who writes its values down as they are. */
function assertOneLineEach(events: readonly LogEvent[]): void {
  for (const event of events) {
    for (const value of Object.values(event)) assert.ok(isOneLine(String(value)), String(value));
  }
}

interface Reflected {
  readonly name: string;
  readonly request: () => Request;
  /** Its value around a line end. */
  readonly value: (lineEnd: string) => string;
}

const preflight = () =>
  new Request(`${SITE}/didit`, { method: 'OPTIONS', headers: { Origin: SHOP } });

/** Each header of a request that has a part in what is answered. */
const REFLECTED: readonly Reflected[] = [
  { name: 'Origin', request: preflight, value: (end) => `${SHOP}${end}${INJECTED}` },
  { name: 'Origin', request: () => pageRequest(), value: (end) => `${SHOP}${end}${INJECTED}` },
  {
    name: 'Access-Control-Request-Headers',
    request: preflight,
    value: (end) => `content-type${end}${INJECTED}`,
  },
  {
    name: 'Access-Control-Request-Headers',
    request: preflight,
    value: (end) => `content-type,${end} x-injected`,
  },
  { name: 'Idempotency-Key', request: () => pageRequest(), value: (end) => `key${end}${INJECTED}` },
  {
    name: 'Content-Type',
    request: () => pageRequest(),
    value: (end) => `text/plain${end}${INJECTED}`,
  },
  { name: 'Sec-Fetch-Site', request: () => pageRequest(), value: (end) => `none${end}${INJECTED}` },
  { name: 'Host', request: () => pageRequest(), value: (end) => `site.example${end}${INJECTED}` },
];

describe('a line end in a header of a request', () => {
  for (const { name, request, value } of REFLECTED) {
    for (const [what, lineEnd] of Object.entries(LINE_ENDS)) {
      it(`is in no answer and no event: ${what} in ${name} of ${request().method}`, async () => {
        const { session, events } = site();
        const response = await session(looseRequest(request(), { [name]: value(lineEnd) }));
        assertNotInjected(response);
        assert.doesNotMatch(await response.text(), /injected/i);
        assert.ok(!events.some(({ type }) => type === 'internal.failed'), JSON.stringify(events));
        assertOneLineEach(events);
      });
    }
  }
});

describe('a line end in what Didit answers', () => {
  for (const [what, lineEnd] of Object.entries(LINE_ENDS)) {
    it(`is in no header, whatever Retry-After says: ${what}`, async () => {
      for (const [value, told] of [
        ['5', '5'],
        [`5${lineEnd}${INJECTED}`, null],
        [`${lineEnd}5`, null],
        [`5${lineEnd}`, null],
      ] as const) {
        const headers = { get: (name: string) => (name === 'Retry-After' ? value : null) };
        const limited = new Proxy(json({}, 429), {
          get(target, name) {
            if (name === 'headers') return { ...headers, has: () => false };
            return Reflect.get(target, name, target) as unknown;
          },
        });
        const { session } = site({}, fakeDidit({ session: () => limited }));
        const response = await session(pageRequest());
        assert.equal(response.status, 503);
        assert.equal(response.headers.get('Retry-After'), told);
        assertNotInjected(response);
      }
    });

    it(`makes no session of its id: ${what}`, async () => {
      const session_id = `${SESSION_ID}${lineEnd}${INJECTED}`;
      const { session, events } = site(
        {},
        fakeDidit({ session: () => json({ ...SESSION_BODY, session_id }, 201) }),
      );
      const response = await session(pageRequest());
      assert.equal(response.status, 502);
      assert.doesNotMatch(await response.text(), /injected/i);
      assertOneLineEach(events);
    });

    it(`is not heard by a page as a status, nor logged: ${what}`, async () => {
      const status = `In Progress${lineEnd}event: status`;
      const didit = fakeDidit({
        session: () => json({ ...SESSION_BODY, status }, 201),
        decision: () => json({ session_id: SESSION_ID, status, vendor_data: VENDOR_DATA }),
      });
      const { session, events, pass } = site(VERIFICATION, didit);
      const created = await session(pageRequest());
      const body = (await created.json()) as { status: string; status_url: string };
      assert.equal(body.status, 'Not Started');
      pass(2);
      const read = await session(statusRequest(body.status_url));
      assert.equal(read.status, 502);
      assert.equal(((await read.json()) as ErrorBody).code, 'upstream-refused');
      assertOneLineEach(events);
    });

    it(`makes no webhook of a status or id: ${what}`, async () => {
      const { webhook, events, now } = site({ ...VERIFICATION, webhookSecrets: [WEBHOOK_SECRET] });
      for (const event of [
        { session_id: SESSION_ID, status: `Approved${lineEnd}` },
        { session_id: `${SESSION_ID}${lineEnd}`, status: 'Approved' },
      ]) {
        const signed = await signWebhook(event, WEBHOOK_SECRET, now());
        assert.equal((await webhook(new Request(`${SITE}/webhook`, signed))).status, 400);
      }
      assertOneLineEach(events);
    });

    it(`is not taken over from a store: ${what}`, async () => {
      const store = sharedStore();
      const { session, events, pass, didit, now } = site({
        ...VERIFICATION,
        storage: store.storage,
      });
      didit.set('Not Started');
      const created = await session(pageRequest());
      const { status_url } = (await created.json()) as { status_url: string };
      const [key = ''] = store.keys();
      const kept = store.item(key)!;
      const changed = { ...kept, status: `Approved${lineEnd}`, changedAt: now() + 500 };
      store.items.set(key, JSON.stringify(changed));
      pass(1);
      const read = await session(statusRequest(status_url));
      assert.deepEqual(await read.json(), { status: 'Not Started' });
      assertOneLineEach(events);
    });
  }

  it('is in no answer as the text of a status or a header, on the wire', async (test) => {
    const { url } = await upstream(test, {
      session: (_, response) => {
        response.statusMessage = `Injected <script>alert(1)</script>`;
        send(response, 500, `<h1>${INJECTED}</h1>`, {
          'X-Injected': 'yes',
          'Set-Cookie': 'injected=yes',
          'Access-Control-Allow-Origin': 'https://injected.example',
        });
      },
    });
    const { session, events } = site({ apiUrl: url, fetch: globalThis.fetch });
    const response = await session(pageRequest());
    assert.equal(response.status, 502);
    assert.equal(response.statusText, '');
    assertNotInjected(response);
    assert.doesNotMatch((await response.text()) + JSON.stringify(events), /injected/i);
  });
});

describe('what the functions of a site say', () => {
  for (const [what, lineEnd] of Object.entries(LINE_ENDS)) {
    it(`is one line of the log, whatever an error is called: ${what}`, async () => {
      const getUser = () => {
        throw Object.assign(new Error('x'), { name: `Error${lineEnd}${INJECTED}` });
      };
      const { session, events } = site({ getUser });
      const response = await session(pageRequest());
      assert.equal(response.status, 500);
      assertNotInjected(response);
      assert.equal(events[0]!.type, 'hook.failed');
      assertOneLineEach(events);
    });

    it(`is in no header and no event, whatever a person is called: ${what}`, async () => {
      const vendorData = `Zoë${lineEnd}${INJECTED}`;
      const didit = fakeDidit({ session: numberedSessions() });
      const { session, events, pass } = site({ getUser: () => ({ vendorData }) }, didit);
      const created = await session(pageRequest());
      assert.equal(created.status, 201);
      assertNotInjected(created);
      const { status_url } = (await created.json()) as { status_url: string };
      pass(2);
      assert.equal((await session(statusRequest(status_url))).status, 200);
      assertOneLineEach(events);
      assert.doesNotMatch(JSON.stringify(events), /injected/i);
    });
  }
});

/** The messages of a stream that Didit's word is told in, until it is told. */
async function heard({ session }: Pick<Didit, 'session'>, url: string, word: string) {
  const response = await session(statusRequest(url));
  const parser = new EventStreamParser();
  const messages: StreamMessage[] = [];
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    messages.push(...parser.push(text));
    if (messages.some(({ data }) => (JSON.parse(data) as { status: string }).status === word))
      break;
  }
  return { messages, retry: parser.retry };
}

describe('a stream of events', () => {
  const WORDS = [
    'data: x',
    'event: error',
    'retry: 1',
    'id: 7',
    ': nothing',
    '"}',
    '\\n\\ndata: {"status":"Approved"}',
    '</script>',
    '\ud800',
    '💥',
    '\u00a0',
    '\ufeff',
  ];
  for (const word of WORDS) {
    it(`has one message for each word of Didit’s: ${JSON.stringify(word)}`, async () => {
      const didit = fakeDidit({ session: () => json({ ...SESSION_BODY, status: word }, 201) });
      const parts = site({ ...VERIFICATION, now: Date.now }, didit);
      const created = await parts.session(pageRequest());
      const { events_url, url } = (await created.json()) as { events_url: string; url: string };
      assert.equal(url, AUTHORIZE_URL);
      const { messages, retry } = await heard(parts, events_url, word);
      assert.deepEqual(messages, [{ event: 'status', data: JSON.stringify({ status: word }) }]);
      assert.equal(retry, null);
    });
  }
});

describe('the query of a create', () => {
  for (const [what, lineEnd] of Object.entries(LINE_ENDS)) {
    it(`comes back as a query alone: ${what}`, async () => {
      const { session } = site();
      const query = new URLSearchParams({ [`a${lineEnd}b`]: `c${lineEnd}${INJECTED}`, '"': '<' });
      const { method, headers } = pageRequest();
      const request = new Request(`${SITE}/didit?${query}`, { method, headers, body: '{}' });
      const response = await session(request);
      assertNotInjected(response);
      const { status_url } = (await response.json()) as { status_url: string };
      assert.match(status_url, /^\?[\w%+.*=&-]+$/);
    });
  }
});
