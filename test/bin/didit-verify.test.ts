import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import { base64, fields, webhookServer, type Created } from '../sandbox/helpers.js';
import { startProgram } from './program.js';

const NODE = ['--import', 'tsx', 'src/bin/didit-verify.ts'];

/** The program, once it listens. */
async function start(t: TestContext, ...args: string[]) {
  const started = startProgram(t, NODE, ['sandbox', '--port', '0', ...args]);
  const [, origin = ''] = await started.says(/ is at (http:\/\/127\.0\.0\.1:\d+)\n[^]*\n\n$/);
  const post = (path: string, body: unknown) =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'X-Api-Key': 'sandbox-key' },
      body: JSON.stringify(body),
    });
  return { ...started, origin, port: Number(new URL(origin).port), post };
}

/** What is put out by a program that ends by itself. */
async function run(t: TestContext, ...args: string[]) {
  const { ended, output } = startProgram(t, NODE, args);
  return { code: await ended, ...output };
}

describe('sandbox', () => {
  test('says where it is, and how createDidit finds it', async (t) => {
    const { output, origin } = await start(t);
    const transfer = `apiUrl: "${origin}", clientId: "sandbox", clientSecret: "sandbox-secret", …`;
    const verification = `apiUrl: "${origin}", apiKey: "sandbox-key", workflowId: "any", …`;
    for (const options of [transfer, verification]) {
      assert.ok(output.out.includes(`createDidit({ ${options} })`), output.out);
    }
    assert.doesNotMatch(output.out, /webhook/);
  });

  test('plays both APIs with its own credentials, and logs', async (t) => {
    const { origin, post, says } = await start(t);
    const token = await fetch(`${origin}/auth/v2/token/`, {
      method: 'POST',
      headers: { Authorization: `Basic ${base64('sandbox:sandbox-secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    assert.equal(token.status, 200);
    const response = await post('/v3/session/', { workflow_id: 'any' });
    assert.equal(response.status, 201);
    const { session_id, url } = (await response.json()) as Created;
    assert.ok(url.startsWith(`${origin}/session/`));
    assert.match(await (await fetch(url)).text(), /Demo application/);
    await says(new RegExp(`Z session.status sessionId="${session_id}" status="In Progress"\n`));
    const approved = await post(`/sandbox/sessions/${session_id}/approve`, null);
    assert.deepEqual(await fields(approved), { session_id, status: 'Approved' });
  });

  test('sends webhooks', async (t) => {
    const { webhookUrl, arrived } = await webhookServer(t);
    const { post, says, output } = await start(t, '--webhook-url', webhookUrl);
    assert.match(output.out, /workflowId: "any", webhookSecrets: \["sandbox-webhook-secret"\], …/);
    assert.ok(output.out.includes(webhookUrl));
    const created = await post('/v3/session/', { workflow_id: 'any' });
    const { session_id } = (await created.json()) as Created;
    await post(`/sandbox/sessions/${session_id}/decline`, null);
    await says(/webhook\.delivered .* attempt=1 httpStatus=200\n/);
    const { status } = JSON.parse(arrived[0]!.body) as { status: string };
    assert.equal(status, 'Declined');
  });

  test('cuts connections when it is told to', async (t) => {
    const { origin, post } = await start(t);
    const body = JSON.stringify({ kind: 'cut', times: 1 });
    await fetch(`${origin}/sandbox/faults`, { method: 'PUT', body });
    await assert.rejects(post('/v3/session/', { workflow_id: 'any' }), TypeError);
    assert.equal((await post('/v3/session/', { workflow_id: 'any' })).status, 201);
  });

  test('takes its options', async (t) => {
    const { post, origin } = await start(t, '--api-key', 'own', '--application-name', 'Own shop');
    assert.equal((await post('/v3/session/', { workflow_id: 'any' })).status, 403);
    const response = await fetch(`${origin}/v3/session/`, {
      method: 'POST',
      headers: { 'X-Api-Key': 'own' },
      body: '{"workflow_id":"any"}',
    });
    const { url } = (await response.json()) as Created;
    assert.match(await (await fetch(url)).text(), /Own shop/);
  });

  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');

  test(
    'is not there on other addresses than loopback',
    { skip: addresses.length === 0 && 'this machine has no other address' },
    async (t) => {
      const { port } = await start(t);
      for (const { address } of addresses) {
        const socket = connect(port, address);
        await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' });
      }
    },
  );

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`ends at once by ${signal}, with calls and webhooks under way`, async (t) => {
      const { webhookUrl } = await webhookServer(t, () => undefined);
      const { program, ended, origin, post, says } = await start(t, '--webhook-url', webhookUrl);
      const created = await post('/v3/session/', { workflow_id: 'any' });
      const { session_id } = (await created.json()) as Created;
      await post(`/sandbox/sessions/${session_id}/open`, null);
      const body = JSON.stringify({ kind: 'slow', delay: 3600 });
      await fetch(`${origin}/sandbox/faults`, { method: 'PUT', body });
      const slow = assert.rejects(post('/v3/session/', { workflow_id: 'any' }));
      await says(/fault\.applied/);
      program.kill(signal);
      assert.equal(await ended, 0);
      await slow;
    });
  }
});

test('a port that is taken is said so', async (t) => {
  const { port } = await start(t);
  const { code, out, error } = await run(t, 'sandbox', '--port', String(port));
  assert.deepEqual([code, out], [1, '']);
  assert.equal(error, `Port ${port} is taken. Try another: --port ${port + 1}\n`);
});

for (const [args, words] of [
  ['', /^Usage: didit-verify sandbox/],
  ['sandbox --nonsense', /^Unknown option '--nonsense'\.\nAll options: didit-verify --help\n$/],
  ['sandbox --session-lifetime soon', /^--session-lifetime must be a positive number of seconds\./],
  ['sandbox --webhook-secret a', /^--webhook-url and --webhook-secret must be given together\./],
  ['sandbox --webhook-url b', /^--webhook-url must be an http or https URL\./],
] as const) {
  test(`“${args}” ends with 1 and says why`, async (t) => {
    const { code, out, error } = await run(t, ...args.split(' ').filter(Boolean));
    assert.deepEqual([code, out], [1, '']);
    assert.match(error, words);
  });
}

test('--help ends with 0', async (t) => {
  const { code, out, error } = await run(t, '--help');
  assert.deepEqual([code, error], [0, '']);
  assert.match(out, /^Usage: didit-verify sandbox/);
});
