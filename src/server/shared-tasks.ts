import { BoundedMap } from './bounded-map.js';
import { sleep } from './sleep.js';

/** How often a request looks for the outcome of another's task, where it cannot await it. */
const LOOK_MS = 25;

/** How often a request says that it still runs its task: it may be ended from outside. */
const BEAT_MS = 250;
const SILENT_MS = 1500;

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

interface Run<T> {
  readonly promise: Promise<T>;
  /** Kept up to date where the task may be abandoned. */
  aliveAt: number;
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
  #runs = new BoundedMap<Run<T>>();

  /** Whether somebody could be joined. */
  has(key: string): boolean {
    return this.#running(key) !== undefined;
  }

  /** Joins the task of that key which is running, else starts this one. */
  run(key: string, task: () => Promise<T>): Promise<T> {
    const running = this.#running(key);
    if (!running) return this.#start(key, task);
    return isRequestBound() ? this.#lookFor(running, key, task) : running.promise;
  }

  #running(key: string): Run<T> | undefined {
    const run = this.#runs.get(key);
    return run && isAbandoned(run) ? undefined : run;
  }

  #start(key: string, task: () => Promise<T>): Promise<T> {
    const run: Run<T> = { promise: task(), aliveAt: Date.now() };
    this.#runs.add(key, run);
    const end = (outcome: Outcome<T>) => {
      run.outcome = outcome;
      if (this.#runs.get(key) === run) this.#runs.delete(key);
    };
    run.promise.then(
      (value) => end({ value }),
      (error: unknown) => end({ error }),
    );
    if (isRequestBound()) void keepAlive(run);
    return run.promise;
  }

  async #lookFor(running: Run<T>, key: string, task: () => Promise<T>): Promise<T> {
    while (!running.outcome) {
      if (isAbandoned(running)) return this.run(key, task);
      await sleep(LOOK_MS);
    }
    if ('error' in running.outcome) throw running.outcome.error;
    return running.outcome.value;
  }
}

/** Runs on timers of the request that runs the task, and ends with it. */
async function keepAlive(run: Run<unknown>): Promise<void> {
  while (!run.outcome) {
    run.aliveAt = Date.now();
    await sleep(BEAT_MS);
  }
}

function isAbandoned({ aliveAt, outcome }: Run<unknown>): boolean {
  return isRequestBound() && !outcome && Date.now() - aliveAt > SILENT_MS;
}
