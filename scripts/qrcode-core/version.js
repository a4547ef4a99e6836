/** Alignment patterns on each side of a version; 0 for the one that has none. */
export function alignmentsOf(version) {
  return version > 1 ? Math.floor(version / 7) + 2 : 0;
}

/** Of all modules, those that hold codewords; 8 for each. */
function codewordsOf(version) {
  const aligned = alignmentsOf(version);
  const drawn = (aligned && (25 * aligned - 10) * aligned - 55) + (version > 6 ? 36 : 0);
  return ((16 * version + 128) * version + 64 - drawn) >> 3;
}

/**
 * The smallest version that so many bytes fit into, with the number of all its codewords, of its
 * blocks, of the codewords for error correction in each, and of those that are left for data.
 */
export function bestVersion(length, [, inBlock, share, missing]) {
  for (let version = 1; version <= 40; version++) {
    const corrections = parseInt(inBlock[version - 1], 36);
    const total = codewordsOf(version);
    const blocks = Math.ceil((total * share - missing) / corrections);
    const capacity = total - blocks * corrections;
    // The mode and the end are half a codeword each, the length is one or two.
    if (length + (version < 10 ? 2 : 3) <= capacity) {
      return [version, total, blocks, corrections, capacity];
    }
  }
  throw new Error('Too long for a QR code.');
}
