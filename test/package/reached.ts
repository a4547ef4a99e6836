/** Bytes, gzip -9, that each file has been brought down to; docs/performance.md tells how. */
export const REACHED = {
  'didit-verify.min.js': 26_840,
  'didit-verify.esm.js': 26_732,
  'didit-verify.split.js': 17_036,
  'session-parts.js': 12_479,
};
