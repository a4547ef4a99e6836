import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  answerOf,
  headOf,
  healthy,
  type Asked,
  type Fault,
  type Good,
  type Question,
} from './fault-answers.js';

/** What a page finds at a server that misbehaves. */
export interface FaultySite {
  /** What is answered wrongly. */
  readonly question: Question;
  readonly fault: Fault;
  /** How often; after that it is answered as it should be. */
  readonly times: number;
  /** Whether nobody is there when the question is asked, until the server comes up again. */
  readonly isDown: boolean;
  /** Members of the session that it answers with, beside the two that it must have. */
  readonly session: object;
  /** The page's files by path; with the last of them the page has all that it needs. */
  readonly files: ReadonlyMap<string, SiteFile>;
  readonly elsewhere: Asked['elsewhere'];
}

interface SiteFile {
  readonly type: string;
  readonly body: string | Buffer;
}

const QUESTIONS: Readonly<Record<string, Question>> = {
  '/session': 'create',
  '/status': 'status',
  '/events': 'events',
};

const ARRIVAL = 'data: \n\n';

/**
 * Speaks HTTP by hand, since no library for it does what is asked for here. Each connection carries
 * one request: a broken one is nobody else's, and browsers ask again by themselves on old ones.
 */
export class FaultyServer {
  /** How often each question has arrived. */
  readonly asked: Record<Question, number> = { create: 0, status: 0, events: 0 };
  /** Connections on which questions were asked, and which nobody has ended yet. */
  open = 0;
  #site: FaultySite;
  #server: Server;
  #port = 0;
  /** What has come on each connection. */
  #requests = new Map<Socket, string>();
  #watching = new Set<Socket>();
  #arrived = 0;

  constructor(site: FaultySite) {
    this.#site = site;
    this.#server = createServer((socket) => this.#connected(socket));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The first time on any port, and then on the same. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : null;
    this.#server.close();
    for (const socket of this.#requests.keys()) socket.destroy();
    await closed;
  }

  #connected(socket: Socket): void {
    this.#requests.set(socket, '');
    socket.on('close', () => this.#requests.delete(socket));
    // Cut off by a browser that has heard enough.
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      const before = this.#requests.get(socket) ?? '';
      const request = before + piece.toString('latin1');
      this.#requests.set(socket, request);
      if (!isWhole(before) && isWhole(request)) this.#answer(socket, request);
    });
  }

  #answer(socket: Socket, request: string): void {
    const path = /^\w+ ([^ ?]*)/.exec(request)?.[1] ?? '';
    const question = QUESTIONS[path];
    if (question) return this.#answerQuestion(socket, question);
    if (path === '/arrivals') return this.#tellArrivals(socket);
    const file = this.#site.files.get(path);
    const isLast = path === [...this.#site.files.keys()].at(-1);
    if (isLast && this.#site.isDown && this.#site.question === 'create') this.#goDown(socket);
    socket.end(file ? answerOf(200, { 'Content-Type': file.type }, file.body) : answerOf(404));
  }

  #answerQuestion(socket: Socket, question: Question): void {
    this.#dropUnused();
    const attempt = ++this.asked[question];
    this.open++;
    socket.on('close', () => this.open--);
    const { fault, times, session, elsewhere, isDown, question: wrong } = this.#site;
    const good = healthy(question, session);
    const isFaulty = question === wrong && !isDown && attempt <= times;
    if (question === 'create' && isDown) this.#goDown(socket);
    if (!isFaulty) return answerWell(socket, good);
    this.#arrived++;
    for (const watching of this.#watching) watching.write(ARRIVAL);
    fault({ socket, good, elsewhere });
  }

  /** A stream with a message for each request that is answered wrongly. */
  #tellArrivals(socket: Socket): void {
    this.#watching.add(socket);
    socket.write(headOf(200, { 'Content-Type': 'text/event-stream' }));
    socket.write(ARRIVAL.repeat(this.#arrived));
  }

  /** A browser may have connected in advance, and it would ask a second time where that broke. */
  #dropUnused(): void {
    for (const [socket, request] of this.#requests) if (!request) socket.destroy();
  }

  /** Nobody else is answered any more; new connections are refused. */
  #goDown(answered: Socket): void {
    this.#server.close();
    for (const socket of this.#requests.keys()) if (socket !== answered) socket.destroy();
  }
}

/** Whether all of it is there, by its own word. */
function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  const length = Number(/^content-length: *(\d+)/im.exec(request)?.[1] ?? 0);
  return end >= 0 && request.length >= end + 4 + length;
}

function answerWell(socket: Socket, { type, body, isOpen }: Good): void {
  if (!isOpen) return void socket.end(answerOf(200, { 'Content-Type': type }, body));
  socket.write(headOf(200, { 'Content-Type': type }) + body);
}
