import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { signWebhook } from '../../src/server/index.js';
import {
  clock,
  type Differing,
  fakeDidit,
  json,
  numberedSessions,
  options,
  pageRequest,
  recordedLog,
  SESSION_BODY,
  SESSION_ID,
  SITE,
  statusRequest,
  TOKEN_BODY,
  VENDOR_DATA,
  VERIFICATION,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';
import { sharedStore } from './stores.js';

const WEBHOOK_SECRET = 'secret-of-the-webhook';

/** Names that every object has already, or that make one of another kind of it. */
const NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'],
  ...['isPrototypeOf', '__defineGetter__', '__lookupSetter__', 'toJSON', 'then'],
];

/** What every object has that could be polluted, and everything that hangs on it. */
const PROTOTYPES = { Object, Array, Function, String, Number, Map, Set, Promise, RegExp, Error };

function described() {
  return Object.entries(PROTOTYPES).map(([name, { prototype }]) => [
    name,
    Reflect.ownKeys(prototype).map(String).sort(),
    Object.getPrototypeOf(prototype) === (name === 'Object' ? null : Object.prototype),
  ]);
}

const before = described();
const { toString, hasOwnProperty } = Object.prototype;

function assertClean(): void {
  assert.deepEqual(described(), before);
  assert.equal(Object.prototype.toString, toString);
  assert.equal(Object.prototype.hasOwnProperty, hasOwnProperty);
  const { polluted } = {} as { polluted?: unknown };
  assert.equal(polluted, undefined);
}

/** JSON whose member of that name holds what would pollute; `JSON.stringify` would leave some out. */
function polluting(name: string, others: Readonly<Record<string, unknown>> = {}): string {
  const own = JSON.stringify(others).slice(1, -1);
  const member = `${JSON.stringify(name)}:{"polluted":true,"prototype":{"polluted":true}}`;
  return `{${own}${own && ','}${member}}`;
}

function site(differing: Differing = {}, didit = fakeDidit({ session: numberedSessions() })) {
  const { events, log } = recordedLog();
  const { now, pass } = clock();
  const parts = createDidit(options({ fetch: didit.fetch, log, now, ...differing }));
  return { ...parts, events, didit, now, pass };
}

interface Body {
  session_id: string;
  status: string;
  status_url: string;
}

async function created(response: Response): Promise<Body> {
  assert.equal(response.status, 201);
  return (await response.json()) as Body;
}

/** A JSON object whose body is as it is written. */
function written(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'Content-Type': 'application/json' } });
}

const session = (body: string) => fakeDidit({ session: () => written(body, 201) });

describe('a name that every object has', () => {
  beforeEach(assertClean);
  afterEach(assertClean);
  after(assertClean);

  for (const name of NAMES) {
    it(`is a member like any other of a page’s body: ${name}`, async () => {
      const { session, didit } = site();
      const { status } = await created(await session(pageRequest(polluting(name))));
      assert.equal(status, 'initialized');
      assert.deepEqual(JSON.parse(didit.calls.at(-1)!.body), { vendor_data: VENDOR_DATA });
    });

    it(`is no scope, and not within those that are allowed: ${name}`, async () => {
      const { session, didit } = site({ scope: 'names' });
      assert.equal((await session(pageRequest({ scope: name }))).status, 400);
      const nested = `{"scope":${polluting(name)}}`;
      assert.equal((await session(pageRequest(nested))).status, 400);
      assert.equal(didit.calls.length, 0);
    });

    it(`does not stand in for a scope that the page leaves out: ${name}`, async () => {
      const { session, didit } = site({ scope: 'names' });
      const body = `{${JSON.stringify(name)}:{"scope":"everything"}}`;
      await created(await session(pageRequest(body)));
      const sent = JSON.parse(didit.calls.at(-1)!.body) as { scope: string };
      assert.equal(sent.scope, 'names');
    });

    it(`may be an idempotency key, of one session: ${name}`, async () => {
      const { session } = site();
      const ids = [];
      for (const key of [name, name, `${name}2`]) {
        const body = await created(await session(pageRequest({}, { 'Idempotency-Key': key })));
        ids.push(body.session_id);
      }
      assert.deepEqual(ids, ['session-1', 'session-1', 'session-2']);
    });

    it(`may be a person, who sees their own session alone: ${name}`, async () => {
      let vendorData = name;
      const { session, pass } = site({ getUser: () => ({ vendorData }), sessionLifetime: 600 });
      const own = await created(await session(pageRequest()));
      pass(2);
      assert.equal((await session(statusRequest(own.status_url))).status, 200);
      for (vendorData of ['somebody', 'Object', '{}']) {
        assert.equal((await session(statusRequest(own.status_url))).status, 404);
        const other = await created(await session(pageRequest()));
        assert.notEqual(other.session_id, own.session_id);
      }
    });

    it(`is counted for itself, and at its limit refused: ${name}`, async () => {
      const { session } = site({ getUser: () => ({ vendorData: name }) });
      for (let count = 0; count < 20; count++) await created(await session(pageRequest()));
      assert.equal((await session(pageRequest())).status, 429);
    });

    it(`is no handle: ${name}`, async () => {
      const { session, events } = site();
      for (const query of [`?session=${name}`, `?${name}=x`, `?session[${name}]=x`]) {
        assert.equal((await session(statusRequest(query))).status, 404);
        assert.equal((await session(statusRequest(`${query}&events`))).status, 404);
      }
      assert.ok(!events.some(({ type }) => type === 'internal.failed'), JSON.stringify(events));
    });

    it(`may be in the query of a create, which is kept: ${name}`, async () => {
      const { session, pass } = site();
      const { method, headers } = pageRequest();
      const init = { method, headers, body: '{}' };
      const response = await session(new Request(`${SITE}/didit?${name}=1`, init));
      const { status_url } = await created(response);
      assert.equal(new URLSearchParams(status_url).get(name), '1');
      pass(2);
      assert.equal((await session(statusRequest(status_url))).status, 200);
    });

    it(`may be Didit’s id of a session: ${name}`, async () => {
      const didit = fakeDidit({
        session: () => json({ ...SESSION_BODY, session_id: name, status: 'Not Started' }, 201),
      });
      const decided: string[] = [];
      const { session, pass, settle } = site(
        { ...VERIFICATION, onDecision: (_, { sessionId }) => void decided.push(sessionId) },
        didit,
      );
      const { session_id, status_url } = await created(await session(pageRequest()));
      assert.equal(session_id, name);
      didit.set('Approved', name);
      pass(2);
      const read = await session(statusRequest(status_url));
      assert.deepEqual(await read.json(), { status: 'Approved' });
      assert.deepEqual(decided, [name]);
      assert.equal(await settle(name), 'Approved');
    });

    it(`may be Didit’s word, which decides nothing: ${name}`, async () => {
      const { session, pass, didit } = site({
        ...VERIFICATION,
        onDecision: () => assert.fail('was asked'),
      });
      didit.set(name, 'session-1');
      const { status_url } = await created(await session(pageRequest()));
      pass(2);
      const read = await session(statusRequest(status_url));
      assert.deepEqual(await read.json(), { status: name });
    });

    it(`is a member like any other of Didit’s session: ${name}`, async () => {
      const body = polluting(name, { ...SESSION_BODY, status: 'Not Started' });
      let told = '';
      const { session: create } = site(
        { ...VERIFICATION, onSession: (given) => void (told = JSON.stringify(given)) },
        session(body),
      );
      const answer = await created(await create(pageRequest()));
      const names = ['session_id', 'url', 'status', 'status_url', 'events_url'];
      assert.deepEqual(Object.keys(answer), names);
      assert.match(told, /polluted/);
    });

    it(`does not stand in for what Didit’s session lacks: ${name}`, async () => {
      const { session: create } = site(
        VERIFICATION,
        session(`{${JSON.stringify(name)}:${JSON.stringify(SESSION_BODY)}}`),
      );
      assert.equal((await create(pageRequest())).status, 502);
    });

    it(`does not stand in for what Didit’s token lacks: ${name}`, async () => {
      const token = `{${JSON.stringify(name)}:${JSON.stringify(TOKEN_BODY)}}`;
      const { session: create } = site({}, fakeDidit({ token: () => written(token) }));
      assert.equal((await create(pageRequest())).status, 502);
    });

    it(`does not stand in for what Didit’s decision lacks: ${name}`, async () => {
      const approved = { session_id: 'session-1', status: 'Approved', vendor_data: VENDOR_DATA };
      const whole = JSON.stringify(approved);
      const didit = fakeDidit({
        session: numberedSessions(),
        decision: () => written(`{${JSON.stringify(name)}:${whole}}`),
      });
      const onDecision = () => assert.fail('was asked');
      const { session: ask, pass } = site({ ...VERIFICATION, onDecision }, didit);
      const { status_url } = await created(await ask(pageRequest()));
      pass(2);
      assert.equal((await ask(statusRequest(status_url))).status, 502);
    });

    it(`is a member like any other of Didit’s error: ${name}`, async () => {
      const { session: create } = site(
        VERIFICATION,
        fakeDidit({ session: () => written(polluting(name), 400) }),
      );
      assert.equal((await create(pageRequest())).status, 502);
    });

    it(`is a member like any other of a webhook and of its decision: ${name}`, async () => {
      const { webhook, now, events } = site({
        ...VERIFICATION,
        webhookSecrets: [WEBHOOK_SECRET],
        statusBudget: 1,
        fetch: () => Promise.resolve(json({}, 429)),
      });
      const decision = JSON.parse(polluting(name, { status: 'Approved' })) as object;
      const nested = JSON.parse(polluting(name)) as Record<string, unknown>;
      const event = { ...nested, session_id: SESSION_ID, status: 'Approved', decision };
      const signed = await signWebhook(event, WEBHOOK_SECRET, now());
      // By each signature alone, as their ways through the body differ.
      for (const signature of ['X-Signature', 'X-Signature-V2']) {
        const { 'X-Timestamp': timestamp = '', [signature]: value = '' } = signed.headers;
        const headers = { 'X-Timestamp': timestamp, [signature]: value };
        const response = await webhook(new Request(`${SITE}/webhook`, { ...signed, headers }));
        assert.equal(response.status, 200);
      }
      assert.ok(
        events.some(({ type }) => type === 'decision.accepted'),
        JSON.stringify(events),
      );
    });

    it(`does not stand in for what a webhook lacks: ${name}`, async () => {
      const { webhook, now } = site({ ...VERIFICATION, webhookSecrets: [WEBHOOK_SECRET] });
      const hidden = { session_id: SESSION_ID, status: 'Approved' };
      const event = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(hidden)}}`) as object;
      const signed = await signWebhook(event as never, WEBHOOK_SECRET, now());
      assert.equal((await webhook(new Request(`${SITE}/webhook`, signed))).status, 400);
    });

    it(`is sent as it is where a site’s fields have it, and takes no other’s place: ${name}`, async () => {
      const fields = JSON.parse(polluting(name, { language: 'de' })) as object;
      const { session, didit } = site({ ...VERIFICATION, sessionFields: () => fields });
      await created(await session(pageRequest()));
      const { body } = didit.calls.at(-1)!;
      const sent = JSON.parse(body) as Record<string, unknown>;
      assert.equal(sent.workflow_id, VERIFICATION.workflowId);
      assert.equal(sent.vendor_data, VENDOR_DATA);
      assert.equal(sent.language, 'de');
    });

    it(`is nothing that a store could tell by: ${name}`, async () => {
      const store = sharedStore();
      const { session, pass } = site({ ...VERIFICATION, storage: store.storage });
      const { status_url } = await created(await session(pageRequest()));
      const [key = '', ...more] = store.keys();
      assert.match(key, /^didit-verify:session:[\w-]+$/);
      assert.deepEqual(more, []);
      store.items.set(key, polluting(name, { expiresAt: 9e15 }));
      pass(2);
      const read = await session(statusRequest(status_url));
      assert.deepEqual(await read.json(), { status: 'initialized' });
    });
  }

  it('is no way to a prototype: all of it works where those are frozen', () => {
    // In a realm of its own, since what is frozen stays so.
    const program = `
      const { createDidit } = await import('./src/server/index.ts');
      for (const name of ['Object', 'Array', 'Function', 'Map', 'Promise'])
        Object.freeze(globalThis[name].prototype);
      const body = { session_id: 's1', url: 'https://verify.didit.me/s1', status: 'Not Started' };
      const fetch = async (url) => url.endsWith('/decision/')
        ? Response.json({ session_id: 's1', status: 'Approved', vendor_data: 'zoe' })
        : Response.json(body, { status: 201 });
      let time = Date.now();
      const { session } = createDidit({ apiKey: 'k', workflowId: 'w', fetch, now: () => time,
        getUser: () => ({ vendorData: 'zoe' }) });
      const page = { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}' };
      const created = await (await session(new Request('https://a.example/d', page))).json();
      time += 2000;
      const url = 'https://a.example/d' + created.status_url;
      const read = await (await session(new Request(url))).json();
      console.log(read.status, {}.polluted);
      process.exit();`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(stdout.trim(), 'Approved undefined', stderr);
  });
});
