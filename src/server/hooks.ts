/** The functions of a site that are called for a request. */
export type HookName = 'getUser' | 'onSession';

/** A function of the site failed; `reason` is fit for the log. */
export class HookError extends Error {
  readonly hook: HookName;
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
 * @throws HookError for whatever it throws.
 */
export async function callHook<T>(hook: HookName, call: () => T): Promise<Awaited<T>> {
  try {
    return await call();
  } catch (error) {
    throw new HookError(hook, nameOf(error));
  }
}

/** The name alone, since messages of errors tend to quote whose data they are about. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : `a thrown ${typeof error}`;
}
