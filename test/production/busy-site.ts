import { createHmac } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { createDidit, type DiditOptions } from '../../src/server/index.js';

const SECRET = 'secret-of-the-webhook';
const SHARED = 'a secret of at least 32 bytes, of all instances';

/** So many at a time, as they would come. */
const BATCH = 100;

/**
 * A site of the verification API with many people at once, told apart by a header; `sessions` are
 * those it has created.
 */
export function busySite(differing: Pick<DiditOptions, 'apiUrl' | 'fetch' | 'now'>) {
  const sessions: string[] = [];
  const counts = { 'events.opened': 0, 'events.closed': 0 };
  const didit = createDidit({
    ...{ apiKey: 'api-key', workflowId: 'workflow', secret: SHARED, webhookSecrets: [SECRET] },
    ...differing,
    getUser: ({ headers }) => ({ vendorData: headers.get('Person') ?? '' }),
    log(event) {
      if (event.type === 'session.created') sessions.push(event.sessionId);
      else if (event.type === 'events.opened' || event.type === 'events.closed') {
        counts[event.type]++;
      }
    },
  });
  let events = 0;
  /** Didit's webhooks, of this word for each of the first sessions. */
  const tell = (status: string, count: number) =>
    inBatches(count, async (index) => {
      const now = differing.now?.() ?? Date.now();
      const event = { event_id: `event-${++events}`, session_id: sessions[index]!, status };
      const response = await didit.webhook(webhook(event, now));
      if (!response.ok) throw new Error(`A webhook was answered ${response.status}`);
    });
  return { didit, counts, tell };
}

/** With one signature: there are many. */
function webhook(event: object, now: number): Request {
  const timestamp = Math.floor(now / 1000);
  const body = JSON.stringify({ webhook_type: 'status.updated', timestamp, ...event });
  const headers = {
    'X-Timestamp': String(timestamp),
    'X-Signature': createHmac('sha256', SECRET).update(body).digest('hex'),
  };
  return new Request('https://site.example/api/didit/webhook', { method: 'POST', headers, body });
}

/** Runs a task for each number below `count`, a batch at a time. */
export async function inBatches(count: number, task: (index: number) => Promise<unknown>) {
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first);
    await Promise.all(Array.from({ length: size }, (_, index) => task(first + index)));
  }
}

/** A stream looks for news once a second: what it needs for a look comes and goes. */
const PASSES = 3;
const BETWEEN_PASSES_MS = 300;

/** The least that this process holds on to, in bytes; Node must be started with `--expose-gc`. */
export async function bytesHeld(): Promise<number> {
  let least = Infinity;
  for (let pass = 0; pass < PASSES; pass++) {
    globalThis.gc!();
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
    await setTimeout(BETWEEN_PASSES_MS);
  }
  return least;
}
