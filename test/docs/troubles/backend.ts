import { createSandbox, type SandboxFault } from 'didit-verify/sandbox';
import { createDidit, type DiditOptions, type LogEvent } from 'didit-verify/server';
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { serve } from '../../web-server.js';
import { ENDPOINT, openTroubled, type TroubledPage } from '../troubled-page.js';
import { firstError, hear, untilState, type Case, type Cases } from './symptoms.js';

const ADDRESS = `https://shop.example${ENDPOINT}`;
const VERIFICATION = {
  apiKey: 'sandbox-key',
  workflowId: 'any',
  clientId: undefined,
  clientSecret: undefined,
};

export interface Created {
  readonly session_id: string;
  readonly url: string;
  readonly status_url: string;
}

/** A backend of a site, in this process, with the sandbox as Didit. */
export function site(
  t: TestContext,
  options: Partial<DiditOptions> = {},
  ...faults: SandboxFault[]
) {
  const account = { apiKey: 'sandbox-key', clientId: 'sandbox', clientSecret: 'sandbox-secret' };
  const sandbox = createSandbox(account);
  if (faults.length > 0) sandbox.fail(...faults);
  const log: LogEvent[] = [];
  const didit = createDidit({
    apiUrl: 'http://localhost',
    ...{ clientId: account.clientId, clientSecret: account.clientSecret },
    getUser: () => ({ vendorData: 'somebody' }),
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
    log: (event) => log.push(event),
    ...options,
  } as DiditOptions);
  t.after(() => {
    didit.close();
    sandbox.close();
  });
  const send = (init: RequestInit = {}, query = '') =>
    didit.session(new Request(ADDRESS + query, init));
  const create = async () => (await (await send(post())).json()) as Created;
  return { sandbox, didit, log, send, create };
}

/** A site that verifies. */
export function verification(t: TestContext, options: Partial<DiditOptions> = {}) {
  return site(t, { ...VERIFICATION, ...options } as Partial<DiditOptions>);
}

export function post(
  body: unknown = {},
  headers: Readonly<Record<string, string>> = {},
): RequestInit {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** All that is said of an answer, its status first. */
export async function told(response: Response, log: readonly LogEvent[]): Promise<string> {
  return `${response.status} ${await response.text()} ${JSON.stringify(log)}`;
}

function answered(
  init: RequestInit,
  options: Partial<DiditOptions> = {},
  ...faults: SandboxFault[]
): Case {
  return async (t) => {
    const { send, log } = site(t, options, ...faults);
    return told(await send(init), log);
  };
}

const CORS = {
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Allow-Headers': 'content-type',
};

/** A page whose backend is on another origin, and has set a cookie; what that sees of it. */
async function withCookie(t: TestContext, attributes: string, host?: 'localhost') {
  const cookies: (string | null)[] = [];
  const backend = await serve((request: Request) => {
    const headers = {
      ...CORS,
      'Access-Control-Allow-Origin': request.headers.get('Origin') ?? '*',
    };
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers });
    if (request.method === 'GET') {
      return new Response('', { headers: { 'Set-Cookie': 'login=1; Path=/; SameSite=Lax' } });
    }
    const cookie = request.headers.get('Cookie');
    cookies.push(cookie);
    return Response.json(
      { session_id: '1', url: 'https://app.didit.me/authorize/1' },
      {
        status: cookie ? 201 : 401,
        headers,
      },
    );
  });
  t.after(() => backend.close());
  const opened: TroubledPage = await openTroubled(t, {
    body: '<didit-verify manual></didit-verify>',
    before: hear,
    ...(host ? { host } : {}),
  });
  const { page, origin } = opened;
  await page.goto(`${backend.origin}/login`);
  await page.goto(origin);
  await page.evaluate(
    ([url, name]) => {
      const tag = document.querySelector('didit-verify')!;
      if (name) tag.setAttribute(name, '');
      tag.setAttribute('resolver-url', url!);
      void tag.start();
    },
    [`${backend.origin}/session`, attributes],
  );
  await untilState(page, 'ready', 'error');
  const state = await page.evaluate(() => document.querySelector('didit-verify')!.state);
  return { cookies, error: state === 'error' ? await firstError(page) : '' };
}

/** “The backend answers an error”. */
export const backend: Cases = {
  '401 unauthorized The request does not prove who sends it.': answered(post(), {
    getUser: () => null,
  }),
  '401, and the page is on another origin': async (t) => {
    const without = await withCookie(t, '');
    assert.deepEqual(without.cookies, [null]);
    assert.match(without.error, /401/);
    const { cookies } = await withCookie(t, 'with-credentials');
    assert.deepEqual(cookies, ['login=1']);
  },
  '401, though with-credentials is set': async (t) => {
    // Which the other one is: the page's host is `localhost`, the backend's `127.0.0.1`.
    const { cookies, error } = await withCookie(t, 'with-credentials', 'localhost');
    assert.deepEqual(cookies, [null]);
    return ['with-credentials', error];
  },
  '403 forbidden Requests from this origin are not accepted.': answered(
    post({}, { Origin: 'https://other.example', 'Sec-Fetch-Site': 'cross-site' }),
  ),
  '400 bad-request The request is not understood.': answered(post({ scope: 'names email' }), {
    scope: 'names',
  }),
  '404 session-not-found There is no such session.': async (t) => {
    const { status_url } = await site(t).create();
    // Sealed by other credentials.
    const { send, log } = site(t, { secret: 's'.repeat(32) });
    return told(await send({}, status_url), log);
  },
  '405 method-not-allowed This method is not supported here.': answered({ method: 'PUT' }),
  '413 too-large The request body is too large.': answered(post({ scope: 'x'.repeat(17_000) })),
  '415 unsupported-media-type Content-Type must be application/json.': answered({
    method: 'POST',
    body: '{}',
  }),
  '429 rate-limited Too much was asked for. Try again later.': async (t) => {
    const { send, log } = site(t, { getUser: () => ({}) });
    const answers = [];
    for (let i = 0; i < 21; i++) answers.push(await send(post()));
    assert.deepEqual(new Set(answers.slice(0, 20).map(({ status }) => status)), new Set([201]));
    return told(answers[20]!, log);
  },
  '500 internal Something went wrong on the server.': async (t) => {
    const { send, log } = site(t, { onSession: () => Promise.reject(new Error('No database')) });
    const said = await told(await send(post()), log);
    assert.match(said, /"hook\.failed"/);
    return said;
  },
  '500, and BodyAlreadyRead in the log': answered(post(), {
    async getUser(request) {
      await request.text();
      return { vendorData: 'somebody' };
    },
  }),
  '502 upstream-refused The verification service refused the request.': async (t) => {
    const { send, log } = site(t, { clientSecret: 'another' });
    const said = await told(await send(post()), log);
    assert.match(said, /"upstream\.failed".*"refused"/);
    return said;
  },
  '503 upstream-busy The verification service is not available at the moment.': answered(
    post(),
    {},
    { kind: 'rate-limited', call: 'create' },
  ),
  '504 upstream-timeout The verification service did not answer in time.': async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { send, log } = site(t, { fetch: () => new Promise(() => undefined) });
    let response: Response | undefined;
    const answer = send(post()).then((given) => (response = given));
    while (!response) {
      t.mock.timers.tick(1000);
      await new Promise((done) => setImmediate(done));
    }
    return told(await answer, log);
  },
  '503 decision-failed The decision could not be taken up yet. It is tried again.': async (t) => {
    const { send, log, create, sandbox } = site(t, {
      onDecision: () => Promise.reject(new Error('No database')),
    });
    const { session_id, status_url } = await create();
    sandbox.play(session_id, 'open');
    sandbox.play(session_id, 'confirm');
    for (;;) {
      const response = await send({}, status_url);
      if (response.status !== 200) return told(response, log);
      await new Promise((done) => setTimeout(done, 200));
    }
  },
};
