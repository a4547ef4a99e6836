/** By the bits of the levels M, L and H: blocks of each version. */
const EC_BLOCKS = [
  [
    1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25,
    26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
  ],
  [
    1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15,
    16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
  ],
  [
    1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37,
    40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
  ],
];

/** Codewords for error correction in a block, in base 36. */
const EC_CODEWORDS = [
  'agqiogimmqummoossqqqqsssssssssssssssssss',
  '7afkqikouikoqumosussssuuqsuuuuuuuuuuuuuu',
  'hsmgmsqqososmooussqsuouuuuuuuuuuuuuuuuuu',
];

export function getBlocksCount(version, { bit }) {
  return EC_BLOCKS[bit][version - 1];
}

export function getTotalCodewordsCount(version, level) {
  return getBlocksCount(version, level) * parseInt(EC_CODEWORDS[level.bit][version - 1], 36);
}
