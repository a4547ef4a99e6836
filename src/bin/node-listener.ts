import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** A handler in web standards, as the listener of a server of `node:http`. */
export function nodeListener(handle: (request: Request) => Promise<Response>): RequestListener {
  return (incoming, outgoing) => {
    // A body that fails cuts the connection, whatever of it was sent.
    answer(handle, incoming, outgoing).catch(() => outgoing.destroy());
  };
}

async function answer(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = requestOf(incoming, await buffer(incoming));
  const response = request ? await handle(request) : new Response(null, { status: 400 });
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response.body && incoming.method !== 'HEAD') await pipeline(response.body, outgoing);
  else outgoing.end();
}

/** Null for what is no request in web standards. */
function requestOf(incoming: IncomingMessage, body: Buffer): Request | null {
  const { method = 'GET', url = '/', headers, rawHeaders } = incoming;
  const init = {
    method,
    headers: pairs(rawHeaders),
    body: ['GET', 'HEAD'].includes(method) ? null : new Uint8Array(body),
  };
  // Proxies are asked with whole URLs.
  if (!url.startsWith('/')) return null;
  try {
    return new Request(`http://${headers.host ?? 'localhost'}${url}`, init);
  } catch {
    return null;
  }
}

/** Node gives names and values one after another. */
function pairs(list: readonly string[]): [name: string, value: string][] {
  const names = list.filter((_, index) => index % 2 === 0);
  return names.map((name, index) => [name, list[2 * index + 1]!]);
}
