/** Whether everything is near the viewport, as a test says. */
let isNear = true;
const observing = new Set<FakeIntersectionObserver>();

/** Scrolls everything near to the viewport, or away from it. */
export function scroll(toNear: boolean): void {
  isNear = toNear;
  for (const observer of observing) observer.tell();
}

/** Tells of where things are by the page's clock, not by its frames. */
export class FakeIntersectionObserver implements IntersectionObserver {
  readonly root = null;
  readonly rootMargin = '';
  readonly scrollMargin = '';
  readonly thresholds = [];
  #callback: IntersectionObserverCallback;
  #timer?: ReturnType<typeof setTimeout>;

  constructor(callback: IntersectionObserverCallback) {
    this.#callback = callback;
  }

  observe(): void {
    observing.add(this);
    this.tell();
  }

  unobserve(): void {
    this.disconnect();
  }

  disconnect(): void {
    observing.delete(this);
    clearTimeout(this.#timer);
  }

  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }

  tell(): void {
    clearTimeout(this.#timer);
    const entry = { isIntersecting: isNear } as IntersectionObserverEntry;
    this.#timer = setTimeout(() => this.#callback([entry], this), 16);
  }
}
