/** What is under way on the platform, by kind. */
export interface PlatformCounts {
  timers: number;
  requests: number;
  listeners: number;
  observers: number;
}

/** The fewest that there can be: what every page should be left with. */
export const NOTHING: PlatformCounts = { timers: 0, requests: 0, listeners: 0, observers: 0 };

const COUNTED_TARGETS = [Window, Document, MediaQueryList];

/**
 * Counts, from now until `restore()`, which timers are set, requests open, listeners of window,
 * document and media queries registered, and observers at work. A request is open until its body is
 * read to the end, cancelled, or aborted.
 */
export class PlatformCounter {
  #timers = new Set<number>();
  #requests = new Set<unknown>();
  #listeners = new Set<string>();
  #observers = new Set<unknown>();
  #undo: (() => void)[] = [];
  #ids = new Map<unknown, number>();

  constructor() {
    this.#countTimers('setTimeout', 'clearTimeout');
    this.#countTimers('setInterval', 'clearInterval');
    this.#countRequests();
    this.#countListeners();
    this.#countObservers('IntersectionObserver');
    this.#countObservers('ResizeObserver');
    this.#countObservers('MutationObserver');
  }

  get counts(): PlatformCounts {
    return {
      timers: this.#timers.size,
      requests: this.#requests.size,
      listeners: this.#listeners.size,
      observers: this.#observers.size,
    };
  }

  restore(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
  }

  #countTimers(set: 'setTimeout' | 'setInterval', clear: 'clearTimeout' | 'clearInterval'): void {
    const original = { set: window[set], clear: window[clear] };
    const timers = this.#timers;
    const counting = (
      callback: (...args: unknown[]) => void,
      delay?: number,
      ...rest: unknown[]
    ) => {
      const id = original.set.call(
        window,
        () => {
          if (set === 'setTimeout') timers.delete(Number(id));
          callback(...rest);
        },
        delay,
      );
      timers.add(Number(id));
      return id;
    };
    const clearing = (id?: number) => {
      timers.delete(Number(id));
      original.clear.call(window, id);
    };
    this.#replace(window, set, counting);
    this.#replace(window, clear, clearing);
  }

  #countRequests(): void {
    const { fetch } = window;
    const requests = this.#requests;
    const counting = async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = {};
      const done = () => requests.delete(request);
      requests.add(request);
      init?.signal?.addEventListener('abort', done);
      try {
        const response = await fetch.call(window, input, init);
        if (response.body) tellEnd(response.body, done);
        else done();
        return response;
      } catch (error) {
        done();
        throw error;
      }
    };
    this.#replace(window, 'fetch', counting);
  }

  #countListeners(): void {
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    const listeners = this.#listeners;
    const nameOf = (...parts: unknown[]) => parts.map((part) => this.#idOf(part)).join();
    function adding(
      this: EventTarget | undefined,
      ...args: Parameters<EventTarget['addEventListener']>
    ) {
      const target = this ?? window;
      const [type, listener, options] = args;
      const { signal, once } = typeof options === 'object' ? options : {};
      const name = nameOf(target, type, listener, isCapture(options));
      const isCounted = COUNTED_TARGETS.some((kind) => target instanceof kind);
      if (isCounted && listener && !signal?.aborted) {
        listeners.add(name);
        const forget = () => listeners.delete(name);
        if (signal) add.call(signal, 'abort', forget);
        if (once) add.call(target, type, forget, { once });
      }
      add.apply(target, args);
    }
    function removing(
      this: EventTarget | undefined,
      ...args: Parameters<EventTarget['removeEventListener']>
    ) {
      const target = this ?? window;
      const [type, listener, options] = args;
      listeners.delete(nameOf(target, type, listener, isCapture(options)));
      remove.apply(target, args);
    }
    this.#replace(EventTarget.prototype, 'addEventListener', adding);
    this.#replace(EventTarget.prototype, 'removeEventListener', removing);
  }

  /** On the prototype: WebKit's constructors do not heed subclasses. */
  #countObservers(name: 'IntersectionObserver' | 'ResizeObserver' | 'MutationObserver'): void {
    const { prototype } = window[name] as unknown as typeof ResizeObserver;
    const { observe, disconnect } = prototype;
    const { unobserve } = prototype as Partial<ResizeObserver>;
    const observers = this.#observers;
    const targets = new WeakMap<ResizeObserver, Set<Element>>();
    this.#replace(prototype, 'observe', function (this: ResizeObserver, ...args: [Element]) {
      observe.apply(this, args);
      targets.set(this, new Set(targets.get(this)).add(args[0]));
      observers.add(this);
    });
    // Mutations are observed until all are given up.
    if (unobserve) {
      this.#replace(prototype, 'unobserve', function (this: ResizeObserver, target: Element) {
        unobserve.call(this, target);
        targets.get(this)?.delete(target);
        if (!targets.get(this)?.size) observers.delete(this);
      });
    }
    this.#replace(prototype, 'disconnect', function (this: ResizeObserver) {
      disconnect.call(this);
      observers.delete(this);
    });
  }

  #idOf(part: unknown): number {
    if (!this.#ids.has(part)) this.#ids.set(part, this.#ids.size);
    return this.#ids.get(part)!;
  }

  #replace(target: object, name: string, replacement: unknown): void {
    const original = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, { configurable: true, writable: true, value: replacement });
    this.#undo.push(() => {
      if (original) Object.defineProperty(target, name, original);
      else Reflect.deleteProperty(target, name);
    });
  }
}

function isCapture(options?: boolean | EventListenerOptions): boolean {
  return typeof options === 'object' ? Boolean(options.capture) : Boolean(options);
}

/** Tells when the stream is read to its end, or is left. */
function tellEnd(body: ReadableStream<Uint8Array>, done: () => void): void {
  const getReader = body.getReader.bind(body) as () => ReadableStreamDefaultReader<Uint8Array>;
  tellCancel(body, done);
  const telling = () => {
    const reader = getReader();
    void reader.closed.then(done, done);
    tellCancel(reader, done);
    return reader;
  };
  Object.defineProperty(body, 'getReader', { value: telling });
}

function tellCancel(target: Pick<ReadableStream, 'cancel'>, done: () => void): void {
  const cancel = target.cancel.bind(target);
  target.cancel = (reason) => {
    done();
    return cancel(reason);
  };
}
