/** Bytes, gzip -9, that each file has been brought down to; docs/performance.md tells how. */
export const REACHED = {
  'didit-verify.min.js': 26_836,
  'didit-verify.esm.js': 26_728,
  'didit-verify.split.js': 17_033,
  'session-parts.js': 12_479,
};
