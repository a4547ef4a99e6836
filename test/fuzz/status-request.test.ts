import fc from 'fast-check';
import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import { VerifyError } from '../../src/errors.js';
import { requestStatus } from '../../src/status-request.js';
import { sampleSession } from '../sample-session.js';
import { hostileHeader, hostileJson, hostileText } from './hostile.js';
import { property } from './property.js';

const SESSION = sampleSession({
  statusUrl: 'https://shop.example/api/didit/session?session=handle',
});
const OPTIONS = { withCredentials: false, timeout: 60_000 };
const platformFetch = globalThis.fetch;

after(() => {
  globalThis.fetch = platformFetch;
});

/** What a backend may answer. */
const answer = fc.record(
  {
    status: fc.oneof(
      fc.constantFrom(200, 200, 200, 204, 404, 410, 429, 503),
      fc.integer({ min: 200, max: 599 }),
    ),
    headers: fc.dictionary(
      fc.constantFrom('Retry-After', 'Content-Type', 'Content-Length', 'Content-Encoding'),
      hostileHeader,
      { noNullPrototype: true },
    ),
    body: fc.oneof(
      hostileJson.map((status) => JSON.stringify({ status })),
      hostileJson.map((value) => JSON.stringify(value)),
      hostileText,
      fc.constant('x'.repeat(70_000)),
    ),
    breaks: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  },
  { noNullPrototype: true },
);

type Answer = typeof answer extends fc.Arbitrary<infer Each> ? Each : never;

function played({ status, headers, body, breaks }: Answer): Response {
  if ([204, 205, 304].includes(status)) return new Response(null, { status, headers });
  const content = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body));
      if (breaks) controller.error(new TypeError('gone'));
      else controller.close();
    },
  });
  return new Response(content, { status, headers });
}

/** Didit's word, or the code of the one error that there may be. */
async function asked(options: Parameters<typeof requestStatus>[1]): Promise<string | VerifyError> {
  try {
    const word = await requestStatus(SESSION, options, new AbortController().signal);
    assert.ok(typeof word === 'string' && word.trim() !== '');
    return word;
  } catch (error) {
    assert.ok(error instanceof VerifyError);
    assert.equal(error.detail.code, 'status-unavailable');
    return error;
  }
}

describe('requestStatus', () => {
  property('gives a word or one error, whatever is answered', [answer], async (given) => {
    globalThis.fetch = () => Promise.resolve(played(given));
    const result = await asked(OPTIONS);
    if (typeof result === 'string') {
      assert.ok(given.status < 300 && !given.breaks);
      assert.equal((JSON.parse(given.body) as { status: string }).status, result);
      return;
    }
    const { httpStatus, retryable } = result.detail;
    if (given.status >= 300) assert.equal(httpStatus, given.status);
    assert.equal(retryable, ![404, 410].includes(httpStatus ?? 0));
  });

  property('gives a word or one error, whatever is thrown', [fc.anything()], async (thrown) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    globalThis.fetch = () => Promise.reject(thrown);
    assert.ok((await asked(OPTIONS)) instanceof VerifyError);
  });

  property(
    'gives what a function gives, if it is a word',
    [fc.oneof(hostileText, hostileJson, fc.anything())],
    async (given) => {
      const statusResolver = () => given as string;
      const isWord = typeof given === 'string' && given.trim() !== '';
      const result = await asked({ ...OPTIONS, statusResolver });
      assert.equal(typeof result === 'string' ? result : null, isWord ? given : null);
    },
  );
});
