import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  SandboxSessions,
  isLive,
  randomToken,
  type SandboxStatus,
} from '../../src/sandbox/sandbox-session.js';

let time = 0;
let told: string[] = [];
let sessions: SandboxSessions;

beforeEach(() => {
  time = Date.UTC(2025, 0, 1);
  told = [];
  sessions = new SandboxSessions({
    lifetime: 300,
    now: () => time,
    onStatus: ({ status }) => told.push(status),
  });
});

test('a new session has an id, a token, a number, and is found by either', () => {
  const first = sessions.create('names', 'user-1');
  const second = sessions.create('names', null);
  assert.match(first.id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  assert.match(first.token, /^[\w-]{32}$/);
  assert.deepEqual([first.number, second.number], [1, 2]);
  assert.deepEqual(
    [first.status, first.vendorData, first.createdAt],
    ['initialized', 'user-1', time],
  );
  assert.equal(sessions.byId(first.id), first);
  assert.equal(sessions.byToken(second.token), second);
  assert.deepEqual(told, []);
});

test('neither the id nor the token stands in for the other', () => {
  const { id, token } = sessions.create('names', null);
  assert.equal(sessions.byId(token), undefined);
  assert.equal(sessions.byToken(id), undefined);
  assert.equal(sessions.byToken('toString'), undefined);
});

test('opened, then confirmed; each told once', () => {
  const session = sessions.create('names', null);
  sessions.advance(session, 'retrieved');
  sessions.advance(session, 'retrieved');
  assert.equal(sessions.advance(session, 'confirmed').status, 'confirmed');
  assert.equal(sessions.byToken(session.token)?.status, 'confirmed');
  assert.deepEqual(told, ['retrieved', 'confirmed']);
});

for (const end of ['confirmed', 'declined', 'cancelled'] as const) {
  test(`what is ${end} stays so, past its lifetime too`, () => {
    const session = sessions.create('names', null);
    sessions.advance(session, end);
    for (const status of ['retrieved', 'confirmed', 'declined', 'cancelled'] as const) {
      assert.equal(sessions.advance(session, status).status, end);
    }
    time += 301_000;
    assert.equal(sessions.byId(session.id)?.status, end);
    assert.deepEqual(told, [end]);
  });
}

for (const open of ['initialized', 'retrieved'] as const) {
  test(`what is ${open} expires to the second, and is told once`, () => {
    const session = sessions.create('names', null);
    sessions.advance(session, open);
    time += 299_999;
    assert.equal(sessions.byId(session.id)?.status, open);
    time += 1;
    assert.equal(sessions.byToken(session.token)?.status, 'expired');
    assert.equal(sessions.byId(session.id)?.status, 'expired');
    assert.equal(told.filter((status) => status === 'expired').length, 1);
  });
}

test('an answer that comes too late changes nothing', () => {
  const session = sessions.create('names', null);
  time += 300_000;
  assert.equal(sessions.advance(session, 'confirmed').status, 'expired');
  assert.deepEqual(told, ['expired']);
});

test('memory is bounded: the oldest session is forgotten, by id and by token', () => {
  const first = sessions.create('names', null);
  const second = sessions.create('names', null);
  for (let i = 2; i <= 10_000; i++) sessions.create('names', null);
  assert.equal(sessions.byId(first.id), undefined);
  assert.equal(sessions.byToken(first.token), undefined);
  assert.equal(sessions.byToken(second.token)?.id, second.id);
});

test('a person can answer while it is initialized or retrieved', () => {
  const all: SandboxStatus[] = [
    ...(['initialized', 'retrieved', 'confirmed'] as const),
    ...(['declined', 'expired', 'cancelled'] as const),
  ];
  const live = all.filter((status) => isLive({ status }));
  assert.deepEqual(live, ['initialized', 'retrieved']);
});

test('tokens are URL-safe, without padding, and never the same', () => {
  const tokens = Array.from({ length: 500 }, () => randomToken(17));
  for (const token of tokens) assert.match(token, /^[\w-]{23}$/);
  assert.equal(new Set(tokens).size, 500);
});
