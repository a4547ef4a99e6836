/** Milliseconds that the tests may take without a mutant. */
export const FIRST_LIMIT_MS = 300_000;

/** How much longer they may take with one, and some more for a busy machine. */
const PATIENCE = 5;
const MARGIN_MS = 30_000;

/** Milliseconds that they may take with a mutant, where they have just run without since `start`. */
export function limitAfter(start) {
  return (performance.now() - start) * PATIENCE + MARGIN_MS;
}
