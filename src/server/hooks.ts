import { inTime, LateError } from './in-time.js';

/** The functions of a site that are called for it. */
export type HookName = 'getUser' | 'sessionFields' | 'limit' | 'onSession' | 'onDecision';

/** A function of the site failed; `reason` is fit for the log. */
export class HookError extends Error {
  /** Tells it from other errors also where its class is that of another copy. */
  override name = 'HookError';
  /** Which of them it was. */
  readonly hook: HookName;
  /** Name of what was thrown (its message may be personal), or what was wrong. */
  readonly reason: string;

  /** For a site's own tests; else the server part makes them. */
  constructor(hook: HookName, reason: string) {
    super(`${hook} failed: ${reason}`);
    this.hook = hook;
    this.reason = reason;
  }
}

/** One that never answers would lock out everybody who waits for it. */
const LIMIT_MS = 20_000;

/**
 * Calls a function of the site.
 *
 * @throws HookError for whatever it throws, and where it does not answer in 20 seconds.
 */
export async function callHook<T>(hook: HookName, call: () => T): Promise<Awaited<T>> {
  try {
    return await inTime(LIMIT_MS, call);
  } catch (error) {
    throw new HookError(hook, reasonOf(error));
  }
}

/** What may be logged of an error. */
export function reasonOf(error: unknown): string {
  return error instanceof LateError ? error.message : nameOf(error);
}

/** The name alone, since messages of errors tend to quote whose data they are about. */
export function nameOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `a thrown ${typeof error}`;
    const name: unknown = error.name;
    // It may be a service's word for what went wrong: of several lines, it would be as many in a log.
    const isName = typeof name === 'string' && /^[^\p{Cc}\u2028\u2029]{1,100}$/u.test(name);
    return isName ? name : 'an error without a name';
  } catch {
    return 'an error without a name';
  }
}
