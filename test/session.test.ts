import { expect } from '@open-wc/testing';
import type { VerifyError, VerifyErrorDetail } from '../src/errors.js';
import { DEFAULT_ALLOWED_HOSTS, parseSession, publicSession } from '../src/session.js';
import { sampleSession } from './sample-session.js';

const ARRIVAL = Date.UTC(2030, 0, 1);
const URL_OF_DIDIT = 'https://app.didit.me/authorize/abc';

function parse(answer: unknown, allowedHosts = DEFAULT_ALLOWED_HOSTS) {
  const base = 'https://shop.example/api/didit/session';
  return parseSession(answer, { base, allowedHosts, arrival: ARRIVAL });
}

function codeOf(answer: unknown, allowedHosts?: string): string {
  return refusal(answer, allowedHosts)?.code ?? 'none';
}

function refusal(answer: unknown, allowedHosts?: string): VerifyErrorDetail | null {
  try {
    parse(answer, allowedHosts);
  } catch (error) {
    return (error as VerifyError).detail;
  }
  return null;
}

const withUrl = (url: unknown) => ({ session_id: '1', url });

describe('parseSession', () => {
  it('reads what a resolver must answer', () => {
    expect(parse(withUrl(URL_OF_DIDIT))).to.deep.equal({
      sessionId: '1',
      url: URL_OF_DIDIT,
      expiresAt: null,
      lifetime: null,
      status: null,
      statusUrl: null,
      eventsUrl: null,
    });
  });

  it('reads all that it may answer, references against its own URL', () => {
    const session = parse({
      ...withUrl(URL_OF_DIDIT),
      status: 'In Progress',
      expires_in: 90,
      status_url: '?session=h',
      events_url: '/events/h',
    });
    expect(session.status).to.equal('In Progress');
    expect(session.expiresAt).to.deep.equal(new Date(ARRIVAL + 90_000));
    expect(session.lifetime).to.equal(90_000);
    expect(session.statusUrl).to.equal('https://shop.example/api/didit/session?session=h');
    expect(session.eventsUrl).to.equal('https://shop.example/events/h');
  });

  it('reads camelCase spellings', () => {
    const expiresAt = new Date(ARRIVAL + 1000).toISOString();
    const session = parse({
      ...{ sessionId: '1', sessionToken: 'abc', expiresAt },
      ...{ statusUrl: '/status', eventsUrl: '/events' },
    });
    expect(session.url).to.equal(URL_OF_DIDIT);
    expect(session.expiresAt?.toISOString()).to.equal(expiresAt);
    expect(session.statusUrl).to.equal('https://shop.example/status');
    expect(session.eventsUrl).to.equal('https://shop.example/events');
    expect(parse({ ...withUrl(URL_OF_DIDIT), expiresIn: 5 }).expiresAt).to.not.equal(null);
  });

  it('builds a missing url from session_token, as one path segment', () => {
    expect(parse({ session_id: '1', session_token: 'abc' }).url).to.equal(URL_OF_DIDIT);
    const odd = parse({ session_id: '1', url: null, session_token: 'a/../?#b' });
    expect(odd.url).to.equal('https://app.didit.me/authorize/a%2F..%2F%3F%23b');
  });

  it('does not keep the bare token', () => {
    const session = parse({ ...withUrl(URL_OF_DIDIT), session_token: 'very-secret' });
    expect(JSON.stringify(session)).to.not.contain('very-secret');
  });

  const noSessions: Record<string, unknown> = {
    'an array': [withUrl(URL_OF_DIDIT)],
    'a string': 'session',
    'a number': 1,
    null: null,
    undefined: undefined,
    'an empty object': {},
    'no session_id': { url: URL_OF_DIDIT },
    'an empty session_id': { session_id: ' ', url: URL_OF_DIDIT },
    'a number as session_id': { session_id: 1, url: URL_OF_DIDIT },
    'neither url nor session_token': { session_id: '1' },
    'an empty url': withUrl(''),
    'a number as url': withUrl(7),
    'an object as url': withUrl({ href: URL_OF_DIDIT }),
    'a number as session_token': { session_id: '1', session_token: 7 },
    'half a character as session_token': { session_id: '1', session_token: '\ud800' },
    'all members below __proto__': JSON.parse(
      `{"__proto__":{"session_id":"1","url":"${URL_OF_DIDIT}"}}`,
    ),
  };
  for (const [name, answer] of Object.entries(noSessions)) {
    it(`refuses ${name}: invalid-response`, () => {
      expect(codeOf(answer)).to.equal('invalid-response');
    });
  }

  const messages: [answer: unknown, message: string][] = [
    [null, 'The answer is not a JSON object.'],
    [{ url: URL_OF_DIDIT }, 'The answer has no session_id.'],
    [withUrl(7), 'The answer has no url.'],
    [withUrl(null), 'The answer has no url or session_token.'],
    [withUrl('https://evil.example/'), 'The url is not https: on a host of allowed-hosts.'],
    [
      { ...withUrl(URL_OF_DIDIT), status_url: '//evil.example/' },
      'status_url or events_url is on another origin.',
    ],
  ];
  for (const [answer, message] of messages) {
    it(`says of ${JSON.stringify(answer)}: ${message}`, () => {
      expect(refusal(answer)?.message).to.equal(message);
    });
  }

  const unsafeUrls: Record<string, string> = {
    relative: '/authorize/abc',
    'without a scheme': '//app.didit.me/authorize/abc',
    'javascript:': 'javascript:alert(1)//app.didit.me',
    'data:': 'data:text/html,app.didit.me',
    'blob:': 'blob:https://app.didit.me/abc',
    'plain http to a public host': 'http://app.didit.me/authorize/abc',
    'with a user': 'https://user@app.didit.me/',
    'with a password': 'https://:pass@app.didit.me/',
    'with a host as user': 'https://app.didit.me@evil.example/',
    'with a backslash': 'https://app.didit.me\\@evil.example/',
    'with a line break': 'https://app.did\nit.me/',
    'with a space before': ' https://app.didit.me/',
    'on another host': 'https://evil.example/',
    'on a host that ends alike': 'https://evildidit.me/',
    'on a host that begins alike': 'https://didit.me.evil.example/',
    'on a host with a last dot': 'https://app.didit.me./',
    'on loopback that is not named': 'http://localhost:3000/',
    'of 5,000 characters': `https://app.didit.me/${'a'.repeat(5000)}`,
    'of 2,001 characters': `https://app.didit.me/${'a'.repeat(1980)}`,
  };
  for (const [name, url] of Object.entries(unsafeUrls)) {
    it(`refuses a url ${name}: unsafe-url`, () => {
      expect(codeOf(withUrl(url))).to.equal('unsafe-url');
    });
  }

  const safeUrls = [
    'https://didit.me/',
    'https://a.b.didit.me/x?y=z#f',
    'HTTPS://APP.DIDIT.ME/x',
    `https://app.didit.me/${'a'.repeat(1979)}`,
  ];
  for (const url of safeUrls) {
    it(`takes ${url.slice(0, 40)} (${url.length} characters)`, () => {
      expect(parse(withUrl(url)).url).to.equal(new URL(url).href);
    });
  }

  const hostTable: [url: string, allowedHosts: string, code: string][] = [
    ['http://localhost:3000/a', 'localhost', 'none'],
    ['http://localhost:3000/a', 'localhost:3000', 'none'],
    ['http://localhost:3000/a', 'localhost:3001', 'unsafe-url'],
    ['http://127.0.0.1:3000/a', 'didit.me  127.0.0.1', 'none'],
    ['http://127.10.20.30/a', '127.10.20.30', 'none'],
    ['http://127.0.0.1:3000/a', 'didit.me,127.0.0.1', 'none'],
    ['http://[::1]:3000/a', '[::1]', 'none'],
    ['http://demo.localhost/a', '*.localhost', 'none'],
    ['http://127.0.0.1.evil.example/a', '127.0.0.1.evil.example', 'unsafe-url'],
    ['http://not-localhost/a', 'not-localhost', 'unsafe-url'],
    ['ftp://localhost/a', 'localhost', 'unsafe-url'],
    ['ws://localhost/a', 'localhost', 'unsafe-url'],
    ['http://intranet.example/a', 'intranet.example', 'unsafe-url'],
    ['https://intranet.example/a', 'intranet.example', 'none'],
    ['https://intranet.example/a', 'INTRANET.example', 'none'],
    ['https://example/a', '*.example', 'unsafe-url'],
    ['https://a.example:8443/', '*.example:8443', 'none'],
    ['https://a.example:8443/', '*.example', 'none'],
    ['https://b*.example/', 'a*.example', 'unsafe-url'],
    ['https://a.example/', '*', 'unsafe-url'],
    ['https://a.example./', '*.', 'unsafe-url'],
    ['https://app.didit.me/', '', 'unsafe-url'],
    ['data:,app.didit.me', 'didit.me, ', 'unsafe-url'],
  ];
  for (const [url, allowedHosts, code] of hostTable) {
    it(`${url} with allowed-hosts "${allowedHosts}": ${code}`, () => {
      expect(codeOf(withUrl(url), allowedHosts)).to.equal(code);
    });
  }

  const foreign = [
    'https://evil.example/status',
    'http://shop.example/status',
    '//evil.example/status',
    'https://user@shop.example/status',
    'https://:pass@shop.example/status',
    'blob:https://shop.example/status',
    'javascript:alert(1)',
    'https://',
    7,
  ];
  for (const name of ['status_url', 'events_url']) {
    for (const reference of foreign) {
      it(`refuses ${reference} as ${name}: unsafe-url`, () => {
        expect(codeOf({ ...withUrl(URL_OF_DIDIT), [name]: reference })).to.equal('unsafe-url');
      });
    }
  }

  const noReferences = [
    { status_url: '', events_url: null },
    { statusUrl: null, eventsUrl: '' },
  ];
  for (const fields of noReferences) {
    it(`knows no address by ${JSON.stringify(fields)}`, () => {
      const { statusUrl, eventsUrl } = parse({ ...withUrl(URL_OF_DIDIT), ...fields });
      expect([statusUrl, eventsUrl]).to.deep.equal([null, null]);
    });
  }

  const lifetimes: [fields: object, seconds: number | null][] = [
    [{ expires_in: 60 }, 60],
    [{ expires_in: '60' }, 60],
    [{ expires_in: 60, expires_at: '2031-01-01T00:00:00Z' }, 60],
    [{ expires_at: '2030-01-01T00:01:00Z' }, 60],
    [{ expires_in: null, expires_at: '2030-01-01T00:01:00Z' }, 60],
    [{ expiresIn: null, expiresAt: '2030-01-01T00:01:00Z' }, 60],
    [{ expires_at: '2030-01-01T01:01:00+01:00' }, 60],
    [{ expires_at: '2030-01-01T00:01:00.500000+00:00' }, 60.5],
    [{ expires_at: '2029-12-31T23:59:59Z' }, null],
    [{ expires_at: 'soon' }, null],
    [{ expires_in: 0 }, null],
    [{ expires_in: -5 }, null],
    [{ expires_in: 'soon' }, null],
    [{ expires_in: { toString: [] } }, null],
    [{ expires_at: { toString: [] } }, null],
    [{ expires_in: 1e300 }, null],
    [{}, null],
  ];
  for (const [fields, seconds] of lifetimes) {
    it(`${JSON.stringify(fields)}: ${seconds ?? 'unknown lifetime'}`, () => {
      const { expiresAt, lifetime } = parse({ ...withUrl(URL_OF_DIDIT), ...fields });
      expect(expiresAt && (expiresAt.getTime() - ARRIVAL) / 1000).to.equal(seconds);
      expect(lifetime && lifetime / 1000).to.equal(seconds);
    });
  }
});

describe('publicSession', () => {
  it('has neither address, status nor drawing', () => {
    const full = sampleSession({ statusUrl: 'https://shop.example/?session=handle' });
    const { sessionId, url } = full;
    expect(publicSession(full)).to.deep.equal({ sessionId, url, expiresAt: null });
  });
});
