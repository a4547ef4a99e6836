import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';

const LOGIN_PAGE = '<!doctype html><title>Sign in</title><p>Please sign in.';

/**
 * A site's backend that does what the URL says, over real HTTP:
 * `/backend/{id}/{behaviour},{behaviour}…`, one for each request, the last one for all further.
 * `/backend-log/{id}` tells what it was asked, and which connections are still open: at once, or as
 * soon as it was asked so often (`?asked=2`), and all of them are closed (`?closed`).
 * `/backend-elsewhere` tells its second origin.
 *
 * @returns a Koa middleware for Web Test Runner
 */
export function backend() {
  const logs = new Map();
  const elsewhere = createServer((request, response) => answer(request, response, logs));
  const listening = new Promise((resolve) => {
    elsewhere.listen(0, '127.0.0.1', () => resolve(elsewhere.address().port));
  });
  elsewhere.unref();
  return async (context, next) => {
    if (context.path === '/backend-elsewhere') {
      context.body = `http://127.0.0.1:${await listening}`;
    } else if (context.path.startsWith('/backend')) {
      context.respond = false;
      // What Web Test Runner would otherwise report: Koa does not see the real answer.
      context.status = 200;
      answer(context.req, context.res, logs);
    } else {
      await next();
    }
  };
}

/** Tells, by the id, that a log has changed. */
const changes = new EventEmitter();

async function answer(request, response, logs) {
  const url = new URL(request.url, 'http://localhost');
  const [, route, id, behaviours] = decodeURIComponent(url.pathname).split('/');
  if (route === 'backend-log') return send(response, 200, await logged(logs, id, url));
  if (route === 'backend-login') return sendHtml(response, LOGIN_PAGE);
  const list = behaviours.split(',');
  if (request.method === 'OPTIONS') return preflight(request, response, list);
  const log = logs.get(id) ?? [];
  logs.set(id, log);
  const behaviour = list[Math.min(log.length, list.length - 1)];
  const { method, headers } = request;
  const entry = { method, url: request.url, headers, body: await text(request), open: true };
  response.on('close', () => {
    entry.open = false;
    changes.emit(id);
  });
  log.push(entry);
  changes.emit(id);
  if (behaviour.startsWith('cors-')) allowOrigin(request, response);
  behave(behaviour.replace(/^cors-/, ''), { response, url, number: log.length });
}

async function logged(logs, id, { searchParams }) {
  const asked = Number(searchParams.get('asked'));
  const isClosed = (log) => !searchParams.has('closed') || log.every(({ open }) => !open);
  for (;;) {
    const log = logs.get(id) ?? [];
    if (log.length >= asked && isClosed(log)) return log;
    await once(changes, id);
  }
}

function behave(behaviour, { response, url, number }) {
  const status = Number(behaviour);
  if (status === 204) return response.writeHead(204).end();
  if (status >= 400) return refuse(response, status, url);
  if (behaviour.endsWith('-long')) return sendLong(response, Number.parseInt(behaviour, 10));
  if (/^\d+-endless$/.test(behaviour)) return drip(response, Number.parseInt(behaviour, 10));
  switch (behaviour) {
    case 'ok':
      return send(response, 201, {
        session_id: `session-${number}`,
        url: `https://app.didit.me/authorize/token-${number}`,
      });
    case 'json':
      return sendText(response, url.searchParams.get('body'));
    case 'login':
      return response.writeHead(302, { Location: '/backend-login' }).end();
    case 'empty':
      return response.writeHead(200).end();
    case 'half':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
      return response.write('{"session_id":"1",', () => response.destroy());
    case 'reset':
      return response.destroy();
    case 'endless':
      return drip(response);
    case 'flood':
      return flood(response);
    case 'silence':
      return undefined;
    case 'status':
      return send(response, 200, { status: statusIn(url) });
    default:
      if (Object.hasOwn(streams, behaviour)) return stream(behaviour, response, url);
      return send(response, 500, { message: `No behaviour ${behaviour}` });
  }
}

/** Streams of events, by what becomes of them after their first message. */
const streams = {
  events: () => undefined,
  'events-end': (response) => response.end(),
  'events-cut': (response) => setTimeout(() => response.destroy(), 50),
  'events-noise': (response) => response.end('noise\n\n<p>\n\ndata'),
  'events-retry': (response) => response.end('retry: 7000\n\n'),
  'events-endless': (response) => response.write(`data: ${'x'.repeat(70_000)}`),
  'events-pieces': (response) =>
    inPieces(response, ': beat\r\n\r\nevent: café\r\ndata: ☕\r\n\r\n'),
};

function stream(behaviour, response, url) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  const status = statusIn(url);
  if (status) response.write(`event: status\ndata: ${JSON.stringify({ status })}\n\n`);
  streams[behaviour](response);
}

function statusIn(url) {
  return url.searchParams.get('status') ?? 'Not Started';
}

/** Byte by byte, so that characters and line breaks come in halves. */
async function inPieces(response, message) {
  for (const byte of Buffer.from(message)) {
    response.write(Buffer.of(byte));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  response.end();
}

function refuse(response, status, url) {
  const retryAfter = url.searchParams.get('retry-after');
  if (retryAfter) response.setHeader('Retry-After', retryAfter);
  send(response, status, { message: `refused with ${status}` });
}

/** A space now and then: the answer goes on, but never ends. */
function drip(response, status = 200) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

function flood(response) {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const more = () => {
    while (!response.destroyed && response.write(' '.repeat(16_384)));
  };
  response.on('drain', more);
  more();
}

function preflight(request, response, list) {
  if (list.some((behaviour) => behaviour.startsWith('cors-'))) allowOrigin(request, response);
  response.setHeader('Access-Control-Allow-Headers', 'Content-Type, X-Csrf-Token');
  response.writeHead(204).end();
}

function allowOrigin(request, response) {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
}

function send(response, status, value) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

/** Right but for its length, as the page of a framework that tells all about an error. */
function sendLong(response, status) {
  send(response, status, {
    session_id: 'session-1',
    url: 'https://app.didit.me/authorize/token-1',
    status: 'Approved',
    more: 'x'.repeat(70_000),
  });
}

function sendText(response, body) {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
}

function sendHtml(response, body) {
  response.writeHead(200, { 'Content-Type': 'text/html' }).end(body);
}

async function text(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
