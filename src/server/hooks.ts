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

const LIMIT_MS = 20_000;

/** One that never answers would lock out everybody who waits for it. */
const LATE = new Error(`no answer in ${LIMIT_MS / 1000} s`);

/**
 * Calls a function of the site.
 *
 * @throws HookError for whatever it throws, and where it does not answer in 20 seconds.
 */
export async function callHook<T>(hook: HookName, call: () => T): Promise<Awaited<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(LATE), LIMIT_MS);
  });
  try {
    return await Promise.race([call(), timeout]);
  } catch (error) {
    throw new HookError(hook, error === LATE ? LATE.message : nameOf(error));
  } finally {
    clearTimeout(timer);
  }
}

/** The name alone, since messages of errors tend to quote whose data they are about. */
export function nameOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `a thrown ${typeof error}`;
    const name: unknown = error.name;
    return typeof name === 'string' ? name : 'an error without a name';
  } catch {
    return 'an error without a name';
  }
}
