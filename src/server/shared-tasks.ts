/** How often a request looks for the outcome of another's task, where it cannot await it. */
const LOOK_MS = 25;

/** Longer than any task takes. The request that ran one may have been ended from outside. */
const ABANDONED_MS = 60_000;

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

interface Run<T> {
  readonly startedAt: number;
  readonly promise: Promise<T>;
  outcome?: Outcome<T>;
}

interface RuntimeGlobals {
  navigator?: { userAgent?: string };
  EdgeRuntime?: unknown;
}

/**
 * Whether promises, timers and streams belong to the request that made them, and end with it
 * (Cloudflare documentation, Workers errors: "Cannot perform I/O on behalf of a different request").
 */
export function isRequestBound(): boolean {
  const { navigator, EdgeRuntime } = globalThis as RuntimeGlobals;
  return navigator?.userAgent === 'Cloudflare-Workers' || EdgeRuntime !== undefined;
}

/**
 * Runs a task once for all who want it at the same time. Where the platform binds promises to
 * requests, those who join look for its outcome, a value, with timers of their own.
 */
export class SharedTasks<T> {
  #runs = new Map<string, Run<T>>();

  /** Whether somebody could be joined. */
  has(key: string): boolean {
    return this.#runs.has(key);
  }

  /** Joins the task of that key which is running, else starts this one. */
  run(key: string, task: () => Promise<T>): Promise<T> {
    const running = this.#runs.get(key);
    if (!running) return this.#start(key, task);
    return isRequestBound() ? this.#lookFor(running, key, task) : running.promise;
  }

  #start(key: string, task: () => Promise<T>): Promise<T> {
    const run: Run<T> = { startedAt: Date.now(), promise: task() };
    this.#runs.set(key, run);
    const end = (outcome: Outcome<T>) => {
      run.outcome = outcome;
      if (this.#runs.get(key) === run) this.#runs.delete(key);
    };
    run.promise.then(
      (value) => end({ value }),
      (error: unknown) => end({ error }),
    );
    return run.promise;
  }

  async #lookFor(running: Run<T>, key: string, task: () => Promise<T>): Promise<T> {
    while (!running.outcome) {
      if (Date.now() - running.startedAt > ABANDONED_MS) {
        if (this.#runs.get(key) === running) this.#runs.delete(key);
        return this.run(key, task);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    if ('error' in running.outcome) throw running.outcome.error;
    return running.outcome.value;
  }
}
