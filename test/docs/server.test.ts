import { getRequestListener } from '@hono/node-server';
import { createSandbox, type SandboxOptions } from 'didit-verify/sandbox';
import {
  createDidit,
  DiditClient,
  type Didit,
  type DiditOptions,
  type DiditStorage,
  type LogEvent,
} from 'didit-verify/server';
import { Hono } from 'hono';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Refusal, upstreamRefusal, type ErrorCode } from '../../src/server/answers.js';
import { DiditApiError, type UpstreamFailure } from '../../src/server/didit-api-error.js';
import { leftOut, startRedis } from '../production/redis.js';
import { Declared } from './declared.js';
import { Guide } from './guide.js';
import { Postgres, POSTGRES } from './postgres.js';
import { runShown } from './shown-module.js';
import { tableRows } from './table-rows.js';

const guide = new Guide('docs/server.md');
const declared = new Declared('dist/server/index.d.ts');

const SITE = 'https://shop.example';
const ENDPOINT = `${SITE}/api/didit/session`;
const WEBHOOK = `${SITE}/api/didit/webhook`;
const VERIFICATION = { apiKey: 'a-key', workflowId: 'a-workflow' };
const CLIENT = { clientId: 'a-client', clientSecret: 'a-secret' };
const WEBHOOK_SECRET = 'a-webhook-secret';

interface Created {
  readonly session_id: string;
  readonly status_url: string;
  readonly [member: string]: unknown;
}

/** A sandbox, and what makes `createDidit` speak to it. */
function playDidit(t: TestContext, options: SandboxOptions = {}) {
  const account = { ...CLIENT, apiKey: VERIFICATION.apiKey };
  const sandbox = createSandbox({ ...account, ...options });
  t.after(() => sandbox.close());
  const toSandbox: typeof fetch = (input, init) => sandbox.fetch(new Request(input, init));
  const withSandbox = (shown: object): Didit => {
    const seams = { apiUrl: 'http://localhost', fetch: toSandbox };
    const didit = createDidit({ ...seams, ...shown } as DiditOptions);
    t.after(() => didit.close());
    return didit;
  };
  return { sandbox, toSandbox, withSandbox };
}

function postFrom(user: string | null, headers: Record<string, string> = {}): Request {
  return new Request(ENDPOINT, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...cookieOf(user), ...headers },
    body: '{}',
  });
}

async function create(didit: Didit, user: string): Promise<Created> {
  const response = await didit.session(postFrom(user));
  assert.equal(response.status, 201);
  return (await response.json()) as Created;
}

async function statusOf(didit: Didit, user: string, { status_url }: Created): Promise<string> {
  const url = new URL(status_url, ENDPOINT);
  const response = await didit.session(new Request(url, { headers: cookieOf(user) }));
  return ((await response.json()) as { status: string }).status;
}

function cookieOf(user: string | null): Record<string, string> {
  return user === null ? {} : { Cookie: user };
}

/** The site's own login: a cookie. */
function userOf(request: Request): { id: string } | null {
  const id = request.headers.get('Cookie');
  return id === null ? null : { id };
}

const getUser = (request: Request) => ({ vendorData: userOf(request)!.id });

describe('docs/server.md, what it shows', () => {
  it('links, accepts, and refuses an identity that is another’s', async (t) => {
    const { sandbox, withSandbox } = playDidit(t);
    const db = createDb();
    const { didit } = await runShown<{ didit: Didit }>(
      guide.take('What your site must do', 'js'),
      {
        createDidit: withSandbox,
        process: {
          env: { DIDIT_CLIENT_ID: CLIENT.clientId, DIDIT_CLIENT_SECRET: CLIENT.clientSecret },
        },
        userOf,
        db: db.tables,
        identityIn: ({ user_data }: { user_data: { names: object } }) =>
          JSON.stringify(user_data.names),
      },
      ['didit'],
    );
    assert.equal((await didit.session(postFrom(null))).status, 401);
    const ends: string[] = [];
    for (const user of ['ada', 'eve']) {
      const created = await create(didit, user);
      assert.equal(db.owners.get(created.session_id), user);
      sandbox.play(created.session_id, 'confirm');
      await didit.settle(created.session_id);
      ends.push((await statusOf(didit, user, created)).toLowerCase());
      assert.match(db.statuses.get(created.session_id)!, /^confirmed$/i);
    }
    assert.deepEqual(ends, ['confirmed', 'declined']);
    assert.deepEqual([...db.identities.values()], ['ada']);
  });

  it('is mounted where web standards are spoken', async (t) => {
    const app = new Hono();
    const didit = playDidit(t).withSandbox({ ...CLIENT, getUser });
    await runShown(guide.take('Mount it', 'js'), { app, didit });
    assert.equal((await app.request(ENDPOINT, { method: 'OPTIONS' })).status, 204);
    assert.equal((await app.request(postFrom('ada'))).status, 201);
  });

  it('is mounted in plain Node', async (t) => {
    const didit = playDidit(t).withSandbox({ ...CLIENT, getUser });
    const given = { didit, http, getRequestListener };
    const shown = guide.take('Mount it', 'js', 1);
    const { server } = await runShown<{ server: http.Server }>(shown, given, ['server']);
    t.after(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const request = postFrom('ada');
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      ...{ method: 'POST', headers: request.headers, body: '{}' },
    });
    assert.equal(answer.status, 201);
  });

  it('settles what nobody watches, and goes on after a failure', async (t) => {
    const { sandbox, withSandbox } = playDidit(t);
    const didit = withSandbox({ ...VERIFICATION, getUser });
    const { session_id: id } = await create(didit, 'ada');
    sandbox.play(id, 'approve');
    const statuses = new Map<string, string>();
    const sessions = {
      unfinished: async () => [{ id: 'nobody-knows-it' }, { id }],
      setStatus: async (session: string, status: string) => void statuses.set(session, status),
    };
    const shown = guide.take('When nobody is watching', 'js');
    await runShown(shown, { didit, db: { sessions } });
    assert.deepEqual([...statuses], [[id, 'Approved']]);
  });

  it('takes up webhooks, and signs some for tests', async (t) => {
    const app = new Hono();
    const { withSandbox, sandbox } = playDidit(t, {
      ...{ webhookUrl: WEBHOOK, webhookSecret: WEBHOOK_SECRET },
      fetch: async (url, init) => app.request(new Request(url, init)),
      log: (event) => event.type === 'webhook.delivered' && delivered(event.httpStatus),
    });
    let delivered: (httpStatus: number) => void = () => undefined;
    const told: LogEvent[] = [];
    const didit = withSandbox({
      ...{ ...VERIFICATION, webhookSecrets: [WEBHOOK_SECRET], getUser },
      log: (event: LogEvent) => told.push(event),
    });
    await runShown(guide.take('Webhooks', 'js'), { app, didit });
    const { session_id } = await create(didit, 'ada');
    const httpStatus = new Promise<number>((resolve) => (delivered = resolve));
    sandbox.play(session_id, 'open');
    assert.equal(await httpStatus, 200);
    assert.ok(told.some(({ type }) => type === 'webhook.received'));

    sandbox.play(session_id, 'approve');
    const given = { didit, session_id, user: { id: 'ada' }, secret: WEBHOOK_SECRET };
    const shown = guide.take('Webhooks', 'js', 1);
    const { response } = await runShown<{ response: Response }>(shown, given, ['response']);
    assert.equal(response.status, 200);
  });

  it('shares by Redis', { skip: leftOut }, async (t) => {
    const { url } = await startRedis(t);
    const { withSandbox } = playDidit(t);
    let made: Record<string, unknown> = {};
    const given = {
      process: { env: { REDIS_URL: url } },
      createDidit: (options: Record<string, unknown>) => (made = options),
    };
    const shown = guide.take('Several instances', 'js');
    const { storage } = await runShown<{ storage: Disposable }>(shown, given, ['storage']);
    t.after(() => storage.dispose());
    assert.equal(made.storage, storage);
    await assertShared(withSandbox, storage);
  });
  // Taken even where there is no Redis.
  guide.take('Several instances', 'js');

  it('shares by Postgres, and goes on after it was down', { timeout: 240_000 }, async (t) => {
    const postgres = await Postgres.start();
    t.after(() => postgres.end());
    const [table, cleanUp] = guide.takeAll('Several instances', 'sql').map(({ text }) => text);
    await postgres.database.query(table!);
    const shown = guide.take('Several instances', 'js', 1);
    const complaints: unknown[] = [];
    const given = {
      process: { env: { DATABASE_URL: postgres.url } },
      console: { error: (error: unknown) => complaints.push(error) },
    };
    const { storage, pool } = await runShown<{ storage: DiditStorage; pool: Pool }>(
      ...[shown, given, ['storage', 'pool'] as const, POSTGRES],
    );
    t.after(() => pool.end());
    const { withSandbox } = playDidit(t);
    await assertShared(withSandbox, storage);

    const lost = once(pool, 'remove');
    await postgres.goDown();
    await lost;
    await postgres.comeBack();
    await assertShared(withSandbox, storage);
    assert.ok(complaints.length > 0);

    const count = async () => (await postgres.database.query('SELECT key FROM didit')).rows.length;
    await storage.setItem('didit-verify:key:old', { expiresAt: Date.now() - 1000 }, { ttl: 1 });
    const before = await count();
    await postgres.database.query(cleanUp!);
    assert.equal(await count(), before - 1);
    await storage.removeItem('didit-verify:key:old');
  });

  it('asks Didit’s API by itself', async (t) => {
    const { toSandbox } = playDidit(t);
    const before = globalThis.fetch;
    t.after(() => (globalThis.fetch = before));
    const asked: string[] = [];
    globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      asked.push(`${request.method} ${request.url.replace(/[\w-]{30,}/, '{id}')}`);
      return toSandbox(request);
    };
    const shown = guide.take("Didit's API by itself", 'js');
    const given = { ...VERIFICATION, user: { id: 'ada' } };
    const found = await runShown<{ status: string; decision: { vendor_data: string } }>(
      ...[shown, given, ['status', 'decision'] as const],
    );
    assert.equal(found.status, 'Not Started');
    assert.equal(found.decision.vendor_data, 'ada');
    const didits = 'https://verification.didit.me/v3/session/';
    assert.deepEqual(asked, [
      `POST ${didits}`,
      `GET ${didits}{id}/decision/`,
      `GET ${didits}{id}/decision/`,
      `DELETE ${didits}{id}/delete/`,
    ]);
  });
});

interface Disposable extends DiditStorage {
  dispose(): Promise<void>;
}

interface Pool extends NodeJS.EventEmitter {
  end(): Promise<void>;
}

/** A refusal that one instance has heard of is what another one's page hears, which never asks. */
async function assertShared(
  withSandbox: (options: object) => Didit,
  storage: DiditStorage,
): Promise<void> {
  const failures: string[] = [];
  const log = ({ type }: LogEvent) => type === 'storage.failed' && failures.push(type);
  const options = { ...VERIFICATION, getUser, storage, log };
  const [one, other] = [withSandbox(options), withSandbox(options)];
  const key = crypto.randomUUID();
  const ids = [];
  for (const didit of [one, other]) {
    const response = await didit.session(postFrom('ada', { 'Idempotency-Key': key }));
    ids.push(((await response.json()) as Created).session_id);
  }
  assert.equal(ids[0], ids[1]);
  assert.deepEqual(failures, []);
}

/** A site's database, as far as the guide uses it. */
function createDb() {
  const owners = new Map<string, string>();
  const statuses = new Map<string, string>();
  const identities = new Map<string, string>();
  const tables = {
    sessions: {
      upsert: async (session: string, owner: string) => void owners.set(session, owner),
      setStatus: async (session: string, status: string) => void statuses.set(session, status),
    },
    identities: { ownerOf: async (identity: string) => identities.get(identity) },
    users: {
      setVerified: async (user: string, { user_data }: { user_data: { names: object } }) =>
        void identities.set(JSON.stringify(user_data.names), user),
    },
  };
  return { owners, statuses, identities, tables };
}

/** All rows of a section whose table has so many columns. */
function rowsOf(section: string, columns: number): readonly string[][] {
  return tableRows(guide.text, section).filter((row) => row.length === columns);
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}

describe('docs/server.md, what it lists', () => {
  const OPTIONS = 'Options, and what each costs';
  const options = declared.members('DiditOptions');
  const rows = rowsOf(OPTIONS, 4);
  const credentials = rowsOf(OPTIONS, 2);

  it('has all options, and no other', () => {
    const named = [...rows, ...credentials].flatMap(([cell = '']) =>
      cell.replaceAll(/\(.*?\)/g, '').split(', '),
    );
    assert.deepEqual(sorted(named), sorted(options.keys()));
  });

  it('has what each function of a site is given', () => {
    for (const [, name = '', given = ''] of rows.flatMap(([cell = '']) => [
      ...cell.matchAll(/(\w+)\((.*?)\)/g),
    ])) {
      assert.deepEqual(given.split(', '), options.get(name)?.parameters, name);
    }
  });

  it('has the defaults, and says what is required', () => {
    for (const [cell = '', value = ''] of rows) {
      const name = /^\w+/.exec(cell)![0];
      const member = options.get(name)!;
      assert.equal(value === 'required', !member.isOptional, name);
      // The platform's, of three at once.
      if (member.default && !cell.includes(',')) assert.equal(value, member.default, name);
    }
  });

  it('has each kind of credentials', () => {
    const kinds = ['ClientCredentials', 'ApiKeyCredentials', 'VerificationCredentials'].map(
      (kind) => {
        const needed = [...declared.members(kind)].filter(([, member]) => !member.isOptional);
        return sorted(needed.map(([name]) => name)).join(', ');
      },
    );
    const named = credentials.map(([cell = '']) => sorted(cell.split(', ')).join(', '));
    assert.deepEqual(named.sort(), kinds.sort());
  });

  it('has what onDecision and onSession are told, and from where', () => {
    const [decision, session] = [
      ...guide.text.matchAll(/(?:`context` is|that of `onSession` is)\s+`\{ (.*?) \}`/g),
    ].map(([, list = '']) => list.split(', ').sort());
    assert.deepEqual(decision, membersOf('DecisionContext'));
    assert.deepEqual(session, membersOf('SessionContext'));
    const [, sources = ''] = /`source` is ([^]*?)\n\n/.exec(guide.text)!;
    const words = [...sources.matchAll(/`(\w+)`/g)].map(([, word]) => word!);
    assert.deepEqual(sorted(words), sorted(declared.texts('DecisionSource')));
  });

  it('has all codes, with the HTTP statuses that each is answered with', () => {
    const statuses = new Map<string, Set<number>>();
    const add = ({ code, status }: Refusal) =>
      statuses.set(code, (statuses.get(code) ?? new Set()).add(status));
    for (const code of declared.texts('ErrorCode')) add(new Refusal(code as ErrorCode));
    for (const reason of declared.texts('UpstreamFailure')) {
      add(upstreamRefusal(new DiditApiError(reason as UpstreamFailure)));
    }
    const named = rowsOf('What it answers', 3).map(([code = '', status = '']) => [code, status]);
    const real = [...statuses].map(([code, found]) => [code, [...found].sort().join(', ')]);
    assert.deepEqual(named.sort(), real.sort());
    assert.ok(
      guide.text.includes(`\`{ ${[...declared.members('ErrorBody').keys()].join(', ')} }\``),
    );
  });

  it('has what a create is answered with, and the status', async (t) => {
    const [[, created = ''] = [], [, asked = ''] = []] = rowsOf('What it answers', 2);
    const listed = namesIn(created);
    const { withSandbox } = playDidit(t);
    const most = withSandbox({ ...CLIENT, getUser, sessionLifetime: 60 });
    const least = withSandbox({ ...CLIENT, getUser, events: false });
    const answer = await create(most, 'ada');
    assert.deepEqual(
      listed.map((name) => name.replace('?', '')).sort(),
      sorted(Object.keys(answer)),
    );
    const needed = listed.filter((name) => !name.endsWith('?'));
    assert.deepEqual(needed.sort(), sorted(Object.keys(await create(least, 'ada'))));
    const url = new URL(answer.status_url, ENDPOINT);
    assert.deepEqual([...url.searchParams.keys()], ['session']);
    const response = await most.session(new Request(url, { headers: cookieOf('ada') }));
    assert.deepEqual(namesIn(asked), Object.keys((await response.json()) as object));
  });

  it('has all events of its log, and members that they have', () => {
    const kinds = declared.kinds('LogEvent', 'type');
    const rowsOfLog = rowsOf('What it logs', 2);
    assert.deepEqual(
      sorted(rowsOfLog.flatMap(([types = '']) => types.split(' '))),
      sorted(kinds.keys()),
    );
    const [, always = ''] = /one object each: (.*?), and more/s.exec(guide.text)!;
    for (const [, member = ''] of always.matchAll(/`(\w+)`(?! \(in|\))/g)) {
      for (const [type, members] of kinds) assert.ok(members.has(member), `${type}: ${member}`);
    }
  });

  it('has the keys that its storage has, and no other', async (t) => {
    const kept = new Map<string, unknown>();
    const storage: DiditStorage = {
      getItem: (key) => kept.get(key),
      setItem: (key, item) => kept.set(key, item),
      removeItem: (key) => kept.delete(key),
    };
    const { sandbox, withSandbox } = playDidit(t);
    const didit = withSandbox({ ...VERIFICATION, getUser, storage, sessionLifetime: 60 });
    const response = await didit.session(postFrom('ada', { 'Idempotency-Key': 'a-key-of-ada' }));
    const { session_id } = (await response.json()) as Created;
    sandbox.play(session_id, 'approve');
    await didit.settle(session_id);
    const named = rowsOf('What is kept, and for how long', 3).map(([key = '']) => key);
    const found = [...kept.keys()].map((key) => key.replace(/:[\w-]+$/, ''));
    assert.deepEqual(sorted(named.map((key) => key.replace(/:\{.*\}$/, ''))), sorted(found));
  });

  it('has all that is exported to be run, and all that these have', () => {
    const words = new Set([...guide.text.matchAll(/[\w]+/g)].map(([word]) => word));
    const all = [
      ...declared.values(),
      ...['Didit', 'DiditClientOptions', 'SessionRequest', 'DiditStorage'].flatMap((type) => [
        ...declared.members(type).keys(),
      ]),
      ...Object.getOwnPropertyNames(DiditClient.prototype).filter((name) => name !== 'constructor'),
    ];
    for (const name of all) assert.ok(words.has(name), name);
    for (const [, name = ''] of guide.text.matchAll(/\bdidit\.(\w+)(?=\(|`|\))/g)) {
      assert.ok(declared.members('Didit').has(name), name);
    }
    for (const [, name = ''] of guide.text.matchAll(/\bclient\.(\w+)/g)) {
      assert.ok(name in DiditClient.prototype, name);
    }
  });

  it('has what its errors say', () => {
    const [, text = ''] = /Each rejects with `DiditApiError`: ([^]*?)\n\n/.exec(guide.text)!;
    const own = [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
    const inherited = ['name', 'message', 'stack', 'cause'];
    const fields = (type: string) =>
      [...declared.members(type).keys()].filter((name) => !inherited.includes(name));
    assert.deepEqual(sorted(own), sorted(fields('DiditApiError')));
    assert.deepEqual(sorted(fields('HookError')), ['hook', 'reason']);
    assert.ok(guide.text.includes('`HookError` (its `hook` and `reason`'));
  });

  function membersOf(type: string): string[] {
    return [...declared.members(type)]
      .map(([name, { isOptional }]) => (isOptional ? `${name}?` : name))
      .sort();
  }

  function namesIn(cell: string): string[] {
    return /\{ (.*?) \}/.exec(cell)![1]!.split(', ');
  }
});

guide.leavesNothing();
