/**
 * Reads a body as UTF-8, or gives null if it has more than so many bytes. Nothing is cancelled:
 * servers would close the connection before the answer is sent.
 */
export async function readText(
  message: Pick<Body, 'body' | 'text'> & { readonly headers: Headers },
  maxBytes: number,
): Promise<string | null> {
  const told = message.headers.get('Content-Length');
  // A body that is packed may be far longer than it is told.
  if (told === null || message.headers.has('Content-Encoding')) {
    return readStream(message.body, maxBytes);
  }
  if (Number(told) > maxBytes) return null;
  // Where the length is told it is held to (RFC 9112, 6.3); this way some platforms make no stream.
  const text = await message.text();
  return isLonger(text, maxBytes) ? null : text;
}

/** A text has no more than three bytes of UTF-8 for each of its units. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes;
}

async function readStream(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<string | null> {
  if (!body) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  try {
    for (let bytes = 0; ;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.length;
      if (bytes > maxBytes) return null;
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    reader.releaseLock();
  }
}
