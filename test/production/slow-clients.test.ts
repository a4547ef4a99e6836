import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import tls from 'node:tls';
import { generate } from 'selfsigned';
import { signWebhook } from '../../src/server/index.js';
import { clock } from '../server/helpers.js';
import { bareSite, WEBHOOK_SECRET } from './bare-site.js';
import { startNginx } from './nginx.js';
import { head, rawClient, rawClientOn, statusesIn, type RawClient } from './raw-client.js';
import { programOf } from '../../scripts/programs.mjs';

const LIMIT = { timeout: 60_000 };
const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

/** What a server of Node holds back at the most before it waits for the other side. */
const MOST_HELD = 128 * KILOBYTE;

const post = (...lines: readonly string[]) =>
  head('POST /didit HTTP/1.1', 'Host: site.example', 'Content-Type: application/json', ...lines);

const BLOCK = Buffer.alloc(16 * KILOBYTE, ' ');
const CHUNK = Buffer.concat([Buffer.from('4000\r\n'), BLOCK, Buffer.from('\r\n')]);

/** Sends something again and again, until the other side has had enough of it. */
async function flood(client: RawClient, block: Uint8Array, most: number): Promise<number> {
  const { socket, ended } = client;
  let sent = 0;
  while (!socket.destroyed && !socket.readableEnded && sent < most) {
    sent += block.length;
    if (!socket.write(block)) {
      // `once` of `node:events` would fail where the other side resets the connection.
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), ended]);
    }
    await setTimeout(0);
  }
  return sent;
}

/** Resolves once something has become so; how it came to that is nobody's business. */
async function become(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(5);
}

describe('a body that comes a byte at a time', LIMIT, () => {
  it('is a create like any other', async (test) => {
    const { port } = await bareSite(test);
    const client = await rawClient(test, port);
    const body = '{"scope":null}';
    client.send(post('Connection: close', `Content-Length: ${body.length}`));
    for (const byte of body) {
      client.send(byte);
      await setTimeout(2);
    }
    assert.deepEqual(statusesIn(await client.ended), [201]);
  });

  it('holds nobody up who comes meanwhile', async (test) => {
    const { port, didit } = await bareSite(test);
    const slow = await Promise.all(Array.from({ length: 200 }, () => rawClient(test, port)));
    for (const client of slow) client.send(`${post('Content-Length: 100')}{`);
    const quick = await rawClient(test, port);
    quick.send(`${post('Connection: close', 'Content-Length: 2')}{}`);
    assert.deepEqual(statusesIn(await quick.ended), [201]);
    assert.equal(didit.count('session'), 1);
  });

  it('ends with the time limit of its server, and nothing is left of it', async (test) => {
    const server = { requestTimeout: 300, headersTimeout: 300, connectionsCheckingInterval: 50 };
    const { port, sockets, didit, types } = await bareSite(test, { server });
    const clients = await Promise.all(Array.from({ length: 20 }, () => rawClient(test, port)));
    for (const client of clients) client.send(`${post('Content-Length: 100')}{`);
    for (const client of clients) assert.deepEqual(statusesIn(await client.ended), [408]);
    for (const client of clients) client.socket.destroy();
    await become(() => sockets.size === 0);
    assert.equal(didit.calls.length, 0);
    assert.ok(!types().includes('internal.failed'), types().join());
  });

  it('is not waited for where it is refused', async (test) => {
    const { port } = await bareSite(test, { differing: { getUser: () => null } });
    const client = await rawClient(test, port);
    client.send(`${post('Content-Length: 100')}{`);
    await client.until(/HTTP\/1\.1 401 [\s\S]*"unauthorized"/);
  });
});

describe('headers that never end', LIMIT, () => {
  it('end with the time limit of the server, or by their length', async (test) => {
    const server = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 };
    const { port, types } = await bareSite(test, { server });
    const slow = await rawClient(test, port);
    slow.send('GET /didit HTTP/1.1\r\nHost: site.example\r\nX: ');
    const long = await rawClient(test, port);
    long.send('GET /didit HTTP/1.1\r\nHost: site.example\r\n');
    await flood(long, Buffer.from('X-Line: of a header\r\n'.repeat(100)), MEGABYTE);
    assert.deepEqual(statusesIn(await slow.ended), [408]);
    assert.match(await long.ended, /^$|HTTP\/1\.1 (431|408) /);
    assert.deepEqual(types(), []);
  });
});

describe('a body without an end', LIMIT, () => {
  it('is 413 after no more than is read away', async (test) => {
    const { port } = await bareSite(test);
    const client = await rawClient(test, port);
    client.send(post('Transfer-Encoding: chunked'));
    const sending = flood(client, CHUNK, 64 * MEGABYTE);
    await client.until(/HTTP\/1\.1 413 [\s\S]*"too-large"/);
    client.socket.destroy();
    const sent = await sending;
    // What is on its way is in the buffers of two systems.
    assert.ok(sent < 32 * MEGABYTE, `${sent} bytes`);
  });

  it('is 413 at once where it says how long it is', async (test) => {
    const { port } = await bareSite(test);
    const client = await rawClient(test, port);
    client.send(post('Connection: close', `Content-Length: ${1024 * MEGABYTE}`));
    await client.until(/HTTP\/1\.1 413 /);
  });

  it('is another request from where it says that it ends', async (test) => {
    const { port, didit } = await bareSite(test);
    const client = await rawClient(test, port);
    client.send(`${post('Content-Length: 2')}{}`);
    await client.until(/HTTP\/1\.1 201 [\s\S]*}/);
    await flood(client, BLOCK, MEGABYTE);
    const text = await client.ended;
    assert.equal(statusesIn(text)[0], 201);
    assert.ok(
      statusesIn(text)
        .slice(1)
        .every((status) => status === 400),
    );
    assert.equal(didit.count('session'), 1);
  });

  it('is let go of where the client goes in mid-body', async (test) => {
    const { port, sockets, types, didit } = await bareSite(test);
    for (let time = 0; time < 50; time++) {
      const client = await rawClient(test, port);
      client.send(`${post('Content-Length: 100')}{`);
      client.socket.resetAndDestroy();
    }
    await become(() => sockets.size === 0);
    assert.equal(didit.calls.length, 0);
    assert.ok(!types().includes('internal.failed'), types().join());
  });
});

/** As many as would be more than is held back, in messages of 100 bytes. */
const CHANGES = 2000;

/** A stream on the wire, of a client that has read its first message. */
async function openStream(test: TestContext, port: number, query: string) {
  const client = await rawClient(test, port);
  client.send(head(`GET /didit${query} HTTP/1.1`, 'Host: site.example'));
  await client.until(/event: status\ndata: .*\n\n/);
  return client;
}

describe('a client that opens a stream and does not read it', LIMIT, () => {
  it('has nothing gather for it, however often the status changes', async (test) => {
    const { now } = clock();
    const { port, create, webhook, sockets } = await bareSite(test, { differing: { now } });
    const { events_url } = await create();
    const client = await openStream(test, port, events_url);
    const [served] = [...sockets];
    // As where the buffers of both systems are full: they take more than is said here.
    served!.cork();
    let most = 0;
    for (let change = 1; change <= CHANGES; change++) {
      const status = `Word ${change} `.padEnd(64, '.');
      const signed = await signWebhook(
        { session_id: 'session-1', status, event_id: `${change}` },
        WEBHOOK_SECRET,
        now(),
      );
      const { 'X-Signature': signature = '', 'X-Timestamp': timestamp = '' } = signed.headers;
      const headers = { 'X-Signature': signature, 'X-Timestamp': timestamp };
      const request = new Request('https://site.example/webhook', { ...signed, headers });
      assert.equal((await webhook(request)).status, 200);
      most = Math.max(most, served!.writableLength);
    }
    served!.uncork();
    await client.until(new RegExp(`Word ${CHANGES} `));
    const { length } = client.received();
    test.diagnostic(`at most ${most} bytes held, ${length} read in the end`);
    assert.ok(most > 0 && most < MOST_HELD, `${most} bytes`);
    assert.ok(length < MOST_HELD, `${length} bytes`);
  });

  it('is let go of after ten minutes', async (test) => {
    const { now, pass } = clock();
    const { port, create, sockets, types } = await bareSite(test, { differing: { now } });
    const { events_url } = await create();
    const client = await openStream(test, port, events_url);
    client.socket.pause();
    const [served] = [...sockets];
    for (let minute = 0; minute < 10; minute++) pass(60);
    await become(() => types().includes('events.closed'));
    assert.ok(served!.writableLength < MOST_HELD, `${served!.writableLength} bytes`);
    client.socket.destroy();
    await become(() => sockets.size === 0);
  });

  it('is let go of where it half-closes, cuts or leaves', async (test) => {
    const ways: ((client: RawClient) => unknown)[] = [
      ({ socket }) => socket.end(),
      ({ socket }) => socket.destroy(),
      ({ socket }) => socket.resetAndDestroy(),
    ];
    const { port, create, types, sockets } = await bareSite(test);
    const closed = () => types().filter((type) => type === 'events.closed').length;
    for (const [index, leave] of ways.entries()) {
      const { events_url } = await create();
      const client = await openStream(test, port, events_url);
      leave(client);
      await become(() => closed() === index + 1);
      client.socket.destroy();
    }
    await become(() => sockets.size === 0);
  });

  it('is answered a create once, or not at all, where it half-closes after it', async (test) => {
    const { port } = await bareSite(test);
    const client = await rawClient(test, port);
    client.send(`${post('Content-Length: 2')}{}`);
    client.socket.end();
    const text = await client.ended;
    // Node takes the end of what is sent for the end of the connection, or answers.
    assert.ok(['', '201'].includes(statusesIn(text).join()), text);
  });
});

const nginx = programOf('nginx');
const NEEDED = nginx === null && 'nginx is not installed';

describe('a slow client through nginx', { ...LIMIT, skip: NEEDED }, () => {
  it('is kept off: the server hears of a body once all of it is there', async (test) => {
    const { port: upstream, sockets } = await bareSite(test);
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'site.example' }], {
      keyType: 'ec',
      algorithm: 'sha256',
    });
    const port = await startNginx(test, nginx!, { cert, key, upstream, directives: [] });
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false };
    const slow = rawClientOn(test, tls.connect(options));
    await once(slow.socket, 'secureConnect');
    slow.send(`${post('Content-Length: 2')}{`);
    const quick = rawClientOn(test, tls.connect(options));
    await once(quick.socket, 'secureConnect');
    quick.send(`${post('Content-Length: 2')}{}`);
    await quick.until(/HTTP\/1\.1 201 /);
    // By then the one before it would have come through.
    await become(() => sockets.size === 0);
    slow.send('}');
    await slow.until(/HTTP\/1\.1 201 /);
  });
});
