/** Many streams without a network, each read as soon as something comes; run as a process. */
import { busySite, bytesHeld, inBatches } from './busy-site.js';
import { answerQuestions } from './questions.js';

const SITE = 'https://site.example/api/didit/session';

/** A stream, and what comes next of it: somebody always waits for that. */
interface Listener {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  next: Promise<ReadableStreamReadResult<Uint8Array>>;
}

/** Nothing is due on this clock, so that all that is heard comes from outside. */
const startedAt = Date.now();
let created = 0;
let people = 0;
const { didit, counts, tell } = busySite({ fetch: create, now: () => startedAt });
let listeners: Listener[] = [];

/** Didit: each call is a create. */
async function create(): Promise<Response> {
  const session_id = `session-${++created}`;
  const url = `https://verify.didit.me/session/${session_id}`;
  return Response.json({ session_id, url, status: 'Not Started' }, { status: 201 });
}

async function listen(Person: string): Promise<Listener> {
  const headers = { Person, 'Content-Type': 'application/json' };
  const page = { method: 'POST', headers, body: '{}' };
  const answer = (await (await didit.session(new Request(SITE, page))).json()) as {
    events_url: string;
  };
  const events = new URL(answer.events_url, SITE);
  const response = await didit.session(new Request(events, { headers: { Person } }));
  const reader = response.body!.getReader();
  return { reader, next: reader.read() };
}

/** How often each message is heard, the next of each of them. */
async function heard(those: readonly Listener[]) {
  const messages: Record<string, number> = {};
  for (const listener of those) {
    const { done, value } = await listener.next;
    const message = done ? 'the end' : new TextDecoder().decode(value).trimEnd();
    messages[message] = (messages[message] ?? 0) + 1;
    listener.next = listener.reader.read();
  }
  return messages;
}

answerQuestions({
  async open(count: number) {
    const opened: Listener[] = [];
    await inBatches(count, async () => {
      opened.push(await listen(`person-${++people}`));
    });
    listeners.push(...opened);
    return heard(opened);
  },
  async change({ status, count }: { status: string; count: number }) {
    await tell(status, count);
    return heard(listeners.slice(0, count));
  },
  close() {
    didit.close();
    return heard(listeners);
  },
  async end() {
    const ends = await heard(listeners);
    listeners = [];
    return ends;
  },
  counts: () => counts,
  bytes: bytesHeld,
});
