import { byMethod, type Api, type Call, type Route } from './api.js';
import { checkFaults } from './fault.js';
import type { Faults } from './faults.js';
import { isForeign } from './is-foreign.js';
import type { SandboxStatus } from './lifecycles.js';
import { Refusal } from './refusal.js';
import { requestJson } from './request-object.js';

/**
 * Plays what happens on the phone; undefined if there is no such session.
 *
 * @throws Refusal for what cannot happen.
 */
export type Play = (id: string, action: string) => SandboxStatus | undefined;

/** What Didit does not have: how a test says what is to go wrong, and plays the phone. */
export class Control implements Api {
  readonly errorMember = 'message';
  readonly routes: readonly Route[];
  #faults: Faults;
  #plays: readonly Play[];

  constructor(faults: Faults, plays: readonly Play[]) {
    this.#faults = faults;
    this.#plays = plays;
    this.routes = [
      [
        /^\/sandbox\/faults\/?$/,
        byMethod({
          GET: () => this.#answer(),
          PUT: async ({ request }) => {
            const value = await requestJson(request);
            return this.#fail(Array.isArray(value) ? value : [value]);
          },
          DELETE: () => this.#fail([]),
        }),
      ],
      [
        /^\/sandbox\/sessions\/([^/]+\/[^/]+)\/?$/,
        byMethod({ POST: (call) => this.#takePlay(call) }),
      ],
    ];
  }

  /** @throws Refusal where there is no such session, or nothing like that can happen. */
  play(id: string, action: string): SandboxStatus {
    for (const play of this.#plays) {
      const status = play(id, action);
      if (status !== undefined) return status;
    }
    throw new Refusal(404, 'No such session.');
  }

  #answer(): Response {
    return Response.json(this.#faults.list);
  }

  #fail(values: readonly unknown[]): Response {
    try {
      this.#faults.set(checkFaults(values));
    } catch (error) {
      throw error instanceof TypeError ? new Refusal(400, error.message) : error;
    }
    return this.#answer();
  }

  #takePlay({ request, url, key }: Call): Response {
    if (isForeign(request, url)) throw new Refusal(403, 'No other site can play the phone.');
    const [id, action] = key.split('/') as [string, string];
    return Response.json({ session_id: id, status: this.play(id, action) });
  }
}
