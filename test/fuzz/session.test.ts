import fc, { type Arbitrary } from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { VerifyError } from '../../src/errors.js';
import { DEFAULT_ALLOWED_HOSTS, parseSession, type Session } from '../../src/session.js';
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

/** Hosts of Didit, and what somebody may hope to have taken for them. */
const HOSTS = [
  ...[
    'didit.me',
    'app.didit.me',
    'DIDIT.ME',
    'a.b.didit.me',
    'didit.me.',
    '.didit.me',
    'x..didit.me',
  ],
  ...[
    'evil.example',
    'evildidit.me',
    'didit.me.evil.example',
    'didit.me%2eevil.example',
    'ⓓidit.me',
  ],
  ...['didit.me\\@evil.example', 'evil.example#didit.me', 'evil.example?.didit.me', 'didit。me'],
  ...['localhost', 'a.localhost', '127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:7f00:1]'],
  ...[
    '127.0.0.1.evil.example',
    'shop.example',
    'app.didit.me\t.evil.example',
    '',
    ' ',
    'xn--didit-',
  ],
];

/** A URL in parts, each with what it may be otherwise; the first of each is good. */
const PARTS = [
  [
    ...[
      'https://',
      'http://',
      'http://',
      'http://',
      'HTTPS://',
      'https:',
      'https:\\\\',
      'https:///',
      '//',
      '',
    ],
    ...['javascript://', 'data:', 'file://', 'ftp://', 'blob:https://', 'ht\ntps://', ' https://'],
  ],
  ['', 'user@', ':b@', '@', 'didit.me@', 'https://didit.me@'],
  ['app.didit.me', ...HOSTS],
  ['', ':443', ':80', ':8443', ':0', ':', ':99999'],
  [
    ...['/authorize/token-1', '', '/', '/a\\b', '/a b', '/\n', '/é', '/\ud800'],
    ...[1900, 1970, 1980, 1981, 2000, 2100].map((length) => `/${'x'.repeat(length)}`),
  ],
];

/** With one flaw, which is what it is refused for; or with several. */
const hostileUrl: Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(...PARTS.keys())
      .chain((flawed) =>
        fc.tuple(
          ...PARTS.map((part, index) =>
            index === flawed ? fc.constantFrom(...part) : fc.constant(part[0]!),
          ),
        ),
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(...PARTS.map((part) => fc.constantFrom(...part)))
      .map((parts) => parts.join('')),
  },
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  hostileText,
);

const allowedHosts: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(DEFAULT_ALLOWED_HOSTS) },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.constantFrom(
          ...[
            'didit.me',
            '*.didit.me',
            'app.didit.me',
            'evil.example',
            '*.example',
            '*.',
            '*',
            '*.*',
          ],
          ...[
            'localhost',
            '*.localhost',
            '127.0.0.1',
            '[::1]',
            'didit.me:8443',
            '*.didit.me:80',
            '',
          ],
        ),
        { maxLength: 4 },
      )
      .map((entries) => entries.join(', ')),
  },
  { weight: 1, arbitrary: hostileText },
);

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

/** As the documentation has it, label by label. */
function isAllowed({ hostname, host }: URL, hosts: string): boolean {
  return hosts
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (!entry.startsWith('*.')) return [hostname, host].includes(entry);
      const labels = entry.slice(2).split('.');
      return (
        entry !== '*.' &&
        [hostname, host].some((name) => {
          const all = name.split('.');
          return all.length > labels.length && all.slice(-labels.length).join() === labels.join();
        })
      );
    });
}

function assertSafe(session: Session, hosts: string): void {
  const { sessionId, url, expiresAt, lifetime, status, statusUrl, eventsUrl, ...rest } = session;
  assert.deepEqual(rest, {});
  assert.ok(sessionId.trim() !== '' && sessionId.isWellFormed());
  const target = new URL(url);
  assert.equal(target.href, url);
  assert.ok(url.length <= 2000);
  assert.equal(target.username + target.password, '');
  assert.ok(isAllowed(target, hosts), url);
  const isLoopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname);
  assert.ok(target.protocol === 'https:' || (isLoopback && target.protocol === 'http:'), url);
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
