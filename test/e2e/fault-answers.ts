import type { Socket } from 'node:net';

/** What a page asks its backend. */
export type Question = 'create' | 'status' | 'events';

/** An answer's body as it should be. */
export interface Good {
  readonly type: string;
  readonly body: string;
  /** Whether the connection stays open after it, as that of a stream does. */
  readonly isOpen: boolean;
}

/** A request that has arrived, and what could have been answered. */
export interface Asked {
  readonly socket: Socket;
  readonly good: Good;
  /** Another origin, that allows no other to read it, and the same where it does. */
  readonly elsewhere: Readonly<Record<'closed' | 'open', string>>;
}

/** How a request is answered, byte by byte. */
export type Fault = (asked: Asked) => void;

export type Headers = Readonly<Record<string, string>>;

/** What every session has that is answered here. */
export const SESSION = { session_id: 'one', url: 'https://verify.didit.me/session/one' };

/** An answer to the question, with these members more in a session. */
export function healthy(question: Question, members: object = {}): Good {
  const json = (value: object) => ({
    type: 'application/json',
    body: JSON.stringify(value),
    isOpen: false,
  });
  if (question === 'create') return json({ ...SESSION, ...members });
  if (question === 'status') return json({ status: 'Approved' });
  return { type: 'text/event-stream', body: message('Approved'), isOpen: true };
}

/** A message of a stream. */
export function message(status: string): string {
  return `event: status\ndata: ${JSON.stringify({ status })}\n\n`;
}

/** The first lines of an answer, with the empty one. */
export function headOf(status: number | string, headers: Headers): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}${typeof status === 'number' ? ' So' : ''}\r\n${lines.join('')}Connection: close\r\n\r\n`;
}

/** All of an answer, with its length. */
export function answerOf(
  status: number,
  headers: Headers = {},
  body: string | Buffer = '',
): Buffer {
  const bytes = Buffer.from(body);
  const length = { 'Content-Length': String(bytes.length) };
  return Buffer.concat([Buffer.from(headOf(status, { ...headers, ...length })), bytes]);
}
