/** Ends what is under way when the sandbox is closed. */
export class Closing {
  #isClosed = false;
  /** One for each task: many listeners of one signal make Node warn of a leak. */
  #controllers = new Set<AbortController>();

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Runs a task with a controller of its own, which is aborted on closing. */
  async run<T>(task: (controller: AbortController) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    if (this.#isClosed) controller.abort();
    this.#controllers.add(controller);
    try {
      return await task(controller);
    } finally {
      this.#controllers.delete(controller);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const controller of this.#controllers) controller.abort();
  }
}
