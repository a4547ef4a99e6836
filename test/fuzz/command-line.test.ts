import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { readCommandLine } from '../../src/bin/command-line.js';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { hostileText } from './hostile.js';
import { property } from './property.js';

/** Options of the program, with what `createSandbox` calls them. */
const OPTIONS = {
  '--api-key': 'apiKey',
  '--client-id': 'clientId',
  '--client-secret': 'clientSecret',
  '--session-lifetime': 'sessionLifetime',
  '--application-name': 'applicationName',
  '--public-url': 'publicUrl',
  '--webhook-url': 'webhookUrl',
  '--webhook-secret': 'webhookSecret',
} as const satisfies Record<string, keyof SandboxOptions>;

const NAMES = ['--port', ...Object.keys(OPTIONS)];

const word = fc.oneof(
  fc.constantFrom(
    ...[
      'sandbox',
      '--help',
      '-h',
      '--',
      '-',
      '--no-help',
      '--help=1',
      '-hh',
      '--unknown',
      '-p',
      '=',
    ],
    ...['0', '4000', '65535', '65536', '-1', '1e3', '0x10', '', ' ', 'NaN', 'http://127.0.0.1/'],
    ...NAMES,
  ),
  fc.tuple(fc.constantFrom(...NAMES), hostileText).map((parts) => parts.join('=')),
  hostileText,
);

const anything = fc.oneof(
  fc.array(word, { maxLength: 8 }),
  fc.array(word, { maxLength: 5 }).map((words) => ['sandbox', ...words]),
);

/** What the sandbox itself says of its options; it says nothing but by a TypeError. */
function start(options: SandboxOptions): TypeError | null {
  try {
    createSandbox(options).close();
    return null;
  } catch (error) {
    assert.ok(error instanceof TypeError);
    return error;
  }
}

describe('readCommandLine', () => {
  property('makes something of any arguments', [anything], (args) => {
    const command = readCommandLine(args);
    if (command.kind === 'sandbox') {
      assert.ok(Number.isInteger(command.port) && command.port >= 0 && command.port <= 65_535);
      assert.ok(args.includes('sandbox'));
      assert.match(start(command.options)?.message ?? 'createSandbox: ', /^createSandbox: /);
    } else {
      assert.ok(['help', 'mistake'].includes(command.kind));
      assert.match(command.text, /--help\b/);
      assert.ok(command.text.endsWith('\n'));
    }
  });

  property(
    'never shows what a secret was',
    [fc.stringMatching(/^[a-z]{12}$/), anything],
    (secret, args) => {
      const given = ['sandbox', `--client-secret=${secret}`, ...args];
      fc.pre(!args.some((each) => each.startsWith('--client-secret')));
      const command = readCommandLine(given);
      if (command.kind !== 'sandbox') assert.ok(!command.text.includes(secret), command.text);
      else assert.ok(!start(command.options)?.message.includes(secret));
    },
  );

  property(
    'takes a port that is one, and nothing else for it',
    [fc.oneof(fc.integer({ min: -100, max: 80_000 }).map(String), hostileText)],
    (text) => {
      const command = readCommandLine(['sandbox', `--port=${text}`]);
      const isPort = /^[0-9]+$/.test(text) && Number(text) < 2 ** 16;
      assert.equal(command.kind, isPort ? 'sandbox' : 'mistake');
      if (command.kind === 'sandbox') assert.equal(command.port, Number(text));
    },
  );

  property(
    'hands on every option as it was given',
    [
      fc.constantFrom(...(Object.keys(OPTIONS) as (keyof typeof OPTIONS)[])),
      hostileText,
      fc.nat({ max: 65_535 }),
    ],
    (name, value, port) => {
      const command = readCommandLine([`${name}=${value}`, 'sandbox', '--port', String(port)]);
      assert.ok(command.kind === 'sandbox');
      assert.equal(command.port, port);
      const member = OPTIONS[name];
      const expected = member === 'sessionLifetime' ? Number(value) : value;
      assert.equal(command.options[member], expected);
    },
  );
});
