/** A site that has a store for what its instances tell each other, in memory here, as text. */
import { getRequestListener } from '@hono/node-server';
import { serve } from './serve.mjs';
import { verificationSite } from './verification.mjs';

const items = new Map();

const { session, create, ask, calls, turn, hear } = verificationSite({
  storage: {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, item) => void items.set(key, JSON.stringify(item)),
    removeItem: (key) => void items.delete(key),
  },
});

const sessions = [];

serve(getRequestListener(session), {
  /** Creates sessions until there are so many. */
  async create(count) {
    while (sessions.length < count) sessions.push(await create(`person=${sessions.length}`));
    return items.size;
  },
  /** From then on Didit is asked once a minute at the most, as webhooks tell. */
  async hear() {
    for (const signed of await turn('In Progress', sessions)) await hear(signed);
    return calls();
  },
  /** Asks for the statuses of so many, spread over all; gives microseconds for each. */
  async ask(count) {
    const asked = Math.min(count, sessions.length);
    const from = performance.now();
    for (let index = 0; index < asked; index++) {
      const response = await ask(sessions[Math.floor((index / asked) * sessions.length)]);
      const { status } = await response.json();
      if (status !== 'In Progress') throw new Error(`A status was ${status}.`);
    }
    return ((performance.now() - from) * 1000) / asked;
  },
});
