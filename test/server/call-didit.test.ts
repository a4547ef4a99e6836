import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { callDidit } from '../../src/server/call-didit.js';
import { DiditApiError, type UpstreamFailure } from '../../src/server/didit-api-error.js';
import { json, settings, settle } from './helpers.js';

const CALL = {
  path: '/auth/v2/session/',
  headers: { Authorization: 'Bearer x' },
  body: '{}',
  expects: 201,
  secrets: ['s3cret'],
};

type Fetch = typeof globalThis.fetch;

function call(fetch: Fetch, apiUrl = 'https://proxy.example/didit/') {
  return callDidit(settings({ fetch, apiUrl }), CALL);
}

function answering(response: Response | (() => Response)): Fetch {
  return async () => (typeof response === 'function' ? response() : response);
}

async function failureOf(fetch: Fetch): Promise<DiditApiError> {
  const error = await call(fetch).catch((reason: unknown) => reason);
  assert.ok(error instanceof DiditApiError, `failed with a DiditApiError, not ${String(error)}`);
  return error;
}

/** A response of a kind that its constructor does not make. */
function shaped(status: number, type: ResponseType, headers?: HeadersInit): Response {
  const shape = { status, type, headers: new Headers(headers), body: null };
  return shape as unknown as Response;
}

/** What a `fetch` of the site's gives that follows redirects all the same. */
function followed(): Response {
  return Object.defineProperty(json({ a: 1 }, 201), 'redirected', { value: true });
}

function setProduction(test: TestContext, value: string | undefined): void {
  const before = process.env.NODE_ENV;
  if (value === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = value;
  test.after(() => {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  });
}

describe('callDidit', () => {
  it('posts below the base URL, follows nothing, and gives the object', async () => {
    const seen: [unknown, RequestInit | undefined][] = [];
    const answer = await call(async (input, init) => {
      seen.push([input, init]);
      return json({ a: 1 }, 201);
    });
    assert.deepEqual(answer, { a: 1 });
    const [url, init] = seen[0] ?? [];
    assert.equal(url, 'https://proxy.example/didit/auth/v2/session/');
    assert.equal(init?.method, 'POST');
    assert.equal(init?.redirect, 'manual');
    assert.equal(init?.body, '{}');
    assert.deepEqual(init?.headers, { Accept: 'application/json', Authorization: 'Bearer x' });
  });

  it('calls fetch as a function, which some platforms insist on', async () => {
    const receivers: unknown[] = [];
    await call(async function (this: unknown) {
      receivers.push(this);
      return json({}, 201);
    });
    assert.deepEqual(receivers, [undefined]);
  });

  const CASES: [string, () => Response, UpstreamFailure][] = [
    ['400', () => json({}, 400), 'refused'],
    ['401', () => json({}, 401), 'refused'],
    ['402', () => json({}, 402), 'refused'],
    ['403', () => json({}, 403), 'refused'],
    ['404', () => json({}, 404), 'refused'],
    ['418', () => json({}, 418), 'refused'],
    ['429', () => json({}, 429), 'rate-limited'],
    ['500', () => json({}, 500), 'failed'],
    ['503', () => json({}, 503), 'failed'],
    ['300', () => new Response(null, { status: 300 }), 'redirected'],
    ['a redirect that was followed', followed, 'redirected'],
    ['301', () => new Response(null, { status: 301, headers: { Location: '/' } }), 'redirected'],
    ['307', () => new Response(null, { status: 307, headers: { Location: '/' } }), 'redirected'],
    ['an opaque redirect', () => shaped(0, 'opaqueredirect'), 'redirected'],
    ['200 for 201', () => json({ a: 1 }, 200), 'invalid-answer'],
    ['204', () => new Response(null, { status: 204 }), 'invalid-answer'],
    ['HTML', () => new Response('<p>hi', { status: 201 }), 'invalid-answer'],
    ['broken JSON', () => new Response('{"a":', { status: 201 }), 'invalid-answer'],
    ['nothing', () => new Response(null, { status: 201 }), 'invalid-answer'],
    ['a list', () => json([], 201), 'invalid-answer'],
    ['null', () => json(null, 201), 'invalid-answer'],
    ['a string', () => json('x', 201), 'invalid-answer'],
    ['a body over 64 kB', () => json({ a: 'x'.repeat(65_536) }, 201), 'invalid-answer'],
  ];
  for (const [what, response, reason] of CASES) {
    it(`calls ${what} ${reason}`, async () => {
      const error = await failureOf(answering(response));
      assert.equal(error.reason, reason);
      assert.equal(error.facts.status, response().status);
    });
  }

  it('reads no more than it needs of an endless body, and lets go of it', async () => {
    let sent = 0;
    let signal: AbortSignal | null | undefined;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array((sent += 1000) && 1000)),
    });
    const error = await failureOf(async (_, init) => {
      signal = init?.signal;
      return new Response(body, { status: 201 });
    });
    assert.equal(error.reason, 'invalid-answer');
    assert.ok(sent < 80_000);
    assert.equal(signal?.aborted, true);
  });

  it('quotes Didit’s words for an error, secrets taken out', async () => {
    const words = { message: 's3cret client-4711 is out of balance' };
    const { facts } = await failureOf(answering(json(words, 402)));
    assert.equal(facts.detail, '[redacted] [redacted] is out of balance');
  });

  it('never quotes an answer that is a success, or claims to be one', async () => {
    for (const status of [200, 201, 202]) {
      const { facts } = await failureOf(
        answering(new Response('{"session_token":"t0k"', { status })),
      );
      assert.doesNotMatch(JSON.stringify(facts), /t0k/);
    }
  });

  it('goes by the status of an error whose body breaks off', async () => {
    const body = new ReadableStream({ start: (c) => c.error(new Error('reset')) });
    const { reason, facts } = await failureOf(answering(new Response(body, { status: 503 })));
    assert.equal(reason, 'failed');
    assert.equal(facts.detail, '');
  });

  it('calls a success whose body breaks off unreachable', async () => {
    const body = new ReadableStream({ start: (c) => c.error(new Error('reset')) });
    const { reason, facts } = await failureOf(answering(new Response(body, { status: 201 })));
    assert.equal(reason, 'unreachable');
    assert.equal(facts.detail, 'reset');
  });

  it('says why Didit is unreachable, secrets taken out', async () => {
    const cause = new Error('connect ECONNREFUSED for s3cret');
    const { reason, facts } = await failureOf(async () => {
      throw new TypeError('fetch failed', { cause });
    });
    assert.equal(reason, 'unreachable');
    assert.equal(facts.detail, 'connect ECONNREFUSED for [redacted]');
  });

  it('takes a fetch that throws at once, or no error at all', async () => {
    const throwing: Fetch = () => {
      throw new Error('at once');
    };
    assert.equal((await failureOf(throwing)).reason, 'unreachable');
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is the test
    assert.equal((await failureOf(() => Promise.reject('nothing'))).reason, 'unreachable');
  });

  const RETRY_AFTER: [string, boolean][] = [
    ['0', true],
    ['30', true],
    ['Sun, 06 Nov 1994 08:49:37 GMT', true],
    ['-1', false],
    ['1.5', false],
    ['soon', false],
    ['Invalid Date', false],
    ['12345678901', false],
    ['30, 40', false],
    ['2030', true],
    ['2030-01-01', false],
    ['Sun, 06 Nov 1994 08:49:37 GMT (really)', false],
    ['Mon, 06 Nov 1994 08:49:37 GMT', false],
  ];
  for (const [value, passed] of RETRY_AFTER) {
    it(`${passed ? 'passes on' : 'drops'} Retry-After: ${value}`, async () => {
      const { facts } = await failureOf(answering(json({}, 429, { 'Retry-After': value })));
      assert.equal(facts.retryAfter, passed ? value : undefined);
    });
  }

  it('has no Retry-After for another status', async () => {
    const { facts } = await failureOf(answering(json({}, 503, { 'Retry-After': '5' })));
    assert.equal(facts.retryAfter, undefined);
  });
});

describe('callDidit, within 8 seconds', () => {
  const never = new Promise<never>(() => undefined);

  /** A body of which the first half comes, and the rest never does. */
  const half = () => new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode('{')) });

  const SLOW: Record<string, Fetch> = {
    'no answer': () => never,
    'half an answer': answering(() => new Response(half(), { status: 201 })),
    'half an error': answering(() => new Response(half(), { status: 500 })),
  };
  for (const [what, fetch] of Object.entries(SLOW)) {
    it(`gives up on ${what}, and aborts it`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      let signal: AbortSignal | null | undefined;
      let reason: unknown = 'pending';
      const done = failureOf((input, init) => {
        signal = init?.signal;
        return fetch(input, init);
      }).then((error) => (reason = error.reason));
      await settle();
      t.mock.timers.tick(7999);
      await settle();
      assert.equal(reason, 'pending');
      assert.equal(signal?.aborted, false);
      t.mock.timers.tick(1);
      await done;
      assert.equal(reason, 'timeout');
      assert.equal(signal?.aborted, true);
    });
  }

  it('leaves no timer behind', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const cleared = t.mock.method(globalThis, 'clearTimeout');
    await call(answering(json({}, 201)));
    assert.equal(cleared.mock.callCount(), 1);
  });
});

describe('callDidit, answered by the sandbox', () => {
  const sandbox = (status: number) =>
    answering(() => json({}, status, { 'Didit-Sandbox': 'true' }));

  for (const status of [201, 401, 429, 500]) {
    it(`refuses ${status} in production`, async (t) => {
      setProduction(t, 'production');
      assert.equal((await failureOf(sandbox(status))).reason, 'sandbox-in-production');
    });
  }

  it('takes Didit itself in production', async (t) => {
    setProduction(t, 'production');
    assert.deepEqual(await call(answering(json({}, 201))), {});
  });

  for (const value of [undefined, 'development', 'test']) {
    it(`takes it where NODE_ENV is ${value}`, async (t) => {
      setProduction(t, value);
      assert.deepEqual(await call(sandbox(201)), {});
    });
  }

  it('takes it where there is no process, or the environment may not be read', async (t) => {
    const { process } = globalThis;
    t.after(() => void (globalThis.process = process));
    const env = () => {
      throw new Error('not permitted');
    };
    for (const platform of [undefined, {}, Object.defineProperty({}, 'env', { get: env })]) {
      globalThis.process = platform as NodeJS.Process;
      try {
        assert.deepEqual(await call(sandbox(201)), {});
      } finally {
        globalThis.process = process;
      }
    }
  });
});
