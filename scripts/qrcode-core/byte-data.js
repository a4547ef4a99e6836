/** The bytes as codewords: after half a one for the mode and their number, filled up to the capacity. */
export function codewordsOf(data, version, capacity) {
  let last = 4;
  const length = version < 10 ? [data.length] : [data.length >> 8, data.length & 255];
  const codewords = [...length, ...data, 0].map((byte) => {
    const codeword = ((last & 15) << 4) | (byte >> 4);
    last = byte;
    return codeword;
  });
  for (let pad = 0xec; codewords.length < capacity; pad ^= 0xec ^ 0x11) codewords.push(pad);
  return codewords;
}
