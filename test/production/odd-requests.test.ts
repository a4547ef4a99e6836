import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { bareSite, type Listener, listeners } from './bare-site.js';
import { head, rawClient, statusesIn } from './raw-client.js';

const LIMIT = { timeout: 60_000 };
const HOST = 'Host: site.example';
const JSON_TYPE = 'Content-Type: application/json';
const CLOSE = 'Connection: close';

/** What an attacker would have in an answer. */
const INJECTED = 'X-Injected: yes';

interface Odd {
  readonly name: string;
  /** Everything that is sent. */
  readonly request: string;
  /** The statuses that may be answered; none: the connection is closed without a word. */
  readonly statuses: readonly number[];
}

/** As a request without a body, with these lines beside the usual ones. */
function get(target: string, ...lines: readonly string[]): string {
  return head(`GET ${target} HTTP/1.1`, HOST, CLOSE, ...lines);
}

function post(body: string, ...lines: readonly string[]): string {
  const length = `Content-Length: ${body.length}`;
  return head('POST /didit HTTP/1.1', HOST, CLOSE, JSON_TYPE, length, ...lines) + body;
}

function method(name: string, target = '/didit', ...lines: readonly string[]): string {
  return head(`${name} ${target} HTTP/1.1`, HOST, CLOSE, ...lines);
}

const TRACE_SECRET = 'Cookie: secret=of-the-person';

const REQUESTS: readonly Odd[] = [
  // Where it is for.
  {
    name: 'a whole URL',
    request: get('http://evil.example/didit?session=x'),
    statuses: [400, 404],
  },
  { name: 'a whole URL of TLS', request: get('https://evil.example/'), statuses: [400, 404] },
  { name: 'a URL of another scheme', request: get('file:///etc/passwd'), statuses: [400, 404] },
  { name: 'two slashes', request: get('//evil.example/didit?session=x'), statuses: [400, 404] },
  { name: 'dots', request: get('/../../etc/passwd'), statuses: [404] },
  { name: 'packed dots', request: get('/%2e%2e%2f%2e%2e/etc'), statuses: [404] },
  { name: 'a packed NUL', request: get('/didit%00?session=x'), statuses: [404] },
  { name: 'a broken escape', request: get('/%zz?session=%'), statuses: [404] },
  { name: 'a backslash', request: get('/\\evil.example'), statuses: [400, 404] },
  { name: 'a fragment', request: get('/didit#?session=x'), statuses: [400, 404] },
  { name: 'bytes beyond ASCII', request: get('/\xff\xfe'), statuses: [400, 404] },
  { name: 'no path', request: get('*'), statuses: [400, 404] },
  {
    name: 'a packed line end',
    request: get(`/didit?session=%0d%0a${INJECTED}`),
    statuses: [400, 404],
  },
  {
    name: 'a query of 60 kB',
    request: get(`/didit?session=${'x'.repeat(60_000)}`),
    statuses: [431],
  },
  // By what method.
  { name: 'TRACE', request: method('TRACE', '/didit', TRACE_SECRET), statuses: [400, 405, 500] },
  { name: 'CONNECT', request: method('CONNECT', 'evil.example:443'), statuses: [] },
  { name: 'HEAD', request: method('HEAD', '/didit?session=x'), statuses: [405] },
  { name: 'a method in lower case', request: method('get'), statuses: [400] },
  { name: 'a method nobody knows', request: method('EVIL'), statuses: [400] },
  { name: 'a WebDAV method', request: method('PROPFIND'), statuses: [405] },
  {
    name: 'an override',
    request: method('PUT', '/didit', 'X-HTTP-Method-Override: POST'),
    statuses: [405],
  },
  {
    name: 'an upgrade',
    request: method('GET', '/didit', 'Upgrade: websocket', 'Connection: Upgrade'),
    statuses: [400, 404],
  },
  // Who says it is.
  { name: 'a null origin', request: post('{}', 'Origin: null'), statuses: [403] },
  {
    name: 'two origins, the first allowed',
    request: post('{}', 'Origin: https://shop.example', 'Origin: https://evil.example'),
    statuses: [403],
  },
  {
    name: 'two origins, the second allowed',
    request: post('{}', 'Origin: https://evil.example', 'Origin: https://shop.example'),
    statuses: [403],
  },
  {
    name: 'two words for whose page it is',
    request: post('{}', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Site: same-origin'),
    statuses: [403],
  },
  {
    name: 'two hosts, the second that of the origin',
    request: post('{}', 'Host: evil.example', 'Origin: https://evil.example'),
    statuses: [400, 403],
  },
  {
    name: 'a host that is forwarded',
    request: post('{}', 'Origin: https://evil.example', 'X-Forwarded-Host: evil.example'),
    statuses: [403],
  },
  { name: 'no host', request: head('GET /didit HTTP/1.1', CLOSE), statuses: [400] },
  {
    name: 'a host with a path',
    request: head('GET /didit HTTP/1.1', 'Host: site.example/evil?', CLOSE),
    statuses: [400, 404],
  },
  {
    name: 'a host with somebody before it',
    request: head('GET /didit HTTP/1.1', 'Host: evil.example@site.example', CLOSE),
    statuses: [400, 404],
  },
  // Two in one.
  {
    name: 'a length and chunks',
    request: post('0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n', 'Transfer-Encoding: chunked'),
    statuses: [400],
  },
  { name: 'two lengths', request: post('{}', 'Content-Length: 20'), statuses: [400] },
  {
    name: 'a chunk of a size that is none',
    request: `${method('POST', '/didit', JSON_TYPE, 'Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`,
    statuses: [400],
  },
  {
    name: 'chunks by another name',
    request: post('{}', 'Transfer-Encoding: xchunked'),
    statuses: [400],
  },
  { name: 'a space before the colon', request: get('/didit', 'Origin : null'), statuses: [400] },
  { name: 'a folded header', request: get('/didit', `X: a\r\n ${INJECTED}`), statuses: [400, 404] },
  {
    name: 'a bare LF',
    request: get('/didit', `Idempotency-Key: a\n${INJECTED}`),
    statuses: [400, 404],
  },
  { name: 'a bare CR', request: get('/didit', `Idempotency-Key: a\r${INJECTED}`), statuses: [400] },
  { name: 'a NUL', request: get('/didit', `Idempotency-Key: a\0${INJECTED}`), statuses: [400] },
  // What is too much.
  { name: 'headers of 20 kB', request: get('/didit', `X: ${'x'.repeat(20_000)}`), statuses: [431] },
  {
    name: 'an origin of 10 kB',
    request: post('{}', `Origin: https://${'x'.repeat(10_000)}`),
    statuses: [403],
  },
  {
    name: 'a key of 10 kB',
    request: post('{}', `Idempotency-Key: ${'x'.repeat(10_000)}`),
    statuses: [400],
  },
  {
    name: 'bytes of TLS',
    request: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
    statuses: [400],
  },
  { name: 'HTTP/2 at once', request: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', statuses: [400] },
];

async function exchange(test: TestContext, port: number, request: string): Promise<string> {
  const client = await rawClient(test, port);
  client.send(request);
  return client.ended;
}

describe('an odd request on the wire', LIMIT, () => {
  for (const listener of Object.keys(listeners) as Listener[]) {
    it(`is answered, or not, and never with what it brought: ${listener}`, async (test) => {
      const { port, types, didit } = await bareSite(test, { listener });
      for (const { name, request, statuses } of REQUESTS) {
        const text = await exchange(test, port, request);
        const [status, ...more] = statusesIn(text);
        if (statuses.length === 0) assert.equal(text, '', name);
        else assert.ok(statuses.includes(status!), `${name}: ${text.slice(0, 200)}`);
        assert.deepEqual(more, [], `${name} had two answers`);
        assert.doesNotMatch(text, /injected|evil|of-the-person/i, name);
        assert.doesNotMatch(text, /access-control-allow-origin/i, name);
      }
      // None of them made a session, and none has broken anything.
      assert.equal(didit.calls.length, 0);
      assert.ok(!types().includes('internal.failed'), types().join());
      const good = await exchange(test, port, post('{}'));
      assert.deepEqual(statusesIn(good), [201]);
    });
  }

  it('has no part in what is answered by its host', async (test) => {
    const { port } = await bareSite(test);
    for (const host of ['evil.example', 'evil.example:99', '[::1]', 'evil.example:0']) {
      const request = post('{}').replace(HOST, `Host: ${host}`);
      const text = await exchange(test, port, request);
      assert.deepEqual(statusesIn(text), [201]);
      assert.match(text, /"status_url":"\?session=[\w-]+"/);
      assert.doesNotMatch(text, /evil/);
    }
  });

  it('that follows another is not taken for its body', async (test) => {
    const { port } = await bareSite(test);
    const first = post('{}').replace(`${CLOSE}\r\n`, '');
    const second = get('/didit?session=x');
    const text = await exchange(test, port, first + second);
    assert.deepEqual(statusesIn(text), [201, 404]);
  });
});
