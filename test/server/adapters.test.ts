import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { createAdaptorServer, getRequestListener } from '@hono/node-server';
import express from 'express';
import { Hono } from 'hono';
import { generate } from 'selfsigned';
import type { Didit, LogEvent } from '../../src/server/index.js';
import { signWebhook } from '../../src/server/sign-webhook.js';
import { fakeDidit, options, recordedLog, SESSION_ID, VERIFICATION } from './helpers.js';
import { createDidit } from './recorded-didit.js';

const HOST = 'shop.example';
const SHOP = `https://${HOST}`;
const PATH = '/api/didit/session';
const LIMIT = { timeout: 30_000 };

const altNames = [{ type: 2, value: HOST } as const];
const { cert, private: key } = await generate([{ name: 'commonName', value: HOST }], {
  keyType: 'ec',
  algorithm: 'sha256',
  extensions: [{ name: 'subjectAltName', altNames }],
});

const HOOK = '/api/didit/webhook';

type Serve = (answer: Didit['session'], path?: string) => Server;

/** The server part, mounted as a site would. */
const servers: Record<string, Serve> = {
  'plain Node': (answer) => {
    const listener = getRequestListener(answer);
    return createServer((...exchange) => void listener(...exchange));
  },
  Hono: (answer, path = PATH) => {
    const app = new Hono().all(path, (context) => answer(context.req.raw));
    return createAdaptorServer(app) as Server;
  },
  Express: (answer, path = PATH) => createServer(express().all(path, getRequestListener(answer))),
};

/** As it should not be. */
const behindBodyParser: Serve = (answer, path = PATH) =>
  createServer(express().use(express.json()).all(path, getRequestListener(answer)));

/** The `Host` that a server behind a proxy gets. */
const hosts = { 'kept Host': HOST, 'rewritten Host': 'internal' };

const own = { Origin: SHOP, 'Sec-Fetch-Site': 'same-origin' };
const ownOlder = { Origin: SHOP };
const evil = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
const evilOlder = { Origin: 'https://evil.example' };

interface Page {
  readonly name: string;
  readonly headers: Record<string, string>;
  /** HTTP statuses, in the order of `hosts`. */
  readonly answers: readonly number[];
  readonly allowedOrigins?: string[];
}

const pages: readonly Page[] = [
  { name: 'an own page', headers: own, answers: [201, 201] },
  { name: 'an own page in an older browser', headers: ownOlder, answers: [201, 403] },
  {
    name: 'an own page in an older browser, its origin being allowed',
    ...{ headers: ownOlder, answers: [201, 201], allowedOrigins: [SHOP] },
  },
  { name: "another site's page", headers: evil, answers: [403, 403] },
  { name: "another site's page in an older browser", headers: evilOlder, answers: [403, 403] },
];

async function listen(test: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Ends TLS, and speaks plain HTTP with the server behind it. */
function tlsProxy(port: number, host: string): Server {
  return https.createServer({ cert, key }, (incoming, outgoing) => {
    const { method, url: path } = incoming;
    const forwarded = { 'x-forwarded-host': incoming.headers.host, 'x-forwarded-proto': 'https' };
    const headers = { ...incoming.headers, ...forwarded, host };
    const inner = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
    inner.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    inner.on('error', () => outgoing.destroy());
    outgoing.on('close', () => inner.destroy());
    incoming.pipe(inner);
  });
}

interface Sent {
  readonly method?: string;
  readonly url?: string | URL;
  readonly headers: Record<string, string>;
}

/** A site: the server part in a server of that kind, behind a proxy, and browsers. */
async function site(test: TestContext, serve: Serve, host = HOST, allowedOrigins: string[] = []) {
  const didit = fakeDidit();
  const log = new EventEmitter();
  const { session, close } = createDidit(
    options({ fetch: didit.fetch, allowedOrigins, log: (event) => log.emit(event.type, event) }),
  );
  test.after(close);
  const backend = serve(session);
  const port = await listen(test, tlsProxy(await listen(test, backend), host));

  /** Begins what a browser sends to https://shop.example. */
  const begin = ({ method = 'POST', url = PATH, headers }: Sent) => {
    const { pathname, search } = new URL(url, SHOP);
    return https.request({
      ...{ host: '127.0.0.1', port, servername: HOST, ca: cert, agent: false },
      ...{ method, path: pathname + search },
      headers: { Host: HOST, 'Content-Type': 'application/json', ...headers },
    });
  };
  const send = async (sent: Sent, body = '') => {
    const [answer] = (await once(begin(sent).end(body), 'response')) as [IncomingMessage];
    return answer;
  };
  /** The references of a new session, as its page resolves them. */
  const create = async () => {
    const answer = (await json(await send({ headers: own }))) as Record<string, string>;
    const resolve = (reference = '') => new URL(reference, SHOP + PATH);
    return { status: resolve(answer.status_url), events: resolve(answer.events_url) };
  };
  return { begin, send, create, backend, log, didit };
}

for (const [name, serve] of Object.entries(servers)) {
  for (const [index, [manner, host]] of Object.entries(hosts).entries()) {
    describe(`${name} behind a TLS proxy, ${manner}`, LIMIT, () => {
      for (const { name: page, headers, answers, allowedOrigins } of pages) {
        it(`answers ${answers[index]} to ${page}`, async (test) => {
          const { send } = await site(test, serve, host, allowedOrigins);
          assert.equal((await send({ headers }, '{}')).statusCode, answers[index]);
        });
      }

      it('tells an own page the status', async (test) => {
        const { send, create } = await site(test, serve, host);
        const { status } = await create();
        const answer = await send({ method: 'GET', url: status, headers: own });
        assert.equal(answer.statusCode, 200);
        assert.deepEqual(await json(answer), { status: 'initialized' });
      });

      it('streams events to an own page until that hangs up', async (test) => {
        const { send, create, log, didit } = await site(test, serve, host);
        const { events } = await create();
        const answer = await send({ method: 'GET', url: events, headers: own });
        assert.equal(answer.headers['content-type'], 'text/event-stream');
        const [first] = (await once(answer.setEncoding('utf8'), 'data')) as [string];
        assert.equal(first, 'event: status\ndata: {"status":"initialized"}\n\n');
        assert.equal(didit.count('status'), 0);
        const closed = once(log, 'events.closed');
        answer.destroy();
        await closed;
      });

      it("refuses the references to another site's page", async (test) => {
        const { send, create } = await site(test, serve, host);
        for (const url of Object.values(await create())) {
          for (const headers of [evil, evilOlder]) {
            const { statusCode } = await send({ method: 'GET', url, headers });
            assert.equal(statusCode, 403, url.search);
          }
        }
      });
    });
  }

  describe(`${name}, with bodies that it does not get`, LIMIT, () => {
    it('refuses what is too large before it has ended', async (test) => {
      const { begin, send } = await site(test, serve);
      const bodies = [
        { headers: { ...own, 'Content-Length': '20000' }, part: ' ' },
        { headers: own, part: ' '.repeat(16_385) },
      ];
      for (const { headers, part } of bodies) {
        const sending = begin({ headers });
        sending.write(part);
        const [answer] = (await once(sending, 'response')) as [IncomingMessage];
        assert.equal(answer.statusCode, 413);
        assert.match(await text(answer), /"too-large"/);
        sending.destroy();
      }
      assert.equal((await send({ headers: own })).statusCode, 201);
    });

    it('goes on after a request that was broken off', async (test) => {
      const { begin, send, backend, log } = await site(test, serve);
      const refused = once(log, 'request.refused');
      const arrived = once(backend, 'request');
      const sending = begin({ headers: { ...own, 'Content-Length': '100' } });
      sending.on('error', () => undefined).write('{');
      await arrived;
      sending.destroy();
      const [{ code }] = (await refused) as [{ code: string }];
      assert.equal(code, 'bad-request');
      assert.equal((await send({ headers: own })).statusCode, 201);
    });
  });
}

function reasonsOf(events: readonly LogEvent[]): unknown[] {
  return events.flatMap((event) => ('reason' in event ? [event.reason] : []));
}

it('a create behind a body parser is answered at once, and the log says why', LIMIT, async (t) => {
  const { log, events } = recordedLog();
  const { session, close } = createDidit(options({ fetch: fakeDidit().fetch, log }));
  t.after(close);
  const port = await listen(t, behindBodyParser(session));
  const headers = { 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: '{"scope":"names"}' };
  assert.equal((await fetch(`http://127.0.0.1:${port}${PATH}`, init)).status, 500);
  assert.deepEqual(reasonsOf(events), ['BodyAlreadyRead']);
});

describe('a webhook', () => {
  const SECRET = 'secret-of-the-webhook';

  /** Sends one over real HTTP: the status of the answer, and what the log says. */
  async function sent(test: TestContext, serve: Serve) {
    const { log, events } = recordedLog();
    const { webhook, close } = createDidit(
      options({ ...VERIFICATION, webhookSecrets: [SECRET], fetch: fakeDidit().fetch, log }),
    );
    test.after(close);
    const port = await listen(test, serve(webhook, HOOK));
    const event = { session_id: SESSION_ID, status: 'In Progress', name: 'Zoë 😀' };
    const { status } = await fetch(
      `http://127.0.0.1:${port}${HOOK}`,
      await signWebhook(event, SECRET),
    );
    return { status, events };
  }

  for (const [name, serve] of Object.entries(servers)) {
    it(`is taken up in ${name}, its bytes as they came`, LIMIT, async (test) => {
      assert.equal((await sent(test, serve)).status, 200);
    });
  }

  it('behind a body parser is answered at once, and the log says why', LIMIT, async (test) => {
    const { status, events } = await sent(test, behindBodyParser);
    assert.equal(status, 500);
    assert.deepEqual(reasonsOf(events), ['BodyAlreadyRead']);
  });
});
