import type { LitElement, ReactiveController } from 'lit';

/** Less than this is hard on a camera, so the code grows out of its frame instead. */
const MIN_DEVICE_PIXELS_A_MODULE = 2;

/** The side of the frame before it is measured, in CSS pixels: the default `--didit-qr-size`. */
const DEFAULT_SIDE = 240;

/** Measures the frame of the QR code, so that every module is a whole number of device pixels. */
export class QrFit implements ReactiveController {
  #host: LitElement;
  #side = DEFAULT_SIDE;
  #ruler: Element | null = null;
  #observer?: ResizeObserver;
  #resolution?: AbortController;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  /** Side of a code of so many modules, in CSS pixels. */
  sideOf(modules: number): number {
    const whole = Math.floor((this.#side * devicePixelRatio) / modules);
    return (Math.max(whole, MIN_DEVICE_PIXELS_A_MODULE) * modules) / devicePixelRatio;
  }

  hostConnected(): void {
    this.#watchResolution();
    this.#observe();
  }

  hostDisconnected(): void {
    this.#resolution?.abort();
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  hostUpdated(): void {
    this.#observe();
  }

  #observe(): void {
    // Not the frame itself: where the code grows, so does the frame, and observing would not end.
    const ruler = this.#host.renderRoot.querySelector('.ruler');
    // Its last update may come when it is gone.
    if (!ruler || !this.#host.isConnected || (this.#observer && ruler === this.#ruler)) return;
    this.#observer?.disconnect();
    this.#ruler = ruler;
    // Of the window it is shown in: another one's observer delivers out of step.
    const { ResizeObserver } = this.#host.ownerDocument.defaultView ?? window;
    this.#observer = new ResizeObserver(([entry]) => {
      const side = entry!.contentRect.width || DEFAULT_SIDE;
      if (side === this.#side) return;
      this.#side = side;
      this.#host.requestUpdate();
    });
    this.#observer.observe(ruler);
  }

  /** Zooming, or another monitor: one query tells of leaving the present ratio, once. */
  #watchResolution(): void {
    this.#resolution?.abort();
    this.#resolution = new AbortController();
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        this.#watchResolution();
        this.#host.requestUpdate();
      },
      { signal: this.#resolution.signal },
    );
  }
}
