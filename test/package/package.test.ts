import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { startProgram } from '../bin/program.js';
import { compile, inNode } from './strangers.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  bin: Record<string, string>;
};

const PROGRAM = manifest.bin['didit-verify']!;

describe('the package', () => {
  it('depends on lit alone, by caret, and pins what it is developed with', () => {
    assert.deepEqual(Object.keys(manifest.dependencies), ['lit']);
    assert.match(manifest.dependencies.lit!, /^\^3\./);
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
    }
  });

  for (const entry of ['didit-verify', 'didit-verify/element']) {
    const registers = entry === 'didit-verify';
    it(`${entry} can be imported in plain Node, and ${registers ? 'registers' : 'does not'}`, async () => {
      const code = `import { DiditVerifyElement } from '${entry}';
        DiditVerifyElement.define('x-y');
        console.log(customElements.get('didit-verify') === DiditVerifyElement);`;
      assert.equal(await inNode(code), String(registers));
    });

    for (const condition of ['worker', 'workerd']) {
      it(`${entry} is inert under the condition ${condition}`, async () => {
        const code = `import { DiditVerifyElement } from '${entry}';
          DiditVerifyElement.define();
          console.log(Object.getPrototypeOf(DiditVerifyElement) === Function.prototype);`;
        assert.equal(await inNode(code, condition), 'true');
      });
    }
  }

  it('gives the server part and the sandbox under their names', async () => {
    const code = `import { createDidit } from 'didit-verify/server';
      import { createSandbox } from 'didit-verify/sandbox';
      console.log(typeof createDidit, typeof createSandbox);`;
    assert.equal(await inNode(code), 'function function');
  });

  it('imports nothing but its own files in the server part and the sandbox', () => {
    for (const part of ['server', 'sandbox']) {
      const code = readFileSync(`dist/${part}/index.js`, 'utf8');
      assert.doesNotMatch(code, /^import |\bimport\(|\brequire\(/m);
    }
  });

  it('has a program, which imports Node and the published sandbox alone', () => {
    const code = readFileSync(PROGRAM, 'utf8');
    assert.equal(code.split('\n')[0], '#!/usr/bin/env node');
    const imports = [...code.matchAll(/^import .* from '(.*)';$/gm)].map(([, name]) => name!);
    assert.ok(imports.includes('../sandbox/index.js'));
    for (const name of imports) assert.match(name, /^(node:.*|\.\.\/sandbox\/index\.js)$/);
    assert.doesNotMatch(code, /\bimport\(|\brequire\(/);
    const isExecutable = (statSync(PROGRAM).mode & 0o111) === 0o111;
    assert.ok(isExecutable || process.platform === 'win32');
  });

  it('has a program that plays Didit', async (t) => {
    const { program, says, ended } = startProgram(t, [PROGRAM], ['sandbox', '--port', '0']);
    const [origin = ''] = await says(/http:\/\/127\.0\.0\.1:\d+/);
    const response = await fetch(`${origin}/v3/session/`, {
      method: 'POST',
      headers: { 'X-Api-Key': 'sandbox-key' },
      body: '{"workflow_id":"any"}',
    });
    assert.equal(response.status, 201);
    program.kill('SIGTERM');
    await ended;
  });

  it('has declarations that compile in a strict project', async () => {
    const code = `
      import { DiditVerifyElement, type SessionCreatedDetail } from 'didit-verify';
      import { createDidit, DiditApiError, DiditClient } from 'didit-verify/server';
      import { createSandbox, type SandboxFault } from 'didit-verify/sandbox';
      const tag: DiditVerifyElement = document.createElement('didit-verify');
      tag.addEventListener('session-created', ({ detail }) => {
        const typed: SessionCreatedDetail = detail;
        console.log(typed.sessionId satisfies string);
      });
      tag.addEventListener('error', ({ detail }) => console.log(detail.code satisfies string));
      tag.addEventListener('session-completed', ({ detail }) => {
        detail.state satisfies 'approved' | 'declined' | 'in-review' | 'cancelled';
      });
      tag.addEventListener('session-expired', ({ detail }) => detail.willRefresh satisfies boolean);
      tag.addEventListener('status-changed', ({ detail }) => detail.status satisfies string | null);
      tag.statusResolver = async ({ sessionId, signal }) => {
        signal.throwIfAborted();
        return sessionId;
      };
      tag.refreshExpired = 'manual';
      tag.presentation = 'dialog';
      const { session } = createDidit({
        clientId: 'a', clientSecret: 'b', scope: 'names', getUser: () => ({ vendorData: 'c' }),
      });
      session satisfies (request: Request) => Promise<Response>;
      const verified = createDidit({
        apiKey: 'a',
        workflowId: 'b',
        getUser: async () => null,
        sessionFields: async (user) => ({ metadata: { user } }),
        onDecision: async ({ status }, { vendorData }) => {
          if (status === 'Declined') return { accept: false };
          console.log(vendorData satisfies string | undefined);
        },
        limit: () => 60,
        secret: ['x'.repeat(32)],
      });
      verified.settle('id') satisfies Promise<string>;
      createDidit({ apiKey: 'a', getUser: () => ({}), onDecision: async () => { await null; } });
      const client = new DiditClient({ clientId: 'a', clientSecret: 'b' });
      client.getStatus('a', 'b').catch((error: unknown) => {
        if (error instanceof DiditApiError) console.log(error.retryAfter satisfies number | undefined);
      });
      // @ts-expect-error both kinds at once
      createDidit({ clientId: 'a', clientSecret: 'b', apiKey: 'c', getUser: () => ({}) });
      // @ts-expect-error half of an account
      createDidit({ clientId: 'a', getUser: () => ({}) });
      // @ts-expect-error nobody is refused by a slip
      createDidit({ apiKey: 'a', getUser: () => ({}), onDecision: () => ({ accpet: false }) });
      createSandbox().fetch satisfies (request: Request) => Promise<Response>;
      const sandbox = createSandbox({
        webhookUrl: 'http://localhost/', webhookSecret: 'a', webhookRetryDelays: [1],
        fetch: (input, init) => session(new Request(input, init)),
        log: (event) => {
          if (event.type === 'webhook.failed') console.log(event.httpStatus satisfies number | null);
        },
      });
      const fault: SandboxFault = { kind: 'rate-limited', call: 'decision', retryAfter: 5 };
      sandbox.fail(fault, { kind: 'slow', delay: 1, times: 2 });
      sandbox.play('id', 'approve') satisfies string;
      // @ts-expect-error there is no such fault
      sandbox.fail({ kind: 'fast' });
      // @ts-expect-error the state can only be read
      tag.state = 'ready';`;
    await compile(code);
    for (const [expectation] of code.matchAll(/\/\/ @ts-expect-error .*/g)) {
      await assert.rejects(compile(code.replace(expectation, '')), expectation);
    }
  });
});
