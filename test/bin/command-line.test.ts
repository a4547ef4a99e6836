import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mistake, readCommandLine } from '../../src/bin/command-line.js';

const DEFAULTS = {
  apiKey: 'sandbox-key',
  clientId: 'sandbox',
  clientSecret: 'sandbox-secret',
  sessionLifetime: 300,
  applicationName: undefined,
  publicUrl: undefined,
  webhookUrl: undefined,
  webhookSecret: undefined,
};

describe('sandbox', () => {
  test('has defaults', () => {
    assert.deepEqual(readCommandLine(['sandbox']), {
      kind: 'sandbox',
      port: 4000,
      options: DEFAULTS,
    });
  });

  test('takes all options', () => {
    const args = [
      ...['--port', '0', '--api-key', 'key', '--client-id', 'id', '--client-secret=secret'],
      ...['sandbox', '--session-lifetime', '1.5', '--application-name', 'Shop'],
      ...['--public-url', 'https://phone.test', '--webhook-url', 'http://site.test/'],
      ...['--webhook-secret', 'webhook'],
    ];
    assert.deepEqual(readCommandLine(args), {
      kind: 'sandbox',
      port: 0,
      options: {
        apiKey: 'key',
        clientId: 'id',
        clientSecret: 'secret',
        sessionLifetime: 1.5,
        applicationName: 'Shop',
        publicUrl: 'https://phone.test',
        webhookUrl: 'http://site.test/',
        webhookSecret: 'webhook',
      },
    });
  });

  test('signs webhooks even where no secret is given', () => {
    const command = readCommandLine(['sandbox', '--webhook-url', 'http://site.test/']);
    assert.ok(command.kind === 'sandbox');
    assert.equal(command.options.webhookSecret, 'sandbox-webhook-secret');
  });

  test('leaves it to the sandbox what is wrong with a secret alone', () => {
    const command = readCommandLine(['sandbox', '--webhook-secret', 'secret']);
    assert.ok(command.kind === 'sandbox');
    assert.deepEqual(command.options, { ...DEFAULTS, webhookSecret: 'secret' });
  });
});

for (const args of [['--help'], ['-h'], ['sandbox', '--help'], ['nonsense', '--help']]) {
  test(`${args.join(' ')} shows every option`, () => {
    const command = readCommandLine(args);
    assert.ok(command.kind === 'help');
    for (const name of [
      ...['port', 'api-key', 'client-id', 'client-secret', 'session-lifetime'],
      ...['application-name', 'public-url', 'webhook-url', 'webhook-secret', 'help'],
    ]) {
      assert.match(command.text, new RegExp(`^  --${name} `, 'm'));
    }
  });
}

for (const [args, words] of [
  [[], /^Usage: /],
  [['nonsense'], /^Usage: /],
  [['sandbox', 'sandbox'], /^Usage: /],
  [['sandbox', '--prot', '4000'], /^Unknown option '--prot'\.\nAll options: /],
  [['sandbox', '--port'], /'--port <value>' argument missing/],
  [['sandbox', '--port', 'x'], /--port must be a number from 0 to 65535, not "x"/],
  [['sandbox', '--port', '65536'], /--port must be/],
  [['sandbox', '--port', ''], /--port must be/],
  [['sandbox', '--help=yes'], /--help/],
] as [string[], RegExp][]) {
  test(`“${args.join(' ')}” is a mistake`, () => {
    const command = readCommandLine(args);
    assert.ok(command.kind === 'mistake');
    assert.match(command.text, words);
    assert.match(command.text, /\n$/);
  });
}

test('a mistake says where the options are', () => {
  assert.deepEqual(mistake('No.'), {
    kind: 'mistake',
    text: 'No.\nAll options: didit-verify --help\n',
  });
});
