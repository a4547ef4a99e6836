import type { VerifyErrorCode } from '../../src/errors.js';
import type { StateName } from '../../src/state.js';
import type { EngineName } from './engines.js';
import { message, SESSION, type Fault, type Question } from './fault-answers.js';
import type { OddPage } from './fault-page.js';
import * as wire from './fault-wire.js';

/**
 * What becomes of a fault: the code of the `error` event (`none` where there is none), the state in
 * the end, and how often the session, its status and its events were asked for.
 */
type Outcome = `${VerifyErrorCode | 'none'} ${StateName} ${number}/${number}/${number}`;

interface Particulars {
  /** How often the fault occurs; for a status and for events three times, since that is an outage. */
  readonly times?: number;
  /** Members of the session that is answered. */
  readonly session?: object;
  readonly page?: OddPage;
  /** Whether the page knows when the session ends, where that is asked. */
  readonly hasEnd?: boolean;
  /** What another origin was asked, by method; nothing where that is not said. */
  readonly elsewhere?: readonly string[];
  /** Engines that keep the connection until the server ends it, whatever the page does. */
  readonly lingersIn?: readonly EngineName[];
  /**
   * Where an engine is unlike the others. Firefox asks again by itself where a GET broke off before
   * its answer, and reads HTTP/0.9; WebKitGTK takes broken chunks and gzip as they come; Chromium
   * takes no 407 but from a proxy. All of them ask once more after a 421.
   */
  readonly in?: Partial<Record<EngineName, Outcome>>;
}

export interface FaultRow extends Particulars {
  readonly question: Question;
  readonly kind: string;
  readonly fault: string;
  /** `down`: nobody is there, until the failure was told. */
  readonly wire: Fault | 'down';
  readonly expected: Outcome;
}

type Literal = [fault: string, wire: FaultRow['wire'], expected: Outcome, more?: Particulars];

function rows(question: Question, kind: string, literals: Literal[]): FaultRow[] {
  return literals.map(([fault, how, expected, more]) => ({
    ...{ question, kind, fault, wire: how, expected },
    ...more,
  }));
}

function codes(numbers: number[], expected: Outcome): Literal[] {
  return numbers.map((status) => [`${status}`, wire.refusal(status), expected]);
}

/** By the registry of HTTP status codes, but for those that have rows of their own. */
const REFUSED = [
  ...[400, 401, 402, 403, 405, 406, 408, 409, 411, 412, 413, 414, 415, 416, 417, 418],
  ...[422, 423, 424, 425, 426, 428, 431, 451],
];
const FAILED = [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511];
const UNFOLLOWED = [300, 304, 305, 306];

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: {type}\r\n';
const GOOD = `${HEAD}Content-Length: {length}\r\n\r\n{body}`;
const HTML = '<!doctype html><title>Sign in</title>';
const JSON_SESSION = JSON.stringify(SESSION);
const EVIL = 'https://verify.didit.me.evil.example/session/one';
const DAY = 86_400_000;
const HOUR = 3_600_000;
const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

function session(members: object): string {
  return JSON.stringify({ ...SESSION, ...members });
}

/** As text, so that a name can be there twice. */
function duplicates(...members: string[]): string {
  return `{${members.join(',')}}`;
}

function date(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toUTCString();
}

function moment(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

const BEHIND = { skew: -DAY };
const AHEAD = { skew: DAY };

// How each question ends, where nothing else is said.
const UNREACHABLE = 'resolver-unreachable error 2/0/0';
const LATE = 'resolver-timeout error 2/0/0';
const INVALID = 'invalid-response error 1/0/0';
const UNSAFE = 'unsafe-url error 1/0/0';
const REJECTED = 'resolver-rejected error 1/0/0';
const FAILS = 'resolver-failed error 2/0/0';
const LIMITED = 'rate-limited error 2/0/0';
const LIMITED_AT_ONCE = 'rate-limited error 1/0/0';
const READY = 'none ready 1/0/0';
const READY_AFTER_RETRY = 'none ready 2/0/0';

const OUTAGE = 'status-unavailable approved 1/4/0';
const GONE = 'status-unavailable ready 1/1/0';
const HEARD = 'none approved 1/1/0';
const HEARD_AFTER_RETRY = 'none approved 1/2/0';
const LEFT_ALONE = 'none ready 1/1/0';

const NO_STREAM = 'status-unavailable ready 1/0/1';
const STREAM_OUTAGE = 'status-unavailable approved 1/0/4';
const STREAMED = 'none approved 1/0/1';
const STREAMED_AGAIN = 'none approved 1/0/2';
/** Where there is a status to ask for as well. */
const ASKED_INSTEAD = 'none approved 1/1/1';

const WITH_STATUS = { session: { status_url: '/status', events_url: '/events' } };

const CREATE: FaultRow[] = [
  ...rows('create', 'connection', [
    ['refused, and there again', 'down', 'resolver-unreachable ready 1/0/0'],
    ['reset before the answer', wire.reset(), UNREACHABLE],
    ['reset once', wire.reset(), READY_AFTER_RETRY, { times: 1 }],
    ['ended before the answer', wire.raw(''), UNREACHABLE],
    ['reset in the first line', wire.reset('HTTP/1.'), UNREACHABLE],
    ['reset in the head', wire.reset(HEAD), UNREACHABLE],
    ['reset in mid-body', wire.reset(`${HEAD}Content-Length: {length}\r\n\r\n{half}`), UNREACHABLE],
    ['ended in mid-body', wire.raw(`${HEAD}Content-Length: {length}\r\n\r\n{half}`), UNREACHABLE],
  ]),
  ...rows('create', 'time', [
    ['no answer', wire.nothing, LATE, { page: { limit: 300 } }],
    ['no answer within 150 ms', wire.nothing, LATE, { page: { limit: 150 } }],
    ['a slow head', wire.trickle(HEAD, 'X'), LATE, { page: { limit: 300 } }],
    ['no body', wire.unfinished(`${HEAD}\r\n`), LATE, { page: { limit: 300 } }],
    ['a slow body', wire.trickle(`${HEAD}\r\n`, ' '), LATE, { page: { limit: 300 } }],
    [
      'a body without its end',
      wire.unfinished(`${HEAD}\r\n{body}`),
      LATE,
      { page: { limit: 300 } },
    ],
    [
      'early hints and no more',
      wire.unfinished('HTTP/1.1 103 Early Hints\r\n\r\n'),
      LATE,
      { page: { limit: 300 } },
    ],
    [
      'a slow body of a 500',
      wire.trickle('HTTP/1.1 500 No\r\n\r\n', ' '),
      LATE,
      { page: { limit: 300 } },
    ],
    ['no answer once', wire.nothing, READY_AFTER_RETRY, { times: 1, page: { limit: 300 } }],
  ]),
  ...rows('create', 'size', [
    ['an endless body', wire.endless(200), INVALID],
    ['an endless string', wire.endless(200, '{"session_id":"', 'x'.repeat(65_536)), INVALID],
    ['an endless body in chunks', wire.endlessChunks(), INVALID],
    ['an endless body of a 500', wire.endless(500), FAILS],
    ['an endless body of a 400', wire.endless(400), REJECTED],
    ['a gzip bomb', wire.bomb(), INVALID],
    ['an endless head', wire.endlessHead(), UNREACHABLE],
    ['64 kB', wire.answer((good) => good.padEnd(65_536)), READY],
    [
      'more than 64 kB, without its end',
      wire.unfinished(`${HEAD}\r\n${' '.repeat(66_000)}`),
      INVALID,
    ],
    ['a byte more than 64 kB', wire.answer((good) => good.padEnd(65_537)), INVALID],
    ['a header of 1 MB', wire.answer(String, { 'X-Large': 'x'.repeat(1_000_000) }), UNREACHABLE],
    [
      '500 headers',
      wire.answer(
        String,
        Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`X-${i}`, 'x'])),
      ),
      READY,
    ],
  ]),
  ...rows('create', 'length', [
    ['too long', wire.raw(`${HEAD}Content-Length: 9999\r\n\r\n{body}`), UNREACHABLE],
    ['too short', wire.raw(`${HEAD}Content-Length: 20\r\n\r\n{body}`), INVALID],
    [
      'too short by white space',
      wire.raw(`${HEAD}Content-Length: {length}\r\n\r\n{body}   `),
      READY,
    ],
    ['0', wire.raw(`${HEAD}Content-Length: 0\r\n\r\n{body}`), INVALID],
    [
      'negative',
      wire.raw(`${HEAD}Content-Length: -1\r\n\r\n{body}`),
      READY,
      { in: { WebKitGTK: UNREACHABLE } },
    ],
    [
      'nonsense',
      wire.raw(`${HEAD}Content-Length: many\r\n\r\n{body}`),
      READY,
      { in: { WebKitGTK: UNREACHABLE } },
    ],
    [
      'two that differ',
      wire.raw(`${HEAD}Content-Length: 5\r\nContent-Length: {length}\r\n\r\n{body}`),
      UNREACHABLE,
      { in: { WebKitGTK: READY } },
    ],
    ['none', wire.raw(`${HEAD}\r\n{body}`), READY],
    ['none, in HTTP/1.0', wire.raw('HTTP/1.0 200 OK\r\n\r\n{body}'), READY],
    ['204', wire.refusal(204), INVALID],
    ['205', wire.refusal(205), INVALID],
    ['an empty body', wire.answer(''), INVALID],
    ['white space alone', wire.answer(' \n '), INVALID],
  ]),
  ...rows('create', 'framing', [
    [
      'chunks',
      wire.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n`),
      INVALID,
    ],
    [
      'a chunk’s size is nonsense',
      wire.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{body}`),
      UNREACHABLE,
      { in: { WebKitGTK: INVALID } },
    ],
    [
      'a chunk is longer than it says',
      wire.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{body}\r\n0\r\n\r\n`),
      UNREACHABLE,
      { in: { WebKitGTK: INVALID } },
    ],
    [
      'a chunk is missing',
      wire.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n9\r\n{"a":`),
      UNREACHABLE,
    ],
    [
      'the last chunk is missing',
      wire.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`),
      UNREACHABLE,
      { in: { WebKitGTK: INVALID } },
    ],
    [
      'a folded line',
      wire.raw(`HTTP/1.1 200 OK\r\nContent-Type: {type};\r\n charset=utf-8\r\n\r\n{body}`),
      READY,
    ],
    ['a line without a colon', wire.raw(`${HEAD}Nothing\r\n\r\n{body}`), READY],
    ['lines that end in LF', wire.raw('HTTP/1.1 200 OK\nContent-Type: {type}\n\n{body}'), READY],
    ['NUL in a header', wire.raw(`${HEAD}X-Nul: a\0b\r\n\r\n{body}`), UNREACHABLE],
    ['no reason', wire.raw('HTTP/1.1 200\r\n\r\n{body}'), READY],
    [
      'early hints',
      wire.raw(`HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n${GOOD}`),
      READY,
    ],
    ['100, and then the answer', wire.raw(`HTTP/1.1 100 Continue\r\n\r\n${GOOD}`), READY],
    [
      '101',
      wire.raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      UNREACHABLE,
      { in: { Firefox: INVALID } },
    ],
    ['an answer twice', wire.raw(GOOD + GOOD), READY],
    ['no head at all', wire.raw('{body}'), UNREACHABLE, { in: { Firefox: READY } }],
    [
      'another protocol',
      wire.raw('SSH-2.0-OpenSSH_9.2\r\n'),
      UNREACHABLE,
      { in: { Firefox: INVALID } },
    ],
  ]),
  ...rows('create', 'type', [
    ['HTML', wire.answer(HTML, { 'Content-Type': 'text/html' }), INVALID],
    ['none', wire.raw('HTTP/1.1 200 OK\r\n\r\n{body}'), READY],
    ['text, of good JSON', wire.answer(String, { 'Content-Type': 'text/plain' }), READY],
    ['an image, of good JSON', wire.answer(String, { 'Content-Type': 'image/png' }), READY],
    ['an image', wire.answer(PNG, { 'Content-Type': 'image/png' }), INVALID],
    ['nonsense, of good JSON', wire.answer(String, { 'Content-Type': ';;,' }), READY],
    [
      'two, of good JSON',
      wire.raw(
        'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: image/png\r\n\r\n{body}',
      ),
      READY,
    ],
  ]),
  ...rows('create', 'encoding', [
    [
      'invalid UTF-8 in a string',
      wire.answer(Buffer.from(session({ note: '\xff\xfe' }), 'latin1')),
      READY,
    ],
    [
      'invalid UTF-8 in the identifier',
      wire.answer(Buffer.from(session({ session_id: '\xff' }), 'latin1')),
      READY,
    ],
    [
      'invalid UTF-8 between',
      wire.answer(Buffer.from(`{\xff${JSON_SESSION.slice(1)}`, 'latin1')),
      INVALID,
    ],
    ['UTF-16', wire.answer(Buffer.from(JSON_SESSION, 'utf16le')), INVALID],
    [
      'UTF-16 by name alone',
      wire.answer(String, { 'Content-Type': 'application/json; charset=utf-16' }),
      READY,
    ],
    [
      'Latin-1 by name alone',
      wire.answer(String, { 'Content-Type': 'application/json; charset=latin1' }),
      READY,
    ],
    ['a byte order mark', wire.answer((good) => `\ufeff${good}`), READY],
    ['two byte order marks', wire.answer((good) => `\ufeff\ufeff${good}`), INVALID],
    ['gzip', wire.answer(wire.zipped, { 'Content-Encoding': 'gzip' }), READY],
    [
      'gzip by name alone',
      wire.answer(String, { 'Content-Encoding': 'gzip' }),
      UNREACHABLE,
      { in: { WebKitGTK: READY } },
    ],
    [
      'gzip that is broken',
      wire.answer((good) => wire.zipped(good).fill(255, 12, 40), { 'Content-Encoding': 'gzip' }),
      UNREACHABLE,
      { in: { WebKitGTK: INVALID } },
    ],
    [
      'gzip that is cut off',
      wire.answer((good) => wire.zipped(good).subarray(0, 40), { 'Content-Encoding': 'gzip' }),
      INVALID,
    ],
    ['gzip that is not said', wire.answer(wire.zipped), INVALID],
    ['an unknown one', wire.answer(String, { 'Content-Encoding': 'snake' }), READY],
    ['NUL bytes', wire.answer((good) => `\0${good}`), INVALID],
    ['NUL in a string', wire.answer((good) => good.replace('one', 'o\0ne')), INVALID],
    ['NUL in a string, escaped', wire.answer(session({ session_id: 'o\0ne' })), READY],
  ]),
  ...rows('create', 'redirect', [
    ['in a loop', wire.redirect(302, '/session'), 'resolver-unreachable error 42/0/0'],
    [
      'in a loop that keeps the method',
      wire.redirect(307, '/session'),
      'resolver-unreachable error 42/0/0',
    ],
    ['once', wire.redirect(307, '/session?again'), READY_AFTER_RETRY, { times: 1 }],
    ['to a page of HTML', wire.redirect(302, '/'), INVALID],
    ['to what is not there', wire.redirect(303, '/nowhere'), REJECTED],
    [
      '301 elsewhere',
      wire.redirectElsewhere(301, 'closed'),
      UNREACHABLE,
      { elsewhere: ['OPTIONS', 'OPTIONS'] },
    ],
    [
      '302 elsewhere',
      wire.redirectElsewhere(302, 'closed'),
      UNREACHABLE,
      { elsewhere: ['OPTIONS', 'OPTIONS'] },
    ],
    [
      '303 elsewhere',
      wire.redirectElsewhere(303, 'closed'),
      UNREACHABLE,
      { elsewhere: ['OPTIONS', 'OPTIONS'] },
    ],
    [
      '307 elsewhere',
      wire.redirectElsewhere(307, 'closed'),
      UNREACHABLE,
      { elsewhere: ['OPTIONS', 'OPTIONS'] },
    ],
    [
      '308 elsewhere',
      wire.redirectElsewhere(308, 'closed'),
      UNREACHABLE,
      { elsewhere: ['OPTIONS', 'OPTIONS'] },
    ],
    [
      '302 elsewhere, where it is allowed',
      wire.redirectElsewhere(302, 'open'),
      READY,
      { elsewhere: ['OPTIONS', 'GET'] },
    ],
    [
      '307 elsewhere, where it is allowed',
      wire.redirectElsewhere(307, 'open'),
      READY,
      { elsewhere: ['OPTIONS', 'POST'] },
    ],
    ['to data:', wire.redirect(302, `data:application/json,${JSON_SESSION}`), UNREACHABLE],
    ['to javascript:', wire.redirect(302, 'javascript:alert(1)'), UNREACHABLE],
    ['to no URL', wire.redirect(302, 'http://['), UNREACHABLE],
    ['to nowhere', wire.refusal(302), INVALID],
    ...codes(UNFOLLOWED, INVALID),
  ]),
  ...rows('create', 'status', [
    ['201', wire.answer(String, {}, 201), READY],
    ['202', wire.answer(String, {}, 202), READY],
    ['206', wire.answer(String, {}, 206), READY],
    ...codes(REFUSED, REJECTED),
    ...codes([404, 410], REJECTED),
    ['407', wire.refusal(407), REJECTED, { in: { Chromium: UNREACHABLE } }],
    ['421', wire.refusal(421), 'resolver-rejected error 2/0/0'],
    ['429', wire.refusal(429), LIMITED],
    ...codes(FAILED, FAILS),
    ['599', wire.refusal(599), FAILS],
    ['503 once', wire.refusal(503), READY_AFTER_RETRY, { times: 1 }],
    ['429 once', wire.refusal(429), READY_AFTER_RETRY, { times: 1 }],
    ['401 that asks for a password', wire.refusal(401, { 'WWW-Authenticate': 'Bearer' }), REJECTED],
    ['500 in HTML', wire.answer(HTML, { 'Content-Type': 'text/html' }, 500), FAILS],
    ['403 in broken JSON', wire.answer('{"message":', {}, 403), REJECTED],
    ['500 with a session', wire.answer(String, {}, 500), FAILS],
    ['500 cut off', wire.reset('HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\n{"mess'), FAILS],
  ]),
  ...rows('create', 'retry-after', [
    ['429, 0 seconds', wire.refusal(429, { 'Retry-After': '0' }), LIMITED],
    ['429, 1 second', wire.refusal(429, { 'Retry-After': '1' }), READY_AFTER_RETRY, { times: 1 }],
    ['429, 31 seconds', wire.refusal(429, { 'Retry-After': '31' }), LIMITED_AT_ONCE],
    ['429, for ever', wire.refusal(429, { 'Retry-After': '9'.repeat(400) }), LIMITED_AT_ONCE],
    ['429, negative', wire.refusal(429, { 'Retry-After': '-5' }), LIMITED],
    ['429, nonsense', wire.refusal(429, { 'Retry-After': 'soon' }), LIMITED],
    ['429, a fraction', wire.refusal(429, { 'Retry-After': '99.5' }), LIMITED],
    ['429, empty', wire.refusal(429, { 'Retry-After': '' }), LIMITED],
    [
      '429, twice',
      wire.raw('HTTP/1.1 429 No\r\nRetry-After: 99\r\nRetry-After: 0\r\n\r\n'),
      LIMITED,
    ],
    ['429, a date in a day', wire.refusal(429, { 'Retry-After': date(DAY) }), LIMITED_AT_ONCE],
    ['429, a date that is past', wire.refusal(429, { 'Retry-After': date(-DAY) }), LIMITED],
    [
      '429, a date that does not exist',
      wire.refusal(429, { 'Retry-After': 'Fri, 99 Foo 2026 99:99:99 GMT' }),
      LIMITED,
    ],
    ['503, 0 seconds', wire.refusal(503, { 'Retry-After': '0' }), FAILS],
    ['503, 31 seconds', wire.refusal(503, { 'Retry-After': '31' }), 'resolver-failed error 1/0/0'],
    [
      '503, for ever',
      wire.refusal(503, { 'Retry-After': '9'.repeat(400) }),
      'resolver-failed error 1/0/0',
    ],
    [
      '503, a date in a day',
      wire.refusal(503, { 'Retry-After': date(DAY) }),
      'resolver-failed error 1/0/0',
    ],
    ['503, negative', wire.refusal(503, { 'Retry-After': '-5' }), FAILS],
    ['503, nonsense', wire.refusal(503, { 'Retry-After': 'soon' }), FAILS],
    ['500, which has none', wire.refusal(500, { 'Retry-After': '99' }), FAILS],
  ]),
  ...rows('create', 'json', [
    ['null', wire.answer('null'), INVALID],
    ['an array', wire.answer(`[${JSON_SESSION}]`), INVALID],
    ['a number', wire.answer('1'), INVALID],
    ['a string', wire.answer('"one"'), INVALID],
    ['true', wire.answer('true'), INVALID],
    ['nothing in it', wire.answer('{}'), INVALID],
    ['two in a row', wire.answer((good) => good + good), INVALID],
    ['with a comment', wire.answer((good) => `${good}// so`), INVALID],
    ['with NaN', wire.answer((good) => good.replace('}', ',"expires_in":NaN}')), INVALID],
    ['10,000 arrays deep', wire.answer(nested(10_000)), INVALID],
    [
      '10,000 arrays deep in a member',
      wire.answer((good) => good.replace('}', `,"a":${nested(10_000)}}`)),
      READY,
    ],
    [
      '__proto__',
      wire.answer((good) => good.replace('}', ',"__proto__":{"status":"Approved","url":5}}')),
      READY,
    ],
    ['__proto__ alone', wire.answer(`{"__proto__":${JSON_SESSION}}`), INVALID],
    ['an identifier that is a number', wire.answer(session({ session_id: 1 })), INVALID],
    ['an identifier of white space', wire.answer(session({ session_id: ' ' })), INVALID],
    ['half a character', wire.answer(JSON_SESSION.replace('"one"', '"\\ud800"')), INVALID],
    ['a URL that is an object', wire.answer(session({ url: { href: SESSION.url } })), INVALID],
    ['members that nobody knows', wire.answer(session({ a: 1, toString: 2, then: 3 })), READY],
    ['a status that is a number', wire.answer(session({ status: 5 })), READY],
    ['a status of its own', wire.answer(session({ status: 'Approved' })), 'none approved 1/0/0'],
  ]),
  ...rows('create', 'conflict', [
    [
      'two identifiers',
      wire.answer(duplicates('"session_id":"a"', '"session_id":"b"', `"url":"${SESSION.url}"`)),
      READY,
    ],
    [
      'two URLs, the last one foreign',
      wire.answer(duplicates('"session_id":"a"', `"url":"${SESSION.url}"`, `"url":"${EVIL}"`)),
      UNSAFE,
    ],
    [
      'two URLs, the first one foreign',
      wire.answer(duplicates('"session_id":"a"', `"url":"${EVIL}"`, `"url":"${SESSION.url}"`)),
      READY,
    ],
    ['session_id and sessionId', wire.answer(session({ sessionId: 'two' })), READY],
    [
      'session_id is null, sessionId is one',
      wire.answer(session({ session_id: null, sessionId: 'two' })),
      READY,
    ],
    [
      'session_id is wrong, sessionId is one',
      wire.answer(session({ session_id: 5, sessionId: 'two' })),
      INVALID,
    ],
    [
      'a foreign URL and a token',
      wire.answer(session({ url: EVIL, session_token: 'token' })),
      UNSAFE,
    ],
    ['no URL and a token', wire.answer(session({ url: null, session_token: 'token' })), READY],
    [
      'an empty URL and a token',
      wire.answer(session({ url: '', session_token: 'token' })),
      INVALID,
    ],
    [
      'a token that leads away',
      wire.answer(session({ url: null, session_token: '/../../@evil.example' })),
      READY,
    ],
    [
      'session_token and sessionToken',
      wire.answer(session({ url: null, session_token: 5, sessionToken: 'token' })),
      INVALID,
    ],
    [
      'expires_in and expires_at',
      wire.answer(session({ expires_in: 3600, expires_at: moment(-HOUR) })),
      READY,
      { hasEnd: true },
    ],
    [
      'expires_in is nonsense',
      wire.answer(session({ expires_in: 'soon', expires_at: moment(HOUR) })),
      READY,
      { hasEnd: false },
    ],
    [
      'expires_in is negative',
      wire.answer(session({ expires_in: -5, expires_at: moment(HOUR) })),
      READY,
      { hasEnd: false },
    ],
    [
      'expires_in is null',
      wire.answer(session({ expires_in: null, expires_at: moment(HOUR) })),
      READY,
      { hasEnd: true },
    ],
    [
      'expires_in and expiresIn',
      wire.answer(session({ expires_in: 3600, expiresIn: -5 })),
      READY,
      { hasEnd: true },
    ],
    [
      'expires_in has no end',
      wire.answer(JSON_SESSION.replace('}', ',"expires_in":1e400}')),
      READY,
      { hasEnd: false },
    ],
    [
      'expires_at is no date',
      wire.answer(session({ expires_at: { toString: [] } })),
      READY,
      { hasEnd: false },
    ],
    ['status_url elsewhere', wire.answer(session({ status_url: 'https://evil.example/' })), UNSAFE],
    ['events_url elsewhere', wire.answer(session({ events_url: '//evil.example/' })), UNSAFE],
    [
      'status_url that is a script',
      wire.answer(session({ status_url: 'javascript:alert(1)' })),
      UNSAFE,
    ],
    ['status_url that is a number', wire.answer(session({ status_url: 5 })), UNSAFE],
    ['a URL of http:', wire.answer(session({ url: 'http://verify.didit.me/' })), UNSAFE],
    ['a URL with a user', wire.answer(session({ url: 'https://didit.me@evil.example/' })), UNSAFE],
    ['a URL with a line break', wire.answer(session({ url: `${SESSION.url}\n` })), UNSAFE],
    [
      'a URL that is too long',
      wire.answer(session({ url: SESSION.url.padEnd(2001, 'x') })),
      UNSAFE,
    ],
    ['a URL that is a script', wire.answer(session({ url: 'javascript:alert(1)' })), UNSAFE],
    ['a relative URL', wire.answer(session({ url: '/session/one' })), UNSAFE],
  ]),
  ...rows('create', 'clock', [
    [
      'a day ahead, expires_in',
      wire.answer(session({ expires_in: 3600 })),
      READY,
      { page: AHEAD, hasEnd: true },
    ],
    [
      'a day behind, expires_in',
      wire.answer(session({ expires_in: 3600 })),
      READY,
      { page: BEHIND, hasEnd: true },
    ],
    [
      'a day ahead, expires_at',
      wire.answer(session({ expires_at: moment(HOUR) })),
      READY,
      { page: AHEAD, hasEnd: false },
    ],
    [
      'a day behind, expires_at',
      wire.answer(session({ expires_at: moment(HOUR) })),
      READY,
      { page: BEHIND, hasEnd: true },
    ],
    [
      'the server’s a day ahead',
      wire.answer(session({ expires_in: 3600 }), { Date: date(DAY) }),
      READY,
      { hasEnd: true },
    ],
    [
      'the server’s a day behind',
      wire.answer(session({ expires_in: 3600 }), { Date: date(-DAY) }),
      READY,
      { hasEnd: true },
    ],
    [
      'a day ahead, 429 with a date',
      wire.refusal(429, { 'Retry-After': date(HOUR) }),
      LIMITED,
      { page: AHEAD },
    ],
    [
      'a day behind, 429 with a date',
      wire.refusal(429, { 'Retry-After': date(1000) }),
      LIMITED_AT_ONCE,
      { page: BEHIND },
    ],
  ]),
];

const STATUS: FaultRow[] = [
  ...rows('status', 'connection', [
    ['refused, and there again', 'down', 'status-unavailable approved 1/1/0'],
    ['reset before the answer', wire.reset(), OUTAGE, { in: { Firefox: 'none approved 1/4/0' } }],
    ['reset twice, which is no outage', wire.reset(), 'none approved 1/3/0', { times: 2 }],
    ['ended before the answer', wire.raw(''), OUTAGE, { in: { Firefox: 'none approved 1/4/0' } }],
    ['reset in the head', wire.reset(HEAD), OUTAGE],
    ['reset in mid-body', wire.reset(`${HEAD}Content-Length: {length}\r\n\r\n{half}`), OUTAGE],
    ['ended in mid-body', wire.raw(`${HEAD}Content-Length: {length}\r\n\r\n{half}`), OUTAGE],
  ]),
  ...rows('status', 'time', [
    ['no answer', wire.nothing, OUTAGE, { page: { limit: 300 } }],
    ['a slow head', wire.trickle(HEAD, 'X'), OUTAGE, { page: { limit: 300 } }],
    ['a slow body', wire.trickle(`${HEAD}\r\n`, ' '), OUTAGE, { page: { limit: 300 } }],
    ['no answer once', wire.nothing, HEARD_AFTER_RETRY, { times: 1, page: { limit: 300 } }],
  ]),
  ...rows('status', 'size', [
    ['an endless body', wire.endless(200), OUTAGE],
    ['an endless body of a 500', wire.endless(500), OUTAGE],
    ['an endless body of a 404', wire.endless(404), GONE],
    [
      'a 500 without its end',
      wire.unfinished('HTTP/1.1 500 No\r\nContent-Type: application/json\r\n\r\n{'),
      OUTAGE,
    ],
    [
      'more than 64 kB, without its end',
      wire.unfinished(`${HEAD}\r\n${' '.repeat(66_000)}`),
      OUTAGE,
    ],
    ['a gzip bomb', wire.bomb(), OUTAGE],
    ['an endless head', wire.endlessHead(), OUTAGE],
    ['a header of 1 MB', wire.answer(String, { 'X-Large': 'x'.repeat(1_000_000) }), OUTAGE],
  ]),
  ...rows('status', 'length', [
    ['too long', wire.raw(`${HEAD}Content-Length: 9999\r\n\r\n{body}`), OUTAGE],
    ['too short', wire.raw(`${HEAD}Content-Length: 5\r\n\r\n{body}`), OUTAGE],
    ['none, in HTTP/1.0', wire.raw('HTTP/1.0 200 OK\r\n\r\n{body}'), HEARD],
    ['204', wire.refusal(204), OUTAGE],
    ['205', wire.refusal(205), OUTAGE],
    ['an empty body', wire.answer(''), OUTAGE],
  ]),
  ...rows('status', 'framing', [
    [
      'a chunk’s size is nonsense',
      wire.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{body}`),
      OUTAGE,
    ],
    [
      'the last chunk is missing',
      wire.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`),
      OUTAGE,
    ],
    [
      'a folded line',
      wire.raw('HTTP/1.1 200 OK\r\nContent-Type: {type};\r\n charset=utf-8\r\n\r\n{body}'),
      HEARD,
    ],
    ['early hints', wire.raw(`HTTP/1.1 103 Early Hints\r\n\r\n${GOOD}`), HEARD],
    ['no head at all', wire.raw('{body}'), OUTAGE, { in: { Firefox: HEARD } }],
  ]),
  ...rows('status', 'type', [
    ['HTML', wire.answer(HTML, { 'Content-Type': 'text/html' }), OUTAGE],
    ['none', wire.raw('HTTP/1.1 200 OK\r\n\r\n{body}'), HEARD],
    ['an image, of good JSON', wire.answer(String, { 'Content-Type': 'image/png' }), HEARD],
    ['an image', wire.answer(PNG, { 'Content-Type': 'image/png' }), OUTAGE],
  ]),
  ...rows('status', 'encoding', [
    [
      'invalid UTF-8',
      wire.answer(Buffer.from('{"status":"Approved\xff"}', 'latin1')),
      HEARD_AFTER_RETRY,
      { times: 1 },
    ],
    ['UTF-16', wire.answer(Buffer.from('{"status":"Approved"}', 'utf16le')), OUTAGE],
    ['a byte order mark', wire.answer((good) => `\ufeff${good}`), HEARD],
    [
      'gzip by name alone',
      wire.answer(String, { 'Content-Encoding': 'gzip' }),
      OUTAGE,
      { in: { WebKitGTK: HEARD } },
    ],
    ['an unknown one', wire.answer(String, { 'Content-Encoding': 'snake' }), HEARD],
    ['NUL bytes', wire.answer((good) => `\0${good}`), OUTAGE],
  ]),
  ...rows('status', 'redirect', [
    [
      'in a loop',
      wire.redirect(302, '/status'),
      'status-unavailable approved 1/64/0',
      { times: 63 },
    ],
    ['once', wire.redirect(302, '/status?again'), HEARD_AFTER_RETRY, { times: 1 }],
    ['to a page of HTML', wire.redirect(302, '/'), OUTAGE],
    [
      'elsewhere',
      wire.redirectElsewhere(302, 'closed'),
      OUTAGE,
      { elsewhere: ['GET', 'GET', 'GET'] },
    ],
    [
      'elsewhere, where it is allowed',
      wire.redirectElsewhere(307, 'open'),
      HEARD,
      { elsewhere: ['GET'] },
    ],
    ['to data:', wire.redirect(302, 'data:application/json,{"status":"Approved"}'), OUTAGE],
    ['to nowhere', wire.refusal(302), OUTAGE],
    ...codes(UNFOLLOWED, OUTAGE),
  ]),
  ...rows('status', 'status', [
    ['201', wire.answer(String, {}, 201), HEARD],
    ...codes([...REFUSED, 407, 429, ...FAILED], OUTAGE),
    ...codes([404, 410], GONE),
    ['421', wire.refusal(421), 'none approved 1/4/0'],
    ['500 with a status', wire.answer(String, {}, 500), OUTAGE],
    ['404 in mid-body', wire.reset('HTTP/1.1 404 No\r\nContent-Length: 99\r\n\r\n{"mess'), GONE],
  ]),
  ...rows('status', 'retry-after', [
    ['429, 1 second', wire.refusal(429, { 'Retry-After': '1' }), HEARD_AFTER_RETRY, { times: 1 }],
    ['429, for ever', wire.refusal(429, { 'Retry-After': '9'.repeat(400) }), LEFT_ALONE],
    ['429, a date in a day', wire.refusal(429, { 'Retry-After': date(DAY) }), LEFT_ALONE],
    ['429, a date that is past', wire.refusal(429, { 'Retry-After': date(-DAY) }), OUTAGE],
    ['429, negative', wire.refusal(429, { 'Retry-After': '-5' }), OUTAGE],
    ['429, nonsense', wire.refusal(429, { 'Retry-After': 'soon' }), OUTAGE],
    ['503, for ever', wire.refusal(503, { 'Retry-After': '9'.repeat(400) }), LEFT_ALONE],
    ['503, a date in a day', wire.refusal(503, { 'Retry-After': date(DAY) }), LEFT_ALONE],
    ['503, nonsense', wire.refusal(503, { 'Retry-After': 'soon' }), OUTAGE],
  ]),
  ...rows('status', 'json', [
    ['null', wire.answer('null'), OUTAGE],
    ['an array', wire.answer('["Approved"]'), OUTAGE],
    ['a number', wire.answer('1'), OUTAGE],
    ['nothing in it', wire.answer('{}'), OUTAGE],
    ['a status that is an object', wire.answer('{"status":{"status":"Approved"}}'), OUTAGE],
    ['a status that is empty', wire.answer('{"status":" "}'), OUTAGE],
    [
      'a word that nobody knows',
      wire.answer('{"status":"Splendid"}'),
      HEARD_AFTER_RETRY,
      { times: 1 },
    ],
    ['10,000 arrays deep', wire.answer(nested(10_000)), OUTAGE],
    ['__proto__ alone', wire.answer('{"__proto__":{"status":"Approved"}}'), OUTAGE],
  ]),
  ...rows('status', 'conflict', [
    [
      'two, the last one final',
      wire.answer('{"status":"In Progress","status":"Declined"}'),
      'none declined 1/1/0',
    ],
    [
      'two, the first one final',
      wire.answer('{"status":"Declined","status":"In Progress"}'),
      HEARD_AFTER_RETRY,
      { times: 1 },
    ],
    [
      'status and Status',
      wire.answer('{"status":"In Progress","Status":"Declined"}'),
      HEARD_AFTER_RETRY,
      { times: 1 },
    ],
  ]),
  ...rows('status', 'clock', [
    [
      'a day ahead, expires_at',
      wire.reset(),
      HEARD_AFTER_RETRY,
      {
        times: 1,
        page: AHEAD,
        hasEnd: false,
        session: { status_url: '/status', expires_at: moment(HOUR) },
      },
    ],
    [
      'a day behind, expires_at',
      wire.reset(),
      HEARD_AFTER_RETRY,
      {
        times: 1,
        page: BEHIND,
        hasEnd: true,
        session: { status_url: '/status', expires_at: moment(HOUR) },
      },
    ],
    [
      'a day ahead, 429 with a date',
      wire.refusal(429, { 'Retry-After': date(HOUR) }),
      OUTAGE,
      { page: AHEAD },
    ],
    [
      'a day behind, 429 with a date',
      wire.refusal(429, { 'Retry-After': date(1000) }),
      LEFT_ALONE,
      { page: BEHIND },
    ],
  ]),
];

const EVENTS: FaultRow[] = [
  ...rows('events', 'connection', [
    ['refused, and there again', 'down', 'status-unavailable approved 1/0/1'],
    [
      'reset before the answer',
      wire.reset(),
      STREAM_OUTAGE,
      { in: { Firefox: 'none approved 1/0/4' } },
    ],
    [
      'reset before the answer, with a status',
      wire.reset(),
      ASKED_INSTEAD,
      { ...WITH_STATUS, in: { Firefox: 'none approved 1/0/4' } },
    ],
    [
      'ended before the answer',
      wire.raw(''),
      STREAM_OUTAGE,
      { in: { Firefox: 'none approved 1/0/4' } },
    ],
    ['reset in the head', wire.reset(HEAD), STREAM_OUTAGE],
    ['reset before a message', wire.reset(`${HEAD}\r\n`), STREAM_OUTAGE],
    ['reset in a message', wire.reset(`${HEAD}\r\n{half}`), STREAM_OUTAGE],
    [
      'reset after a message',
      wire.reset(`${HEAD}\r\n${message('In Progress')}`),
      STREAMED_AGAIN,
      { times: 1 },
    ],
    ['ended before a message', wire.raw(`${HEAD}\r\n`), STREAM_OUTAGE],
    [
      'ended after a message',
      wire.raw(`${HEAD}\r\n${message('In Progress')}`),
      STREAMED_AGAIN,
      { times: 1 },
    ],
  ]),
  ...rows('events', 'time', [
    ['no answer', wire.nothing, STREAM_OUTAGE, { page: { limit: 5000 } }],
    [
      'no answer, with a status',
      wire.nothing,
      ASKED_INSTEAD,
      { ...WITH_STATUS, page: { limit: 5000 } },
    ],
    ['a slow head', wire.trickle(HEAD, 'X'), STREAM_OUTAGE, { page: { limit: 5000 } }],
    [
      'no byte of the body',
      wire.unfinished(`${HEAD}\r\n`),
      STREAM_OUTAGE,
      { page: { limit: 5000 } },
    ],
    [
      'silence after a comment',
      wire.unfinished(`${HEAD}\r\n:\n\n`),
      STREAMED_AGAIN,
      { times: 1, page: { isSilent: true } },
    ],
    [
      'silence in a message',
      wire.unfinished(`${HEAD}\r\n{half}`),
      STREAMED_AGAIN,
      { times: 1, page: { isSilent: true } },
    ],
    [
      'silence after a comment, with a status',
      wire.unfinished(`${HEAD}\r\n:\n\n`),
      ASKED_INSTEAD,
      { ...WITH_STATUS, page: { isSilent: true } },
    ],
  ]),
  ...rows('events', 'size', [
    ['an endless line', wire.endless(200, 'data: '), STREAM_OUTAGE],
    ['an endless line, with a status', wire.endless(200, 'data: '), ASKED_INSTEAD, WITH_STATUS],
    [
      'endless lines of one message',
      wire.endless(200, '', `data: ${'x'.repeat(9000)}\n`),
      STREAM_OUTAGE,
    ],
    [
      'a line of 64 kB',
      wire.unfinished(`${HEAD}\r\ndata: ${'x'.repeat(65_000)}\n\n{body}`),
      STREAMED,
    ],
    ['an endless comment', wire.endless(200, ':'), STREAM_OUTAGE],
    ['an endless body of a 404', wire.endless(404), NO_STREAM],
    [
      'a 500 without its end',
      wire.unfinished('HTTP/1.1 500 No\r\nContent-Type: application/json\r\n\r\n{'),
      STREAM_OUTAGE,
    ],
    ['a gzip bomb', wire.bomb(), STREAM_OUTAGE],
    ['an endless head', wire.endlessHead(), STREAM_OUTAGE],
  ]),
  ...rows('events', 'length', [
    ['too long', wire.unfinished(`${HEAD}Content-Length: 9999\r\n\r\n{body}`), STREAMED],
    ['too short', wire.raw(`${HEAD}Content-Length: 20\r\n\r\n{body}`), STREAM_OUTAGE],
    [
      'none, in HTTP/1.0',
      wire.unfinished('HTTP/1.0 200 OK\r\nContent-Type: {type}\r\n\r\n{body}'),
      STREAMED,
    ],
    ['204', wire.refusal(204), NO_STREAM],
    ['an empty body', wire.answer(''), STREAM_OUTAGE],
  ]),
  ...rows('events', 'framing', [
    [
      'a chunk’s size is nonsense',
      wire.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{body}`),
      STREAM_OUTAGE,
    ],
    [
      'a folded line',
      wire.raw('HTTP/1.1 200 OK\r\nContent-Type: {type};\r\n charset=utf-8\r\n\r\n{body}'),
      STREAMED,
    ],
    ['early hints', wire.unfinished(`HTTP/1.1 103 Early Hints\r\n\r\n${HEAD}\r\n{body}`), STREAMED],
    ['no head at all', wire.raw('{body}'), STREAM_OUTAGE, { in: { Firefox: NO_STREAM } }],
  ]),
  ...rows('events', 'type', [
    ['HTML', wire.answer(HTML, { 'Content-Type': 'text/html' }), NO_STREAM],
    [
      'HTML, with a status',
      wire.answer(HTML, { 'Content-Type': 'text/html' }),
      ASKED_INSTEAD,
      WITH_STATUS,
    ],
    ['none', wire.raw('HTTP/1.1 200 OK\r\n\r\n{body}'), NO_STREAM],
    ['an image', wire.answer(PNG, { 'Content-Type': 'image/png' }), NO_STREAM],
    [
      'JSON',
      wire.answer('{"status":"Approved"}', { 'Content-Type': 'application/json' }),
      NO_STREAM,
    ],
    [
      'one that begins alike',
      wire.answer(String, { 'Content-Type': 'text/event-streams' }),
      NO_STREAM,
    ],
  ]),
  ...rows('events', 'encoding', [
    [
      'invalid UTF-8',
      wire.answer((good) =>
        Buffer.concat([Buffer.from('data: \xff\xfe\n\n', 'latin1'), Buffer.from(good)]),
      ),
      STREAMED,
    ],
    ['a byte order mark', wire.answer((good) => `\ufeff${good}`), STREAMED],
    [
      'gzip by name alone',
      wire.answer(String, { 'Content-Encoding': 'gzip' }),
      STREAM_OUTAGE,
      { in: { WebKitGTK: STREAMED } },
    ],
    [
      'Latin-1 by name alone',
      wire.answer(String, { 'Content-Type': 'text/event-stream; charset=latin1' }),
      STREAMED,
    ],
    ['NUL bytes', wire.answer((good) => `\0\0\n${good}`), STREAMED],
  ]),
  ...rows('events', 'redirect', [
    [
      'in a loop',
      wire.redirect(302, '/events'),
      'status-unavailable approved 1/0/64',
      { times: 63 },
    ],
    [
      'once',
      wire.redirect(302, '/events?again'),
      STREAMED_AGAIN,
      { times: 1, lingersIn: ['Firefox'] },
    ],
    ['to a page of HTML', wire.redirect(302, '/'), NO_STREAM],
    [
      'elsewhere',
      wire.redirectElsewhere(302, 'closed'),
      STREAM_OUTAGE,
      { elsewhere: ['GET', 'GET', 'GET'] },
    ],
    [
      'elsewhere, where it is allowed',
      wire.redirectElsewhere(307, 'open'),
      STREAMED,
      { elsewhere: ['GET'] },
    ],
    ['to nowhere', wire.refusal(302), NO_STREAM],
    ...codes(UNFOLLOWED, NO_STREAM),
  ]),
  ...rows('events', 'status', [
    ['201', wire.answer(String, {}, 201), NO_STREAM],
    ...codes([...REFUSED, 404, 410], NO_STREAM),
    ...codes([429, ...FAILED], STREAM_OUTAGE),
    ['407', wire.refusal(407), NO_STREAM, { in: { Chromium: STREAM_OUTAGE } }],
    ['421', wire.refusal(421), 'status-unavailable ready 1/0/2'],
    ['404, with a status', wire.refusal(404), ASKED_INSTEAD, WITH_STATUS],
    ['503, with a status', wire.refusal(503), ASKED_INSTEAD, WITH_STATUS],
    ['500 with a stream', wire.answer(String, {}, 500), STREAM_OUTAGE],
  ]),
  ...rows('events', 'retry-after', [
    ['429, 1 second', wire.refusal(429, { 'Retry-After': '1' }), STREAMED_AGAIN, { times: 1 }],
    ['429, for ever', wire.refusal(429, { 'Retry-After': '9'.repeat(400) }), 'none ready 1/0/1'],
    ['503, a date in a day', wire.refusal(503, { 'Retry-After': date(DAY) }), 'none ready 1/0/1'],
    [
      '503, a date in a day, with a status',
      wire.refusal(503, { 'Retry-After': date(DAY) }),
      'none ready 1/0/1',
      WITH_STATUS,
    ],
    ['503, negative', wire.refusal(503, { 'Retry-After': '-5' }), STREAM_OUTAGE],
    ['503, nonsense', wire.refusal(503, { 'Retry-After': 'soon' }), STREAM_OUTAGE],
  ]),
  ...rows('events', 'lines', [
    [
      'CRLF',
      wire.unfinished(`${HEAD}\r\nevent: status\r\ndata: {"status":"Approved"}\r\n\r\n`),
      STREAMED,
    ],
    ['CR', wire.unfinished(`${HEAD}\r\nevent: status\rdata: {"status":"Approved"}\r\r`), STREAMED],
    [
      'all three',
      wire.unfinished(`${HEAD}\r\nevent: status\rdata: {"status":\r\ndata: "Approved"}\n\n`),
      STREAMED,
    ],
    [
      'no last empty line',
      wire.raw(`${HEAD}\r\nevent: status\ndata: {"status":"Approved"}\n`),
      STREAM_OUTAGE,
    ],
    ['another event', wire.answer((good) => good.replace('status', 'state')), STREAM_OUTAGE],
    ['no event', wire.answer((good) => good.replace('event: status\n', '')), STREAM_OUTAGE],
    ['two events of a message', wire.answer((good) => `event: other\n${good}`), STREAMED],
    ['a space too many', wire.answer((good) => good.replace('status', ' status')), STREAM_OUTAGE],
    ['a name in capitals', wire.answer((good) => good.replace('event', 'Event')), STREAM_OUTAGE],
    ['data that is no JSON', wire.answer('event: status\ndata: Approved\n\n'), STREAM_OUTAGE],
    [
      'data that is no JSON, and then some',
      wire.answer((good) => `event: status\ndata: Approved\n\n${good}`),
      STREAMED,
    ],
    ['data that is null', wire.answer('event: status\ndata: null\n\n'), STREAM_OUTAGE],
    ['data that is an array', wire.answer('event: status\ndata: ["Approved"]\n\n'), STREAM_OUTAGE],
    [
      'data 10,000 arrays deep',
      wire.answer((good) => `event: status\ndata: ${nested(10_000)}\n\n${good}`),
      STREAMED,
    ],
    [
      'two statuses in one',
      wire.answer('event: status\ndata: {"status":"Approved","status":"Declined"}\n\n'),
      'none declined 1/0/1',
    ],
    [
      'final, and then something else',
      wire.answer(message('Declined') + message('Approved')),
      'none declined 1/0/1',
    ],
    ['a word that nobody knows', wire.answer((good) => message('Splendid') + good), STREAMED],
    [
      'retry: nonsense',
      wire.raw(`${HEAD}\r\nretry: soon\n\n${message('In Progress')}`),
      STREAMED_AGAIN,
      { times: 1 },
    ],
    [
      'retry: negative',
      wire.raw(`${HEAD}\r\nretry: -1\n\n${message('In Progress')}`),
      STREAMED_AGAIN,
      { times: 1 },
    ],
    [
      'retry: 0',
      wire.raw(`${HEAD}\r\nretry: 0\n\n${message('In Progress')}`),
      STREAMED_AGAIN,
      { times: 1 },
    ],
  ]),
  ...rows('events', 'clock', [
    [
      'a day ahead, 503 with a date',
      wire.refusal(503, { 'Retry-After': date(HOUR) }),
      STREAM_OUTAGE,
      { page: AHEAD },
    ],
    [
      'a day behind, 503 with a date',
      wire.refusal(503, { 'Retry-After': date(1000) }),
      'none ready 1/0/1',
      { page: BEHIND },
    ],
  ]),
];

export const TABLE: readonly FaultRow[] = [...CREATE, ...STATUS, ...EVENTS];
