import fc, { type Arbitrary } from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { VerifyError } from '../../src/errors.js';
import { DEFAULT_ALLOWED_HOSTS, parseSession, type Session } from '../../src/session.js';
import { allowedHosts, hostileUrl, isSafe } from './hostile-url.js';
import { hostileJson, hostileText } from './hostile.js';
import { property } from './property.js';

const ARRIVAL = Date.UTC(2025, 5, 1, 12);
const BASE = 'https://shop.example:8443/api/didit/session';

/** Names in both spellings. */
const NAMES = [
  ...['session_id', 'url', 'session_token', 'status', 'expires_in', 'expires_at'],
  ...['status_url', 'events_url', 'sessionId', 'sessionToken', 'expiresIn', 'expiresAt'],
  ...['statusUrl', 'eventsUrl'],
];

const VALID = {
  session_id: 'session-1',
  url: 'https://app.didit.me/authorize/token-1',
  status: 'initialized',
  expires_in: 300,
  status_url: '?session=handle',
  events_url: '?session=handle&events',
};

/** A good answer, some members of which are something else. */
const mutated: Arbitrary<Record<string, unknown>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(...NAMES),
      fc.oneof(
        hostileUrl,
        hostileJson,
        fc.constantFrom(undefined, null, '', 0, -1, 1e300, true, '300', '2099-01-01T00:00:00Z'),
        fc.double(),
      ),
    ),
    { maxLength: 4 },
  )
  .map((changes) => ({ ...VALID, ...Object.fromEntries(changes) }));

/** What it gives, or the code that it throws; nothing else may be thrown. */
function parsed(answer: unknown, hosts: string): Session | string {
  try {
    return parseSession(answer, { base: BASE, allowedHosts: hosts, arrival: ARRIVAL });
  } catch (error) {
    if (error instanceof VerifyError) return error.detail.code;
    throw error;
  }
}

function assertSafe(session: Session, hosts: string): void {
  const { sessionId, url, expiresAt, lifetime, status, statusUrl, eventsUrl, ...rest } = session;
  assert.deepEqual(rest, {});
  assert.ok(sessionId.trim() !== '' && sessionId.isWellFormed());
  assert.ok(isSafe(url, hosts), url);
  for (const own of [statusUrl, eventsUrl]) {
    if (own === null) continue;
    const { origin, username, password } = new URL(own);
    assert.deepEqual([origin, username, password], [new URL(BASE).origin, '', '']);
  }
  assert.ok(status === null || typeof status === 'string');
  assert.equal(lifetime, expiresAt && expiresAt.getTime() - ARRIVAL);
  // A date that is none compares as false.
  assert.ok(lifetime === null || lifetime > 0);
}

function assertSessionOrRefusal(answer: unknown, hosts: string): void {
  const result = parsed(answer, hosts);
  if (typeof result !== 'string') assertSafe(result, hosts);
  else assert.ok(['invalid-response', 'unsafe-url'].includes(result), result);
}

describe('parseSession', () => {
  property('takes any JSON', [hostileJson, allowedHosts], assertSessionOrRefusal);

  property(
    'takes whatever a function gives',
    [fc.anything(), allowedHosts],
    assertSessionOrRefusal,
  );

  property('takes a good answer that was changed', [mutated, allowedHosts], assertSessionOrRefusal);

  property(
    'takes any URL in any place',
    [fc.constantFrom('url', 'status_url', 'events_url'), hostileUrl, allowedHosts],
    (name, url, hosts) => assertSessionOrRefusal({ ...VALID, [name]: url }, hosts),
  );

  property(
    'shows no host but those of Didit by default, however it is written',
    [hostileUrl],
    (url) => {
      const result = parsed({ ...VALID, url }, DEFAULT_ALLOWED_HOSTS);
      if (typeof result === 'string') return;
      assert.match(new URL(result.url).hostname, /^(.*\.)?didit\.me$/);
      assert.match(result.url, /^https:/);
    },
  );

  property(
    'knows no end but one that is to come',
    [
      fc.oneof(
        fc.integer({ min: -9999, max: 9999 }),
        fc.double(),
        fc.date({ noInvalidDate: true }),
      ),
    ],
    (end) => {
      const told = typeof end === 'number' ? { expires_in: end } : { expires_at: end.toJSON() };
      const result = parsed({ ...VALID, expires_in: undefined, ...told }, DEFAULT_ALLOWED_HOSTS);
      assert.ok(typeof result !== 'string');
      assertSafe(result, DEFAULT_ALLOWED_HOSTS);
    },
  );

  property(
    'builds the URL from any token, and from nothing else',
    [hostileText, fc.boolean()],
    (token, isCamelCase) => {
      const named = isCamelCase ? { sessionToken: token } : { session_token: token };
      const result = parsed({ session_id: 'session-1', ...named }, DEFAULT_ALLOWED_HOSTS);
      if (typeof result === 'string') {
        const isShort = token.isWellFormed() && encodeURIComponent(token).length <= 1900;
        assert.ok(token.trim() === '' || !isShort, result);
      } else {
        const { origin, pathname } = new URL(result.url);
        assert.equal(origin, 'https://app.didit.me');
        const isDots = ['.', '..'].includes(token);
        if (!isDots) assert.equal(decodeURIComponent(pathname), `/authorize/${token}`);
      }
    },
  );

  property(
    'takes every good answer as it is, in both spellings',
    [
      fc.record({
        session_id: fc.uuid(),
        url: fc.uuid().map((token) => `https://verify.didit.me/session/${token}`),
        status: fc.constantFrom('Not Started', 'In Progress', 'initialized'),
        expires_in: fc.integer({ min: 1, max: 10_000_000 }),
        status_url: fc.uuid().map((handle) => `?session=${handle}`),
        events_url: fc.uuid().map((handle) => `/elsewhere?session=${handle}&events`),
      }),
      fc.boolean(),
    ],
    (answer, isCamelCase) => {
      const entries = Object.entries(answer).map(([name, value]) => [
        isCamelCase ? name.replace(/_./g, (part) => part.charAt(1).toUpperCase()) : name,
        value,
      ]);
      assert.deepEqual(parsed(Object.fromEntries(entries), DEFAULT_ALLOWED_HOSTS), {
        sessionId: answer.session_id,
        url: answer.url,
        status: answer.status,
        expiresAt: new Date(ARRIVAL + answer.expires_in * 1000),
        lifetime: answer.expires_in * 1000,
        statusUrl: BASE + answer.status_url,
        eventsUrl: new URL(BASE).origin + answer.events_url,
      });
    },
  );
});
