/** A value with so many bits of error correction after it (BCH code). */
function corrected(value, bits, polynomial) {
  let rest = value << bits;
  while (rest >> bits) rest ^= polynomial << (Math.clz32(polynomial) - Math.clz32(rest));
  return (value << bits) | rest;
}

/** For the bits of a level and a mask. */
export function formatInfo(bits, mask) {
  return corrected((bits << 3) | mask, 10, 0x537) ^ 0x5412;
}

export function versionInfo(version) {
  return corrected(version, 12, 0x1f25);
}
