import { Refusal, retryAfter } from './answers.js';
import { elapsed } from './elapsed.js';
import { isRateLimited, pauseAfter } from './failure.js';

/** Has nothing created for a while once Didit has answered 429: it would be one more of too many. */
export class CreatePause {
  #now: () => number;
  #pause = { since: -Infinity, ms: 0 };

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws Refusal `upstream-busy`, with the seconds that are left of it */
  demandNone(): void {
    const { since, ms } = this.#pause;
    const left = ms - elapsed(since, this.#now());
    if (left > 0) throw new Refusal('upstream-busy', retryAfter(left / 1000), 503);
  }

  /** Looks at what a create failed with. */
  note(error: unknown): void {
    if (isRateLimited(error)) this.#pause = { since: this.#now(), ms: pauseAfter(error) };
  }
}
