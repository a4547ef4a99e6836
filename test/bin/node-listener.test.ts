import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { nodeListener } from '../../src/bin/node-listener.js';

/** A real server of a handler. */
async function serve(t: TestContext, handle: (request: Request) => Promise<Response>) {
  const server = createServer(nodeListener(handle));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, origin: `http://127.0.0.1:${port}` };
}

/** Sends bytes as they are; resolves with all that comes back. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  return text(socket);
}

test('a request arrives with method, URL, headers and body, and its answer goes back', async (t) => {
  const seen: unknown[] = [];
  const { origin } = await serve(t, async (request) => {
    const { method, url, headers } = request;
    seen.push(method, url, headers.get('X-One'), headers.get('Host'), await request.text());
    return new Response('Zoë', { status: 418, headers: { 'X-Answer': 'yes' } });
  });
  const response = await fetch(`${origin}/path?a=b`, {
    method: 'PUT',
    headers: { 'X-One': 'one' },
    body: '“body”',
  });
  assert.deepEqual(seen, ['PUT', `${origin}/path?a=b`, 'one', new URL(origin).host, '“body”']);
  assert.deepEqual([response.status, response.headers.get('X-Answer')], [418, 'yes']);
  assert.equal(await response.text(), 'Zoë');
});

test('a path of two slashes names no other host', async (t) => {
  const { port, origin } = await serve(t, async ({ url }) => new Response(url));
  const answer = await raw(
    port,
    `GET //evil.test/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
  );
  assert.ok(answer.includes(`${origin}//evil.test/`));
});

test('every cookie goes back by itself', async (t) => {
  const { origin } = await serve(t, async () => {
    const headers = new Headers([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ]);
    return new Response(null, { headers });
  });
  assert.deepEqual((await fetch(origin)).headers.getSetCookie(), ['a=1', 'b=2']);
});

test('a body comes in the pieces it is made in', async (t) => {
  let pieces!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (pieces = controller),
  });
  const { origin } = await serve(t, async () => new Response(body));
  const encode = (words: string) => new TextEncoder().encode(words);
  pieces.enqueue(encode('one'));
  const reader = (await fetch(origin)).body!.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, 'one');
  pieces.enqueue(encode('two'));
  assert.equal((await reader.read()).value, 'two');
  pieces.close();
  assert.equal((await reader.read()).done, true);
});

test('HEAD has the headers and no body', async (t) => {
  const { origin } = await serve(
    t,
    async ({ method }) => new Response('body', { headers: { 'X-Method': method } }),
  );
  const request = ask(origin, { method: 'HEAD' }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  assert.equal(response.headers['x-method'], 'HEAD');
  assert.equal(await text(response), '');
});

test('a body that fails at once cuts the connection before any answer', async (t) => {
  const { port } = await serve(t, async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('cut')) });
    return new Response(body);
  });
  assert.equal(await raw(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), '');
});

test('a handler that fails cuts the connection, and the server goes on', async (t) => {
  let calls = 0;
  const { origin } = await serve(t, async () => {
    if (++calls === 1) throw new Error('broken');
    return new Response();
  });
  await assert.rejects(fetch(origin), TypeError);
  assert.equal((await fetch(origin)).status, 200);
});

for (const [name, bytes] of [
  ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
  ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['the path of another server', 'GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
] as const) {
  test(`${name} is 400`, async (t) => {
    const { port } = await serve(t, async () => new Response());
    assert.match(await raw(port, bytes), /^HTTP\/1\.1 400 /);
  });
}
