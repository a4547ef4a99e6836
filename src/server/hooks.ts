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
  try {
    return await (limitMs === undefined ? call() : withinLimit(call, limitMs));
  } catch (error) {
    const reason = error instanceof Late ? `no answer in ${error.seconds} s` : nameOf(error);
    throw new HookError(hook, reason);
  }
}

async function withinLimit<T>(call: () => T, limitMs: number): Promise<Awaited<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(limitMs / 1000)), limitMs);
  });
  try {
    return await Promise.race([call(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

class Late extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super();
    this.seconds = seconds;
  }
}

/** The name alone, since messages of errors tend to quote whose data they are about. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : `a thrown ${typeof error}`;
}
