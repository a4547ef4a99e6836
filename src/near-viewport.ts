/** How far outside the viewport a `loading="lazy"` element counts as near. */
const MARGIN = '200px';

/** Watches whether an element comes near the viewport. */
export class NearViewport {
  #target: Element;
  #onChange: () => void;
  #observer?: IntersectionObserver;
  #isNear = false;

  constructor(target: Element, onChange: () => void) {
    this.#target = target;
    this.#onChange = onChange;
  }

  /** Whether it was near when last looked at. */
  get isNear(): boolean {
    return this.#isNear;
  }

  watch(): void {
    if (this.#observer) return;
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#isNear = entries.at(-1)!.isIntersecting;
        this.#onChange();
      },
      { rootMargin: MARGIN },
    );
    this.#observer.observe(this.#target);
  }

  /** Looks no more, and stays with what it knows. */
  stop(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  /** Looks no more, and anew the next time. */
  forget(): void {
    this.stop();
    this.#isNear = false;
  }
}
