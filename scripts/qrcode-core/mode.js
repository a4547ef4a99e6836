/** Bits for the number of bytes. */
export function getCharCountIndicator(mode, version) {
  return version < 10 ? 8 : 16;
}
