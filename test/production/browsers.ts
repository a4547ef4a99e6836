import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';

export interface Sent {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Readable;
  /** Ends it before it has ended, as a page that is left. */
  readonly hangUp: () => void;
}

/** Sends to a site on loopback what a browser sends to its host. */
export type Send = (sent: Sent) => Promise<Answer>;

type Connect = (test: TestContext, site: { port: number; host: string; ca: string }) => Send;

/** Browsers, by what they speak. */
export const browsers: Record<'HTTP/1.1' | 'HTTP/2', Connect> = {
  'HTTP/1.1': (_, { port, host, ca }) => {
    const site = { host: '127.0.0.1', port, servername: new URL(`https://${host}`).hostname, ca };
    return async ({ body, headers, ...sent }) => {
      const all = { Host: host, ...lengthOf(body), ...headers };
      const request = https.request({ ...site, ...sent, headers: all, agent: false });
      const [answer] = (await once(request.end(body), 'response')) as [IncomingMessage];
      const { statusCode: status = 0, headers: own } = answer;
      return { status, headers: own, body: answer, hangUp: () => answer.destroy() };
    };
  },
  'HTTP/2': (test, { port, host, ca }) => {
    const { hostname } = new URL(`https://${host}`);
    const session = http2.connect(`https://127.0.0.1:${port}`, { servername: hostname, ca });
    test.after(() => session.destroy());
    return async ({ method, path, body, headers }) => {
      const pseudo = { ':method': method, ':path': path, ':authority': host };
      const stream = session.request({ ...pseudo, ...lengthOf(body), ...headers });
      // Who reads it hears of it; once the test is over nobody does.
      stream.on('error', () => undefined);
      const [answer] = (await once(stream.end(body), 'response')) as [http2.IncomingHttpHeaders];
      const hangUp = () => stream.close(http2.constants.NGHTTP2_CANCEL);
      return { status: Number(answer[':status']), headers: answer, body: stream, hangUp };
    };
  },
};

/** Browsers tell it of whatever they send. */
function lengthOf(body: Sent['body']): Record<string, string> {
  return body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
}
