/**
 * A site with real sockets, whose Didit is at the URL it is started with; run as a process. It shuts
 * down as documented.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { busySite, bytesHeld } from './busy-site.js';
import { answerQuestions } from './questions.js';

const { didit, counts, tell } = busySite({ apiUrl: process.argv[2]! });
const listener = getRequestListener(didit.session);
const server = createServer((...exchange) => void listener(...exchange));

process.once('SIGTERM', () => {
  didit.close();
  server.close();
});

// Many come at once.
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 });
await once(server, 'listening');

answerQuestions({
  port: () => (server.address() as AddressInfo).port,
  change: ({ status, count }: { status: string; count: number }) => tell(status, count),
  close: didit.close,
  counts: () => counts,
  bytes: bytesHeld,
});
