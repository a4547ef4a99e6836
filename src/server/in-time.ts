/** No answer came in time; its message may be logged. */
export class LateError extends Error {
  override name = 'LateError';
}

/**
 * What a call gives; it goes on by itself where it takes longer.
 *
 * @throws LateError after so many milliseconds
 */
export async function inTime<T>(limitMs: number, call: () => T): Promise<Awaited<T>> {
  const answer = call();
  // What is there already needs no clock: most hooks of most sites.
  if (!isThenable(answer)) return answer as Awaited<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const isLate = () => reject(new LateError(`no answer in ${limitMs / 1000} s`));
    timer = setTimeout(isLate, limitMs);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
