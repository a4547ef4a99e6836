import { createSandbox, type Sandbox, type SandboxOptions } from 'didit-verify/sandbox';
import { serve } from '../../web-server.js';

/** A call as Didit got it. */
export interface DiditCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** Answers in place of the sandbox; undefined leaves it to that. */
export type Stand = (call: DiditCall, request: Request) => Promise<Response | undefined>;

/** The sandbox on a port of its own, with a list of what it was asked, and an answer in its place. */
export class RecordingDidit {
  readonly account = { clientId: 'client-of-the-tests', clientSecret: 'secret-of-the-tests' };
  readonly sandbox: Sandbox;
  readonly calls: DiditCall[] = [];
  instead?: Stand;
  #server?: Awaited<ReturnType<typeof serve>>;

  constructor(options: SandboxOptions = {}) {
    this.sandbox = createSandbox({ ...this.account, ...options });
  }

  async start(): Promise<void> {
    this.#server = await serve((request: Request) => this.#answer(request));
  }

  get origin(): string {
    return this.#server!.origin;
  }

  async close(): Promise<void> {
    this.sandbox.close();
    await this.#server?.close();
  }

  /** The calls to paths that end so. */
  callsTo(end: string): DiditCall[] {
    return this.calls.filter(({ path }) => path.endsWith(end));
  }

  /** What must reach neither page nor log: secrets, tokens, and what the sample person shares. */
  get secrets(): string[] {
    const { clientId, clientSecret } = this.account;
    const sent = this.calls.map(({ headers }) => headers.get('Authorization')?.split(' ')[1]);
    const own = [clientSecret, btoa(`${clientId}:${clientSecret}`), 'alex@example.com', 'Sample'];
    return [...new Set([...own, ...sent.filter((secret) => secret !== undefined)])];
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname: path } = new URL(request.url);
    const { method, headers } = request;
    const call = { method, path, headers, body: await request.clone().text() };
    this.calls.push(call);
    return (await this.instead?.(call, request.clone())) ?? this.sandbox.fetch(request);
  }
}
