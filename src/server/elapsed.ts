/** Milliseconds since a moment. One that lies ahead, as after a clock was put back, is long ago. */
export function elapsed(since: number, now: number): number {
  return now >= since ? now - since : Infinity;
}
