import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';

/** The messages of a stream of events as a page hears them, one at each call; null at its end. */
export function messagesOf(body: Readable): () => Promise<string | null> {
  const chunks = body.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
  let text = '';
  const next = async (): Promise<string | null> => {
    const end = text.indexOf('\n\n');
    if (end >= 0) {
      const message = text.slice(0, end);
      text = text.slice(end + 2);
      return message === ':' ? next() : message;
    }
    const { done, value } = await chunks.next();
    if (done) return null;
    text += value;
    return next();
  };
  return next;
}

export function statusMessage(status: string): string {
  return `event: status\ndata: ${JSON.stringify({ status })}`;
}

/** After how many milliseconds a page is to come back. */
export function retryOf(message: string | null): number {
  const [, retry] = /^retry: (\d+)$/.exec(message ?? '') ?? [];
  assert.ok(retry, `${message} is no retry`);
  return Number(retry);
}

/** Within what is documented, and so that not many pages come back at once. */
export function assertSpread(retries: readonly number[]): void {
  const sorted = retries.toSorted((one, other) => one - other);
  assert.ok(sorted[0]! >= 1000 && sorted.at(-1)! <= 6000, `${sorted[0]} to ${sorted.at(-1)} ms`);
  const third = Math.ceil(sorted.length / 3);
  for (const [index, retry] of sorted.slice(third).entries()) {
    assert.ok(
      retry - sorted[index]! > 1000,
      `${third} of them within ${sorted[index]}–${retry} ms`,
    );
  }
}
