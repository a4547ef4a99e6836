import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandbox, type SandboxEvent, type SandboxOptions } from '../sandbox/index.js';
import { mistake, type Command } from './command-line.js';
import { nodeListener } from './node-listener.js';

/** Nobody but this machine: it verifies whoever presses a button. */
const HOST = '127.0.0.1';

/** Serves the sandbox until the process is told to end. */
export function runSandbox({ port, options }: Command & { readonly kind: 'sandbox' }): void {
  const sandbox = sandboxOf(options);
  if (!sandbox) return;
  const server = createServer(nodeListener(sandbox.fetch));
  server.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    const taken = `Port ${port} is taken. Try another: --port ${port + 1}`;
    const forbidden = `Port ${port} is not allowed. Try another: --port 4000`;
    const known: Record<string, string> = { EADDRINUSE: taken, EACCES: forbidden };
    stop(`${known[code ?? ''] ?? message}\n`);
  });
  server.listen(port, HOST, () => {
    print(introduction(`http://${HOST}:${(server.address() as AddressInfo).port}`, options));
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}

function sandboxOf(options: SandboxOptions) {
  try {
    return createSandbox({ ...options, log: (event) => print(eventLine(event)) });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    stop(mistake(inOptions(error.message)).text);
    return null;
  }
}

/** One line of the log: when, what, and the rest. */
export function eventLine({ at, type, ...rest }: SandboxEvent): string {
  const members = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [new Date(at).toISOString(), type, ...members].join(' ');
}

/** How to use it. */
function introduction(origin: string, options: SandboxOptions): string {
  const { clientId, clientSecret, apiKey, webhookUrl, webhookSecret } = options;
  const verification = { apiUrl: origin, apiKey, workflowId: 'any' };
  const isTold = webhookUrl !== undefined;
  return [
    `The local sandbox of didit-verify is at ${origin}`,
    'It plays Didit for development and tests, and verifies whoever presses a button.',
    '',
    'Data transfer:',
    `  createDidit(${written({ apiUrl: origin, clientId, clientSecret })})`,
    'Verification, with any workflow:',
    `  createDidit(${written(isTold ? { ...verification, webhookSecrets: [webhookSecret] } : verification)})`,
    ...(isTold ? [`Its webhooks go to ${webhookUrl}`] : []),
    '',
  ].join('\n');
}

/** As it is written in JavaScript, with room for the options that a site has besides. */
function written(members: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(members).map(([name, value]) => `${name}: ${quoted(value)}`);
  return `{ ${parts.join(', ')}, … }`;
}

function quoted(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(quoted).join(', ')}]` : JSON.stringify(value);
}

/** What the sandbox says of its options, in words of the command line. */
function inOptions(message: string): string {
  return message.replace(/^createSandbox: /, '').replace(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, (name) => {
    const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return `--${words}`;
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function stop(text: string): void {
  process.stderr.write(text);
  process.exitCode = 1;
}
