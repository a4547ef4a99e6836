import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { SandboxOptions } from '../sandbox/index.js';

/** What `didit-verify` is to do. */
export type Command =
  | { readonly kind: 'help' | 'mistake'; readonly text: string }
  | { readonly kind: 'sandbox'; readonly port: number; readonly options: SandboxOptions };

const HELP = `Usage: didit-verify sandbox [options]

Plays Didit on 127.0.0.1, phone page included, for development and tests.

  --port <number>              default 4000; 0 for any that is free
  --api-key <text>             default sandbox-key
  --client-id <text>           default sandbox
  --client-secret <text>       default sandbox-secret
  --session-lifetime <seconds> default 300
  --application-name <text>    who asks, on the phone page; default Demo application
  --public-url <url>           where phones reach it, say through a tunnel; default as it is asked
  --webhook-url <url>          where the webhooks of verification go; default nowhere
  --webhook-secret <text>      signs them; default sandbox-webhook-secret
  --help                       shows this
`;

const OPTIONS = {
  port: { type: 'string', default: '4000' },
  'api-key': { type: 'string', default: 'sandbox-key' },
  'client-id': { type: 'string', default: 'sandbox' },
  'client-secret': { type: 'string', default: 'sandbox-secret' },
  'session-lifetime': { type: 'string', default: '300' },
  'application-name': { type: 'string' },
  'public-url': { type: 'string' },
  'webhook-url': { type: 'string' },
  'webhook-secret': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

/** Reads the arguments of `didit-verify`; the sandbox itself looks at what most of them say. */
export function readCommandLine(args: readonly string[]): Command {
  try {
    const config = { args: [...args], options: OPTIONS, allowPositionals: true } as const;
    const { values, positionals } = parseArgs(config);
    if (values.help) return { kind: 'help', text: HELP };
    if (positionals.join(' ') !== 'sandbox') return { kind: 'mistake', text: HELP };
    return { kind: 'sandbox', port: portOf(values.port), options: optionsOf(values) };
  } catch (error) {
    const { message } = error as Error;
    // Node goes on about how to have arguments that start with a dash.
    return mistake(message.replace(/ To specify a positional argument .*/s, ''));
  }
}

/** Something that is wrong with the arguments. */
export function mistake(message: string): Command & { readonly kind: 'help' | 'mistake' } {
  return { kind: 'mistake', text: `${message}\nAll options: didit-verify --help\n` };
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function optionsOf(values: Values): SandboxOptions {
  const webhookUrl = values['webhook-url'];
  const secret = webhookUrl === undefined ? undefined : 'sandbox-webhook-secret';
  const options = {
    apiKey: values['api-key'],
    clientId: values['client-id'],
    clientSecret: values['client-secret'],
    sessionLifetime: Number(values['session-lifetime']),
    applicationName: values['application-name'],
    publicUrl: values['public-url'],
    webhookUrl,
    webhookSecret: values['webhook-secret'] ?? secret,
  };
  return options;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new TypeError(`--port must be a number from 0 to 65535, not "${text}".`);
}
