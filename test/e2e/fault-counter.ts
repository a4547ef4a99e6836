/** The first script of a page that meets faults: counts what is under way. */
import { PlatformCounter } from '../platform-counter.js';

declare global {
  /** What is under way, but for timers so long that nobody waits for them. */
  var counter: PlatformCounter;
}

globalThis.counter = new PlatformCounter();
