import { inTime } from './in-time.js';

/** A body that is longer, or takes longer, is left where it is. */
const MAX_BYTES = 8 * 1_048_576;
const LIMIT_MS = 500;

/**
 * Reads what is left of a body, for an answer that does without it. A server that closes a
 * connection with bytes unread resets it (RFC 9112, 9.6), and the answer may be lost on its way:
 * nginx makes 502 of it by its defaults.
 */
export async function discardBody(request: Pick<Request, 'body'> | undefined): Promise<void> {
  const body = request?.body;
  if (!body || body.locked) return;
  const reader = body.getReader();
  await inTime(LIMIT_MS, () => readAway(reader)).catch(() => undefined);
  reader.releaseLock();
}

async function readAway(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let length = 0; length <= MAX_BYTES;) {
    const { done, value } = await reader.read();
    if (done) return;
    length += value.length;
  }
}
