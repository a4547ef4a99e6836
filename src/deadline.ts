/**
 * When something ends, by two clocks, whichever is first: the wall clock jumps when it is set, and
 * the monotonic one may stand still while the computer sleeps.
 */
export class Deadline {
  #wall: number;
  #monotonic: number;

  /** @param moment - milliseconds since 1970 */
  constructor(moment: number) {
    this.#wall = moment;
    this.#monotonic = performance.now() + moment - Date.now();
  }

  /** Milliseconds that are left; negative when it is over. */
  get remaining(): number {
    return Math.min(this.#wall - Date.now(), this.#monotonic - performance.now());
  }
}
