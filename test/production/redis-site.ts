/** One instance of a site with several, in a process of its own; it says on which port it listens. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createDidit } from '../../src/server/index.js';
import { siteOptions } from './redis-options.js';

const { DIDIT_URL = '', REDIS_URL = '' } = process.env;

const { session, webhook } = createDidit({
  ...siteOptions(DIDIT_URL, REDIS_URL),
  log: (event) => console.log(JSON.stringify(event)),
});
const listener = getRequestListener((request) =>
  new URL(request.url).pathname === '/webhook' ? webhook(request) : session(request),
);
const server = createServer((...exchange) => void listener(...exchange));
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
});
