import { createSandbox, type SandboxFault } from 'didit-verify/sandbox';
import {
  createDidit,
  type DiditOptions,
  type ErrorCode,
  type LogEvent,
  type UpstreamFailure,
} from 'didit-verify/server';
import type { TestContext } from 'node:test';

const ENDPOINT = 'https://shop.example/api/didit/session';
const ACCOUNT = { clientId: 'a-client', clientSecret: 'a-secret' };

/** A backend with the sandbox as Didit, and what its log heard. */
interface Backend {
  readonly ask: (path?: string, init?: RequestInit) => Promise<Response>;
  readonly sandbox: ReturnType<typeof createSandbox>;
  readonly events: readonly LogEvent[];
}

function backend(t: TestContext, options: Partial<DiditOptions> = {}): Backend {
  const sandbox = createSandbox(ACCOUNT);
  const events: LogEvent[] = [];
  const didit = createDidit({
    ...ACCOUNT,
    apiUrl: 'http://localhost',
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
    getUser: () => ({ vendorData: 'somebody' }),
    log: (event) => void events.push(event),
    ...options,
  } as DiditOptions);
  t.after(() => {
    didit.close();
    sandbox.close();
  });
  const ask: Backend['ask'] = (path = '', init) =>
    didit.session(new Request(ENDPOINT + path, init));
  return { ask, sandbox, events };
}

/** What the element sends for a session. */
function create(body = '{}', headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body };
}

/** A request whose answer is the error; `events` is what the log then heard. */
export interface Refused {
  readonly answer: Response;
  readonly events: readonly LogEvent[];
}

async function refuse(
  t: TestContext,
  init: RequestInit,
  options?: Partial<DiditOptions>,
): Promise<Refused> {
  const { ask, events } = backend(t, options);
  return { answer: await ask('', init), events };
}

async function failAt(t: TestContext, ...faults: SandboxFault[]): Promise<Refused> {
  const { ask, sandbox, events } = backend(t);
  sandbox.fail(...faults);
  return { answer: await ask('', create()), events };
}

/** A page that polls, of a site that fails to take up a decision. */
async function failDecision(t: TestContext): Promise<Refused> {
  const { ask, sandbox, events } = backend(t, {
    onDecision: () => {
      throw new Error('No database.');
    },
  });
  const created = await ask('', create());
  const { session_id, status_url } = (await created.json()) as Record<string, string>;
  sandbox.play(session_id!, 'open');
  sandbox.play(session_id!, 'confirm');
  // Didit is not asked before a second has passed.
  for (;;) {
    const answer = await ask(status_url);
    if (!answer.ok) return { answer, events };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Brings each error code of the server part about. */
export const SERVER_ERRORS: Readonly<Record<ErrorCode, (t: TestContext) => Promise<Refused>>> = {
  unauthorized: (t) => refuse(t, create(), { getUser: () => null }),
  forbidden: (t) => refuse(t, create('{}', { 'Sec-Fetch-Site': 'cross-site' })),
  'bad-request': (t) => refuse(t, create('{ "scope": "email" }'), { scope: 'names' }),
  'unsupported-media-type': (t) => refuse(t, create('{}', { 'Content-Type': 'text/plain' })),
  'too-large': (t) => refuse(t, create(JSON.stringify({ scope: 'x'.repeat(16_384) }))),
  'method-not-allowed': (t) => refuse(t, { method: 'DELETE' }),
  'rate-limited': (t) => refuse(t, create(), { limit: () => 60 }),
  'session-not-found': async (t) => {
    const { ask, events } = backend(t);
    return { answer: await ask('?session=made-up'), events };
  },
  'upstream-refused': (t) => failAt(t, { kind: 'unauthorized' }),
  'upstream-busy': (t) => failAt(t, { kind: 'failing', call: 'create' }),
  'upstream-timeout': (t) => failAt(t, { kind: 'slow', call: 'create', delay: 60 }),
  'decision-failed': failDecision,
  internal: (t) =>
    refuse(t, create(), {
      getUser: () => {
        throw new Error('No database.');
      },
    }),
};

/** What Didit, or what is between, must do for each reason; what the sandbox does is a fault of it. */
export const UPSTREAM_FAILURES: Readonly<
  Record<UpstreamFailure, { fault?: SandboxFault; fetch?: typeof fetch }>
> = {
  refused: { fault: { kind: 'unauthorized' } },
  'rate-limited': { fault: { kind: 'rate-limited', retryAfter: 7 } },
  failed: { fault: { kind: 'failing' } },
  timeout: { fault: { kind: 'slow', delay: 60 } },
  unreachable: { fault: { kind: 'cut' } },
  redirected: {
    fetch: async () => new Response(null, { status: 301, headers: { Location: '/elsewhere/' } }),
  },
  'invalid-answer': { fault: { kind: 'broken-json' } },
  'sandbox-in-production': {
    // Just for this one answer.
    async fetch(input, init) {
      const { NODE_ENV } = process.env;
      process.env.NODE_ENV = 'production';
      setImmediate(() => {
        if (NODE_ENV === undefined) delete process.env.NODE_ENV;
        else process.env.NODE_ENV = NODE_ENV;
      });
      return createSandbox(ACCOUNT).fetch(new Request(input, init));
    },
  },
};

/** The answer to a page whose session Didit does not give for that reason. */
export async function failUpstream(t: TestContext, reason: UpstreamFailure): Promise<Refused> {
  const { fault, fetch } = UPSTREAM_FAILURES[reason];
  const { ask, sandbox, events } = backend(t, fetch ? { fetch } : {});
  if (fault) sandbox.fail(fault);
  return { answer: await ask('', create()), events };
}
