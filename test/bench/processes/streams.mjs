/** A site whose pages listen. */
import { getRequestListener } from '@hono/node-server';
import { preciseNow } from '../precise-now.mjs';
import { serve } from './serve.mjs';
import { verificationSite } from './verification.mjs';

let open = 0;

const { session, create, calls, turn, hear } = verificationSite({
  log({ type }) {
    if (type === 'events.opened') open += 1;
    if (type === 'events.closed') open -= 1;
  },
});

const sessions = [];

serve(getRequestListener(session), {
  /** Creates so many sessions; gives who listens to them, and where. */
  async create(count) {
    while (sessions.length < count) sessions.push(await create(`person=${sessions.length}`));
    return sessions.map(({ person, events_url }) => ({ person, events_url }));
  },
  open: () => open,
  calls,
  /** Has webhooks tell of a change of each; gives when the first came. */
  async change(word) {
    const webhooks = await turn(word, sessions);
    const from = preciseNow();
    await Promise.all(webhooks.map(hear));
    return from;
  },
});
