import { start, stop } from './children.mjs';
import { askStatuses, createSessions, statusReferences } from './load.mjs';

const SESSIONS = 1000;

/**
 * What a new process asks of Didit, by kind, for exactly 1,000 sessions that are created, and then for
 * 1,000 questions for the status of some.
 */
export async function countUpstreamCalls(name, upstream, connections) {
  const server = await start(name, upstream.url);
  const counted = async (act) => {
    await fetch(`${upstream.url}/reset`, { method: 'POST' });
    await act();
    const response = await fetch(`${upstream.url}/counts`);
    return response.json();
  };
  const extent = { amount: SESSIONS };
  const creating = await counted(() => createSessions(server, extent, connections));
  const references = await statusReferences(server, connections);
  const asking = await counted(() => askStatuses(server, references, extent, connections));
  await stop(server);
  return { creating, asking };
}
