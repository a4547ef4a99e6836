import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { send, upstream } from '../server/helpers.js';
import { inBatches } from './busy-site.js';
import { messagesOf } from './event-messages.js';

/** A page that listens. */
export interface Page {
  readonly person: string;
  /** Where it listens. */
  readonly query: string;
  /** Its next message; null at the end. */
  readonly next: () => Promise<string | null>;
}

interface Sent {
  readonly method: 'GET' | 'POST';
  /** From the path that the server part is mounted at. */
  readonly query?: string;
}

/** What a person's browser sends, each on a connection of its own. */
async function ask(port: number, Person: string, { method, query = '' }: Sent) {
  const headers = { Person, 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
  const path = `/api/didit/session${query}`;
  const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
  const [answer] = (await once(asking.end(), 'response')) as [IncomingMessage];
  return answer;
}

/** The answer to a create. */
export async function create(port: number, person: string) {
  const answer = await ask(port, person, { method: 'POST' });
  const body = (await json(answer)) as { events_url: string };
  return { http: answer.statusCode, ...body };
}

/** Listens to the session of a create. */
export async function listen(port: number, person: string, query: string): Promise<Page> {
  const answer = await ask(port, person, { method: 'GET', query });
  return { person, query, next: messagesOf(answer) };
}

let people = 0;

/** As many pages, each of another person, that listen to a session of their own. */
export async function openPages(port: number, count: number): Promise<Page[]> {
  const pages: Page[] = [];
  await inBatches(count, async () => {
    const person = `person-${++people}`;
    const { events_url } = await create(port, person);
    pages.push(await listen(port, person, events_url));
  });
  return pages;
}

/** Didit, for sites in other processes; `word` is what it says of every session, `onCreate` holds creates. */
export async function playDidit(test: TestContext) {
  const state = { word: 'Not Started', onCreate: async () => {} };
  let created = 0;
  const { url } = await upstream(test, {
    session: (_, response) => {
      const session_id = `session-${++created}`;
      const body = { session_id, url: `https://verify.didit.me/session/${session_id}` };
      void state.onCreate().then(() => send(response, 201, { ...body, status: 'Not Started' }));
    },
    decision: ({ path }, response) => {
      const [, session_id] = /([^/]*)\/decision\/$/.exec(path) ?? [];
      send(response, 200, { session_id, status: state.word });
    },
  });
  return { url, state };
}
