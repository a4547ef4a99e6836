import { createSandbox, type Sandbox, type SandboxEvent } from 'didit-verify/sandbox';
import type { DiditOptions } from 'didit-verify/server';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openHeard } from './heard-page.js';
import type { Snippet } from './snippet-page.js';

/** A page whose sessions are counted, and the time that it shares with its backend. */
export interface CountedPage {
  readonly page: Page;
  readonly origin: string;
  readonly sandbox: Sandbox;
  /** How often a page has asked for a session, and how many were made at Didit. */
  readonly count: () => readonly [requests: number, sessions: number];
  /** Lets so many seconds pass, for pages whose clock is installed and for the backend. */
  readonly pass: (seconds: number) => Promise<void>;
}

export interface CountedOptions {
  readonly snippet: Snippet;
  readonly isVerification?: boolean;
}

/** Opens a page whose backend and sandbox are counted. */
export async function openCounted(
  t: TestContext,
  { snippet, isVerification = false }: CountedOptions,
): Promise<CountedPage> {
  let [requests, passed] = [0, 0];
  const events: SandboxEvent[] = [];
  const sandbox = createSandbox({
    clientId: 'a-client',
    clientSecret: 'a-secret',
    apiKey: 'a-key',
    publicUrl: 'https://app.didit.me',
    sessionLifetime: 86_400,
    log: (event) => void events.push(event),
  });
  t.after(() => sandbox.close());
  const { getUser = () => ({ vendorData: 'somebody' }), ...options } = snippet.options ?? {};
  const verification = { clientId: undefined, clientSecret: undefined, apiKey: 'a-key' };
  const opened = await openHeard(t, {
    ...snippet,
    options: {
      ...(isVerification ? { ...verification, workflowId: 'any' } : {}),
      ...options,
      fetch: (input, init) => sandbox.fetch(new Request(input, init)),
      now: () => Date.now() + passed * 1000,
      getUser(request) {
        if (request.method === 'POST') requests++;
        return getUser(request);
      },
    } as Partial<DiditOptions>,
  });
  const { page, origin } = opened;
  const sessions = () => events.filter(({ type }) => type === 'session.created').length;
  return {
    page,
    origin,
    sandbox,
    count: () => [requests, sessions()],
    async pass(seconds) {
      passed += seconds;
      await page.clock.fastForward(seconds * 1000);
    },
  };
}
