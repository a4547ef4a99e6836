import { Agent, get } from 'node:http';
import { preciseNow } from './precise-now.mjs';

/** What has not come after so long does not come. */
const PATIENCE_MS = 30_000;

/** Pages of a site: each has a stream of its own, on a connection of its own. */
export class Listeners {
  #agent = new Agent({ maxSockets: Infinity });
  #requests = [];
  /** What each has heard last, and who waits for all of them to hear the same. */
  #heard = [];
  #awaited = null;

  /** Resolves when all have heard something. */
  async open(url, pages) {
    this.#heard = pages.map(() => null);
    const opened = pages.map(
      ({ person, events_url }, index) =>
        new Promise((resolve, reject) => {
          const request = get(`${url}/${events_url}`, {
            agent: this.#agent,
            headers: { Cookie: person },
          });
          request.on('error', reject);
          request.on('response', (response) => {
            response.setEncoding('utf8').on('data', (text) => {
              resolve();
              this.#note(index, text);
            });
            // The end that this side makes.
            response.on('error', () => undefined);
          });
          this.#requests.push(request);
        }),
    );
    await Promise.all(opened);
  }

  /**
   * Resolves when all have heard a word that is new to them, to when the last of them did.
   *
   * @throws Error if one has not after half a minute
   */
  whenAllHave(word) {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error(`${this.#awaited.left} have not heard of ${word}.`));
      const timer = setTimeout(giveUp, PATIENCE_MS);
      const end = (at) => {
        clearTimeout(timer);
        resolve(at);
      };
      this.#awaited = { word, left: this.#heard.length, end };
    });
  }

  close() {
    for (const request of this.#requests) request.destroy();
    this.#requests = [];
  }

  #note(index, text) {
    const word = [...text.matchAll(/"status":"([^"]+)"/g)].at(-1)?.[1];
    if (!word || word === this.#heard[index]) return;
    this.#heard[index] = word;
    if (word !== this.#awaited?.word) return;
    this.#awaited.left -= 1;
    if (this.#awaited.left === 0) this.#awaited.end(preciseNow());
  }
}
