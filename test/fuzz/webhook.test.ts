import fc, { type Arbitrary } from 'fast-check';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe } from 'node:test';
import { createDidit, type DecisionContext, type DiditDecision } from '../../src/server/index.js';
import { signatureHeaders } from '../../src/server/webhook-signature.js';
import {
  clock,
  fakeDidit,
  options,
  PRIVATE,
  recordedLog,
  SESSION_ID,
  SITE,
  VENDOR_DATA,
  VERIFICATION,
} from '../server/helpers.js';
import { judge } from './answer-of-table.js';
import { changedBy, changes, hostileHeader, hostileJson, hostileText } from './hostile.js';
import { property } from './property.js';

const SECRETS = ['secret-of-the-webhook', 'secret-of-the-webhook-before'];
const STRANGER = 'secret-of-somebody-else';
const SIGNATURES = ['X-Signature', 'X-Signature-V2', 'X-Signature-Simple'] as const;
const DECIDING = ['Approved', 'Declined', 'In Review'];
const WORDS = [...DECIDING, 'Not Started', 'In Progress', 'Expired', 'Kyc Expired', 'Abandoned'];

type Sent = readonly [headers: Record<string, string>, body: BodyInit | null, method?: string];

/** A site, its Didit that says `word` of every session, and whatever reached `onDecision`. */
function site(word: string) {
  const time = clock();
  const didit = fakeDidit({ decision: ({ sessionId }) => Response.json(decisionOn(sessionId)) });
  const decisionOn = (id: string) => ({
    ...didit.decisionBody(id),
    status: word,
    vendor_data: VENDOR_DATA,
  });
  const decided: [DiditDecision, DecisionContext][] = [];
  const { log, events } = recordedLog();
  const { webhook, close } = createDidit(
    options({
      ...{ ...VERIFICATION, webhookSecrets: SECRETS, fetch: didit.fetch, now: time.now, log },
      onDecision: (...decision) => void decided.push(decision),
    }),
  );
  return {
    decided,
    didit,
    seconds: Math.floor(time.now() / 1000),
    /** An answer that is one of the table, with nothing private in it. */
    async send(headers: Sent[0], body: Sent[1], method: Sent[2] = 'POST') {
      const init = { method, headers, body: method === 'GET' ? null : body };
      const answer = await judge(await webhook(new Request(`${SITE}/webhook`, init)));
      const said = answer.text + JSON.stringify(events);
      for (const secret of [...PRIVATE, ...SECRETS]) assert.ok(!said.includes(secret), secret);
      assert.ok(!events.some(({ type }) => type === 'internal.failed'));
      assert.ok([200, 400, 401, 405, 413].includes(answer.http), String(answer.http));
      return answer.http;
    },
    close,
  };
}

const word = fc.constantFrom(...WORDS);

/** What of a webhook is as it should be, and what is not. */
const event: Arbitrary<Record<string, unknown>> = fc
  .record(
    {
      session_id: fc.oneof(fc.constant(SESSION_ID), hostileJson),
      status: fc.oneof(word, hostileJson),
      webhook_type: fc.oneof({ weight: 5, arbitrary: fc.constant('status.updated') }, hostileJson),
      vendor_data: fc.oneof(fc.constant(VENDOR_DATA), hostileJson),
      event_id: fc.oneof(fc.uuid(), hostileJson),
      session_kind: fc.constantFrom('user', 'business', null, 1),
      decision: fc.oneof(
        hostileJson,
        fc.record({ session_id: hostileText, status: word, user_data: hostileJson }),
      ),
      metadata: hostileJson,
    },
    { requiredKeys: ['session_id', 'status', 'webhook_type'], noNullPrototype: true },
  )
  .filter(({ session_id }) => session_id !== undefined);

const subset = fc.subarray([...SIGNATURES], { minLength: 1 });

/** Seconds by which a time is off; five minutes are the limit. */
const off = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -299, max: 299 }) },
  { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
);

async function signed(body: string, secret: string, names: readonly string[], seconds: number) {
  const all = await signatureHeaders(body, secret);
  const own = Object.entries(all).filter(([name]) => names.includes(name));
  return { 'X-Timestamp': String(seconds), ...Object.fromEntries(own) };
}

const isTimely = (seconds: number) => Math.abs(seconds) <= 300;

describe('webhook', () => {
  property(
    'refuses whatever nobody has signed',
    [
      fc.oneof(fc.constant('POST'), fc.constantFrom('GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH')),
      fc.dictionary(
        fc.constantFrom(
          ...[
            ...SIGNATURES,
            'X-Timestamp',
            'X-Didit-Test-Webhook',
            'Content-Type',
            'Content-Length',
          ],
          ...['Content-Encoding', 'Authorization', 'Origin', 'Sec-Fetch-Site'],
        ),
        fc.oneof(
          hostileHeader,
          fc.stringMatching(/^[\da-f]{64}$/),
          fc.constantFrom('true', '1750000000', '0', '', '0'.repeat(64)),
        ),
        { noNullPrototype: true },
      ),
      fc.oneof(
        event.map((body) => JSON.stringify(body)),
        hostileText,
        fc.uint8Array(),
      ),
      word,
    ],
    async (method, headers, body, said) => {
      const { send, decided, didit, close } = site(said);
      const answer = await send(headers, body as BodyInit, method);
      assert.ok(answer === 401 || answer === 413 || (answer === 405 && method !== 'POST'));
      assert.deepEqual([decided.length, didit.calls.length], [0, 0]);
      close();
    },
  );

  property(
    'refuses what somebody else has signed',
    [
      event,
      subset,
      fc.oneof(
        fc.constant(STRANGER),
        hostileText.filter((text) => text !== ''),
      ),
    ],
    async (body, names, stranger) => {
      const { send, decided, didit, seconds, close } = site('Approved');
      const text = JSON.stringify({ ...body, timestamp: seconds });
      assert.equal(await send(await signed(text, stranger, names, seconds), text), 401);
      assert.deepEqual([decided.length, didit.calls.length], [0, 0]);
      close();
    },
  );

  property(
    'takes up what is signed and in time, once, by Didit’s word alone',
    [event, subset, fc.constantFrom(...SECRETS), fc.tuple(off, off), word],
    async (body, names, secret, [headerOff, bodyOff], said) => {
      const { send, decided, didit, seconds, close } = site(said);
      const text = JSON.stringify({ ...body, timestamp: seconds + bodyOff });
      const headers = await signed(text, secret, names, seconds + headerOff);
      const isTaken = isTimely(headerOff) && isTimely(bodyOff);
      const answer = await send(headers, text);
      assert.equal(answer === 401, !isTaken);
      const asked = didit.calls.length;
      assert.equal(await send(headers, text), answer);
      if (answer === 200) assert.equal(didit.calls.length, asked);
      if (!isTaken || answer === 400) assert.equal(decided.length, 0);
      assert.ok(decided.length <= 1);
      for (const [decision, { status, sessionId, vendorData }] of decided) {
        assert.deepEqual([decision.status, status], [said, said]);
        assert.deepEqual([sessionId, vendorData], [body.session_id, VENDOR_DATA]);
      }
      const isSimple = !names.includes('X-Signature') && !names.includes('X-Signature-V2');
      const { session_id, webhook_type, session_kind } = body;
      const isAbout = webhook_type === 'status.updated' && session_kind !== 'business';
      if (!isAbout) assert.equal(decided.length, 0);
      const isId = typeof session_id === 'string' && /^[\w-]{1,128}$/.test(session_id);
      if (isTaken && isAbout && !isId) assert.equal(answer, 400);
      const told = isSimple ? WORDS : DECIDING;
      const isWord = told.some((each) => each === body.status);
      const counts = isTaken && isAbout && session_id === SESSION_ID && isWord;
      if (counts && DECIDING.includes(said)) assert.equal(decided.length, 1);
      close();
    },
  );

  property(
    'refuses what was changed after it was signed',
    [event, fc.constantFrom(...SIGNATURES), changes],
    async (body, name, made) => {
      const { send, decided, didit, seconds, close } = site('Approved');
      const text = JSON.stringify({ ...body, timestamp: seconds }).toWellFormed();
      const other = changedBy(text, made).toWellFormed();
      fc.pre(isOther[name](text, other));
      assert.equal(await send(await signed(text, SECRETS[0]!, [name], seconds), other), 401);
      assert.deepEqual([decided.length, didit.calls.length], [0, 0]);
      close();
    },
  );

  property(
    'believes in nothing but the session where only four fields are signed',
    [event, event, word, word],
    async (body, other, status, said) => {
      const { send, decided, seconds, close } = site(said);
      const fields = { session_id: SESSION_ID, status, webhook_type: 'status.updated' };
      const text = JSON.stringify({ ...body, ...fields, timestamp: seconds });
      const sent = JSON.stringify({ ...other, ...fields, timestamp: seconds });
      const headers = await signed(text, SECRETS[0]!, ['X-Signature-Simple'], seconds);
      assert.equal(await send(headers, sent), 200);
      for (const [decision] of decided) assert.equal(decision.status, said);
      close();
    },
  );

  property(
    'is signed by HMAC-SHA-256 of the bytes, of the canonical form and of four fields',
    [event, fc.nat()],
    async (body, seconds) => {
      const text = JSON.stringify({ ...body, timestamp: seconds });
      const headers = await signatureHeaders(text, STRANGER);
      const hmac = (message: string) =>
        createHmac('sha256', STRANGER).update(message).digest('hex');
      assert.equal(headers['X-Signature'], hmac(text));
      assert.equal(headers['X-Signature-Simple'], hmac(fieldsOf(text)!));
    },
  );
});

/** Whether a change is one that the signature is over. */
const isOther: Record<(typeof SIGNATURES)[number], (one: string, other: string) => boolean> = {
  'X-Signature': (one, other) => one !== other,
  'X-Signature-V2': (one, other) => meaningOf(one) !== meaningOf(other),
  'X-Signature-Simple': (one, other) => fieldsOf(one) !== fieldsOf(other),
};

/** JSON with the members of its objects in one order; null for none. */
function meaningOf(text: string): string | null {
  const inOrder = (_: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  };
  try {
    return JSON.stringify(JSON.parse(text), inOrder);
  } catch {
    return null;
  }
}

/** The text that the simple signature is over; null for no JSON. */
function fieldsOf(text: string): string | null {
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    return ['timestamp', 'session_id', 'status', 'webhook_type']
      .map((name) => body[name])
      .map((field) => (typeof field === 'string' || typeof field === 'number' ? field : ''))
      .join(':');
  } catch {
    return null;
  }
}
