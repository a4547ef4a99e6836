/** Bytes, gzip -9, that each file has been brought down to; docs/performance.md tells how. */
export const REACHED = {
  'didit-verify.min.js': 25_765,
  'didit-verify.esm.js': 25_649,
  'didit-verify.split.js': 19_907,
  'session-parts.js': 7661,
};
