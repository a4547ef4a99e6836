/**
 * Milliseconds since 1970, in parts of one: the same in every process of a machine. Pages run its
 * source.
 */
export function preciseNow() {
  return performance.timeOrigin + performance.now();
}
