import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

/** Which session a person gets. */
export function sessionOf(person: string): string {
  return `session-of-${person}`;
}

/**
 * Didit's verification API on a port of its own, as far as sessions and decisions go. Each session
 * stands as it was set, or else as all do.
 */
export async function startDidit(test: TestContext, all = 'Not Started') {
  const statuses = new Map<string, string>();
  const calls = { creates: 0, decisions: 0 };
  const answerTo = async (request: IncomingMessage): Promise<[status: number, body: object]> => {
    const [, id] = /^\/v3\/session\/([\w-]+)\/decision\/$/.exec(request.url ?? '') ?? [];
    if (id !== undefined) {
      calls.decisions++;
      const vendor_data = id.replace('session-of-', '');
      const status = statuses.get(id) ?? all;
      return [200, { session_id: id, status, vendor_data }];
    }
    calls.creates++;
    const { vendor_data } = (await json(request)) as { vendor_data: string };
    const session_id = sessionOf(vendor_data);
    const url = `https://verify.didit.me/${session_id}`;
    return [201, { session_id, status: 'Not Started', url }];
  };
  const server = createServer((request, response) => {
    void answerTo(request).then(([status, body]) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const set = (person: string, status: string) => void statuses.set(sessionOf(person), status);
  return { url: `http://127.0.0.1:${port}`, calls, set };
}
