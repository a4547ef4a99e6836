export function toHex(bytes: ArrayBuffer): string {
  const pairs = Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0'));
  return pairs.join('');
}

/** The bytes of a text of so many; null for anything else. */
export function fromHex(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  if (text.length !== 2 * length || !/^[\da-f]+$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}
