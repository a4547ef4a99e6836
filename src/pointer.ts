import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Whether the main pointer is a finger: then this device is most likely the one with the Didit app,
 * tablets included. Their width and their name say nothing about that.
 */
export class Pointer implements ReactiveController {
  #host: ReactiveControllerHost;
  #query?: MediaQueryList;
  #connection?: AbortController;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get isCoarse(): boolean {
    return this.#query?.matches ?? false;
  }

  hostConnected(): void {
    this.#connection?.abort();
    this.#connection = new AbortController();
    this.#query = matchMedia('(pointer: coarse)');
    const { signal } = this.#connection;
    this.#query.addEventListener('change', () => this.#host.requestUpdate(), { signal });
    // It may have changed while nobody listened.
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#connection?.abort();
  }
}
