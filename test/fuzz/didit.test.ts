import fc, { type Arbitrary } from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { stageOf } from '../../src/didit-status.js';
import { createDidit, type DiditSettings } from '../../src/server/index.js';
import {
  DIDIT_TEXT,
  fakeDidit,
  numberedSessions,
  options,
  PRIVATE,
  recordedLog,
  SESSION_BODY,
  SITE,
  VENDOR_DATA,
  VERIFICATION,
} from '../server/helpers.js';
import { judge } from './answer-of-table.js';
import { changedBy, changes, hostileHeader, hostileJson, hostileText } from './hostile.js';
import { property } from './property.js';

const PATH = '/api/didit/session';
const ALLOWED_ORIGIN = 'https://shop.example';
const STRANGER = 'https://evil.example';
const PAGE = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };

/** What a handle or a token would show of a session. */
const TOKEN = /token-\d/;

type Site = ReturnType<typeof site>;
type Fakes = Parameters<typeof fakeDidit>[0];

/** An empty header is nobody's name. */
function personOf(headers: Headers): string {
  const person = headers.get('Person') ?? '';
  return person === '' ? VENDOR_DATA : person;
}

/** A site before a Didit that is played; the person is named by a header. */
function site(fakes: Fakes = {}, differing: Partial<DiditSettings> = {}, credentials = {}) {
  const didit = fakeDidit({ session: numberedSessions(), ...fakes });
  const { log, events } = recordedLog();
  const { session, close } = createDidit(
    options({
      scope: 'names email',
      allowedOrigins: [ALLOWED_ORIGIN],
      getUser: ({ headers }) => (headers.has('Nobody') ? null : { vendorData: personOf(headers) }),
      limit: () => true,
      fetch: didit.fetch,
      log,
      ...differing,
      ...credentials,
    }),
  );
  /** An answer that is one of the table, with nothing private in it or in the log. */
  const send = async (query: string, init: RequestInit) => {
    const request = new Request(new URL(query, SITE + PATH), init);
    const answer = await judge(await session(request));
    const logged = JSON.stringify(events);
    for (const secret of PRIVATE) assert.ok(!(answer.text + logged).includes(secret), secret);
    assert.doesNotMatch(logged, TOKEN);
    assert.ok(answer.code !== 'internal', logged);
    assert.ok(!/"(internal|hook)\.failed"/.test(logged), logged);
    return answer;
  };
  /** What an answer to a create is asked for by. */
  const create = async (headers: Record<string, string> = {}) => {
    const init = { method: 'POST', headers: { ...PAGE, ...headers }, body: '{}' };
    const { http, body } = await send('', init);
    assert.equal(http, 201);
    return String(body?.status_url);
  };
  return { didit, events, send, create, close };
}

/** Runs with a site that is closed in any case. */
async function within(made: Site, run: (made: Site) => Promise<void>): Promise<void> {
  try {
    await run(made);
  } finally {
    made.close();
  }
}

const NAMES = [
  ...['Content-Type', 'Content-Length', 'Content-Encoding', 'Origin', 'Host', 'Sec-Fetch-Site'],
  ...['Idempotency-Key', 'Accept', 'Cookie', 'Authorization', 'Person', 'X-Forwarded-Host'],
  ...['X-HTTP-Method-Override', 'Access-Control-Request-Headers', 'Access-Control-Request-Method'],
];

const headers: Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.constantFrom<Record<string, string>[]>(PAGE, PAGE, PAGE, {}),
    fc.dictionary(
      fc.constantFrom(...NAMES),
      fc.oneof(
        fc.constantFrom(
          ...[
            'application/json',
            'application/json; charset=utf-8',
            'text/plain',
            'gzip',
            '0',
            '99999',
          ],
          ...[
            'same-origin',
            'same-site',
            'cross-site',
            'none',
            'null',
            SITE,
            ALLOWED_ORIGIN,
            STRANGER,
          ],
          ...[
            'site.example',
            'evil.example',
            'site.example:443',
            'a',
            'Content-Type, X-Token',
            '*',
          ],
        ),
        hostileHeader,
      ),
      { maxKeys: 4, noNullPrototype: true },
    ),
  )
  .map(([usual, other]) => ({ ...usual, ...other }));

const method = fc.constantFrom(
  ...[
    'GET',
    'POST',
    'POST',
    'POST',
    'OPTIONS',
    'HEAD',
    'PUT',
    'DELETE',
    'PATCH',
    'PROPFIND',
    'post',
  ],
);

/** A body that breaks off after some bytes. */
function broken(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.error(new Error('gone'));
    },
  });
}

/** A body, as it can be told when something fails. */
interface Content {
  readonly text?: string;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** Whether it breaks off at its end. */
  readonly breaks?: boolean;
}

const content: Arbitrary<Content> = fc.oneof(
  fc
    .constantFrom('{}', '', '{"scope":"names"}', '{"scope":"names email"}')
    .map((text) => ({ text })),
  hostileJson.map((value) => ({ text: JSON.stringify(value) })),
  hostileJson.map((scope) => ({ text: JSON.stringify({ scope, vendor_data: 'somebody else' }) })),
  changes.map((made) => ({ text: changedBy('{"scope":"names","workflow_id":"x"}', made) })),
  hostileText.map((text) => ({ text })),
  fc.record({ bytes: fc.uint8Array({ maxLength: 20 }), breaks: fc.boolean() }),
  fc.constant({ text: 'x'.repeat(20_000) }),
);

function initOf(method: string, headers: Record<string, string>, { text, bytes, breaks }: Content) {
  if (['GET', 'HEAD'].includes(method)) return { method, headers };
  const body = breaks ? broken(bytes!) : (text ?? bytes);
  return { method, headers, body, duplex: 'half' } as RequestInit;
}

/** `handle` is put in place of one that is good. */
const query = fc.oneof(
  fc.constantFrom(
    ...['', '?session=handle', '?session=handle&events', '?events', '?session', '?session=&events'],
    ...['?session=a&session=handle', '?session=handle&events=0#hash', '//elsewhere?session=handle'],
  ),
  hostileText.map((text) => `?session=${encodeURIComponent(text.toWellFormed())}`),
  hostileText.map((text) => `?${encodeURI(text.toWellFormed())}&session=handle`),
);

const request = fc.record({ method, headers, content, query });

describe('createDidit().session', () => {
  property(
    'answers any requests by its table',
    [fc.array(request, { minLength: 1, maxLength: 3 })],
    (all) =>
      within(site(), async ({ send, create, didit }) => {
        const handle = new URLSearchParams(await create()).get('session')!;
        for (const each of all) {
          const before = didit.count('session');
          const init = initOf(each.method, each.headers, each.content);
          const answer = await send(each.query.replace('=handle', `=${handle}`), init);
          const made = didit.count('session') - before;
          // A key that was there before is answered with the session that it made.
          if (answer.http !== 201) assert.equal(made, 0);
          else assertCreated(each, answer.body!);
        }
      }),
  );

  property(
    'creates nothing for a page of another site',
    [
      content,
      fc.constantFrom('cross-site', 'same-site', null),
      fc.oneof(
        fc.constantFrom(STRANGER, 'null', `${SITE}.evil.example`, 'https://evil.site.example'),
        hostileHeader.filter((origin) => ![SITE, ALLOWED_ORIGIN, ''].includes(origin)),
      ),
    ],
    (sentContent, fetchSite, Origin) =>
      within(site(), async ({ send, didit }) => {
        const told: Record<string, string> = fetchSite ? { 'Sec-Fetch-Site': fetchSite } : {};
        const sent = { 'Content-Type': 'application/json', Origin, ...told };
        const { code } = await send('', initOf('POST', sent, sentContent));
        assert.equal(code, 'forbidden');
        assert.equal(didit.calls.length, 0);
      }),
  );

  property('creates nothing for nobody', [request], (asked) =>
    within(site(), async ({ send, didit }) => {
      const sent = { ...asked.headers, Nobody: 'yes' };
      const init = initOf(asked.method, sent, asked.content);
      const { http, code } = await send(asked.query, init);
      assert.ok(http === 204 || code !== undefined);
      assert.equal(didit.calls.length, 0);
    }),
  );

  property('asks Didit for no more than the site allows', [hostileJson], (scope) =>
    within(site(), async ({ send, didit }) => {
      const { http, code } = await send('', {
        method: 'POST',
        headers: PAGE,
        body: JSON.stringify({ scope, vendor_data: 'somebody else', callback: STRANGER }),
      });
      if (http !== 201) return assert.equal(code, 'bad-request');
      const { scope: asked, ...rest } = JSON.parse(didit.calls.at(-1)!.body) as { scope: string };
      assert.deepEqual(rest, { vendor_data: VENDOR_DATA });
      assert.ok(
        asked.split(' ').every((each) => ['names', 'email'].includes(each)),
        asked,
      );
    }),
  );

  property(
    'answers 404 for a handle that was changed, and for another person',
    [changes, fc.boolean(), hostileHeader.filter((text) => text !== '')],
    (made, wantsEvents, person) =>
      within(site(), async ({ send, create, didit }) => {
        const handle = new URLSearchParams(await create({ Person: 'somebody' })).get('session')!;
        const before = didit.calls.length;
        const end = wantsEvents ? '&events' : '';
        const ask = (text: string, Person: string) =>
          send(`?session=${encodeURIComponent(text.toWellFormed())}${end}`, {
            headers: { ...PAGE, Person },
          });
        const other = changedBy(handle, made);
        if (other !== handle) {
          assert.equal((await ask(other, 'somebody')).code, 'session-not-found');
        }
        if (person !== 'somebody') {
          assert.equal((await ask(handle, person)).code, 'session-not-found');
        }
        assert.equal(didit.calls.length, before);
        assert.equal((await ask(handle, 'somebody')).http, 200);
      }),
  );

  property(
    'gives one session for a key, however often it is asked',
    [fc.array(fc.constantFrom('key-1', 'key-2', 'key-3'), { minLength: 1, maxLength: 6 })],
    (keys) =>
      within(site(), async ({ send, didit }) => {
        const ask = async (key: string) => {
          const sent = { ...PAGE, 'Idempotency-Key': key };
          const { body: created } = await send('', { method: 'POST', headers: sent, body: '{}' });
          return `${key} ${String(created?.session_id)}`;
        };
        const different = new Set(keys).size;
        const atOnce = await Promise.all(keys.map(ask));
        const later = await Promise.all(keys.map(ask));
        assert.deepEqual(later, atOnce);
        assert.equal(new Set(later).size, different);
        assert.equal(didit.count('session'), different);
      }),
  );
});

function assertCreated(
  sent: { method: string; headers: Record<string, string> },
  created: Readonly<Record<string, unknown>>,
): void {
  const { session_id, url, status, status_url, events_url, ...rest } = created;
  assert.deepEqual(rest, {});
  assert.match(String(session_id), /^session-\d$/);
  assert.match(String(url), /^https:\/\/app\.didit\.me\/authorize\/token-\d$/);
  assert.equal(status, 'initialized');
  assert.match(String(status_url), /^\?(.*&)?session=[\w-]+(&.*)?$/s);
  assert.match(String(events_url), /events/);
  assert.equal(sent.method.toUpperCase(), 'POST');
  assert.match(sent.headers['Content-Type']!, /^application\/json/i);
}

const DECISION = { session_id: 'session-1', status: 'confirmed', vendor_data: VENDOR_DATA };

/** Didit's answers: good ones, and whatever something in between may say. */
const answerOf = (good: object, http = 200) =>
  fc.record({
    status: fc.oneof(
      { weight: 4, arbitrary: fc.constant(http) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(200, 201, 400, 401, 402, 403, 404, 429, 500, 503, 302, 204),
      },
      { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
    ),
    headers: fc.dictionary(
      fc.constantFrom('Retry-After', 'Content-Type', 'Content-Length', 'Location', 'Set-Cookie'),
      fc.oneof(hostileHeader, fc.constantFrom('5', '0', '-1', 'Wed, 21 Oct 2099 07:28:00 GMT')),
      { noNullPrototype: true },
    ),
    body: fc.oneof(
      fc.constant(JSON.stringify(good)),
      hostileJson.map((value) => JSON.stringify(value)),
      fc
        .tuple(fc.constantFrom(...Object.keys(good)), hostileJson)
        .map(([name, value]) => JSON.stringify({ ...good, [name]: value })),
      changes.map((made) => changedBy(JSON.stringify(good), made)),
      hostileText,
    ),
    isBroken: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
  });

type Upstream = ReturnType<typeof answerOf> extends Arbitrary<infer Each> ? Each : never;

/** Words of Didit's come with what is no success; they must stay behind. */
function played({ status, headers: sent, body, isBroken }: Upstream): Response {
  if (isBroken && body.length % 2 === 0) throw new TypeError(`fetch failed: ${DIDIT_TEXT}`);
  if ([204, 205, 304].includes(status)) return new Response(null, { status, headers: sent });
  const text = status >= 300 ? `{"message":"${DIDIT_TEXT} ${VENDOR_DATA}"}` : body;
  const bytes = new TextEncoder().encode(text);
  return new Response(isBroken ? broken(bytes) : bytes, { status, headers: sent });
}

describe('createDidit().session, whatever Didit answers', () => {
  for (const [name, credentials] of Object.entries({
    'data transfer': {},
    verification: { ...VERIFICATION, scope: undefined },
  })) {
    property(`${name}: a create`, [answerOf(SESSION_BODY, 201)], (answer) =>
      within(site({ session: () => played(answer) }, {}, credentials), async ({ send }) => {
        const { http, body: created } = await send('', {
          method: 'POST',
          headers: PAGE,
          body: '{}',
        });
        assert.ok([201, 502, 503].includes(http), String(http));
        if (http === 201) assert.match(String(created?.url), /^https?:/i);
        if (http === 201) assert.equal(answer.status, 201);
      }),
    );

    property(
      `${name}: a status, and a decision`,
      [answerOf({ status: 'confirmed' }), answerOf(DECISION), fc.boolean()],
      (status, decision, wantsEvents) =>
        within(site({}, {}, credentials), async ({ create }) => {
          const reference = (await create()) + (wantsEvents ? '&events' : '');
          const fakes = { status: () => played(status), decision: () => played(decision) };
          // Another instance asks at once for a session that it does not know.
          await within(site(fakes, {}, credentials), async ({ send }) => {
            const { http, body } = await send(reference, { headers: PAGE });
            assert.ok([200, 502, 503].includes(http), String(http));
            const isApproved = http === 200 && stageOf(body!.status as string) === 'approved';
            if (isApproved) assertDecided(decision);
          });
        }),
    );
  }
});

/** Nobody is approved but by a decision on this session, of this person. */
function assertDecided({ status, body }: Upstream): void {
  const { session_id, vendor_data, ...rest } = JSON.parse(body) as Record<string, unknown>;
  assert.deepEqual([status, session_id, vendor_data], [200, 'session-1', VENDOR_DATA]);
  assert.equal(stageOf(String(rest.status)), 'approved');
}
