/** A request or an answer whose body is to be read. */
type Message = Pick<Body, 'body' | 'arrayBuffer'> & { readonly headers: Headers };

/** Reads a body as UTF-8, or gives null if it has more than so many bytes. */
export async function readText(message: Message, maxBytes: number): Promise<string | null> {
  const bytes = await readBytes(message, maxBytes);
  return bytes && new TextDecoder().decode(bytes);
}

/**
 * Reads a body as it is, or gives null if it has more than so many bytes. Nothing is cancelled:
 * servers would close the connection before the answer is sent.
 */
export async function readBytes(
  message: Message,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const told = message.headers.get('Content-Length');
  // A body that is packed may be far longer than it is told.
  if (told === null || message.headers.has('Content-Encoding')) {
    return readStream(message.body, maxBytes);
  }
  if (Number(told) > maxBytes) return null;
  // Where the length is told it is held to (RFC 9112, 6.3); this way some platforms make no stream.
  const bytes = new Uint8Array(await message.arrayBuffer());
  return bytes.length > maxBytes ? null : bytes;
}

async function readStream(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  try {
    for (let length = 0; ;) {
      const { done, value } = await reader.read();
      if (done) return joined(chunks, length);
      length += value.length;
      if (length > maxBytes) return null;
      chunks.push(value);
    }
  } finally {
    reader.releaseLock();
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
