import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { createGunzip } from 'node:zlib';
import { getRequestListener } from '@hono/node-server';
import { generate } from 'selfsigned';
import { createDidit, signWebhook } from '../../src/server/index.js';
import { fakeDidit, options, SESSION_ID, VERIFICATION } from '../server/helpers.js';
import { browsers, type Answer } from './browsers.js';
import { assertSpread, messagesOf, retryOf, statusMessage } from './event-messages.js';
import { startNginx } from './nginx.js';
import { programOf } from '../../scripts/programs.mjs';

const HOST = 'shop.example';
const ORIGIN = `https://${HOST}`;
const SESSION = '/api/didit/session';
const WEBHOOK = '/api/didit/webhook';
const SECRET = 'secret-of-the-webhook';
const MEGABYTE = 1_048_576;

const nginx = programOf('nginx');
const LIMIT = { timeout: 60_000, skip: nginx === null && 'nginx is not installed' };

const altNames = [{ type: 2, value: HOST } as const];
const { cert, private: key } = await generate([{ name: 'commonName', value: HOST }], {
  keyType: 'ec',
  algorithm: 'sha256',
  extensions: [{ name: 'subjectAltName', altNames }],
});

const own = { Origin: ORIGIN, 'Sec-Fetch-Site': 'same-origin' };
const ownOlder = { Origin: ORIGIN };
const other = { Origin: 'https://other.example', 'Sec-Fetch-Site': 'cross-site' };
const otherOlder = { Origin: 'https://other.example' };

const KEEP_HOST = 'proxy_set_header Host $host;';

interface Manner {
  /** The browser's. */
  readonly protocol?: keyof typeof browsers;
  /** nginx's, besides its defaults. */
  readonly directives?: readonly string[];
  readonly allowedOrigins?: string[];
  /** What the browser calls the site. */
  readonly host?: string;
}

/** The server part in plain Node, behind nginx, and a browser. */
async function site(test: TestContext, manner: Manner = {}) {
  const { protocol = 'HTTP/1.1', directives = [], allowedOrigins = [], host = HOST } = manner;
  const log = new EventEmitter();
  const requests: string[] = [];
  const didit = createDidit(
    options({
      ...VERIFICATION,
      webhookSecrets: [SECRET],
      allowedOrigins,
      fetch: fakeDidit({ decision: () => new Response(null, { status: 404 }) }).fetch,
      log: (event) => log.emit(event.type, event),
    }),
  );
  test.after(didit.close);
  const session = getRequestListener(didit.session);
  const webhook = getRequestListener(didit.webhook);
  const backend = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    requests.push(`${request.method} ${path}`);
    void (path === WEBHOOK ? webhook : session)(request, response);
  });
  await once(backend.listen(0, '127.0.0.1'), 'listening');
  test.after(() => {
    backend.closeAllConnections();
    backend.close();
  });
  const { port: upstream } = backend.address() as AddressInfo;
  const port = await startNginx(test, nginx!, { cert, key, upstream, directives });
  const send = browsers[protocol](test, { port, host, ca: cert });

  const create = (headers: Record<string, string> = own) =>
    send({
      method: 'POST',
      path: SESSION,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: '{}',
    });
  /** Opens the stream of a new session. */
  const listen = async (headers: Record<string, string> = {}) => {
    const { events_url } = (await json((await create()).body)) as { events_url: string };
    return send({ method: 'GET', path: SESSION + events_url, headers: { ...own, ...headers } });
  };
  const hook = ({ headers, body }: { headers: Record<string, string>; body: string }) =>
    send({ method: 'POST', path: WEBHOOK, headers, body });
  return { create, listen, hook, didit, log, requests };
}

/** What decides nothing, by Didit. */
const signed = (status: string) => signWebhook({ session_id: SESSION_ID, status }, SECRET);

const PROXY_1_1 = ['proxy_http_version 1.1;', 'proxy_set_header Connection "";'];
const GZIP = ['gzip on;', 'gzip_types text/event-stream;'];

/** How a stream reaches the page. */
const ways: { name: string; directives: string[]; encoding?: string }[] = [
  { name: 'by its defaults', directives: [] },
  { name: 'by HTTP/1.1 to the server', directives: PROXY_1_1 },
  { name: 'with gzip', directives: GZIP, encoding: 'gzip' },
  {
    name: 'with gzip, by HTTP/1.1 to the server',
    ...{ directives: [...PROXY_1_1, ...GZIP], encoding: 'gzip' },
  },
];

/** The body as the page's scripts get it. */
function unpacked({ headers, body }: Answer): Readable {
  if (headers['content-encoding'] !== 'gzip') return body;
  return pipeline(body, createGunzip(), () => undefined);
}

for (const protocol of ['HTTP/1.1', 'HTTP/2'] as const) {
  for (const { name, directives, encoding } of ways) {
    describe(`a stream through nginx ${name}, to a page by ${protocol}`, LIMIT, () => {
      const open = async (test: TestContext) => {
        const opened = await site(test, { protocol, directives });
        const answer = await opened.listen({ 'Accept-Encoding': 'gzip' });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-type'], 'text/event-stream');
        assert.equal(answer.headers['content-encoding'], encoding);
        return { ...opened, ...answer, next: messagesOf(unpacked(answer)) };
      };

      it('tells each message while it is open', async (test) => {
        const { next, hook } = await open(test);
        assert.equal(await next(), statusMessage('Not Started'));
        for (const status of ['In Progress', 'Awaiting User']) {
          assert.equal((await hook(await signed(status))).status, 200);
          assert.equal(await next(), statusMessage(status));
        }
      });

      it('is closed behind it when the page hangs up', async (test) => {
        const { next, hangUp, log } = await open(test);
        await next();
        const closed = once(log, 'events.closed');
        hangUp();
        await closed;
      });

      it('ends when the server shuts down, and says when to come back', async (test) => {
        const { next, didit } = await open(test);
        await next();
        didit.close();
        assertSpread([retryOf(await next())]);
        assert.equal(await next(), null);
      });
    });
  }
}

interface Page extends Manner {
  readonly name: string;
  readonly headers: Record<string, string>;
  readonly status: number;
}

const ON_A_PORT = `${HOST}:8443`;

const pages: readonly Page[] = [
  { name: 'an own page', headers: own, status: 201 },
  { name: "another site's page", headers: other, status: 403 },
  { name: 'an own page in an older browser', headers: ownOlder, status: 403 },
  {
    name: 'an own page in an older browser, its Host kept',
    ...{ headers: ownOlder, directives: [KEEP_HOST], status: 201 },
  },
  {
    name: 'an own page in an older browser, its origin being allowed',
    ...{ headers: ownOlder, allowedOrigins: [ORIGIN], status: 201 },
  },
  { name: "another site's page in an older browser", headers: otherOlder, status: 403 },
  {
    name: "another site's page in an older browser, its Host kept",
    ...{ headers: otherOlder, directives: [KEEP_HOST], status: 403 },
  },
  {
    name: 'an own page on a port in an older browser, its Host kept without the port',
    ...{ host: ON_A_PORT, headers: { Origin: `https://${ON_A_PORT}` } },
    ...{ directives: [KEEP_HOST], status: 403 },
  },
  {
    name: 'an own page on a port in an older browser, its Host kept with the port',
    ...{ host: ON_A_PORT, headers: { Origin: `https://${ON_A_PORT}` } },
    ...{ directives: ['proxy_set_header Host $http_host;'], status: 201 },
  },
];

for (const protocol of ['HTTP/1.1', 'HTTP/2'] as const) {
  describe(`a create through nginx, by ${protocol}`, LIMIT, () => {
    for (const { name, headers, status, ...manner } of pages) {
      it(`is answered ${status} to ${name}`, async (test) => {
        const { create } = await site(test, { protocol, ...manner });
        assert.equal((await create(headers)).status, status);
      });
    }
  });
}

/** A webhook of so many bytes, which its signature alone vouches for: no other form of it. */
async function webhookOf(bytes: number) {
  const event = (filling: string) => ({
    ...{ session_id: SESSION_ID, status: 'In Progress', timestamp: Math.floor(Date.now() / 1000) },
    name: 'Zoë 😀 \u2028',
    filling,
  });
  const { body: empty } = await signWebhook(event(''), SECRET);
  const filling = 'x'.repeat(bytes - Buffer.byteLength(empty));
  const { headers, body } = await signWebhook(event(filling), SECRET);
  assert.equal(Buffer.byteLength(body), bytes);
  delete headers['X-Signature-V2'];
  delete headers['X-Signature-Simple'];
  return { headers, body };
}

describe('a webhook through nginx', LIMIT, () => {
  const LARGER = ['client_max_body_size 4m;'];
  const sizes = [
    { name: 'of 900 kB, by its defaults', bytes: 900_000, directives: [] },
    { name: 'of 900 kB, where larger ones may pass', bytes: 900_000, directives: LARGER },
    { name: 'of 1 MB, the most by its defaults', bytes: MEGABYTE, directives: [] },
  ];
  for (const { name, bytes, directives } of sizes) {
    it(`${name}, is taken up, its bytes as they came`, async (test) => {
      const { hook, log } = await site(test, { directives });
      const received = once(log, 'webhook.received');
      assert.equal((await hook(await webhookOf(bytes))).status, 200);
      await received;
    });
  }

  it('with one byte changed is refused', async (test) => {
    const { hook } = await site(test);
    const { headers, body } = await webhookOf(900_000);
    assert.equal((await hook({ headers, body: body.replace('xx', 'xy') })).status, 401);
  });

  // A server that leaves a body unread breaks its answer off, now and then.
  it('out of time is refused as often as it comes', async (test) => {
    const { hook } = await site(test);
    const { headers, body } = await webhookOf(500_000);
    for (let time = 0; time < 40; time++) {
      const late = { ...headers, 'X-Timestamp': '1' };
      assert.equal((await hook({ headers: late, body })).status, 401);
    }
  });

  it('that is too large for nginx does not reach the server', async (test) => {
    const { hook, requests } = await site(test);
    const { status, body } = await hook(await webhookOf(2 * MEGABYTE));
    assert.equal(status, 413);
    assert.match(await text(body), /nginx/);
    assert.deepEqual(requests, []);
  });

  it('that is too large for the server alone is refused by it as often as it comes', async (test) => {
    const { hook } = await site(test, { directives: LARGER });
    const large = await webhookOf(MEGABYTE + 1);
    for (let time = 0; time < 40; time++) {
      const { status, body } = await hook(large);
      assert.equal(status, 413);
      assert.equal(((await json(body)) as { code: string }).code, 'too-large');
    }
  });
});
