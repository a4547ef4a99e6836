import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A connection that sends just what it is told, byte by byte, and keeps what comes back. */
export interface RawClient {
  readonly socket: Socket;
  readonly send: (text: string | Uint8Array) => void;
  /** What has come back so far. */
  readonly received: () => string;
  /** Resolves once something has come back that matches; rejects where it ends before. */
  readonly until: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Resolves with all of it once the other side has ended it, or cut it. */
  readonly ended: Promise<string>;
}

export async function rawClient(test: TestContext, port: number): Promise<RawClient> {
  const client = rawClientOn(test, connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
  await once(client.socket, 'connect');
  return client;
}

/** The same on a connection that is already being made. */
export function rawClientOn(test: TestContext, socket: Socket): RawClient {
  test.after(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (more: string) => (text += more));
  // Being cut off is one of the ways to be answered.
  socket.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    socket.on('end', () => resolve(text)).on('close', () => resolve(text));
  });
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text);
        if (match) resolve(match);
        return match;
      };
      if (look()) return;
      socket.on('data', look);
      void ended.then(() => look() ?? reject(new Error(`ended with ${JSON.stringify(text)}`)));
    });
  const send = (bytes: string | Uint8Array) =>
    void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return { socket, send, received: () => text, until, ended };
}

/** The lines of a request, and the empty one after them. */
export function head(...lines: readonly string[]): string {
  return [...lines, '', ''].join('\r\n');
}

/** The statuses of all answers in a text. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
