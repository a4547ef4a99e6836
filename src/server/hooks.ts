/** The functions of a site that are called for it. */
export type HookName = 'getUser' | 'sessionFields' | 'limit' | 'onSession' | 'onDecision';

/** A function of the site failed; `reason` is fit for the log. */
export class HookError extends Error {
  override name = 'HookError';
  readonly hook: HookName;
  /** Name of what was thrown (its message may be personal), or what was wrong. */
  readonly reason: string;

  constructor(hook: HookName, reason: string) {
    super(`${hook} failed: ${reason}`);
    this.hook = hook;
    this.reason = reason;
  }
}

/**
 * Calls a function of the site.
 *
 * @throws HookError for whatever it throws, and where it takes longer than `limitMs`.
 */
export async function callHook<T>(
  hook: HookName,
  call: () => T,
  limitMs?: number,
): Promise<Awaited<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const result = Promise.resolve().then(call);
  const timeout = new Promise<never>((_, reject) => {
    if (limitMs === undefined) return;
    const late = () => reject(new HookError(hook, `no answer in ${limitMs / 1000} s`));
    timer = setTimeout(late, limitMs);
  });
  try {
    return await Promise.race([result, timeout]);
  } catch (error) {
    throw error instanceof HookError ? error : new HookError(hook, nameOf(error));
  } finally {
    clearTimeout(timer);
  }
}

/** The name alone, since messages of errors tend to quote whose data they are about. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : `a thrown ${typeof error}`;
}
