import { signWebhook } from 'didit-verify/server';
import { setTimeout as wait } from 'node:timers/promises';
import { WEBHOOK_SECRET } from './secrets.mjs';

const PAGE = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
const POLL_MS = 100;

/** A status that has not come after so long does not come. */
const PATIENCE_MS = 20_000;

const APIS = {
  // The word of the decision, which is written otherwise than that of the status.
  'data-transfer': { end: 'confirm', word: 'Confirmed' },
  verification: { end: 'approve', word: 'Approved' },
};

/** What is refused, and how. */
const REFUSALS = [
  [401, { method: 'POST', headers: PAGE, body: '{}' }],
  [403, { method: 'POST', headers: { ...PAGE, 'Sec-Fetch-Site': 'cross-site' }, body: '{}' }],
  [
    403,
    { method: 'POST', headers: { 'Content-Type': 'text/plain', Origin: 'https://evil.example' } },
  ],
  [404, { query: '?session=made-up', headers: { Person: 'somebody' } }],
  [404, { query: '?session=made-up&events', headers: { Person: 'somebody' } }],
  [405, { method: 'PUT', headers: { ...PAGE, Person: 'somebody' }, body: '{}' }],
  [415, { method: 'POST', headers: { Person: 'somebody' }, body: '{}' }],
  [400, { method: 'POST', headers: { ...PAGE, Person: 'somebody' }, body: '{"a":' }],
  [400, { method: 'POST', headers: { ...PAGE, Person: 'somebody' }, body: '{"scope":"phone"}' }],
  [413, { method: 'POST', headers: { ...PAGE, Person: 'somebody' }, body: ' '.repeat(40_000) }],
  [204, { method: 'OPTIONS' }],
];

/** People before their browsers, and Didit; each does one thing after the other until it is paused. */
export class Clients {
  /** How often each thing was done, and how many requests that were. */
  counts = { requests: 0, creates: 0 };
  /** How long each request took to be answered, in milliseconds; bodies may take longer. */
  latencies = [];
  /** What went otherwise than it should. */
  failures = [];
  #origin;
  #number;
  #isRunning = false;
  #ended = [];
  #people = 0;

  constructor(origin, number) {
    this.#origin = origin;
    this.#number = number;
  }

  start() {
    this.#isRunning = true;
    this.#ended = Array.from({ length: this.#number }, (_, index) => this.#run(index));
  }

  /** Resolves once all have come to the end of what they were doing. */
  async pause() {
    this.#isRunning = false;
    await Promise.all(this.#ended);
  }

  async #run(index) {
    const things = [
      this.#poll,
      this.#listen,
      this.#leave,
      this.#refused,
      this.#repeat,
      this.#webhooks,
    ];
    for (let turn = index; this.#isRunning; turn++) {
      const thing = things[turn % things.length];
      const name = thing.name.replace('#', '');
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      await thing.call(this, turn % 4 < 2 ? 'data-transfer' : 'verification').catch((error) => {
        this.failures.push(`${name}: ${error.message}`);
      });
    }
  }

  /** Asks for the status until it is final. */
  async #poll(api) {
    const session = await this.#create(api);
    await this.#phone(session, 'open');
    await this.#phone(session, APIS[api].end);
    const giveUp = performance.now() + PATIENCE_MS;
    for (;;) {
      const { status } = await this.#ask(api, session.person, session.status_url);
      if (status === APIS[api].word) return;
      if (performance.now() > giveUp) throw new Error(`still ${status}`);
      await wait(POLL_MS);
    }
  }

  /** Listens to the stream until it ends. */
  async #listen(api) {
    const session = await this.#create(api);
    const response = await this.#send(api, 200, {
      query: session.events_url,
      headers: { Person: session.person },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      if (!text) {
        await this.#phone(session, 'open');
        await this.#phone(session, APIS[api].end);
      }
      text += chunk;
    }
    if (!text.includes(APIS[api].word)) throw new Error(`heard ${JSON.stringify(text)}`);
  }

  /** Comes and goes while nothing has happened; the session ends without anybody who listens. */
  async #leave(api) {
    const session = await this.#create(api);
    for (let times = 0; times < 3; times++) {
      const leaving = new AbortController();
      const response = await this.#send(api, 200, {
        query: session.events_url,
        headers: { Person: session.person },
        signal: leaving.signal,
      });
      await response.body.getReader().read();
      leaving.abort();
    }
    await this.#phone(session, 'decline');
  }

  async #refused(api) {
    for (const [http, request] of REFUSALS) {
      const answer = await this.#send(api, http, request);
      await answer.text();
    }
  }

  /** The same session for the same key. */
  async #repeat(api) {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const one = await this.#create(api, headers);
    const other = await this.#create(api, headers, one.person);
    if (one.session_id !== other.session_id) throw new Error('two sessions for one key');
    await this.#phone(one, 'decline');
  }

  /** What Didit sends besides, and what somebody else does. */
  async #webhooks() {
    const about = { session_id: crypto.randomUUID(), status: 'Approved' };
    const sent = async (http, secret, event = {}, headers = {}) => {
      const webhook = await signWebhook({ ...about, ...event }, secret);
      const init = { ...webhook, headers: { ...webhook.headers, ...headers } };
      const response = await this.#fetch('webhook', init);
      await response.text();
      this.#demand(http, response, 'webhook');
    };
    await sent(401, 'secret-of-somebody-else');
    await sent(401, WEBHOOK_SECRET, { timestamp: 1 });
    await sent(200, WEBHOOK_SECRET, { webhook_type: 'data.updated' });
    await sent(200, WEBHOOK_SECRET, {}, { 'X-Didit-Test-Webhook': 'true' });
    await sent(200, WEBHOOK_SECRET, { session_kind: 'business' });
    await sent(400, WEBHOOK_SECRET, { session_id: '../..' });
  }

  async #create(api, headers = {}, person = `client-${++this.#people}`) {
    this.counts.creates++;
    // As the element does, with one for each intent.
    const key = { 'Idempotency-Key': crypto.randomUUID() };
    const sent = { ...PAGE, ...key, ...headers, Person: person };
    const response = await this.#send(api, 201, { method: 'POST', headers: sent, body: '{}' });
    return { person, ...(await response.json()) };
  }

  async #ask(api, person, query) {
    const response = await this.#send(api, 200, { query, headers: { Person: person } });
    return response.json();
  }

  async #phone({ session_id }, action) {
    const response = await this.#fetch(`phone/${session_id}/${action}`, { method: 'POST' });
    await response.text();
    this.#demand(200, response, `phone ${action}`);
  }

  async #send(api, http, { query = '', ...init }) {
    const response = await this.#fetch(api + query, init);
    this.#demand(http, response, `${init.method ?? 'GET'} ${api}`);
    return response;
  }

  async #fetch(path, init) {
    this.counts.requests++;
    const start = performance.now();
    const response = await fetch(`${this.#origin}/${path}`, init);
    this.latencies.push(performance.now() - start);
    return response;
  }

  #demand(http, { status }, what) {
    if (status !== http) throw new Error(`${what} answered ${status} in place of ${http}`);
  }
}
