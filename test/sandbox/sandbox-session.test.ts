import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import {
  DATA_TRANSFER,
  VERIFICATION,
  type DataTransferStatus,
  type VerificationStatus,
} from '../../src/sandbox/lifecycles.js';
import { SandboxSessions, randomToken } from '../../src/sandbox/sandbox-session.js';

let time = 0;
let told: string[] = [];
let sessions: SandboxSessions<DataTransferStatus, string>;

const { opened } = DATA_TRANSFER;
const confirmed = DATA_TRANSFER.actions.get('confirm')!;

beforeEach(() => {
  time = Date.UTC(2025, 0, 1);
  told = [];
  sessions = new SandboxSessions({
    lifecycle: DATA_TRANSFER,
    lifetime: 300,
    now: () => time,
    onStatus: ({ status }) => told.push(status),
  });
});

test('a new session has an id, a token, a number, and is found by either', () => {
  const first = sessions.create('user-1', 'names');
  const second = sessions.create(null, 'names');
  assert.match(first.id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  assert.match(first.token, /^[\w-]{32}$/);
  assert.deepEqual([first.number, second.number], [1, 2]);
  assert.deepEqual(
    [first.status, first.vendorData, first.asked, first.createdAt],
    ['initialized', 'user-1', 'names', time],
  );
  assert.equal(sessions.byId(first.id), first);
  assert.equal(sessions.byToken(second.token), second);
  assert.deepEqual(told, []);
});

test('neither the id nor the token stands in for the other', () => {
  const { id, token } = sessions.create(null, 'names');
  assert.equal(sessions.byId(token), undefined);
  assert.equal(sessions.byToken(id), undefined);
  assert.equal(sessions.byToken('toString'), undefined);
});

test('opened, then confirmed; each told once', () => {
  const session = sessions.create(null, 'names');
  sessions.advance(session, opened);
  sessions.advance(session, opened);
  assert.equal(sessions.advance(session, confirmed).status, 'confirmed');
  assert.equal(sessions.byToken(session.token)?.status, 'confirmed');
  assert.deepEqual(told, ['retrieved', 'confirmed']);
});

for (const [action, end] of [
  ['confirm', 'confirmed'],
  ['decline', 'declined'],
  ['cancel', 'cancelled'],
] as const) {
  test(`what is ${end} stays so, past its lifetime too`, () => {
    const session = sessions.create(null, 'names');
    sessions.advance(session, DATA_TRANSFER.actions.get(action)!);
    for (const steps of [opened, ...DATA_TRANSFER.actions.values()]) {
      assert.equal(sessions.advance(session, steps).status, end);
    }
    time += 301_000;
    assert.equal(sessions.byId(session.id)?.status, end);
    assert.deepEqual(told, [end]);
  });
}

for (const isOpened of [false, true]) {
  test(`what is ${isOpened ? '' : 'not '}opened expires to the second, and is told once`, () => {
    const session = sessions.create(null, 'names');
    if (isOpened) sessions.advance(session, opened);
    time += 299_999;
    assert.equal(sessions.byId(session.id)?.status, isOpened ? 'retrieved' : 'initialized');
    time += 1;
    assert.equal(sessions.byToken(session.token)?.status, 'expired');
    assert.equal(sessions.byId(session.id)?.status, 'expired');
    assert.equal(told.filter((status) => status === 'expired').length, 1);
  });
}

test('an answer that comes too late changes nothing', () => {
  const session = sessions.create(null, 'names');
  time += 300_000;
  assert.equal(sessions.advance(session, confirmed).status, 'expired');
  assert.deepEqual(told, ['expired']);
});

test('what it was created with can be replaced, and nothing else is', () => {
  const session = sessions.advance(sessions.create('user-1', 'names'), opened);
  const asked = sessions.ask(session, 'email');
  assert.deepEqual(asked, { ...session, asked: 'email' });
  assert.equal(sessions.byToken(session.token), asked);
  assert.deepEqual(told, ['retrieved']);
});

test('memory is bounded: the oldest session is forgotten, by id and by token', () => {
  const first = sessions.create(null, 'names');
  const second = sessions.create(null, 'names');
  for (let i = 2; i <= 10_000; i++) sessions.create(null, 'names');
  assert.equal(sessions.byId(first.id), undefined);
  assert.equal(sessions.byToken(first.token), undefined);
  assert.equal(sessions.byToken(second.token)?.id, second.id);
});

test('the phone is played by the id', () => {
  const { id } = sessions.create(null, 'names');
  assert.equal(sessions.play(id, 'open')?.status, 'retrieved');
  assert.equal(sessions.play(id, 'confirm')?.status, 'confirmed');
  assert.equal(sessions.play(id, 'decline')?.status, 'confirmed');
  assert.equal(sessions.play('unknown', 'decline'), undefined);
  assert.throws(() => sessions.play(id, 'approve'), /open, confirm, decline, cancel, expire/);
  assert.deepEqual(told, ['retrieved', 'confirmed']);
});

test('a session that is deleted is not found any more, by id or by token', () => {
  const { id, token } = sessions.create(null, 'names');
  const other = sessions.create(null, 'names');
  assert.equal(sessions.delete(id), true);
  assert.deepEqual([sessions.byId(id), sessions.byToken(token)], [undefined, undefined]);
  assert.equal(sessions.byId(other.id), other);
  assert.equal(sessions.delete(id), false);
});

describe('what is taken up again', () => {
  const { actions } = VERIFICATION;
  let verifications: SandboxSessions<VerificationStatus, null>;

  beforeEach(() => {
    verifications = new SandboxSessions({
      lifecycle: VERIFICATION,
      lifetime: 300,
      now: () => time,
      onStatus: ({ status }) => told.push(status),
    });
  });

  test('has its whole time once more', () => {
    const session = verifications.create(null, null);
    verifications.advance(session, actions.get('review')!);
    time += 1_000_000;
    verifications.advance(session, actions.get('resubmit')!);
    time += 299_999;
    assert.equal(verifications.byId(session.id)?.status, 'Resubmitted');
    time += 1;
    assert.equal(verifications.byId(session.id)?.status, 'Abandoned');
  });

  test('is that alone: no other step gains any time', () => {
    const session = verifications.create(null, null);
    time += 200_000;
    verifications.advance(session, VERIFICATION.opened);
    verifications.advance(session, actions.get('await')!);
    time += 100_000;
    assert.equal(verifications.byId(session.id)?.status, 'Abandoned');
  });
});

test('tokens are URL-safe, without padding, and never the same', () => {
  const tokens = Array.from({ length: 500 }, () => randomToken(17));
  for (const token of tokens) assert.match(token, /^[\w-]{23}$/);
  assert.equal(new Set(tokens).size, 500);
});

test('all that is overdue is ended at once, and it is known when the next one is', () => {
  assert.equal(sessions.endOverdue(), Infinity);
  const first = sessions.create(null, 'names');
  const done = sessions.create(null, 'names');
  sessions.advance(done, confirmed);
  time += 1000;
  const second = sessions.create(null, 'names');
  told = [];
  assert.equal(sessions.endOverdue(), first.endsAt);
  time = first.endsAt;
  assert.equal(sessions.endOverdue(), second.endsAt);
  assert.deepEqual(told, ['expired']);
  sessions.delete(second.id);
  assert.equal(sessions.endOverdue(), Infinity);
});
