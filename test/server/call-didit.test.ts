import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { callDidit, type DiditCall } from '../../src/server/call-didit.js';
import { DiditApiError, type UpstreamFailure } from '../../src/server/didit-api-error.js';
import { json, settle, upstreamTo } from './helpers.js';

const CALL: DiditCall = {
  method: 'POST',
  path: '/auth/v2/session/',
  headers: { Authorization: 'Bearer x' },
  body: '{}',
  expects: [201],
  secrets: ['s3cret'],
};

type Fetch = typeof globalThis.fetch;

/** The time that everything is asked at. */
const NOW = Date.UTC(2030, 0, 1);

function call(fetch: Fetch, differing: Partial<DiditCall> = {}) {
  const upstream = upstreamTo({ fetch, apiUrl: 'https://proxy.example/didit', now: () => NOW });
  return callDidit(upstream, { ...CALL, ...differing });
}

/** What goes out for a call, and what comes back for an answer to it. */
async function sent(differing: Partial<DiditCall> = {}) {
  const seen: { url: unknown; init: RequestInit }[] = [];
  const answer = await call(async (url, init = {}) => {
    seen.push({ url, init });
    return json({ a: 1 }, 201);
  }, differing);
  assert.equal(seen.length, 1);
  return { ...seen[0]!, answer };
}

function answering(response: Response | (() => Response)): Fetch {
  return async () => (typeof response === 'function' ? response() : response);
}

async function failureOf(fetch: Fetch, differing: Partial<DiditCall> = {}): Promise<DiditApiError> {
  const error = await call(fetch, differing).catch((reason: unknown) => reason);
  assert.ok(error instanceof DiditApiError, `failed with a DiditApiError, not ${String(error)}`);
  return error;
}

const MIB = 1024 * 1024;

/** A JSON object of so many bytes. */
function sized(bytes: number): Response {
  return json({ a: 'x'.repeat(bytes - '{"a":""}'.length) }, 201);
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
    const { url, init, answer } = await sent();
    assert.deepEqual(answer, { a: 1 });
    assert.equal(url, 'https://proxy.example/didit/auth/v2/session/');
    assert.equal(init.method, 'POST');
    assert.equal(init.redirect, 'manual');
    assert.equal(init.body, '{}');
    assert.deepEqual(init.headers, { Accept: 'application/json', Authorization: 'Bearer x' });
  });

  for (const method of ['GET', 'DELETE'] as const) {
    it(`sends ${method} without a body, following nothing`, async () => {
      const { init } = await sent({ method, body: undefined });
      assert.equal(init.method, method);
      assert.equal(init.body, undefined);
      assert.equal(init.redirect, 'manual');
    });
  }

  it('gives an empty object for a 204 where that is what it expects', async () => {
    const empty = () => new Response(null, { status: 204 });
    assert.deepEqual(await call(answering(empty), { expects: [204] }), {});
  });

  it('takes nothing else for a 204', async () => {
    for (const status of [200, 201, 202]) {
      const error = await failureOf(answering(json({}, status)), { expects: [204] });
      assert.deepEqual([error.reason, error.status], ['invalid-answer', status]);
    }
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
    ['a body over 4 MiB', () => sized(4 * MIB + 1), 'invalid-answer'],
  ];
  for (const [what, response, reason] of CASES) {
    it(`calls ${what} ${reason}`, async () => {
      const error = await failureOf(answering(response));
      assert.equal(error.reason, reason);
      assert.equal(error.status, response().status);
    });
  }

  it('reads a body of 4 MiB', async () => {
    assert.deepEqual(Object.keys(await call(answering(sized(4 * MIB)))), ['a']);
  });

  for (const [status, reason] of [
    [201, 'invalid-answer'],
    [503, 'failed'],
  ] as const) {
    it(`reads no more than it needs of an endless ${status}, and lets go of it`, async () => {
      let bytes = 0;
      let signal: AbortSignal | null | undefined;
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array((bytes += 65_536) && 65_536)),
      });
      const error = await failureOf(async (_, init) => {
        signal = init?.signal;
        return new Response(body, { status });
      });
      assert.equal(error.reason, reason);
      assert.ok(bytes < 5 * MIB);
      assert.equal(signal?.aborted, true);
    });
  }

  it('quotes Didit’s words for an error, secrets taken out', async () => {
    const words = { message: 's3cret client-4711 is out of balance' };
    const { detail } = await failureOf(answering(json(words, 402)));
    assert.equal(detail, '[redacted] [redacted] is out of balance');
  });

  it('quotes Didit’s words where it is asked too often', async () => {
    const { detail } = await failureOf(answering(json({ detail: 'Throttled, s3cret.' }, 429)));
    assert.equal(detail, 'Throttled, [redacted].');
  });

  it('never quotes an answer that is a success, or claims to be one', async () => {
    for (const status of [200, 201, 202]) {
      const error = await failureOf(answering(new Response('{"session_token":"t0k"', { status })));
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /t0k/);
    }
  });

  it('goes by the status of an error whose body breaks off', async () => {
    const body = new ReadableStream({ start: (c) => c.error(new Error('reset')) });
    const { reason, detail } = await failureOf(answering(new Response(body, { status: 503 })));
    assert.deepEqual([reason, detail], ['failed', '']);
  });

  it('calls a success whose body breaks off unreachable', async () => {
    const body = new ReadableStream({ start: (c) => c.error(new Error('reset of s3cret')) });
    const error = await failureOf(answering(new Response(body, { status: 201 })));
    const { reason, status, detail } = error;
    assert.deepEqual([reason, status, detail], ['unreachable', 201, 'reset of [redacted]']);
  });

  it('says why Didit is unreachable, secrets taken out', async () => {
    const cause = new Error('connect ECONNREFUSED for s3cret');
    const { reason, status, detail } = await failureOf(async () => {
      throw new TypeError('fetch failed', { cause });
    });
    assert.deepEqual([reason, status], ['unreachable', undefined]);
    assert.equal(detail, 'connect ECONNREFUSED for [redacted]');
  });

  it('takes a fetch that throws at once, or no error at all', async () => {
    const throwing: Fetch = () => {
      throw new Error('at once');
    };
    assert.equal((await failureOf(throwing)).reason, 'unreachable');
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is the test
    assert.equal((await failureOf(() => Promise.reject('nothing'))).reason, 'unreachable');
  });

  // In seconds from the start of 2030; a date has to be spelled as HTTP spells it today.
  const RETRY_AFTER: [string, number | undefined][] = [
    ['0', 0],
    ['30', 30],
    ['2030', 2030],
    ['9999999999', 9_999_999_999],
    ['Tue, 01 Jan 2030 00:00:30 GMT', 30],
    ['Wed, 02 Jan 2030 00:00:00 GMT', 86_400],
    ['Tue, 01 Jan 2030 00:00:00 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['+5', undefined],
    ['1e3', undefined],
    ['soon', undefined],
    ['', undefined],
    ['Invalid Date', undefined],
    ['12345678901', undefined],
    ['30, 40', undefined],
    ['2030-01-02', undefined],
    ['2030-01-02T00:00:00Z', undefined],
    ['Wed, 02 Jan 2030 00:00:00 GMT (really)', undefined],
    ['Mon, 02 Jan 2030 00:00:00 GMT', undefined],
    ['Wed, 02 Jan 2030 00:00:00 +0000', undefined],
    ['Wednesday, 02-Jan-30 00:00:00 GMT', undefined],
  ];
  for (const [value, seconds] of RETRY_AFTER) {
    it(`reads ${seconds ?? 'nothing'} out of Retry-After: ${value}`, async () => {
      const error = await failureOf(answering(json({}, 429, { 'Retry-After': value })));
      assert.equal(error.retryAfter, seconds);
    });
  }

  it('rounds up to whole seconds from now', async () => {
    const response = json({}, 429, { 'Retry-After': 'Tue, 01 Jan 2030 00:00:30 GMT' });
    const upstream = upstreamTo({ fetch: answering(response), now: () => NOW + 28_999 });
    await assert.rejects(callDidit(upstream, CALL), { reason: 'rate-limited', retryAfter: 2 });
  });

  it('has no Retry-After where there is none, nor for another status', async () => {
    assert.equal((await failureOf(answering(json({}, 429)))).retryAfter, undefined);
    const failed = await failureOf(answering(json({}, 503, { 'Retry-After': '5' })));
    assert.equal(failed.retryAfter, undefined);
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
