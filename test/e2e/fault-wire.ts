import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { answerOf, headOf, type Asked, type Fault, type Headers } from './fault-answers.js';

// What can go wrong on the wire. Each of these takes what is special about it, and gives a fault.

/** A body, made of the good one. */
type Body = string | Buffer | ((good: string) => string | Buffer);

const TRICKLE_MS = 20;
const CHUNK = Buffer.alloc(65_536, ' ');

function bytesOf(body: Body, { good }: Asked): Buffer {
  return Buffer.from(typeof body === 'function' ? body(good.body) : body);
}

/** The good answer's type, and what else is said. */
function headersOf({ good }: Asked, headers: Headers = {}): Headers {
  return { 'Content-Type': good.type, ...headers };
}

/** Nothing: the connection stays open until the browser ends it. */
export const nothing: Fault = () => undefined;

/** A whole answer of the good type, with its length. */
export function answer(body: Body, headers?: Headers, status = 200): Fault {
  return (asked) =>
    asked.socket.end(answerOf(status, headersOf(asked, headers), bytesOf(body, asked)));
}

/** An answer with a status and a small body in JSON. */
export function refusal(status: number, headers: Headers = {}): Fault {
  const type = { 'Content-Type': 'application/json' };
  return ({ socket }) =>
    socket.end(
      answerOf(status, { ...type, ...headers }, noBody(status) ? '' : '{"message":"No."}'),
    );
}

function noBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** These bytes and the end of the connection: `{type}`, `{length}` and `{body}` are the good ones. */
export function raw(text: string): Fault {
  return (asked) => asked.socket.end(filled(text, asked));
}

/** These bytes, and no more, while the connection stays open. */
export function unfinished(text: string): Fault {
  return (asked) => void asked.socket.write(filled(text, asked));
}

/** These bytes, and then the connection is reset. */
export function reset(text = ''): Fault {
  return (asked) => {
    const { socket } = asked;
    if (!text) return void socket.resetAndDestroy();
    socket.write(filled(text, asked), () => socket.resetAndDestroy());
  };
}

function filled(text: string, { good: { type, body } }: Asked): string {
  const values = { type, body, half: body.slice(0, body.length / 2), length: String(body.length) };
  return text.replace(
    /\{(type|body|half|length)\}/g,
    (_, name: keyof typeof values) => values[name],
  );
}

/** Head and body come one byte at a time, and never to an end. */
export function trickle(start: string, rest: string): Fault {
  return (asked) => {
    const { socket } = asked;
    socket.write(filled(start, asked));
    const timer = setInterval(() => socket.write(rest), TRICKLE_MS);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Such bytes again and again, as fast as they are taken. */
export function endless(status: number, start = '', again: string | Buffer = CHUNK): Fault {
  return (asked) => {
    const { socket } = asked;
    socket.write(headOf(status, headersOf(asked)) + start);
    pour(socket, again);
  };
}

/** The same before the head has come to its end. */
export function endlessHead(): Fault {
  return ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    pour(socket, `X-Filler: ${'x'.repeat(1000)}\r\n`.repeat(60));
  };
}

export function endlessChunks(): Fault {
  return (asked) => {
    const { socket } = asked;
    socket.write(headOf(200, headersOf(asked, { 'Transfer-Encoding': 'chunked' })));
    pour(socket, `10000\r\n${CHUNK.toString()}\r\n`);
  };
}

/** A thousand bytes for each one that is sent, without end: blocks that begin with nothing known. */
export function bomb(): Fault {
  const flush = { finishFlush: constants.Z_FULL_FLUSH };
  const block = deflateRawSync(Buffer.alloc(50_000_000, ' '), flush);
  const head = gzipSync('').subarray(0, 10);
  return (asked) => {
    const { socket } = asked;
    socket.write(headOf(200, headersOf(asked, { 'Content-Encoding': 'gzip' })));
    socket.write(head);
    pour(socket, block);
  };
}

function pour(socket: Asked['socket'], again: string | Buffer): void {
  const more = () => {
    while (socket.writable && socket.write(again));
  };
  socket.on('drain', more);
  more();
}

/** Leads there, with this status. */
export function redirect(status: number, location: string): Fault {
  return ({ socket }) => socket.end(answerOf(status, { Location: location }));
}

/** To another origin, which allows this one to read what it answers, or does not. */
export function redirectElsewhere(status: number, which: 'closed' | 'open'): Fault {
  return (asked) => redirect(status, asked.elsewhere[which])(asked);
}

export { gzipSync as zipped };
