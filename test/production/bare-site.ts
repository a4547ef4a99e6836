import { once } from 'node:events';
import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import { nodeListener } from '../../src/bin/node-listener.js';
import { createDidit } from '../../src/server/index.js';
import {
  type Differing,
  fakeDidit,
  numberedSessions,
  options,
  pageRequest,
  recordedLog,
  VERIFICATION,
} from '../server/helpers.js';

export const WEBHOOK_SECRET = 'secret-of-the-webhook';

/** Ways that web standards are put on plain Node. */
export const listeners = {
  '@hono/node-server': getRequestListener,
  'node-listener.ts': nodeListener,
} satisfies Record<string, (handle: (request: Request) => Promise<Response>) => RequestListener>;

export type Listener = keyof typeof listeners;

interface Manner {
  readonly listener?: Listener;
  /** Of the server. */
  readonly server?: ServerOptions;
  readonly differing?: Differing;
}

/** The server part in plain Node, with nothing before it; webhooks at `/webhook`, pages everywhere else. */
export async function bareSite(test: TestContext, manner: Manner = {}) {
  const { listener = '@hono/node-server', server: serverOptions = {}, differing = {} } = manner;
  const didit = fakeDidit({ session: numberedSessions() });
  const { log, types } = recordedLog();
  const parts = createDidit(
    options({
      ...VERIFICATION,
      webhookSecrets: [WEBHOOK_SECRET],
      allowedOrigins: ['https://shop.example'],
      fetch: didit.fetch,
      log,
      ...differing,
    }),
  );
  const adapt = listeners[listener];
  const [session, webhook] = [adapt(parts.session), adapt(parts.webhook)];
  const sockets = new Set<Socket>();
  const server = createServer(serverOptions, (request, response) => {
    const answer: RequestListener = request.url?.startsWith('/webhook') ? webhook : session;
    answer(request, response);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  test.after(() => {
    parts.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  /** What a page is answered to a create, without a network. */
  const create = async () => {
    const response = await parts.session(pageRequest());
    return (await response.json()) as { status_url: string; events_url: string };
  };
  return { ...parts, port, create, sockets, types, didit };
}
