import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { canonicalForms } from '../../src/server/canonical-json.js';
import { signWebhook, type ErrorBody } from '../../src/server/index.js';
import { WebhookSignature } from '../../src/server/webhook-signature.js';
import {
  AUTHORIZE_URL,
  clock,
  type Differing,
  fakeDidit,
  numberedSessions,
  options,
  pageRequest,
  recordedLog,
  SESSION_BODY,
  SESSION_ID,
  SITE,
  statusRequest,
  upstream,
  VENDOR_DATA,
  VERIFICATION,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';
import { sharedStore } from './stores.js';

const WEBHOOK_SECRET = 'secret-of-the-webhook';
const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

/** What is read away at the most of a body that is refused. */
const READ_AWAY = 8 * MEGABYTE;

/** By so much it may be more: what is read is read in blocks. */
const MARGIN = 100 * KILOBYTE;

function site(differing: Differing = {}, didit = fakeDidit({ session: numberedSessions() })) {
  const { events, log } = recordedLog();
  const { now, pass } = clock();
  const parts = createDidit(
    options({
      ...VERIFICATION,
      webhookSecrets: [WEBHOOK_SECRET],
      fetch: didit.fetch,
      allowedOrigins: ['https://shop.example'],
      log,
      now,
      ...differing,
    }),
  );
  return { ...parts, events, didit, now, pass };
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as ErrorBody).code;
}

/** What is sent again and again. */
const BLOCK = new Uint8Array(16 * KILOBYTE).fill(0x20);

/** A body that never ends, and how much of it was read; calls a function for each megabyte. */
function endless(onMegabyte = () => {}) {
  const read = { bytes: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        read.bytes += BLOCK.length;
        if (read.bytes % MEGABYTE === 0) onMegabyte();
        // Each in memory of its own: who keeps them is seen to.
        controller.enqueue(BLOCK.slice());
      },
    },
    { highWaterMark: 0 },
  );
  return { body, read };
}

function posted(body: BodyInit, headers: Record<string, string> = {}): Request {
  const all = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', ...headers };
  const init = { method: 'POST', headers: all, body, duplex: 'half' };
  return new Request(`${SITE}/didit`, init);
}

/**
 * The most that buffers took while something ran, in bytes more than before. What leaves timers no turn
 * has to call `look` itself.
 */
async function peakOf(run: (look: () => void) => Promise<void>): Promise<number> {
  const held = () => process.memoryUsage().arrayBuffers;
  const before = held();
  let peak = before;
  const look = () => void (peak = Math.max(peak, held()));
  const watch = setInterval(look, 1);
  try {
    await run(look);
  } finally {
    clearInterval(watch);
  }
  look();
  return peak - before;
}

describe('a body without an end', () => {
  it('is refused, and no more of it is read than is read away', async () => {
    const { session } = site();
    const { body, read } = endless();
    const response = await session(posted(body));
    assert.equal(response.status, 413);
    assert.equal(await codeOf(response), 'too-large');
    assert.ok(read.bytes <= READ_AWAY + MARGIN, `${read.bytes} bytes`);
  });

  it('is not kept: fifty of them take less than what is read of them', async (test) => {
    const { session } = site();
    const peak = await peakOf(async (look) => {
      const answers = Array.from({ length: 50 }, () => session(posted(endless(look).body)));
      for (const response of await Promise.all(answers)) assert.equal(response.status, 413);
    });
    test.diagnostic(`at most ${peak} bytes for fifty of them`);
    // What nobody holds on to is there until it is collected.
    assert.ok(peak < 25 * READ_AWAY, `${peak} bytes`);
  });

  it('is refused where it is a webhook’s, after a megabyte of it', async () => {
    const { webhook, now } = site();
    const { body, read } = endless();
    const headers = { 'X-Timestamp': String(Math.floor(now() / 1000)) };
    assert.equal((await webhook(posted(body, headers))).status, 413);
    assert.ok(read.bytes <= MEGABYTE + READ_AWAY + MARGIN, `${read.bytes} bytes`);
  });

  it('is not read as a body for somebody who is nobody', async () => {
    const { session } = site({ getUser: () => null });
    const { body, read } = endless();
    assert.equal((await session(posted(body))).status, 401);
    assert.ok(read.bytes <= READ_AWAY + MARGIN, `${read.bytes} bytes`);
  });

  it('is not believed to be short', async () => {
    const { session } = site();
    for (const told of ['1', '-1', 'x', '1e9', '16385', '0x10', '99999999999999999999']) {
      const response = await session(posted(' '.repeat(20_000), { 'Content-Length': told }));
      assert.equal(response.status, 413, told);
    }
  });
});

/** So deep that what goes down by calls of itself comes to the end of the stack. */
const LEVELS = 50_000;
const deepList = '['.repeat(LEVELS) + ']'.repeat(LEVELS);
const deepObject = '{"a":'.repeat(LEVELS) + '1' + '}'.repeat(LEVELS);

function written(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'Content-Type': 'application/json' } });
}

describe('JSON of 50,000 levels', () => {
  for (const [what, deep] of Object.entries({ lists: deepList, objects: deepObject })) {
    it(`of a page is too large, and as deep as it may be it is no scope: ${what}`, async () => {
      const { session } = site();
      assert.equal((await session(pageRequest(deep))).status, 413);
      const levels = 2600;
      const most = what === 'lists' ? '['.repeat(levels) : '{"a":'.repeat(levels) + '1';
      const closed = most + (what === 'lists' ? ']' : '}').repeat(levels);
      assert.equal((await session(pageRequest(`{"x":${closed}}`))).status, 201);
      assert.equal((await session(pageRequest(`{"scope":${closed}}`))).status, 400);
    });

    it(`of Didit’s session, token, decision and error is an answer like any other: ${what}`, async () => {
      const whole = (body: object) => `${JSON.stringify(body).slice(0, -1)},"deep":${deep}}`;
      const approved = { session_id: SESSION_ID, status: 'Approved', vendor_data: VENDOR_DATA };
      const didit = fakeDidit({
        session: () => written(whole(SESSION_BODY), 201),
        decision: () => written(whole(approved)),
      });
      const { session, pass, events } = site({}, didit);
      const created = await session(pageRequest());
      assert.equal(created.status, 201);
      const { status_url } = (await created.json()) as { status_url: string };
      pass(2);
      assert.deepEqual(await (await session(statusRequest(status_url))).json(), {
        status: 'Approved',
      });
      for (const status of [400, 429, 500]) {
        const failing = fakeDidit({ session: () => written(deep, status) });
        const response = await site({}, failing).session(pageRequest());
        assert.ok([502, 503].includes(response.status), `${response.status}`);
      }
      assert.ok(!events.some(({ type }) => type.includes('failed')), JSON.stringify(events));
    });

    it(`of a webhook is taken up by the signature of its bytes alone: ${what}`, async () => {
      const { webhook, now, didit, events } = site();
      didit.people.set(SESSION_ID, VENDOR_DATA);
      didit.set('In Progress');
      const event = { session_id: SESSION_ID, status: 'In Progress' };
      const { body, ...rest } = await signWebhook(event, WEBHOOK_SECRET, now());
      const deepBody = `${body.slice(0, -1)},"deep":${deep}}`;
      const key = await crypto.subtle.importKey(
        'raw',
        new TextEncoder().encode(WEBHOOK_SECRET),
        { name: 'HMAC', hash: 'SHA-256' },
        false,
        ['sign'],
      );
      const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(deepBody));
      const hex = Buffer.from(signature).toString('hex');
      const { 'X-Timestamp': timestamp = '' } = rest.headers;
      const send = (headers: Record<string, string>) =>
        webhook(
          new Request(`${SITE}/webhook`, {
            method: 'POST',
            headers: { 'X-Timestamp': timestamp, ...headers },
            body: deepBody,
          }),
        );
      assert.equal((await send({ 'X-Signature': hex })).status, 200);
      assert.equal((await send({ 'X-Signature-V2': hex })).status, 401);
      assert.ok(!events.some(({ type }) => type === 'internal.failed'), JSON.stringify(events));
    });
  }

  it('of a site’s own fields is told as a failure of that function', async () => {
    const { session, events } = site({
      sessionFields: () => ({ metadata: JSON.parse(deepObject) as object }),
    });
    assert.equal((await session(pageRequest())).status, 500);
    assert.ok(
      events.some((event) => event.type === 'hook.failed' && event.hook === 'sessionFields'),
    );
  });
});

describe('whatever else is too long', () => {
  const long = 'x'.repeat(MEGABYTE);
  const cases: [what: string, request: () => Request, status: number][] = [
    ['an idempotency key', () => pageRequest({}, { 'Idempotency-Key': long }), 400],
    ['a handle', () => statusRequest(`?session=${long}`), 404],
    ['a handle of a stream', () => statusRequest(`?session=${long}&events`), 404],
    ['a query', () => statusRequest(`?${'a=b&'.repeat(100_000)}`), 404],
    [
      'an origin',
      () => new Request(`${SITE}/didit`, { headers: { Origin: `https://${long}` } }),
      403,
    ],
    [
      'a type of the body',
      () => pageRequest({}, { 'Content-Type': `application/json${long}` }),
      415,
    ],
    ['a scope', () => pageRequest({ scope: 'y'.repeat(16_000) }), 400],
    ['a method', () => new Request(`${SITE}/didit`, { method: 'X'.repeat(MEGABYTE) }), 405],
  ];
  for (const [what, request, status] of cases) {
    it(`is ${status} where it is ${what}`, async () => {
      const { session, didit } = site();
      const response = await session(request());
      assert.equal(response.status, status);
      const text = await response.text();
      assert.ok(text.length < KILOBYTE, text.slice(0, KILOBYTE));
      assert.equal(didit.calls.length, 0);
    });
  }

  it('is allowed to a preflight that asks for many headers, in no time', async () => {
    const { session } = site();
    for (const [asked, isTold] of [
      ['a,'.repeat(5000) + 'a', true],
      [`a${' \t'.repeat(50_000)}b`, false],
      ['a' + ' , '.repeat(50_000), false],
    ] as const) {
      const headers = { Origin: 'https://shop.example', 'Access-Control-Request-Headers': asked };
      const request = new Request(`${SITE}/didit`, { method: 'OPTIONS', headers });
      let response = new Response();
      const ms = await cpuOf(async () => (response = await session(request)));
      assert.equal(response.status, 204);
      assert.equal(response.headers.has('Access-Control-Allow-Headers'), isTold);
      // A pattern that goes back again and again would take many seconds.
      assert.ok(ms < 1000, `${ms} ms`);
    }
  });
});

describe('an answer of Didit that is too long', () => {
  const SIZE = 100 * MEGABYTE;

  it('is not read where it is told that it is 100 MB', async (test) => {
    let sent = 0;
    const { url } = await upstream(test, {
      session: (_, response) => {
        response.writeHead(201, { 'Content-Length': String(SIZE) });
        const more = () => {
          if (response.destroyed) return;
          sent += BLOCK.length;
          response.write(BLOCK, () => setImmediate(more));
        };
        more();
      },
    });
    const { session, events } = site({ apiUrl: url, fetch: globalThis.fetch });
    const peak = await peakOf(async () => {
      assert.equal((await session(pageRequest())).status, 502);
    });
    test.diagnostic(`${sent} bytes sent, ${peak} held`);
    assert.ok(peak < 16 * MEGABYTE, `${peak} bytes`);
    // What is on its way is in the buffers of two systems.
    assert.ok(sent < SIZE / 2, `${sent} bytes`);
    assert.equal(events[0]?.type, 'upstream.failed');
  });

  it('is not unpacked beyond 4 MB where it is packed', async (test) => {
    const bomb = gzipSync(Buffer.alloc(SIZE, 0x20));
    const { url } = await upstream(test, {
      session: (_, response) => {
        response.writeHead(201, { 'Content-Encoding': 'gzip', 'Content-Length': bomb.length });
        response.end(bomb);
      },
    });
    const { session, events } = site({ apiUrl: url, fetch: globalThis.fetch });
    const peak = await peakOf(async () => {
      assert.equal((await session(pageRequest())).status, 502);
    });
    test.diagnostic(`${bomb.length} bytes packed, ${peak} held`);
    assert.ok(peak < 32 * MEGABYTE, `${peak} bytes`);
    const [failed] = events;
    assert.ok(failed?.type === 'upstream.failed', failed?.type);
    assert.equal(failed.reason, 'invalid-answer');
  });

  it('is no answer where its headers are', async (test) => {
    const { url } = await upstream(test, {
      session: (_, response) => {
        response.writeHead(201, { 'X-Long': 'x'.repeat(MEGABYTE) });
        response.end(JSON.stringify(SESSION_BODY));
      },
    });
    const { session, events } = site({ apiUrl: url, fetch: globalThis.fetch });
    assert.equal((await session(pageRequest())).status, 502);
    const [failed] = events;
    assert.ok(failed?.type === 'upstream.failed', failed?.type);
    assert.equal(failed.reason, 'unreachable');
  });
});

describe('what a store has that is not as it was written', () => {
  const items: [
    what: string,
    change: (item: Record<string, unknown>) => unknown,
    heard?: string,
  ][] = [
    ['10 MB of text', () => 'x'.repeat(10 * MEGABYTE)],
    ['50,000 levels', () => deepList],
    ['half of itself', (item) => JSON.stringify(item).slice(0, 40)],
    ['a number', () => '17'],
    ['nothing', () => ''],
    ['a status of a megabyte', (item) => ({ ...item, status: 'x'.repeat(MEGABYTE) })],
    [
      'a million keys of webhooks',
      (item) => ({ ...item, webhooks: { at: 9e15, keys: Array<string>(1_000_000).fill('k') } }),
      // Where webhooks tell of each change, Didit is asked more rarely.
      'Not Started',
    ],
    [
      'another’s session',
      (item) => ({ ...item, vendorData: 'eve', status: 'Approved', over: true }),
    ],
    ['times without an end', (item) => ({ ...item, changedAt: 'Infinity', asOf: null })],
    ['no webhooks', (item) => ({ ...item, webhooks: null })],
    [
      'a decision of no stage',
      (item) => ({ ...item, decided: { stage: 'x', status: 'Approved' } }),
    ],
    ['a list', (item) => [item]],
  ];
  for (const [what, change, heard = 'In Progress'] of items) {
    it(`changes nothing that a page hears: ${what}`, async () => {
      const store = sharedStore();
      const { session, pass, events, didit } = site({
        storage: store.storage,
        sessionLifetime: 600,
      });
      didit.set('In Progress', 'session-1');
      const created = await session(pageRequest({}, { 'Idempotency-Key': 'key' }));
      const { status_url } = (await created.json()) as { status_url: string };
      const keys = store.keys();
      assert.equal(keys.length, 3, keys.join());
      for (const key of keys) {
        const changed = change(store.item(key) as unknown as Record<string, unknown>);
        store.items.set(key, typeof changed === 'string' ? changed : JSON.stringify(changed));
      }
      pass(2);
      const read = await session(statusRequest(status_url));
      assert.deepEqual(await read.json(), { status: heard });
      const again = await session(pageRequest({}, { 'Idempotency-Key': 'key' }));
      assert.equal(again.status, 201);
      assert.ok(!events.some(({ type }) => type === 'internal.failed'), JSON.stringify(events));
    });
  }
});

/** A megabyte each, of whatever takes long to be written in its canonical form. */
function costly(): Record<string, string> {
  const list = (item: string) => `[${`${item},`.repeat(Math.floor(1e6 / (item.length + 1)) - 2)}1]`;
  const members = (count: number, width: number) => {
    const keys = Array.from({ length: count }, (_, index) => (index * 7919) % count);
    return `{${keys.map((key) => `"${'x'.repeat(width)}${key}":1`).join(',')}}`;
  };
  return {
    'one number': `[${'9'.repeat(1e6)}]`,
    'many keys': members(70_000, 1),
    'long keys': members(5000, 190),
    numbers: list('1'),
    floats: list('1.5e300'),
    'whole floats': list('1e300'),
    texts: list('""'),
    objects: list('{}'),
    'one text': JSON.stringify('é'.repeat(5e5)),
    levels: '['.repeat(5e5) + ']'.repeat(5e5),
  };
}

/** CPU time of this process alone, whatever else the machine does, in milliseconds. */
async function cpuOf(run: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

describe('a webhook that nobody has signed', () => {
  it('costs little more than to be read, whatever is in it', async (test) => {
    const signature = new WebhookSignature([WEBHOOK_SECRET]);
    const headers = new Headers({ 'X-Signature-V2': 'a'.repeat(64) });
    const bodies = Object.values(costly());
    const all = (one: (body: string) => unknown) => async () => {
      for (const body of bodies) await one(body);
    };
    const read = all((body) => {
      for (let time = 0; time < 3; time++) JSON.parse(body);
    });
    const check = all(async (body) => {
      assert.equal(await signature.check(headers, new TextEncoder().encode(body)), null);
    });
    await check();
    const [reading, checking] = [await cpuOf(read), await cpuOf(check)];
    test.diagnostic(
      `${checking.toFixed(0)} ms for ten megabytes, ${reading.toFixed(0)} ms to read`,
    );
    assert.ok(checking < 6 * reading, `${checking} ms, ${reading} ms to read them three times`);
  });

  it('grows by no more than to some multiple of itself', () => {
    for (const [what, body] of Object.entries(costly())) {
      let length = 0;
      try {
        for (const form of canonicalForms(body)) length += form.length;
      } catch (error) {
        assert.ok(error instanceof SyntaxError, `${what}: ${String(error)}`);
      }
      assert.ok(length < 20 * body.length, `${what}: ${length}`);
    }
  });

  it('is still known by a signature where it is as large as webhooks are', () => {
    const images = Array.from({ length: 9000 }, (_, index) => ({ url: AUTHORIZE_URL, index }));
    const body = JSON.stringify(images);
    assert.ok(body.length > 600_000, `${body.length}`);
    assert.equal(canonicalForms(body).length, 1);
    assert.throws(() => canonicalForms(`[${'1,'.repeat(50_001)}1]`), SyntaxError);
  });

  it('is refused by the time it says before any of it is read', async () => {
    const { webhook } = site();
    const { body, read } = endless();
    const response = await webhook(posted(body, { 'X-Timestamp': '1' }));
    assert.equal(response.status, 401);
    assert.ok(read.bytes <= READ_AWAY + MARGIN, `${read.bytes} bytes`);
  });
});
