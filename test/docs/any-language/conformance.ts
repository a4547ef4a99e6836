import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startBackend, type BackendProcess, type BackendSource } from './backend-process.js';
import { RecordingDidit, type Stand } from './recording-didit.js';

/** A backend of the guide. */
export interface Backend extends BackendSource {
  readonly name: string;
  /** The same, whose record refuses everybody. */
  readonly refusing: BackendSource;
}

const ENDPOINT = '/api/didit/session';
const SESSION = '/auth/v2/session/';
const LIMIT = { timeout: 120_000 };
const JSON_TYPE = { 'Content-Type': 'application/json' };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, string>>;
}

interface Created {
  readonly session_id: string;
  readonly url: string;
  readonly status_url: string;
}

/** What the guide says that any backend must do, tried over HTTP. */
export function conforms(backend: Backend, title: string): void {
  // One after another: what the sandbox is told to do meets whoever asks.
  describe(title, { concurrency: 1 }, () => {
    const didit = new RecordingDidit();
    let running: BackendProcess;
    let site: Site;
    before(async () => {
      await didit.start();
      running = await startBackend(backend, variablesOf(didit));
      site = new Site(running.origin, didit);
    });
    after(async () => {
      await running?.end();
      await didit.close();
    });

    it('gets one client token for many creates at once', LIMIT, async () => {
      const people = Array.from({ length: 8 }, (_, i) => `crowd-${i}`);
      const answers = await Promise.all(people.map((user) => site.create(user)));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
      const [token, ...further] = didit.callsTo('/auth/v2/token/');
      assert.deepEqual(further, []);
      const { clientId, clientSecret } = didit.account;
      const basic = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
      assert.equal(token!.headers.get('Authorization'), basic);
      assert.equal(didit.callsTo(SESSION).length, people.length);
    });

    it('answers 201 with what the page reads', LIMIT, async () => {
      const { status, headers, body } = await site.create('reads');
      assert.equal(status, 201);
      assert.match(headers.get('Content-Type') ?? '', /^application\/json/);
      assert.deepEqual(Object.keys(body).sort(), ['session_id', 'status_url', 'url']);
      assert.match(body.url!, new RegExp(`^${didit.origin}/authorize/`));
      assert.ok(!body.status_url!.includes(body.session_id!));
    });

    it('takes the person from its own login, whatever the page sends', LIMIT, async () => {
      const wish = JSON.stringify({ scope: 'document_detail', vendor_data: 'somebody-else' });
      assert.equal((await site.create('honest', {}, wish)).status, 201);
      const sent = JSON.parse(didit.callsTo(SESSION).at(-1)!.body) as unknown;
      assert.deepEqual(sent, { scope: 'names email', vendor_data: 'honest' });
    });

    it('gives the same session for the same key of the same person', LIMIT, async () => {
      const key = { 'Idempotency-Key': crypto.randomUUID() };
      const [one, two] = await Promise.all([site.create('twice', key), site.create('twice', key)]);
      const later = await site.create('twice', key);
      assert.deepEqual(two.body, one.body);
      assert.deepEqual(later.body, one.body);
      const ids = [
        one.body.session_id,
        (await site.create('other', key)).body.session_id,
        (await site.create('twice', { 'Idempotency-Key': 'another' })).body.session_id,
        (await site.create('twice')).body.session_id,
        (await site.create('twice')).body.session_id,
      ];
      assert.equal(new Set(ids).size, ids.length);
    });

    it('tells nobody how the session of another person stands', LIMIT, async () => {
      const { status_url: address, session_id: id } = await site.created('owner');
      await site.create('stranger');
      const calls = didit.calls.length;
      const foreign = await site.status('stranger', address);
      const unknown = await site.status('stranger', '?session=never-given');
      assert.equal(foreign.status, 404);
      assert.deepEqual([unknown.status, unknown.body], [404, foreign.body]);
      assert.equal((await site.status('newcomer', address)).status, 404);
      assert.equal((await site.status('owner', `?session=${id}`)).status, 404);
      assert.equal((await site.status('owner', '')).status, 404);
      assert.equal(didit.calls.length, calls);
      assert.equal((await site.status('owner', address)).status, 200);
    });

    it('refuses who is not logged in, and other sites', LIMIT, async () => {
      const { status_url: address } = await site.created('lured');
      const calls = didit.calls.length;
      const foreign = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
      const sibling = { 'Sec-Fetch-Site': 'same-site' };
      assert.equal((await site.create('')).status, 401);
      assert.equal((await site.status('', address)).status, 401);
      assert.equal((await site.create('lured', foreign)).status, 403);
      assert.equal((await site.create('lured', sibling)).status, 403);
      assert.equal((await site.status('lured', address, foreign)).status, 403);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json']) {
        assert.equal((await site.create('lured', { 'Content-Type': type })).status, 415, type);
      }
      assert.equal(didit.calls.length, calls);
    });

    it('takes what browsers of its own page send', LIMIT, async () => {
      const type = { 'Content-Type': 'Application/JSON; charset=utf-8' };
      for (const site_ of ['same-origin', 'none']) {
        const headers = { ...type, 'Sec-Fetch-Site': site_, Origin: running.origin };
        assert.equal((await site.create('own', headers)).status, 201, site_);
      }
    });

    it('lets no other origin ask by preflight', LIMIT, async () => {
      const preflight = await fetch(running.origin + ENDPOINT, {
        method: 'OPTIONS',
        headers: {
          Origin: 'https://evil.example',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'content-type',
        },
      });
      assert.equal(preflight.headers.get('Access-Control-Allow-Origin'), null);
    });

    it('tells the word alone, and fetches the decision before it is confirmed', LIMIT, async () => {
      const { session_id: id, status_url: address } = await site.created('follows');
      const asks = async () => (await site.status('follows', address)).body;
      assert.deepEqual(await asks(), { status: 'initialized' });
      didit.sandbox.play(id, 'open');
      assert.deepEqual(await asks(), { status: 'retrieved' });
      assert.equal(didit.callsTo(`/${id}/decision/`).length, 0);
      didit.sandbox.play(id, 'confirm');
      assert.deepEqual(await asks(), { status: 'confirmed' });
      assert.equal(didit.callsTo(`/${id}/decision/`).length, 1);
      await running.says('follows is confirmed');
      const calls = didit.calls.length;
      assert.deepEqual(await asks(), { status: 'confirmed' });
      assert.equal(didit.calls.length, calls);
    });

    it('tells of every other end, and records none of them', LIMIT, async () => {
      const ends = { decline: 'declined', expire: 'expired', cancel: 'cancelled' };
      for (const [action, word] of Object.entries(ends)) {
        const { session_id: id, status_url: address } = await site.created(action);
        didit.sandbox.play(id, action);
        assert.deepEqual((await site.status(action, address)).body, { status: word });
        assert.ok(!running.said().includes(`${action} is confirmed`));
      }
    });

    for (const [member, value] of [
      ['session_id', 'another'],
      ['vendor_data', 'another'],
      ['status', 'Declined'],
    ] as const) {
      it(`does not believe a decision with another ${member}`, LIMIT, async (t) => {
        const user = `forged-${member}`;
        const { session_id: id, status_url: address } = await site.created(user);
        didit.sandbox.play(id, 'confirm');
        didit.instead = changing('/decision/', didit, { [member]: value });
        t.after(() => (didit.instead = undefined));
        assert.deepEqual((await site.status(user, address)).body, { status: 'declined' });
        assert.ok(!running.said().includes(`${user} is confirmed`));
      });
    }

    it('goes on where the decision is not made yet', LIMIT, async (t) => {
      const { session_id: id, status_url: address } = await site.created('early');
      didit.sandbox.play(id, 'confirm');
      didit.instead = changing('/decision/', didit, { status: 'Retrieved' });
      t.after(() => (didit.instead = undefined));
      assert.deepEqual((await site.status('early', address)).body, { status: 'retrieved' });
      didit.instead = undefined;
      assert.deepEqual((await site.status('early', address)).body, { status: 'confirmed' });
    });

    it('answers 502 in its own words, whatever Didit does', LIMIT, async (t) => {
      t.after(() => (didit.instead = undefined));
      const { status_url: address } = await site.created('unlucky');
      const trap = new RecordingDidit();
      await trap.start();
      t.after(() => trap.close());
      const quoting = ({ headers }: { headers: Headers }) => headers.get('Authorization') ?? '';
      const failures: Record<string, Stand> = {
        // First, while there is a token that it could take along.
        redirecting: async () =>
          new Response(null, { status: 302, headers: { Location: `${trap.origin}/trap` } }),
        refused: async (call) => Response.json({ message: quoting(call) }, { status: 400 }),
        forbidden: async (call) => Response.json({ message: quoting(call) }, { status: 403 }),
        unauthorized: async (call) => Response.json({ message: quoting(call) }, { status: 401 }),
        failing: async (call) => new Response(quoting(call), { status: 500 }),
        nonsense: async (call) => new Response(`<p>${quoting(call)}`, { status: 200 }),
      };
      for (const [name, stand] of Object.entries(failures)) {
        didit.instead = stand;
        for (const answer of [
          await site.create('unlucky'),
          await site.status('unlucky', address),
        ]) {
          assert.equal(answer.status, 502, name);
          assert.deepEqual(Object.keys(answer.body), ['message']);
        }
      }
      assert.deepEqual(trap.calls, []);
      didit.instead = undefined;
      didit.sandbox.fail({ kind: 'cut', call: 'create', times: 1 });
      assert.equal((await site.create('unlucky')).status, 502);
    });

    it('gets another token where Didit does not take the old one', LIMIT, async () => {
      const key = { 'Idempotency-Key': crypto.randomUUID() };
      await site.created('patient');
      const tokens = didit.callsTo('/auth/v2/token/').length;
      didit.sandbox.fail({ kind: 'unauthorized', call: 'create', times: 1 });
      assert.equal((await site.create('patient', key)).status, 502);
      assert.equal((await site.create('patient', key)).status, 201);
      assert.equal(didit.callsTo('/auth/v2/token/').length, tokens + 1);
    });

    it('answers 503 with the Retry-After of Didit', LIMIT, async () => {
      const { status_url: address } = await site.created('eager');
      didit.sandbox.fail({ kind: 'rate-limited', retryAfter: 7, times: 2 });
      for (const { status, headers } of [
        await site.create('eager'),
        await site.status('eager', address),
      ]) {
        assert.deepEqual([status, headers.get('Retry-After')], [503, '7']);
      }
    });

    it('does not wait for Didit for longer than the page waits for it', LIMIT, async () => {
      await site.created('waits');
      didit.sandbox.fail({ kind: 'slow', delay: 60, call: 'create', times: 1 });
      const begun = performance.now();
      assert.equal((await site.create('waits')).status, 502);
      assert.ok(performance.now() - begun < 15_000);
    });

    it('limits how many sessions a person creates', LIMIT, async () => {
      const key = { 'Idempotency-Key': crypto.randomUUID() };
      const first = await site.create('greedy', key);
      for (let i = 1; i < 20; i++) assert.equal((await site.create('greedy')).status, 201);
      const { status, headers } = await site.create('greedy');
      assert.equal(status, 429);
      const seconds = Number(headers.get('Retry-After'));
      assert.ok(seconds > 3000 && seconds <= 3601, `${seconds}`);
      assert.deepEqual((await site.create('greedy', key)).body, first.body);
      assert.equal((await site.create('modest')).status, 201);
    });

    it('declines what the record refuses', LIMIT, async (t) => {
      const refusing = await startBackend(backend.refusing, variablesOf(didit));
      t.after(() => refusing.end());
      const own = new Site(refusing.origin, didit);
      const { session_id: id, status_url: address } = await own.created('refused');
      didit.sandbox.play(id, 'confirm');
      assert.deepEqual((await own.status('refused', address)).body, { status: 'declined' });
      await refusing.says('refused is confirmed');
    });

    it('believes nobody unless Didit is the sandbox', LIMIT, async (t) => {
      const elsewhere = { ...variablesOf(didit), DIDIT_API_URL: 'https://didit.invalid' };
      const real = await startBackend(backend, elsewhere);
      t.after(() => real.end());
      const answer = await new Site(real.origin, didit).create('anybody');
      assert.equal(answer.status, 500);
      assert.deepEqual(Object.keys(answer.body), ['message']);
    });

    it('answers 502 where Didit cannot be reached', LIMIT, async () => {
      const { status_url: address } = await site.created('last');
      await didit.close();
      assert.equal((await site.create('last')).status, 502);
      assert.equal((await site.status('last', address)).status, 502);
    });

    it('has put out no secret, no token and nothing of a person', () => {
      assertNothingSecret(running.said(), didit);
    });
  });
}

function variablesOf({ account, origin }: RecordingDidit) {
  return {
    DIDIT_CLIENT_ID: account.clientId,
    DIDIT_CLIENT_SECRET: account.clientSecret,
    DIDIT_API_URL: origin,
  };
}

/** What the sandbox answers to such a path, with other members. */
function changing(end: string, { sandbox }: RecordingDidit, members: object): Stand {
  return async ({ path }, request) => {
    if (!path.endsWith(end)) return undefined;
    const answer = await sandbox.fetch(request);
    return Response.json({ ...((await answer.json()) as object), ...members });
  };
}

/** Asks a backend as pages do, for people who are told apart by the cookie of the guide. */
class Site {
  #address: string;
  #didit: RecordingDidit;

  constructor(origin: string, didit: RecordingDidit) {
    this.#address = origin + ENDPOINT;
    this.#didit = didit;
  }

  create(user: string, headers: Record<string, string> = {}, body = '{}'): Promise<Answer> {
    return this.#ask('', user, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body });
  }

  async created(user: string): Promise<Created> {
    const { status, body } = await this.create(user);
    assert.equal(status, 201);
    return body as unknown as Created;
  }

  status(user: string, address: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask(address, user, { headers });
  }

  async #ask(reference: string, user: string, init: RequestInit): Promise<Answer> {
    const sent = new Headers(init.headers);
    if (user) sent.set('Cookie', `demo-user=${user}`);
    const url = new URL(reference, this.#address);
    const response = await fetch(url, { ...init, headers: sent });
    const { status, headers } = response;
    const text = await response.text();
    assert.equal(headers.get('Cache-Control'), 'no-store');
    assertNothingSecret(text, this.#didit);
    return { status, headers, body: JSON.parse(text) as Answer['body'] };
  }
}

function assertNothingSecret(text: string, { secrets }: RecordingDidit): void {
  for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${text}`);
}
