/**
 * By level: the bits that name it; the codewords for error correction in a block of each version, in
 * base 36; the share of all codewords that these are; and how many are missing to that share.
 *
 * From the last two follows the number of blocks, for which the standard and qrcode have tables
 * (ISO/IEC 18004, table 9). That it is right in all versions has no reason but is tested.
 */
export const levels = {
  L: [1, '7afkqikouikoqumosussssuuqsuuuuuuuuuuuuuu', 0.1975, 5],
  M: [0, 'agqiogimmqummoossqqqqsssssssssssssssssss', 0.37, 2.75],
  H: [2, 'hsmgmsqqososmooussqsuouuuuuuuuuuuuuuuuuu', 0.655, 11],
};
