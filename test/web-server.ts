import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers requests as web standards have them; what the adapter knows besides is in `env`. */
type Fetch = NonNullable<Parameters<typeof createAdaptorServer>[0]>['fetch'];

export interface WebServer {
  readonly origin: string;
  /** Cuts what is open. */
  close(): Promise<void>;
}

/** Serves on a port of the loopback address; 0 for any. */
export async function serve(fetch: Fetch, port = 0): Promise<WebServer> {
  const server = createAdaptorServer({ fetch }) as Server;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
