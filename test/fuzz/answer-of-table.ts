import assert from 'node:assert/strict';
import type { ErrorCode } from '../../src/server/index.js';

/** What is answered, as docs/server.md has it. */
const ERRORS: Record<ErrorCode, readonly number[]> = {
  unauthorized: [401],
  forbidden: [403],
  'bad-request': [400],
  'unsupported-media-type': [415],
  'too-large': [413],
  'method-not-allowed': [405],
  'rate-limited': [429],
  'session-not-found': [404],
  'upstream-refused': [502],
  'upstream-busy': [502, 503],
  'upstream-timeout': [504],
  'decision-failed': [503],
  internal: [500],
};

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** An answer, read and found to be one of the table. */
export interface Judged {
  readonly http: number;
  /** Of an error. */
  readonly code?: ErrorCode;
  /** All that left the server part: headers, and what was read of the body. */
  readonly text: string;
  /** Of JSON, and of the first message of a stream. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Reads an answer, of a stream the first message alone, and demands that the documentation knows it. */
export async function judge(response: Response): Promise<Judged> {
  const { status: http, headers } = response;
  assert.match(headers.get('Cache-Control')!, /^no-store(, no-transform)?$/);
  assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
  assert.equal(headers.get('Referrer-Policy'), 'no-referrer');
  assert.equal(headers.get('Vary'), 'Origin');
  const read = headers.get('Content-Type') === 'text/event-stream' ? firstOf : wholeOf;
  const content = await read(response);
  const text = JSON.stringify([...headers]) + content;
  if (!headers.get('Content-Type')) {
    assert.equal(content, '');
    return { http, text };
  }
  if (read === firstOf) {
    assert.equal(http, 200);
    assert.match(content, /^event: status\ndata: {"status":".*"}\n\n$|^retry: \d+\n\n$|^$/);
    const said = /^data: (.*)$/m.exec(content)?.[1] ?? '{}';
    return { http, text, body: JSON.parse(said) as Record<string, unknown> };
  }
  assert.equal(headers.get('Content-Type'), 'application/json');
  const body = JSON.parse(content) as Record<string, unknown>;
  return { http, text, body, ...(http >= 400 ? { code: codeOf(http, body) } : {}) };
}

function codeOf(http: number, body: Readonly<Record<string, unknown>>): ErrorCode {
  const { code, message, correlation_id, ...rest } = body;
  assert.deepEqual(rest, {});
  assert.ok(Object.hasOwn(ERRORS, String(code)), String(code));
  assert.ok(ERRORS[code as ErrorCode].includes(http), `${http} ${String(code)}`);
  assert.ok(typeof message === 'string' && message !== '');
  assert.match(String(correlation_id), UUID);
  return code as ErrorCode;
}

function wholeOf(response: Response): Promise<string> {
  return response.text();
}

async function firstOf({ body }: Response): Promise<string> {
  const reader = body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}
