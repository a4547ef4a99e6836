import assert from 'node:assert/strict';
import { after } from 'node:test';
import { createDidit as create, type Didit, type DiditOptions } from '../../src/server/index.js';
import { PRIVATE, SESSION_TOKEN } from './helpers.js';

/**
 * Whatever left a server part in this test file: answers with their headers, and events. Searched
 * when all its tests are done, so that no test has to think of it.
 */
const answers: string[] = [];
const events: string[] = [];
/** Handles that pages were given: events must not have them. */
const handles = new Set<string>();

/** {@link create}, with all of its output recorded. Tests take this one. */
export function createDidit(options: DiditOptions): Didit {
  const { session, webhook, ...rest } = create({
    ...options,
    log: (event) => {
      events.push(JSON.stringify(event));
      return options.log?.(event);
    },
  });
  return {
    ...rest,
    session: async (request) => recorded(await session(request)),
    webhook: async (request) => recorded(await webhook(request)),
  };
}

/** The same response, with a body that writes down what is read of it. */
function recorded(response: Response): Response {
  const { status, headers, body } = response;
  answers.push(JSON.stringify([...headers]));
  if (!body) return response;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const index = answers.push('') - 1;
  const copy = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        answers[index] = (answers[index] ?? '') + decoder.decode(value, { stream: true });
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(copy, { status, headers });
}

/** A secret as it is, and as JSON, URLs and Base64 spell it. */
function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replaceAll('=', '');
  return [
    ...[secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)],
    ...[base64, base64.replaceAll('+', '-').replaceAll('/', '_')],
  ];
}

function assertWithout(texts: readonly string[], secrets: readonly string[]): void {
  for (const secret of secrets.flatMap(spellings)) {
    for (const text of texts) assert.ok(!text.includes(secret), `${text} has ${secret}`);
  }
}

after(() => {
  for (const answer of answers) {
    for (const [, handle = ''] of answer.matchAll(/\?session=([\w-]+)/g)) handles.add(handle);
  }
  assertWithout([...answers, ...events], PRIVATE);
  // A page has the authorize URL, and its handles; a log has neither.
  assertWithout(events, [SESSION_TOKEN, ...handles]);
});
